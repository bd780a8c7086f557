//! What is taught and assessed in which grade: the general education programme of 2018 (Circular 32/2018/TT-BGDĐT, amended by Circular 13/2022),
//! which came in grade by grade together with Circular 27/2020 (primary) and Circular 22/2021 (secondary).

/// The part of school that a grade belongs to; it decides how pupils are assessed.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    /// 1 to 12; 13 to 18 before school.
    pub number: usize,
    /// Primary or secondary.
    pub stage: Stage,
    /// Age, in calendar years, of a pupil who came at the usual time.
    pub nominal_age: i32,
    /// First calendar year of the school year in which the programme of 2018 reached it.
    reform: i32,
}

/// Must a pupil of the grade take the subject?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Everyone.
    Compulsory,
    /// Who chose it among the electives of upper secondary school.
    Elective,
    /// Who wishes.
    Optional,
}

/// A subject in one grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Assessed by scores too; else by comments only.
    pub scored: bool,
    /// Who takes it.
    pub choice: Choice,
    /// Periods a year.
    pub periods: i64,
}

/// A line of the programme: code, scored, choice, periods a year by grade of the level (0: not taught).
type Line = (&'static str, bool, Choice, &'static [i64]);

use Choice::{Compulsory as B, Elective as C, Optional as O};

const PRIMARY: &[Line] = &[
    ("TIENGVIET", true, B, &[420, 350, 245, 245, 245]),
    ("TOAN", true, B, &[105, 175, 175, 175, 175]),
    ("NN1", true, O, &[70, 70, 0, 0, 0]),
    ("NN1", true, B, &[0, 0, 140, 140, 140]),
    ("DAODUC", false, B, &[35, 35, 35, 35, 35]),
    ("TNXH", false, B, &[70, 70, 70, 0, 0]),
    ("LSDL", true, B, &[0, 0, 0, 70, 70]),
    ("KHOAHOC", true, B, &[0, 0, 0, 70, 70]),
    ("THCN", true, B, &[0, 0, 70, 70, 70]),
    ("GDTC", false, B, &[70, 70, 70, 70, 70]),
    ("NTAN", false, B, &[35, 35, 35, 35, 35]),
    ("NTMT", false, B, &[35, 35, 35, 35, 35]),
    ("HDTN", false, B, &[105, 105, 105, 105, 105]),
    ("TIENGDTTS", true, O, &[70, 70, 70, 70, 70]),
];

const LOWER_SECONDARY: &[Line] = &[
    ("NGUVAN", true, B, &[140, 140, 140, 140]),
    ("TOAN", true, B, &[140, 140, 140, 140]),
    ("NN1", true, B, &[105, 105, 105, 105]),
    ("GDCD", true, B, &[35, 35, 35, 35]),
    ("LSDL", true, B, &[105, 105, 105, 105]),
    ("KHTN", true, B, &[140, 140, 140, 140]),
    ("CONGNGHE", true, B, &[35, 35, 52, 52]),
    ("TINHOC", true, B, &[35, 35, 35, 35]),
    ("GDTC", false, B, &[70, 70, 70, 70]),
    ("NGHETHUAT", false, B, &[70, 70, 70, 70]),
    ("HDTNHN", false, B, &[105, 105, 105, 105]),
    ("GDDP", false, B, &[35, 35, 35, 35]),
    ("TIENGDTTS", true, O, &[105, 105, 105, 105]),
    ("NN2", true, O, &[105, 105, 105, 105]),
];

const UPPER_SECONDARY: &[Line] = &[
    ("NGUVAN", true, B, &[105, 105, 105]),
    ("TOAN", true, B, &[105, 105, 105]),
    ("NN1", true, B, &[105, 105, 105]),
    ("LICHSU", true, B, &[52, 52, 52]),
    ("GDTC", false, B, &[70, 70, 70]),
    ("GDQPAN", true, B, &[35, 35, 35]),
    ("HDTNHN", false, B, &[105, 105, 105]),
    ("GDDP", false, B, &[35, 35, 35]),
    ("DIALI", true, C, &[70, 70, 70]),
    ("GDKTPL", true, C, &[70, 70, 70]),
    ("VATLI", true, C, &[70, 70, 70]),
    ("HOAHOC", true, C, &[70, 70, 70]),
    ("SINHHOC", true, C, &[70, 70, 70]),
    ("CONGNGHE", true, C, &[70, 70, 70]),
    ("TINHOC", true, C, &[70, 70, 70]),
    ("AMNHAC", false, C, &[70, 70, 70]),
    ("MITHUAT", false, C, &[70, 70, 70]),
    ("TIENGDTTS", true, O, &[105, 105, 105]),
    ("NN2", true, O, &[105, 105, 105]),
];

