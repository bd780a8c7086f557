//! What is taught and assessed in which grade: what the code lists say, in the words of the rules of results. The
//! general education programme of 2018 came in grade by grade, together with Circular 27/2020 (primary) and Circular
//! 22/2021 (secondary).

use crate::model::lists::{ListEntry, Lists, SubjectKind};

/// The part of school that a grade belongs to; it decides how students are assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nursery and kindergarten: no results.
    Preschool,
    /// Grades 1 to 5.
    Primary,
    /// Grades 6 to 12.
    Secondary,
}

/// A grade of the list `grade-levels`.
#[derive(Debug, Clone, Copy)]
pub struct CurriculumGrade<'a> {
    lists: &'a Lists,
    /// `06`.
    pub code: &'a str,
    /// 1 to 12; 13 to 18 before school.
    pub number: usize,
    /// Primary or secondary.
    pub stage: Stage,
}

/// A subject in one grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurriculumSubject {
    /// Assessed by scores too; else by comments only.
    pub scored: bool,
    /// Who takes it.
    pub kind: SubjectKind,
    /// Periods a year.
    pub periods: u16,
}

/// The parameters that say from when on a grade is assessed by today's circular, by number of the grade.
const CIRCULARS: [&str; 12] = [
    "circular-27.grade-01",
    "circular-27.grade-02",
    "circular-27.grade-03",
    "circular-27.grade-04",
    "circular-27.grade-05",
    "circular-22.grade-06",
    "circular-22.grade-07",
    "circular-22.grade-08",
    "circular-22.grade-09",
    "circular-22.grade-10",
    "circular-22.grade-11",
    "circular-22.grade-12",
];

/// The grade of this code.
pub fn grade<'a>(lists: &'a Lists, code: &'a str) -> Option<CurriculumGrade<'a>> {
    let stage = match lists.grade(code)?.level {
        '1' => Stage::Primary,
        '2' | '3' => Stage::Secondary,
        _ => Stage::Preschool,
    };
    Some(CurriculumGrade { lists, code, number: code.parse().ok()?, stage })
}

/// First calendar year of a school year: 2025 of `2025-2026`.
pub fn first_year(school_year: &str) -> Option<i32> {
    school_year.get(..4)?.parse().ok()
}

/// Was the term average of secondary school computed by today's formula? Circular 26/2020/TT-BGDĐT brought it to the
/// grades of Circular 58/2011.
pub fn has_formula(lists: &Lists, school_year: &str) -> bool {
    lists.parameter("term-average.formula", school_year) == Some(1)
}

/// A subject of the programme of 2006, by which the classes were taught that Circular 58/2011/TT-BGDĐT governed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldSubject<'a> {
    /// Its code.
    pub code: &'a str,
    /// Assessed by scores; else by comments.
    pub scored: bool,
    /// Does every student take it all the year?
    pub compulsory: bool,
}

/// The subjects that a grade had in the programme of 2006.
pub fn old_subjects<'a>(lists: &'a Lists, grade: CurriculumGrade) -> Vec<OldSubject<'a>> {
    let level = if grade.number >= 10 { "THPT" } else { "THCS" };
    let of_grade = |entry: &&'a ListEntry| {
        let mut grades = entry.column("grades").unwrap_or_default().split_whitespace().peekable();
        entry.column("level") == Some(level)
            && (grades.peek().is_none() || grades.any(|known| known.parse() == Ok(grade.number)))
    };
    let subject = |entry: &'a ListEntry| OldSubject {
        code: &entry.code,
        scored: entry.column("assessment_mode") == Some("SCORE"),
        compulsory: entry.column("kind") == Some("B"),
    };
    lists.list("subjects-2006").into_iter().flat_map(|list| &list.entries).filter(of_grade).map(subject).collect()
}

/// What the grade was taught of a subject in a year in which it did not follow the programme of 2018: whether any list
/// has it, and whether all that do agree on scores. Schools sent either list's codes in those years.
pub fn taught_before(lists: &Lists, grade: CurriculumGrade, code: &str) -> Option<Option<bool>> {
    let old = old_subjects(lists, grade).into_iter().find(|subject| subject.code == code).map(|subject| subject.scored);
    let new = grade.subject(code).map(|subject| subject.scored);
    old.or(new).map(|scored| Some(scored).filter(|_| old.is_none() || new.is_none() || old == new))
}

