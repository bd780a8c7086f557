//! What every student's results and records share.

use crate::sample::classes::Class;
use crate::sample::line::SampleRecord;
use crate::sample::random::Random;
use crate::sample::school::{SampleSink, School};
use crate::sample::students::Student;
use crate::sample::{Setting, primary, secondary};

const PRAISE: &[&str] = &[
    "Chăm ngoan, tích cực phát biểu.",
    "Tiếp thu nhanh, hòa đồng với bạn bè.",
    "Có tinh thần trách nhiệm, học đều các môn.",
];
const ADVICE: &[&str] = &["Cần đọc thêm ở nhà.", "Cần tự tin hơn khi phát biểu.", "Cần chú ý hơn trong giờ học."];

/// Writes all results and records of the student.
pub fn write(school: &School, setting: &Setting, student: &Student, random: &mut Random, sink: &mut SampleSink) {
    match school.classes[student.class].level {
        '1' => primary::write(school, setting, student, random, sink),
        _ => secondary::write(school, setting, student, random, sink),
    }
}

/// Grades with which a programme ends.
const LAST_GRADES: [&str; 3] = ["05", "09", "12"];

/// Adds to the record of a year whether the programme is completed, where it ends with the class.
pub fn completion(record: SampleRecord, class: &Class, setting: &Setting, passed: Option<bool>) -> SampleRecord {
    let completed = passed.filter(|_| LAST_GRADES.contains(&class.grade));
    let decision = completed.filter(|completed| *completed).map(|_| format!("{}/QĐ-HTCT", setting.begins + 1));
    record
        .with("programmeCompleted", completed)
        .with("completionRound", completed.map(|_| 1))
        .with("completionDecision", decision)
}

/// Sessions missed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Absences {
    /// With leave.
    pub excused: i64,
    /// Without.
    pub unexcused: i64,
}

impl Absences {
    fn throw(random: &mut Random) -> Self {
        Self { excused: random.between(0, 6), unexcused: if random.percent(10) { random.between(1, 4) } else { 0 } }
    }
    fn and(self, other: Self) -> Self {
        Self { excused: self.excused + other.excused, unexcused: self.unexcused + other.unexcused }
    }
    /// Those of both terms, and their sum.
    pub fn of_terms(random: &mut Random) -> [Self; 3] {
        let (first, second) = (Self::throw(random), Self::throw(random));
        [first, second, first.and(second)]
    }
}

/// A word of the homeroom teacher.
pub fn comment(random: &mut Random, well: bool) -> &'static str {
    random.pick(if well { PRAISE } else { ADVICE })
}