/// When the programme reached grades 1 to 12.
const REFORM: [i32; 12] = [2020, 2021, 2022, 2023, 2024, 2021, 2022, 2023, 2024, 2022, 2023, 2024];

/// The grade of this code.
pub fn grade(code: &str) -> Option<Grade> {
    let number: usize = code.parse().ok()?;
    let (stage, nominal_age) = match number {
        1..=5 => (Stage::Primary, number + 5),
        6..=12 => (Stage::Secondary, number + 5),
        13..=18 => (Stage::Preschool, number - 13),
        _ => return None,
    };
    Some(Grade { number, stage, nominal_age: nominal_age as i32, reform: REFORM.get(number - 1).copied().unwrap_or(i32::MAX) })
}

/// First calendar year of a school year: 2025 of `2025-2026`.
pub fn first_year(school_year: &str) -> Option<i32> {
    school_year.get(..4)?.parse().ok()
}

impl Grade {
    /// Were the grade's pupils taught and assessed by the programme of 2018 in the school year that began in `first_year`?
    pub fn follows_programme(&self, first_year: i32) -> bool {
        first_year >= self.reform
    }
    fn lines(&self) -> (&'static [Line], usize) {
        match self.number {
            1..=5 => (PRIMARY, self.number - 1),
            6..=9 => (LOWER_SECONDARY, self.number - 6),
            10..=12 => (UPPER_SECONDARY, self.number - 10),
            _ => (&[], 0),
        }
    }
    fn subjects(&self) -> impl Iterator<Item = (&'static str, Subject)> {
        let (lines, place) = self.lines();
        let taught = move |(code, scored, choice, periods): &Line| {
            let periods = *periods.get(place)?;
            (periods > 0).then_some((*code, Subject { scored: *scored, choice: *choice, periods }))
        };
        lines.iter().filter_map(taught)
    }
    /// The subject, if it is taught in this grade.
    pub fn subject(&self, code: &str) -> Option<Subject> {
        self.subjects().find(|(known, _)| *known == code).map(|(_, subject)| subject)
    }
    /// Codes of the subjects that every pupil takes.
    pub fn compulsory(&self) -> impl Iterator<Item = &'static str> {
        self.subjects().filter(|(_, subject)| subject.choice == Choice::Compulsory).map(|(code, _)| code)
    }
}

impl Subject {
    /// How many regular marks a pupil gets in a term (Circular 22/2021/TT-BGDĐT, article 6).
    pub fn regular_marks(&self) -> usize {
        match self.periods {
            ..=35 => 2,
            36..=70 => 3,
            _ => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_have_a_stage_and_an_age() {
        let known = |code| grade(code).map(|grade| (grade.stage, grade.nominal_age));
        assert_eq!(known("01"), Some((Stage::Primary, 6)));
        assert_eq!(known("06"), Some((Stage::Secondary, 11)));
        assert_eq!(known("12"), Some((Stage::Secondary, 17)));
        assert_eq!(known("18"), Some((Stage::Preschool, 5)));
        assert_eq!([known("00"), known("19"), known("")], [None; 3]);
    }
    #[test]
    fn a_subject_belongs_to_a_level_and_to_grades() {
        let subject = |grade_code, code| grade(grade_code).unwrap().subject(code);
        assert_eq!(subject("03", "LSDL"), None);
        assert_eq!(subject("04", "LSDL"), Some(Subject { scored: true, choice: Choice::Compulsory, periods: 70 }));
        assert_eq!(subject("01", "NN1").map(|subject| subject.choice), Some(Choice::Optional));
        assert_eq!(subject("03", "NN1").map(|subject| subject.choice), Some(Choice::Compulsory));
        assert_eq!(subject("06", "VATLI"), None);
        assert_eq!(subject("10", "VATLI").map(|subject| subject.choice), Some(Choice::Elective));
        assert_eq!(subject("16", "TOAN"), None);
    }
    #[test]
    fn regular_marks_follow_the_periods() {
        let marks = |grade_code, code| grade(grade_code).unwrap().subject(code).unwrap().regular_marks();
        assert_eq!([marks("06", "GDCD"), marks("08", "CONGNGHE"), marks("10", "DIALI"), marks("06", "TOAN")], [2, 3, 3, 4]);
    }
    #[test]
    fn the_programme_came_grade_by_grade() {
        assert!(grade("06").unwrap().follows_programme(2021) && !grade("06").unwrap().follows_programme(2020));
        assert!(grade("09").unwrap().follows_programme(2024) && !grade("09").unwrap().follows_programme(2023));
        assert!(!grade("16").unwrap().follows_programme(2025));
    }
    #[test]
    fn every_grade_has_its_compulsory_subjects() {
        let count = |code| grade(code).unwrap().compulsory().count();
        assert_eq!([count("01"), count("03"), count("05"), count("06"), count("10")], [8, 10, 11, 12, 8]);
    }
}