impl<'a> CurriculumGrade<'a> {
    /// Were the grade's students taught by the programme of 2018 and assessed by its circulars?
    pub fn follows_programme(&self, school_year: &str) -> bool {
        let parameter = self.number.checked_sub(1).and_then(|place| CIRCULARS.get(place));
        parameter.is_some_and(|name| self.lists.parameter(name, school_year) == Some(1))
    }
    /// The first school year in which they were.
    pub fn programme_since(&self) -> Option<String> {
        (2015..2100).map(|year| format!("{year}-{}", year + 1)).find(|year| self.follows_programme(year))
    }
    /// The subject, if it is taught in this grade.
    pub fn subject(&self, code: &str) -> Option<CurriculumSubject> {
        let subject = self.lists.subject(self.code, code)?;
        Some(CurriculumSubject {
            scored: subject.scored,
            kind: subject.kind_in(self.code),
            periods: subject.periods(self.code)?,
        })
    }
    /// Codes of the subjects that every student takes.
    pub fn compulsory(&self) -> impl Iterator<Item = &'a str> {
        let code = self.code;
        let subjects =
            self.lists.subjects_of_grade(code).filter(move |subject| subject.kind_in(code) == SubjectKind::Compulsory);
        subjects.map(|subject| subject.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_have_a_stage() {
        let lists = Lists::embedded();
        let stage = |code| grade(&lists, code).map(|grade| grade.stage);
        assert_eq!([stage("01"), stage("05")], [Some(Stage::Primary); 2]);
        assert_eq!([stage("06"), stage("12")], [Some(Stage::Secondary); 2]);
        assert_eq!([stage("13"), stage("18")], [Some(Stage::Preschool); 2]);
        assert_eq!([stage("00"), stage("19"), stage("")], [None; 3]);
    }
    #[test]
    fn a_subject_belongs_to_a_level_and_to_grades() {
        let lists = Lists::embedded();
        let subject = |grade_code, code| grade(&lists, grade_code).unwrap().subject(code);
        assert_eq!(subject("03", "LSDL"), None);
        assert_eq!(
            subject("04", "LSDL"),
            Some(CurriculumSubject { scored: true, kind: SubjectKind::Compulsory, periods: 70 })
        );
        assert_eq!(subject("01", "NN1").map(|subject| subject.kind), Some(SubjectKind::Optional));
        assert_eq!(subject("03", "NN1").map(|subject| subject.kind), Some(SubjectKind::Compulsory));
        assert_eq!(subject("06", "VATLI"), None);
        assert_eq!(subject("10", "VATLI").map(|subject| subject.kind), Some(SubjectKind::Choice));
        assert_eq!(subject("16", "TOAN"), None);
    }
    #[test]
    fn the_programme_came_grade_by_grade() {
        let lists = Lists::embedded();
        let begins = |code: &str| {
            let grade = grade(&lists, code).unwrap();
            (2015..2026).find(|year| grade.follows_programme(&format!("{year}-{}", year + 1)))
        };
        let expected = [2020, 2021, 2022, 2023, 2024, 2021, 2022, 2023, 2024, 2022, 2023, 2024];
        for (place, year) in expected.into_iter().enumerate() {
            assert_eq!(begins(&format!("{:02}", place + 1)), Some(year), "grade {}", place + 1);
        }
        assert_eq!(begins("16"), None);
        assert!(has_formula(&lists, "2020-2021") && !has_formula(&lists, "2019-2020"));
    }
    #[test]
    fn the_older_programme_had_other_subjects() {
        let lists = Lists::embedded();
        let compulsory = |code| {
            let subjects = old_subjects(&lists, grade(&lists, code).unwrap());
            subjects.iter().filter(|subject| subject.compulsory).map(|subject| subject.code).collect::<Vec<_>>()
        };
        assert_eq!([compulsory("07").len(), compulsory("09").len(), compulsory("12").len()], [10, 11, 13]);
        assert!(
            !compulsory("07").contains(&"HOAHOC")
                && compulsory("09").contains(&"HOAHOC")
                && !compulsory("09").contains(&"KHTN")
        );
    }
    #[test]
    fn before_the_programme_either_list_holds() {
        let lists = Lists::embedded();
        let before = |code, subject| taught_before(&lists, grade(&lists, code).unwrap(), subject);
        assert_eq!(
            [before("09", "VATLI"), before("09", "KHTN"), before("09", "TIENGVIET")],
            [Some(Some(true)), Some(Some(true)), None]
        );
        assert_eq!(
            [before("12", "GDTC"), before("12", "AMNHAC"), before("12", "GDCD")],
            [Some(Some(false)), Some(Some(false)), Some(Some(true))]
        );
    }
    #[test]
    fn every_grade_has_its_compulsory_subjects() {
        let lists = Lists::embedded();
        let count = |code| grade(&lists, code).unwrap().compulsory().count();
        assert_eq!([count("01"), count("03"), count("05"), count("06"), count("10")], [8, 10, 11, 12, 8]);
    }
}
