//! Classes, the subjects they are taught, and who teaches them.

use crate::model::lists::SubjectKind;
use crate::sample::Setting;
use crate::sample::line::{SampleRecord, hundredths};
use crate::sample::random::Random;
use crate::sample::school::{Campus, SampleSink, School, SchoolKind};

/// Electives that upper-secondary classes choose, four each.
const ELECTIVES: &[&[&str]] = &[
    &["VATLI", "HOAHOC", "SINHHOC", "TINHOC"],
    &["DIALI", "GDKTPL", "CONGNGHE", "TINHOC"],
    &["VATLI", "HOAHOC", "DIALI", "CONGNGHE"],
    &["DIALI", "GDKTPL", "SINHHOC", "MITHUAT"],
];
/// Weeks of a school year.
const WEEKS: i64 = 35;

/// A subject as a class is taught it.
#[derive(Debug)]
pub struct Course {
    /// Code in `subjects`.
    pub subject: String,
    /// Assessed by scores too.
    pub scored: bool,
    /// Periods a year.
    pub periods: u16,
    /// Place of the teacher in the team.
    pub teacher: usize,
}

impl Course {
    /// Periods a week, in hundredths.
    pub fn weekly(&self) -> i64 {
        (i64::from(self.periods) * 100 + WEEKS / 2) / WEEKS
    }
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// `1A`, `6/1`, `10A2`; also its name.
    pub code: String,
    /// Two digits.
    pub grade: &'static str,
    /// `1`, `2` or `3`.
    pub level: char,
    /// Code of its site.
    pub campus: &'static str,
    /// Place of the homeroom teacher in the team.
    pub homeroom: usize,
    /// How many students it has.
    pub size: i64,
    /// Has it a student with a disability?
    pub inclusive: bool,
    /// Upper secondary: the four electives.
    pub electives: &'static [&'static str],
    /// Its subjects.
    pub courses: Vec<Course>,
}

/// The classes of a school.
pub fn of(setting: &Setting, kind: &SchoolKind, campuses: &[Campus], random: &mut Random) -> Vec<Class> {
    let slash = random.percent(50);
    let mut classes = Vec::new();
    for (grade, count, fewest, most) in kind.grades {
        for number in 1..=*count {
            let level = setting.lists.grade(grade).map_or('1', |grade| grade.level);
            let electives: &[&str] = if level == '3' { random.pick(ELECTIVES) } else { &[] };
            // The smallest students have the shortest way: the second site teaches grades 1 and 2.
            let campus = if *grade <= "02" { campuses.last() } else { campuses.first() };
            classes.push(Class {
                code: code(grade, level, number, slash),
                grade,
                level,
                campus: campus.map_or("C1", |campus| campus.code),
                homeroom: 0,
                size: random.between(*fewest, *most),
                inclusive: false,
                electives,
                courses: courses(setting, grade, electives),
            });
        }
    }
    classes
}

fn code(grade: &str, level: char, number: u8, slash: bool) -> String {
    let grade = grade.trim_start_matches('0');
    match level {
        '1' => format!("{grade}{}", char::from(b'A' + number - 1)),
        '2' if slash => format!("{grade}/{number}"),
        _ => format!("{grade}A{number}"),
    }
}

fn courses(setting: &Setting, grade: &'static str, electives: &[&str]) -> Vec<Course> {
    let taken = setting.lists.subjects_of_grade(grade).filter(|subject| match subject.kind_in(grade) {
        SubjectKind::Compulsory => true,
        SubjectKind::Choice => electives.contains(&subject.code.as_str()),
        SubjectKind::Optional | SubjectKind::Strand => false,
    });
    let course = |subject: &crate::model::lists::Subject| {
        Some(Course {
            subject: subject.code.clone(),
            scored: subject.scored,
            periods: subject.periods(grade)?,
            teacher: 0,
        })
    };
    taken.filter_map(course).collect()
}

impl Class {
    /// Its record.
    pub fn record(&self, school: &School, setting: &Setting) -> SampleRecord {
        let electives = (!self.electives.is_empty()).then_some(self.electives);
        SampleRecord::of("classes")
            .with("schoolCode", &school.code)
            .with("schoolYear", &setting.school_year)
            .with("classCode", &self.code)
            .with("name", &self.code)
            .with("grade", self.grade)
            .with("campusCode", self.campus)
            .with("homeroomStaffCode", &school.team.members[self.homeroom].code)
            .with("sessionsPerWeek", if self.level == '1' { 9 } else { 6 })
            .with("foreignLanguage1", (self.grade >= "03").then_some("1"))
            .with("electiveSubjects", electives)
            .with("multiGrade", false)
            .with("semiBoarding", school.has_semi_boarding())
            .with("inclusive", self.inclusive)
    }

    /// Who teaches what in both terms.
    pub fn write_assignments(&self, school: &School, setting: &Setting, sink: &mut SampleSink) {
        let year = setting.begins;
        let terms = [
            ("1", format!("{year}-09-05"), format!("{}-01-16", year + 1)),
            ("2", format!("{}-01-19", year + 1), format!("{}-05-29", year + 1)),
        ];
        for (term, from, to) in &terms {
            for course in &self.courses {
                sink(
                    SampleRecord::of("teaching-assignments")
                        .with("schoolCode", &school.code)
                        .with("schoolYear", &setting.school_year)
                        .with("term", term)
                        .with("classCode", &self.code)
                        .with("subjectCode", &course.subject)
                        .with("staffCode", &school.team.members[course.teacher].code)
                        .with("role", "main")
                        .with("periodsPerWeek", hundredths(course.weekly()))
                        .with("from", from)
                        .with("to", to),
                );
            }
        }
    }
}
