//! MK-008 and MK-014: a subject's result of the year, or of the second term, beside those of the terms before it.

use crate::model::classes::Class;
use crate::model::enrollments::Enrollment;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::{Stage, first_year, grade, has_formula};
use crate::model::rules::marks::{Tenths, Weights, half_up};
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::subject_results::{At, SubjectResult};
use crate::model::teaching_assignments::TeachingAssignment;
use crate::model::value::Row;
use chrono::NaiveDate;

/// Does the record rest on the results of the first term?
pub fn needs_first_term(row: &Row) -> bool {
    matches!(SubjectResult(row).period(), Some("CK2" | "CN"))
}
/// Does the record rest on the results of the second term?
pub fn needs_second_term(row: &Row) -> bool {
    let result = SubjectResult(row);
    result.period() == Some("CN") && result.average().is_some()
}

/// Raises both.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    if !needs_first_term(candidate.row) || result.exempt() == Some(true) {
        return;
    }
    let first = of_term(context, "first_term", result);
    if first.is_none() {
        without_first_term(candidate, context, sink);
    }
    let (Some(first), Some(second)) = (first, of_term(context, "second_term", result)) else { return };
    average(candidate, context, (first, second), sink);
}

fn of_term<'a>(context: &RuleContext<'a>, lookup: &str, result: SubjectResult) -> Option<SubjectResult<'a>> {
    context.lookup(lookup).iter().map(SubjectResult).find(|other| other.subject_code() == result.subject_code())
}

/// MK-008. Judged where both terms have their average; a subject of one term only, or one that a student was exempt
/// from, has no such year.
fn average(
    candidate: &Candidate,
    context: &RuleContext,
    (first, second): (SubjectResult, SubjectResult),
    sink: &mut IssueSink,
) {
    let result = SubjectResult(candidate.row);
    let grade = context.parent("class").and_then(|class| grade(candidate.lists, Class(class).grade()?));
    if grade.is_some_and(|grade| grade.stage == Stage::Primary) {
        return;
    }
    let known = result.school_year().filter(|year| has_formula(candidate.lists, year));
    let Some(weights) = known.and_then(|year| Weights::of(candidate.lists, year, grade.map(|grade| grade.code))) else {
        return;
    };
    let (Some(given), Some(first), Some(second)) = (result.average(), first.average(), second.average()) else {
        return;
    };
    let expected = weights.year_average(first, second);
    // The mark of the summer's reassessment may stand for the year's average.
    if given != expected && result.reassessed_mark() != Some(given) {
        let issue =
            sink.raise(&rule::MK_008, At::average).with("value", Tenths(given)).with("expected", Tenths(expected));
        let issue = issue
            .with("first", Tenths(first))
            .with("second", Tenths(second))
            .with("cause", likely_cause(weights, first, second, given));
        let (one, two) = (weights.first_term, weights.second_term);
        issue
            .with("formula", format!("{one} × {} + {two} × {}", Tenths(first), Tenths(second)))
            .with("weight", one + two);
    }
}

/// The phrase of what could have made `given` of the terms' averages, in tenths.
fn likely_cause(weights: Weights, first: i64, second: i64, given: i64) -> &'static str {
    let (sum, weight) =
        (weights.first_term * first + weights.second_term * second, weights.first_term + weights.second_term);
    match given {
        _ if given == sum / weight => "@cut-off",
        _ if given == half_up(first + second, 2) => "@terms-unweighted",
        _ if given == weights.year_average(second, first) => "@terms-exchanged",
        // The averages before rounding lie up to half a tenth away from those sent.
        _ if (weight * given - sum).abs() < weight => "@unrounded-terms",
        _ if given == first || given == second => "@one-term-alone",
        _ => "@cause-unknown",
    }
}

