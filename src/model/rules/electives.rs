//! CL-010: the electives of upper secondary school, of a class or of one of its students.

use crate::model::lists::{Lists, Scheme};
use crate::model::rules::IssueSink;
use crate::model::rules::catalogue as rule;
use crate::model::schools::School;
use crate::model::value::{Row, Value};

/// The level of upper secondary school in `school-levels`.
pub const UPPER_SECONDARY: char = '3';
/// School level of continuing education.
const CONTINUING_EDUCATION: &str = "6";
/// How many elective subjects a student takes.
pub(super) const ELECTIVES: usize = 4;

/// Who chooses: a class, or a student of it.
#[derive(Clone, Copy)]
pub struct ElectiveChoice<'a> {
    /// The school's record, where it is known.
    pub school: Option<&'a Row>,
    /// School year.
    pub year: Option<&'a str>,
    /// Grade of the class.
    pub grade: Option<&'a str>,
}

impl ElectiveChoice<'_> {
    /// Raises CL-010 where the grade chooses in that year, and these are not four different electives. The programme of
    /// 2018, from which students choose, came in grade by grade together with its circular on assessment.
    pub fn judge(&self, lists: &Lists, chosen: &[Value], at: impl Into<usize>, sink: &mut IssueSink) {
        let chosen: Vec<&str> = chosen.iter().filter_map(Value::as_text).collect();
        if !self.is_made(lists) || is_sound(lists, &chosen) {
            return;
        }
        let found = if chosen.is_empty() { "@none".to_owned() } else { chosen.join(", ") };
        let expected: Vec<&str> = lists.electives().collect();
        sink.raise(&rule::CL_010, at).with("found", found).with("expected", expected.join(", "));
    }

    fn is_made(&self, lists: &Lists) -> bool {
        let (Some(grade), Some(year)) = (self.grade, self.year) else { return false };
        let upper = lists.grade(grade).is_some_and(|grade| grade.level == UPPER_SECONDARY);
        upper && !self.school.is_some_and(continues) && lists.scheme(year, grade) == Some(Scheme::Circular22)
    }
}

/// Is it a school of continuing education, where grown-ups learn? It has choices of its own, and a circular of its own
/// on assessment (43/2021/TT-BGDĐT).
pub(super) fn continues(school: &Row) -> bool {
    School(school).level() == Some(CONTINUING_EDUCATION)
}

/// Four different electives?
fn is_sound(lists: &Lists, subjects: &[&str]) -> bool {
    let new = |(at, subject): (usize, &&str)| !subjects[..at].contains(subject) && lists.is_elective(subject);
    subjects.len() == ELECTIVES && subjects.iter().enumerate().all(new)
}
