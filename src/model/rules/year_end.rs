//! MK-012 and MK-013: award and promotion of secondary school, from the levels of the year, the averages and the
//! absences.

use crate::model::academic_records::{AcademicRecord, At};
use crate::model::issue::Severity;
use crate::model::rules::catalogue as rule;
use crate::model::rules::learning::SubjectOutcome;
use crate::model::rules::learning_level::Assessment;
use crate::model::rules::marks::Tenths;
use crate::model::rules::reason::Reason;
use crate::model::rules::{Candidate, IssueSink, RuleContext, conduct, schemes};

/// Places on the scales of levels, the highest first, alike in both circulars: T or G, K, Đ or TB.
const TOP: usize = 0;
const FAIR: usize = 1;
const PASSED: usize = 2;
/// Sessions that a day of absence may stand for.
const SESSIONS_A_DAY: i64 = 2;

/// What the end of a year is judged by: each level as it was sent and as the other records give it, so that one wrong
/// level is told once.
struct End<'c, 'a> {
    candidate: &'c Candidate<'a>,
    grade: &'c str,
    /// Of Circular 22/2021, else of Circular 58/2011.
    new: bool,
    conduct: Vec<&'static str>,
    learning: Vec<&'static str>,
    assessment: Option<&'c Assessment<'a>>,
}

/// Raises both. `new`: Circular 22/2021 holds, else Circular 58/2011.
pub fn judge(
    candidate: &Candidate,
    context: &RuleContext,
    grade: &str,
    new: bool,
    assessment: Option<&Assessment>,
    sink: &mut IssueSink,
) {
    let record = AcademicRecord(candidate.row);
    if record.period() != Some("CN") {
        return;
    }
    let (learning, conduct) =
        if new { (schemes::LEVEL, schemes::LEVEL) } else { (schemes::OLD_LEARNING, schemes::OLD_CONDUCT) };
    let given = conduct::expected(context).filter(|_| new).map(|(.., level)| level.code());
    let assessed = assessment.into_iter().flat_map(|found| found.levels.iter().copied());
    let end = End {
        candidate,
        grade,
        new,
        conduct: on_scale(conduct, record.conduct_level()).into_iter().chain(given).collect(),
        learning: on_scale(learning, record.learning_level()).into_iter().chain(assessed).collect(),
        assessment,
    };
    end.award(sink);
    end.promotion(sink);
}

/// The code as the scale holds it.
fn on_scale(scale: &'static [&'static str], code: Option<&str>) -> Option<&'static str> {
    scale.iter().copied().find(|known| Some(*known) == code)
}

/// One possible truth of several.
type Pair = (usize, usize);

impl End<'_, '_> {
    fn figure(&self, name: &str) -> Option<i64> {
        let year = AcademicRecord(self.candidate.row).school_year()?;
        self.candidate.lists.parameter_in_grade(name, year, self.grade)
    }
    fn places(scale: &[&str], codes: &[&str]) -> Vec<usize> {
        codes.iter().filter_map(|code| scale.iter().position(|known| known == code)).collect()
    }
    /// Places of conduct, and of learning.
    fn levels(&self) -> (Vec<usize>, Vec<usize>) {
        let (learning, conduct) =
            if self.new { (schemes::LEVEL, schemes::LEVEL) } else { (schemes::OLD_LEARNING, schemes::OLD_CONDUCT) };
        (Self::places(conduct, &self.conduct), Self::places(learning, &self.learning))
    }
    /// Every pair of conduct and learning that may be true.
    fn pairs(&self) -> Vec<Pair> {
        let (conduct, learning) = self.levels();
        conduct.iter().flat_map(|conduct| learning.iter().map(|learning| (*conduct, *learning))).collect()
    }