/// MK-014: told only of a student who is known to have been at the school since the first weeks of the first term, and
/// not of a subject that the class is only taught in the second.
fn without_first_term(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let result = SubjectResult(candidate.row);
    let (Some(period), Some(subject), Some(year)) = (result.period(), result.subject_code(), result.school_year())
    else {
        return;
    };
    let Some(entry) = since(context, result).zip(first_weeks(year)).filter(|(entry, end)| entry <= end) else { return };
    let mut taught = context.lookup("assignments").iter().map(TeachingAssignment).peekable();
    if taught.peek().is_some() && !taught.any(|assignment| assignment.term() == Some("1")) {
        return;
    }
    let issue =
        sink.raise(&rule::MK_014, At::period).with("period", period).with("subject", subject).with("entry", entry.0);
    let (school, student) = (result.school_code().unwrap_or_default(), result.student_code().unwrap_or_default());
    issue.caused_by(format!("subject-results:{school}/{year}/CK1/{student}/{subject}"));
}

/// Since when the student has been at the school in that year without a break, as far as it is known.
fn since(context: &RuleContext, result: SubjectResult) -> Option<NaiveDate> {
    let enrollments = context.lookup("enrollments").iter().map(Enrollment);
    let own = enrollments
        .filter(|known| known.school_year() == result.school_year() && known.school_code() == result.school_code());
    let mut stays: Vec<(NaiveDate, Option<&str>)> =
        own.filter_map(|known| Some((known.entry_date()?, known.entry_type()))).collect();
    stays.sort_unstable();
    let last = stays.iter().rposition(|(_, kind)| *kind != Some("class-change")).unwrap_or_default();
    stays.get(last).map(|(entry, _)| *entry)
}

/// The last day of the first weeks: who came later need not have a result of the first term.
fn first_weeks(school_year: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(first_year(school_year)?, 9, 30)
}

#[cfg(test)]
mod tests {
    use super::likely_cause;
    use crate::model::issue::Language;
    use crate::model::lists::Lists;
    use crate::model::rules::fixture::{Raised, RuleFixture, severities};
    use crate::model::rules::marks::Weights;
    use crate::model::subject_results::SPEC;
    use serde_json::{Value, json};

    /// A result without marks of its own.
    fn bare(changes: Value) -> Value {
        let mut record = json!({ "regularMarks": null, "midtermMark": null, "finalMark": null, "average": null });
        for (name, value) in changes.as_object().unwrap() {
            record[name] = value.clone();
        }
        record
    }
    fn year(average: f64) -> Value {
        bare(json!({ "period": "CN", "average": average }))
    }
    fn term(period: &str, average: f64) -> Value {
        json!({ "period": period, "average": average })
    }
    fn terms(first: f64, second: f64) -> RuleFixture {
        RuleFixture::of(&SPEC).found("first_term", &[term("CK1", first)]).found("second_term", &[term("CK2", second)])
    }
    fn wrong() -> Raised {
        vec![("MK-008", "/average".to_owned())]
    }

