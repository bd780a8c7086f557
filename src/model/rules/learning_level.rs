//! MK-011: is the learning level what the subject results give? Judged only where all of them are there.

use crate::model::academic_records::{AcademicRecord, At};
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::CurriculumGrade;
use crate::model::rules::learning::{Demands, Level, SubjectOutcome};
use crate::model::rules::old_learning::OldDemands;
use crate::model::rules::outcomes::{Subjects, is_assessed, old_readings, readings};
use crate::model::rules::reason::Reason;
use crate::model::rules::{Candidate, IssueSink, RuleContext, schemes};

/// The circular by which a grade is assessed in a school year, with its figures.
#[derive(Debug)]
pub enum Circular {
    /// Circular 22/2021/TT-BGDĐT.
    New(Demands),
    /// Circular 58/2011/TT-BGDĐT.
    Old(OldDemands),
}

/// What the subject results of a record's period amount to.
#[derive(Debug)]
pub struct Assessment<'a> {
    circular: Circular,
    /// One for each reading, the likeliest first.
    pub readings: Vec<Subjects<'a>>,
    /// Codes of the levels that some reading gives, the likeliest first.
    pub levels: Vec<&'static str>,
}

impl Circular {
    /// The one that holds.
    pub fn of(candidate: &Candidate, grade: CurriculumGrade, school_year: &str) -> Option<Self> {
        match grade.follows_programme(school_year) {
            true => Demands::of(candidate.lists, school_year, grade.code).map(Circular::New),
            false => OldDemands::of(candidate.lists, school_year, grade.code).map(Circular::Old),
        }
    }
    /// Codes of the learning levels, the highest first.
    pub fn scale(&self) -> &'static [&'static str] {
        match self {
            Circular::New(_) => schemes::LEVEL,
            Circular::Old(_) => schemes::OLD_LEARNING,
        }
    }
    fn levels(&self, subjects: &[(&str, SubjectOutcome)]) -> Vec<&'static str> {
        match self {
            Circular::New(demands) => demands.levels(&outcomes_of(subjects)).map(Level::code).to_vec(),
            Circular::Old(demands) => vec![demands.level(subjects).0],
        }
    }
    fn is_raised(&self, subjects: &[(&str, SubjectOutcome)]) -> bool {
        match self {
            Circular::New(demands) => {
                let outcomes = outcomes_of(subjects);
                demands.levels(&outcomes)[0] != demands.plain_level(&outcomes)
            }
            Circular::Old(demands) => demands.level(subjects).1,
        }
    }
    fn account(&self, code: &str, subjects: &[(&str, SubjectOutcome)]) -> Vec<String> {
        match self {
            Circular::New(demands) => Level::of(code).map(|level| demands.account(level, subjects)).unwrap_or_default(),
            Circular::Old(demands) => demands.account(code, subjects),
        }
    }
}

fn outcomes_of(subjects: &[(&str, SubjectOutcome)]) -> Vec<SubjectOutcome> {
    subjects.iter().map(|(_, outcome)| *outcome).collect()
}

impl<'a> Assessment<'a> {
    /// Of the results around an academic record; `None` while one of them lacks, and for students who are assessed
    /// otherwise.
    pub fn of(candidate: &Candidate<'a>, context: &RuleContext<'a>, grade: CurriculumGrade<'a>) -> Option<Self> {
        let record = AcademicRecord(candidate.row);
        if !matches!(record.period(), Some("CK1" | "CK2" | "CN")) || !is_assessed(context) {
            return None;
        }
        let circular = Circular::of(candidate, grade, record.school_year()?)?;
        let readings = match circular {
            Circular::New(_) => readings(context, grade)?,
            // The last classes of the older circular had the subjects of the older programme; those of today are taken
            // where all of them are there.
            Circular::Old(_) => old_readings(candidate, context, grade).or_else(|| readings(context, grade))?,
        };
        let mut levels = Vec::new();
        for level in readings.iter().flat_map(|subjects| circular.levels(subjects)) {
            if !levels.contains(&level) {
                levels.push(level);
            }
        }
        Some(Self { circular, readings, levels })
    }

    /// Raises MK-011.
    pub fn judge(&self, candidate: &Candidate, sink: &mut IssueSink) {
        let record = AcademicRecord(candidate.row);
        let Some(level) = record.learning_level().filter(|level| self.circular.scale().contains(level)) else { return };
        let Some(expected) = self.levels.first().filter(|_| !self.levels.contains(&level)) else { return };
        let reason = self.reason(level, expected);
        let issue = sink.raise(&rule::MK_011, At::learning_level).with("value", level).with("expected", expected);
        reason.fill(issue.with("period", record.period().unwrap_or("@none")));
    }