    /// MK-012.
    fn award(&self, sink: &mut IssueSink) {
        let scheme = if self.new { schemes::AWARD } else { schemes::OLD_AWARD };
        let Some(sent) = AcademicRecord(self.candidate.row).award().filter(|award| scheme.contains(award)) else {
            return;
        };
        let possible: Vec<Option<&str>> = self.pairs().iter().flat_map(|pair| self.awards(*pair)).collect();
        if possible.contains(&Some(sent)) || (possible.is_empty() && !self.is_out_of_reach(sent)) {
            return;
        }
        let reason = self.award_reason(sent, possible.first().copied().flatten());
        let expected = possible.first().copied().flatten().unwrap_or("@no-award");
        reason.fill(sink.raise(&rule::MK_012, At::award).with("value", sent).with("expected", expected));
    }
    /// Which awards a pair of levels may bring; several where it depends on averages that are not known.
    fn awards(&self, (conduct, learning): Pair) -> Vec<Option<&'static str>> {
        match (conduct, learning) {
            (TOP, TOP) if self.new => match self.excellent().as_slice() {
                [] => vec![Some("HSG"), Some("HSXS")],
                excellent => {
                    excellent.iter().map(|(has, needs)| Some(if has >= needs { "HSXS" } else { "HSG" })).collect()
                }
            },
            (TOP, TOP) => vec![Some("HSG")],
            (..=FAIR, ..=FAIR) if !self.new => vec![Some("HSTT")],
            _ => vec![None],
        }
    }
    /// In each reading: how many subjects have an excellent average, and how many are needed.
    fn excellent(&self) -> Vec<(i64, i64)> {
        let Some((least, needed)) = self.figure("award.excellent-mark").zip(self.figure("award.excellent-subjects"))
        else {
            return Vec::new();
        };
        let is_excellent = |(_, outcome): &&(&str, SubjectOutcome)| matches!(outcome, SubjectOutcome::Scored(score) if *score >= least);
        let readings = self.assessment.iter().flat_map(|found| &found.readings);
        readings.map(|subjects| (subjects.iter().filter(is_excellent).count() as i64, needed)).collect()
    }
    /// One of the levels is not known, but the other alone forbids the award.
    fn is_out_of_reach(&self, award: &str) -> bool {
        let (conduct, learning) = self.levels();
        let least = if award == "HSTT" { FAIR } else { TOP };
        let all_below = |places: &[usize]| !places.is_empty() && places.iter().all(|place| *place > least);
        all_below(&conduct) || all_below(&learning)
    }
    fn award_reason(&self, sent: &str, expected: Option<&str>) -> Reason {
        let (conduct, learning) = self.levels();
        let least = if sent == "HSTT" { FAIR } else { TOP };
        let below = |places: &[usize]| places.first().is_some_and(|place| *place > least);
        match (below(&conduct), below(&learning)) {
            (true, _) => Reason::new("@award-conduct", self.conduct[0]),
            (_, true) => Reason::new("@award-learning", self.learning[0]),
            _ if sent == "HSXS" && expected == Some("HSG") => {
                let (has, needs) = self.excellent().first().copied().unwrap_or_default();
                Reason::new(
                    "@award-marks",
                    format!("{has}/{needs} ≥ {}", Tenths(self.figure("award.excellent-mark").unwrap_or_default())),
                )
            }
            _ if expected.is_none() => Reason::new("@award-learning", self.learning.last().copied().unwrap_or("@none")),
            _ => Reason::new("@award-higher", expected.unwrap_or("@none")),
        }
    }

    /// MK-013.
    fn promotion(&self, sink: &mut IssueSink) {
        let Some(sent) = AcademicRecord(self.candidate.row).promoted() else { return };
        let Some(most) = self.figure("promotion.absences-at-most") else { return };
        let (conduct, learning) = self.levels();
        let absences = self.absences(most);
        let any = |places: &[usize], holds: fn(&usize) -> bool| places.is_empty() || places.iter().any(holds);
        let passes = any(&conduct, |place| *place <= PASSED)
            && any(&learning, |place| *place <= PASSED)
            && absences != Some(false);
        let fails =
            any(&conduct, |place| *place > PASSED) || any(&learning, |place| *place > PASSED) || absences != Some(true);
        if if sent { passes } else { fails } {
            return;
        }
        let word = |promoted| if promoted { "@promoted" } else { "@not-promoted" };
        let pass = any(&conduct, |place| *place <= PASSED) && any(&learning, |place| *place <= PASSED);
        let severity = if pass && self.may_be_absent_more(most) { Severity::Warning } else { Severity::Error };
        let issue = sink.raise(&rule::MK_013, At::promoted).severity(severity);
        issue.with("value", word(sent)).with("expected", word(!sent));
        self.promotion_reason(sent, most).fill(issue);
    }
    /// Are they few enough? `None`: not known. Excused and unexcused ones count together.
    fn absences(&self, most: i64) -> Option<bool> {
        let record = AcademicRecord(self.candidate.row);
        match (record.excused_absences(), record.unexcused_absences()) {
            (Some(excused), Some(unexcused)) => Some(excused + unexcused <= most),
            (Some(some), None) | (None, Some(some)) if some > most => Some(false),
            _ => None,
        }
    }
    /// Would there be too many if each were a day of two sessions? Some schools count days.
    fn may_be_absent_more(&self, most: i64) -> bool {
        let record = AcademicRecord(self.candidate.row);
        let absent = record.excused_absences().unwrap_or_default() + record.unexcused_absences().unwrap_or_default();
        SESSIONS_A_DAY * absent > most
    }
    fn promotion_reason(&self, sent: bool, most: i64) -> Reason {
        let record = AcademicRecord(self.candidate.row);
        let absent = record.excused_absences().unwrap_or_default() + record.unexcused_absences().unwrap_or_default();
        let (conduct, learning) = self.levels();
        let failed = |places: &[usize]| !places.is_empty() && places.iter().all(|place| *place > PASSED);
        let levels = || {
            [self.conduct.first(), self.learning.first()].into_iter().flatten().copied().collect::<Vec<_>>().join(", ")
        };
        match sent {
            false => Reason::new("@all-met", format!("{}; {absent} ≤ {most}", levels())),
            true if failed(&conduct) => Reason::new("@promotion-conduct", self.conduct[0]),
            true if failed(&learning) => Reason::new("@promotion-learning", self.learning[0]),
            true => Reason::new("@promotion-absences", format!("{absent} > {most}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::academic_records::SPEC;
    use crate::model::issue::Language;
    use crate::model::rules::IssueSink;
    use crate::model::rules::fixture::{Raised, RuleFixture, severities};
    use serde_json::{Value, json};

    /// The year of a student with T and T, ten absences and nothing else, changed.
    fn year(changes: Value) -> Value {
        let mut record = json!({
            "period": "CN", "learningLevel": "T", "conductLevel": "T", "excusedAbsences": 8, "unexcusedAbsences": 2, "award": null,
        });
        for (name, value) in changes.as_object().unwrap() {
            record[name] = value.clone();
        }
        record
    }
    fn codes(issues: &IssueSink) -> Raised {
        issues.issues.iter().map(|issue| (issue.rule.code, issue.pointer.clone())).collect()
    }
    fn judged(changes: Value) -> Raised {
        RuleFixture::of(&SPEC).judge(year(changes))
    }
    fn told(changes: Value) -> String {
        RuleFixture::of(&SPEC).judged(year(changes)).issues[0].message(Language::English)
    }
    /// Results of the year in which so many subjects have a 9.0, the others 8.0, and all are Đ.
    fn results(excellent: usize) -> Vec<Value> {
        let scored = ["NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC"];
        let mut all: Vec<Value> = scored
            .iter()
            .enumerate()
            .map(|(place, code)| json!({ "subjectCode": code, "average": if place < excellent { 9.0 } else { 8.0 }, "level": null }))
            .collect();
        let commented = ["GDTC", "NGHETHUAT", "HDTNHN", "GDDP"];
        all.extend(commented.iter().map(|code| json!({ "subjectCode": code, "average": null, "level": "Đ" })));
        all
    }
    fn with_results(excellent: usize, changes: Value) -> Raised {
        codes(&RuleFixture::of(&SPEC).found("results", &results(excellent)).judged(year(changes)))
    }
    fn award() -> Raised {
        vec![("MK-012", "/award".to_owned())]
    }
    fn promotion() -> Raised {
        vec![("MK-013", "/promoted".to_owned())]
    }

    #[test]
    fn a_good_student_has_good_conduct_and_learning() {
        assert_eq!(judged(json!({ "award": "HSG" })), []);
        assert_eq!(judged(json!({ "award": "HSG", "conductLevel": "K" })), award());
        assert_eq!(judged(json!({ "award": "HSG", "learningLevel": "K" })), award());
        assert_eq!(judged(json!({ "award": null, "learningLevel": "K" })), []);
        assert!(told(json!({ "award": "HSG", "conductLevel": "K" })).contains("not high enough (K)"));
    }
    #[test]
    fn an_excellent_student_has_six_averages_of_nine() {
        assert_eq!(with_results(6, json!({ "award": "HSXS" })), []);
        assert_eq!(with_results(5, json!({ "award": "HSXS" })), award());
        assert_eq!(with_results(5, json!({ "award": "HSG" })), []);
        assert_eq!(with_results(6, json!({ "award": "HSG" })), award());
        assert_eq!(judged(json!({ "award": "HSXS" })), [], "the averages are not there");
        let message =
            RuleFixture::of(&SPEC).found("results", &results(5)).judged(year(json!({ "award": "HSXS" }))).issues[0]
                .message(Language::English);
        assert!(message.contains("5/6 ≥ 9.0"), "{message}");
    }
    #[test]
    fn a_level_that_is_not_sent_is_not_held_against_the_award() {
        assert_eq!(judged(json!({ "award": "HSG", "learningLevel": null })), []);
        assert_eq!(judged(json!({ "award": "HSG", "learningLevel": null, "conductLevel": "K" })), award());
        assert_eq!(judged(json!({ "award": "HSG", "learningLevel": null, "conductLevel": null })), []);
    }
    #[test]
    fn a_wrong_level_is_told_once() {
        let wrong_learning = with_results(0, json!({ "learningLevel": "K", "award": "HSG", "promoted": true }));
        assert_eq!(wrong_learning, [("MK-011", "/learningLevel".to_owned())]);
        let following = with_results(0, json!({ "learningLevel": "CĐ", "promoted": false }));
        assert_eq!(following, [("MK-011", "/learningLevel".to_owned())]);
    }
    #[test]
    fn promotion_takes_conduct_learning_and_presence() {
        assert_eq!(judged(json!({ "promoted": true })), []);
        assert_eq!(judged(json!({ "promoted": true, "learningLevel": "Đ", "conductLevel": "Đ" })), []);
        assert_eq!(judged(json!({ "promoted": true, "learningLevel": "CĐ" })), promotion());
        assert_eq!(judged(json!({ "promoted": true, "conductLevel": "CĐ" })), promotion());
        assert_eq!(judged(json!({ "promoted": true, "excusedAbsences": 43 })), []);
        assert_eq!(judged(json!({ "promoted": true, "excusedAbsences": 44 })), promotion());
        assert_eq!(judged(json!({ "promoted": false, "excusedAbsences": 44 })), []);
        assert_eq!(judged(json!({ "promoted": false })), promotion());
        assert!(told(json!({ "promoted": true, "excusedAbsences": 45 })).contains("too many absences (47 > 45)"));
        assert!(told(json!({ "promoted": false })).contains("every condition is met (T, T; 10 ≤ 45)"));
    }
    #[test]
    fn absences_alone_are_worth_a_warning() {
        let graded = |changes| severities(RuleFixture::of(&SPEC).judged(year(changes)));
        assert_eq!(graded(json!({ "promoted": true, "excusedAbsences": 44 })), ["warning"]);
        assert_eq!(graded(json!({ "promoted": true, "learningLevel": "CĐ", "excusedAbsences": 44 })), ["error"]);
        assert_eq!(
            graded(json!({ "promoted": false, "excusedAbsences": 30 })),
            ["warning"],
            "30 days may be 60 sessions"
        );
        assert_eq!(graded(json!({ "promoted": false })), ["error"]);
    }
    #[test]
    fn what_is_not_known_does_not_decide() {
        assert_eq!(judged(json!({ "promoted": false, "excusedAbsences": null })), []);
        assert_eq!(judged(json!({ "promoted": true, "excusedAbsences": null, "unexcusedAbsences": null })), []);
        assert_eq!(judged(json!({ "promoted": true, "excusedAbsences": null, "unexcusedAbsences": 46 })), promotion());
        assert_eq!(judged(json!({ "promoted": false, "learningLevel": null })), []);
        assert_eq!(judged(json!({ "promoted": true, "learningLevel": null, "conductLevel": "CĐ" })), promotion());
    }
    #[test]
    fn some_students_are_not_judged() {
        let changes = || year(json!({ "promoted": false, "award": "HSG", "conductLevel": "K" }));
        assert_eq!(
            RuleFixture::of(&SPEC).parent("student", json!({ "exemptFromAssessment": true })).judge(changes()),
            []
        );
        assert_eq!(RuleFixture::of(&SPEC).parent("school", json!({ "level": "6" })).judge(changes()), []);
        let mut term = changes();
        term["period"] = json!("CK2");
        assert_eq!(RuleFixture::of(&SPEC).judge(term), []);
    }
    #[test]
    fn a_reassessment_in_the_summer_may_promote() {
        let mut again = results(0);
        for result in &mut again[..3] {
            result["average"] = json!(3.0);
            result["reassessedMark"] = json!(8.0);
        }
        let judged = |changes| codes(&RuleFixture::of(&SPEC).found("results", &again).judged(year(changes)));
        assert_eq!(judged(json!({ "learningLevel": "CĐ", "promoted": true })), []);
        assert_eq!(judged(json!({ "learningLevel": "CĐ", "promoted": false })), []);
    }
    #[test]
    fn circular_58_has_awards_of_its_own() {
        let judged = |changes: Value| {
            let mut record = year(changes);
            record["schoolYear"] = json!("2023-2024");
            RuleFixture::of(&SPEC).parent("class", json!({ "grade": "09" })).judge(record)
        };
        assert_eq!(judged(json!({ "learningLevel": "G", "award": "HSG", "promoted": true })), []);
        assert_eq!(judged(json!({ "learningLevel": "K", "award": "HSTT" })), []);
        assert_eq!(judged(json!({ "learningLevel": "K", "award": "HSG" })), award());
        assert_eq!(judged(json!({ "learningLevel": "G", "award": "HSTT" })), award());
        assert_eq!(judged(json!({ "learningLevel": "K", "conductLevel": "TB", "award": "HSTT" })), award());
        assert_eq!(judged(json!({ "learningLevel": "TB", "conductLevel": "TB", "promoted": true })), []);
        assert_eq!(judged(json!({ "learningLevel": "Y", "promoted": true })), promotion());
    }
}