    #[test]
    fn the_year_is_a_third_of_the_first_and_two_thirds_of_the_second_term() {
        // (7.0 + 2 × 8.1) / 3 = 7.733…; (7.1 + 2 × 8.0) / 3 = 7.7 exactly; (7.2 + 2 × 8.0) / 3 = 7.733…
        for (first, second, average) in [(7.0, 8.1, 7.7), (7.1, 8.0, 7.7), (6.0, 6.1, 6.1), (10.0, 10.0, 10.0)] {
            assert_eq!(terms(first, second).judge(year(average)), [], "{first} {second}");
            assert_eq!(terms(first, second).judge(year(average - 0.1)), wrong(), "{first} {second}");
        }
    }
    #[test]
    fn the_mark_of_the_reassessment_may_stand_for_the_year() {
        let again = |mark: f64| bare(json!({ "period": "CN", "average": 5.5, "reassessedMark": mark }));
        assert_eq!(terms(3.0, 3.0).judge(again(5.5)), []);
        assert_eq!(terms(3.0, 3.0).judge(again(6.0)), wrong());
    }
    #[test]
    fn both_values_and_the_likely_cause_are_told() {
        let issues = terms(7.0, 9.0).judged(year(8.0));
        let (message, hint) = (issues.issues[0].message(Language::English), issues.issues[0].hint(Language::English));
        assert!(["8.0", "7.0", "9.0", "8.3"].iter().all(|value| message.contains(value)), "{message}");
        assert!(hint.contains("did not weigh twice"), "{hint}");
        let weights = Weights::of(&Lists::embedded(), "2025-2026", None).unwrap();
        let likely_cause = |first, second, given| likely_cause(weights, first, second, given);
        assert_eq!(likely_cause(90, 60, 80), "@terms-exchanged");
        assert_eq!(likely_cause(70, 80, 76), "@cut-off");
        assert_eq!(likely_cause(60, 61, 60), "@cut-off");
        assert_eq!(likely_cause(70, 81, 78), "@unrounded-terms");
        assert_eq!(likely_cause(50, 90, 90), "@one-term-alone");
        assert_eq!(likely_cause(50, 60, 99), "@cause-unknown");
    }
    #[test]
    fn a_year_rests_on_both_terms() {
        let one =
            |lookup| RuleFixture::of(&SPEC).found("first_term", &[term("CK1", 9.0)]).found(lookup, &[term("CK1", 9.0)]);
        assert_eq!(one("first_term").judge(year(5.0)), []);
        let other_subject = json!({ "period": "CK2", "subjectCode": "NGUVAN", "average": 9.0 });
        assert_eq!(one("first_term").found("second_term", &[other_subject]).judge(year(5.0)), []);
        let exempt = json!({ "period": "CK2", "average": null, "exempt": true });
        assert_eq!(one("first_term").found("second_term", &[exempt]).judge(year(5.0)), []);
        assert_eq!(terms(9.0, 9.0).judge(bare(json!({ "period": "CN", "subjectCode": "GDTC", "level": "Đ" }))), []);
    }
    #[test]
    fn without_the_class_the_year_is_judged_all_the_same() {
        assert_eq!(terms(9.0, 9.0).parent("class", json!("missing")).judge(year(8.9)), wrong());
        assert_eq!(terms(9.0, 9.0).parent("class", json!({ "grade": "09" })).judge(year(9.0)), []);
    }

    fn second_term() -> Value {
        json!({ "period": "CK2" })
    }
    fn lacking() -> Raised {
        vec![("MK-014", "/period".to_owned())]
    }
    fn enrolled(entry: &str) -> RuleFixture {
        RuleFixture::of(&SPEC).found("enrollments", &[json!({ "entryDate": entry })])
    }

    #[test]
    fn a_second_term_follows_a_first() {
        assert_eq!(enrolled("2025-09-05").judge(second_term()), lacking());
        assert_eq!(severities(enrolled("2025-09-05").judged(second_term())), ["warning"]);
        assert_eq!(enrolled("2025-09-05").judge(year(8.0)), lacking());
        assert_eq!(enrolled("2025-09-05").found("first_term", &[term("CK1", 8.3)]).judge(second_term()), []);
        assert_eq!(enrolled("2025-09-05").judge(json!({})), [], "the first term itself");
        assert_eq!(enrolled("2025-09-05").judge(bare(json!({ "period": "CK2", "exempt": true }))), []);
    }
    #[test]
    fn who_came_later_or_is_not_known_has_no_first_term() {
        assert_eq!(enrolled("2025-10-01").judge(second_term()), []);
        assert_eq!(enrolled("2026-01-12").judge(second_term()), []);
        assert_eq!(RuleFixture::of(&SPEC).judge(second_term()), []);
    }
    #[test]
    fn who_was_away_at_the_first_terms_end_has_no_result_of_it() {
        let stays = |kind: &str, entry: &str| {
            let first = json!({ "entryDate": "2025-09-05", "exitDate": "2025-12-10" });
            RuleFixture::of(&SPEC)
                .found("enrollments", &[json!({ "entryDate": entry, "entryType": kind }), first])
                .judge(second_term())
        };
        assert_eq!(stays("return", "2026-02-10"), []);
        assert_eq!(stays("transfer-in", "2026-01-12"), []);
        assert_eq!(stays("class-change", "2025-12-11"), lacking(), "a change of class is no absence");
    }
    #[test]
    fn a_subject_of_the_second_term_alone_has_no_first() {
        let taught = |terms: &[&str]| {
            let assignments: Vec<Value> = terms.iter().map(|term| json!({ "term": term })).collect();
            enrolled("2025-09-05").found("assignments", &assignments).judge(second_term())
        };
        assert_eq!(taught(&["2"]), []);
        assert_eq!(taught(&["1", "2"]), lacking());
    }
}