    /// Which subjects or conditions decided.
    fn reason(&self, sent: &str, expected: &str) -> Reason {
        let Some(subjects) = self.readings.first() else { return Reason::of("@level-reached", &[]) };
        let place = |code: &str| self.circular.scale().iter().position(|known| *known == code).unwrap_or_default();
        let (sent_at, expected_at) = (place(sent), place(expected));
        if sent_at < expected_at {
            return Reason::of("@level-not-reached", &self.circular.account(sent, subjects));
        }
        match expected_at.checked_sub(1).filter(|_| self.circular.is_raised(subjects)) {
            Some(above) => {
                Reason::of("@one-subject-raises", &self.circular.account(self.circular.scale()[above], subjects))
            }
            None => Reason::of("@level-reached", &self.circular.account(expected, subjects)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::academic_records::SPEC;
    use crate::model::issue::Language;
    use crate::model::rules::fixture::{Raised, RuleFixture, unchanged};
    use serde_json::{Value, json};

    const SCORED: [&str; 8] = ["NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC"];
    const COMMENTED: [&str; 4] = ["GDTC", "NGHETHUAT", "HDTNHN", "GDDP"];

    fn result(subject: &str, average: Value, level: Value) -> Value {
        json!({ "subjectCode": subject, "average": average, "level": level })
    }
    /// Results of grade 6 with these averages; all comment subjects Đ.
    fn results(averages: [f64; 8]) -> Vec<Value> {
        let scored = SCORED.iter().zip(averages).map(|(subject, average)| result(subject, json!(average), Value::Null));
        scored.chain(COMMENTED.iter().map(|subject| result(subject, Value::Null, json!("Đ")))).collect()
    }
    const GOOD: [f64; 8] = [8.0, 8.5, 9.0, 8.0, 8.1, 8.2, 6.5, 7.0];

    fn judged(level: &str, results: &[Value]) -> Raised {
        RuleFixture::of(&SPEC).found("results", results).judge(json!({ "learningLevel": level }))
    }
    fn wrong() -> Raised {
        vec![("MK-011", "/learningLevel".to_owned())]
    }
    /// What is said of a level.
    fn told(level: &str, results: &[Value]) -> String {
        let issues = RuleFixture::of(&SPEC).found("results", results).judged(json!({ "learningLevel": level }));
        issues.issues[0].message(Language::English)
    }

    #[test]
    fn the_level_is_what_the_averages_give() {
        assert_eq!(judged("T", &results(GOOD)), []);
        for level in ["K", "Đ", "CĐ"] {
            assert_eq!(judged(level, &results(GOOD)), wrong());
        }
        assert_eq!(judged("K", &results([7.0, 6.5, 6.6, 6.5, 6.5, 6.5, 5.0, 5.0])), []);
        assert_eq!(judged("T", &results([7.0, 6.5, 6.6, 6.5, 6.5, 6.5, 5.0, 5.0])), wrong());
    }
    #[test]
    fn one_subject_alone_is_forgiven() {
        let mut averages = GOOD;
        averages[6] = 4.0;
        assert_eq!(judged("K", &results(averages)), []);
        assert_eq!(judged("Đ", &results(averages)), wrong());
        let mut failed = results(GOOD);
        failed[8]["level"] = json!("CĐ");
        assert_eq!(judged("K", &failed), []);
        assert_eq!(judged("Đ", &failed), wrong());
    }
    #[test]
    fn nothing_is_judged_until_every_result_is_there() {
        for lacking in 0..12 {
            let mut some = results(GOOD);
            some.remove(lacking);
            assert_eq!(judged("CĐ", &some), []);
            let mut open = results(GOOD);
            open[lacking]["average"] = Value::Null;
            open[lacking]["level"] = Value::Null;
            assert_eq!(judged("CĐ", &open), []);
        }
    }
    #[test]
    fn exempt_subjects_do_not_count() {
        let mut exempt = results(GOOD);
        exempt[8] = json!({ "subjectCode": "GDTC", "average": null, "level": null, "exempt": true });
        assert_eq!(judged("T", &exempt), []);
        assert_eq!(judged("K", &exempt), wrong());
        // Without the six leading subjects there is no T.
        exempt[0] = json!({ "subjectCode": "NGUVAN", "average": null, "level": null, "exempt": true });
        assert_eq!(judged("T", &exempt), wrong());
    }
    #[test]
    fn some_students_are_assessed_otherwise() {
        let fixture = || RuleFixture::of(&SPEC).found("results", &results(GOOD));
        assert_eq!(fixture().parent("student", json!({ "exemptFromAssessment": true })).judge(unchanged()), []);
        assert_eq!(fixture().parent("student", json!("missing")).judge(unchanged()), []);
        assert_eq!(fixture().parent("school", json!({ "level": "6" })).judge(unchanged()), []);
        assert_eq!(fixture().parent("class", json!({ "grade": "09" })).judge(json!({ "schoolYear": "2023-2024" })), []);
        assert_eq!(fixture().judge(json!({ "period": "GK1" })), []);
        assert_eq!(fixture().judge(unchanged()), wrong());
    }
    #[test]
    fn optional_subjects_may_count_or_not() {
        let mut with_second_language = results(GOOD);
        with_second_language.push(result("NN2", json!(6.0), Value::Null));
        assert_eq!(judged("T", &with_second_language), []);
        assert_eq!(judged("K", &with_second_language), []);
        assert_eq!(judged("Đ", &with_second_language), wrong());
    }
    #[test]
    fn a_reassessment_may_stand_for_the_year() {
        let mut again = results([5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 3.0, 5.0]);
        again[6]["reassessedMark"] = json!(5.5);
        assert_eq!(judged("CĐ", &again), []);
        assert_eq!(judged("Đ", &again), []);
        assert_eq!(judged("K", &again), wrong());
    }
    #[test]
    fn upper_secondary_adds_the_electives_of_the_class() {
        let subjects = ["NGUVAN", "TOAN", "NN1", "LICHSU", "GDQPAN", "VATLI", "HOAHOC", "SINHHOC", "TINHOC"];
        let mut all: Vec<Value> = subjects.iter().map(|subject| result(subject, json!(8.0), Value::Null)).collect();
        all.extend(["GDTC", "HDTNHN", "GDDP"].map(|subject| result(subject, Value::Null, json!("Đ"))));
        let class = |electives: Value| json!({ "grade": "10", "electiveSubjects": electives });
        let four = json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC"]);
        let judged = |class: Value, results: &[Value]| {
            RuleFixture::of(&SPEC)
                .parent("class", class)
                .found("results", results)
                .judge(json!({ "learningLevel": "K" }))
        };
        assert_eq!(judged(class(four.clone()), &all), wrong());
        assert_eq!(judged(class(Value::Null), &all), []);
        let music = json!(["VATLI", "HOAHOC", "SINHHOC", "AMNHAC"]);
        assert_eq!(judged(class(music), &all), []);
        let own = json!({ "electiveSubjects": four.clone() });
        let fixture = RuleFixture::of(&SPEC)
            .parent("class", class(json!(["VATLI", "HOAHOC", "DIALI", "GDKTPL", "SINHHOC", "TINHOC"])));
        let fixture = fixture.found("results", &all).found("enrollments", &[own]);
        assert_eq!(fixture.judge(json!({ "learningLevel": "K" })), wrong(), "the student's own decide");
        all.remove(5);
        assert_eq!(judged(class(four), &all), []);
    }
    #[test]
    fn the_message_says_what_decided() {
        assert!(told("K", &results(GOOD)).ends_with("give T: every condition of this level is met (6/6 ≥ 8.0)."));
        let mut averages = GOOD;
        averages[6] = 4.0;
        assert!(
            told("Đ", &results(averages))
                .ends_with("give K: one subject alone pulled the level down, so it rises again (CONGNGHE 4.0 < 6.5).")
        );
        let mut failed = results(GOOD);
        failed[8]["level"] = json!("CĐ");
        assert!(told("T", &failed).ends_with("give K: the level sent is not reached (GDTC CĐ)."));
        let few = results([8.0, 8.5, 9.0, 8.0, 8.1, 7.9, 6.5, 7.0]);
        assert!(told("T", &few).ends_with("give K: the level sent is not reached (5/6 ≥ 8.0)."));
    }

    /// Results of a ninth grade by the programme of 2006.
    fn old_results(averages: [f64; 10]) -> Vec<Value> {
        let subjects = ["NGUVAN", "TOAN", "VATLI", "HOAHOC", "SINHHOC", "LICHSU", "DIALI", "NN1", "GDCD", "CONGNGHE"];
        let mut all: Vec<Value> =
            subjects.iter().zip(averages).map(|(code, average)| result(code, json!(average), Value::Null)).collect();
        all.push(result("GDTC", Value::Null, json!("Đ")));
        all
    }
    fn in_old_year(level: &str, results: &[Value]) -> Raised {
        let fixture = RuleFixture::of(&SPEC).parent("class", json!({ "grade": "09" })).found("results", results);
        fixture.judge(json!({ "schoolYear": "2023-2024", "learningLevel": level }))
    }

    #[test]
    fn the_last_classes_of_circular_58_are_judged_by_it() {
        let good = old_results([8.0, 8.0, 8.5, 8.5, 8.5, 8.0, 8.0, 8.0, 8.0, 7.0]);
        assert_eq!(in_old_year("G", &good), []);
        assert_eq!(in_old_year("K", &good), wrong());
        assert_eq!(in_old_year("T", &good), [("PT-014", "/learningLevel".to_owned())]);
        let middle = old_results([5.0, 5.5, 5.0, 5.5, 6.0, 5.0, 5.0, 4.0, 6.0, 5.0]);
        assert_eq!(in_old_year("TB", &middle), []);
        assert_eq!(in_old_year("Y", &middle), wrong());
        assert_eq!(in_old_year("Y", &middle[1..]), [], "a subject lacks");
    }
    #[test]
    fn with_the_subjects_of_today_circular_58_is_judged_too() {
        // The average is 8.0, one of the leading subjects is, and none is below 6.5.
        let today = results([8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0]);
        assert_eq!(in_old_year("G", &today), []);
        assert_eq!(in_old_year("TB", &today), wrong());
    }
}
