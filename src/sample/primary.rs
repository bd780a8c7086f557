//! Results and records of students of primary school (Circular 27/2020/TT-BGDĐT).

use crate::model::subject_results::PERIOD_CODES;
use crate::sample::Setting;
use crate::sample::classes::{Class, Course};
use crate::sample::line::SampleRecord;
use crate::sample::random::Random;
use crate::sample::records::{Absences, comment, completion};
use crate::sample::school::{SampleSink, School};
use crate::sample::students::Student;
use serde_json::{Map, Value};

/// Tested in mid-term too, in grades 4 and 5.
const TESTED_IN_MID_TERM: [&str; 2] = ["TIENGVIET", "TOAN"];
const QUALITIES: [&str; 5] = ["patriotism", "kindness", "diligence", "honesty", "responsibility"];
const COMPETENCIES: [&str; 8] =
    ["autonomy", "communication", "problemSolving", "language", "calculation", "science", "aesthetics", "physical"];
/// From grade 3 on, with the subject Tin học và Công nghệ.
const FROM_GRADE_THREE: [&str; 2] = ["technology", "informatics"];

/// A subject in a period: the test mark where there is a test, and the level.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    test: Option<i64>,
    level: &'static str,
}

/// Writes what the student achieved in all periods; those of the first term only if the student left.
pub fn write(school: &School, setting: &Setting, student: &Student, random: &mut Random, sink: &mut SampleSink) {
    let class = &school.classes[student.class];
    let courses: Vec<[Outcome; 4]> =
        class.courses.iter().map(|course| subject(random, class, course, student)).collect();
    let periods = if student.leaves { &PERIOD_CODES[..2] } else { PERIOD_CODES };
    for (at, period) in periods.iter().enumerate() {
        for (course, outcomes) in class.courses.iter().zip(&courses) {
            // The year's level is that of its end; its test stands there already.
            let outcome = outcomes.get(at).copied().unwrap_or(Outcome { test: None, level: outcomes[3].level });
            result(school, setting, student, course, (period, outcome), sink);
        }
    }
    let result = year_result(&courses);
    let absences = Absences::of_terms(random);
    for period in periods {
        record(school, setting, student, random, (period, result, absences), sink);
    }
}

/// GK1, CK1, GK2, CK2.
fn subject(random: &mut Random, class: &Class, course: &Course, student: &Student) -> [Outcome; 4] {
    // Primary students do better on paper than those of secondary school.
    let talent = random.about(student.ability + 9, 12);
    [false, true, false, true].map(|is_end| {
        let mid_term_test = class.grade >= "04" && TESTED_IN_MID_TERM.contains(&course.subject.as_str());
        let mark = (random.about(talent, 9) + 5).clamp(20, 100) / 10;
        let test = (course.scored && (is_end || mid_term_test)).then_some(mark);
        Outcome { test, level: level(mark) }
    })
}

/// T from 8, C below 5: what a test of 7 shows may be either, and is H here.
fn level(mark: i64) -> &'static str {
    match mark {
        8.. => "T",
        5..8 => "H",
        _ => "C",
    }
}

/// Article 9: from the levels and tests at the end of the year. Qualities and competencies follow it here, so that they
/// agree.
fn year_result(courses: &[[Outcome; 4]]) -> &'static str {
    let ends = || courses.iter().map(|outcomes| outcomes[3]);
    let tests = |least| ends().filter_map(|outcome| outcome.test).all(|mark| mark >= least);
    let all_good = ends().all(|outcome| outcome.level == "T");
    match () {
        () if all_good && tests(9) => "HTXS",
        () if all_good && tests(7) => "HTT",
        () if ends().all(|outcome| outcome.level != "C") && tests(5) => "HT",
        () => "CHT",
    }
}

fn result(
    school: &School,
    setting: &Setting,
    student: &Student,
    course: &Course,
    (period, outcome): (&str, Outcome),
    sink: &mut SampleSink,
) {
    sink(
        SampleRecord::of("subject-results")
            .with("schoolCode", &school.code)
            .with("schoolYear", &setting.school_year)
            .with("period", period)
            .with("studentCode", &student.code)
            .with("subjectCode", &course.subject)
            .with("classCode", &school.classes[student.class].code)
            .with("testMark", outcome.test)
            .with("level", outcome.level)
            .with("exempt", false)
            .with("staffCode", &school.team.members[course.teacher].code),
    );
}

fn record(
    school: &School,
    setting: &Setting,
    student: &Student,
    random: &mut Random,
    (period, result, absences): (&str, &'static str, [Absences; 3]),
    sink: &mut SampleSink,
) {
    let class = &school.classes[student.class];
    let is_year = period == "CN";
    let (qualities, competencies) = (!is_year).then(|| traits(random, class, result)).unzip();
    let absences = match period {
        "CK1" => Some(absences[0]),
        "CK2" => Some(absences[1]),
        "CN" => Some(absences[2]),
        _ => None,
    };
    let record = SampleRecord::of("academic-records")
        .with("schoolCode", &school.code)
        .with("schoolYear", &setting.school_year)
        .with("period", period)
        .with("studentCode", &student.code)
        .with("classCode", &class.code)
        .with("excusedAbsences", absences.map(|absences| absences.excused))
        .with("unexcusedAbsences", absences.map(|absences| absences.unexcused))
        .with("qualities", qualities)
        .with("competencies", competencies)
        .with("yearResult", is_year.then_some(result))
        .with("award", award(random, result).filter(|_| is_year))
        .with("promoted", is_year.then_some(result != "CHT"))
        .with("comment", comment(random, result != "CHT"));
    sink(completion(record, class, setting, is_year.then_some(result != "CHT")));
}

/// Article 13: who ended excellently; of those who ended well, whom the class chose.
fn award(random: &mut Random, result: &str) -> Option<&'static str> {
    match result {
        "HTXS" => Some("HSXS"),
        "HTT" if random.percent(60) => Some("HSTB"),
        _ => None,
    }
}

fn traits(random: &mut Random, class: &Class, result: &str) -> (Value, Value) {
    let late: &[&str] = if class.grade >= "03" { &FROM_GRADE_THREE } else { &[] };
    let mut level = || match result {
        "HTXS" | "HTT" => "T",
        "HT" if random.percent(50) => "T",
        "CHT" if random.percent(15) => "C",
        _ => "Đ",
    };
    let qualities: Map<String, Value> = QUALITIES.iter().map(|name| ((*name).to_owned(), level().into())).collect();
    let competencies: Map<String, Value> =
        COMPETENCIES.iter().chain(late).map(|name| ((*name).to_owned(), level().into())).collect();
    (qualities.into(), competencies.into())
}
