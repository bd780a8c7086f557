//! DT, AG, ST: enrollments. What is compared with other enrollments is judged only where those are known.

use crate::model::classes::Class;
use crate::model::enrollments::{At, Enrollment};
use crate::model::issue::Severity;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::first_year;
use crate::model::rules::electives::{ElectiveChoice, continues};
use crate::model::rules::{Candidate, IssueSink, RuleContext, near_code, school_year};
use crate::model::students::Student;
use chrono::Datelike;

/// The rules that an enrollment itself decides.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    exit_and_its_type(candidate, sink);
    dropout_reason(candidate, sink);
    exit_after_entry(candidate, sink);
}

/// The rules that need the student, the class and the student's other enrollments.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    age(candidate, context, sink);
    other_enrollments(candidate, context, sink);
    class_of_another(candidate, context, sink);
    electives(candidate, context, sink);
    near_code::class(context, "own_classes", At::class_code, Enrollment(candidate.row).class_code(), sink);
    within_school_year(candidate, context, sink);
}

/// CL-010 of a student whose enrollment says what they take.
fn electives(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let own = Enrollment(candidate.row);
    let grade = context.parent("class").and_then(|class| Class(class).grade());
    if !own.elective_subjects().is_empty() && !candidate.row.is_faulty(At::elective_subjects) {
        let choice = ElectiveChoice { school: context.parent("school"), year: own.school_year(), grade };
        choice.judge(candidate.lists, own.elective_subjects(), At::elective_subjects, sink);
    }
}

/// ST-003.
fn exit_and_its_type(candidate: &Candidate, sink: &mut IssueSink) {
    let (no_date, no_type) = (candidate.row.is_absent(At::exit_date), candidate.row.is_absent(At::exit_type));
    let (lacking, given, at) = match (no_date, no_type) {
        (true, false) => ("exitDate", "exitType", At::exit_date),
        (false, true) => ("exitType", "exitDate", At::exit_type),
        _ => return,
    };
    sink.raise(&rule::ST_003, at).with("given", given).with("lacking", lacking);
}

/// ST-004.
fn dropout_reason(candidate: &Candidate, sink: &mut IssueSink) {
    if Enrollment(candidate.row).exit_type() == Some("dropout") && candidate.row.is_absent(At::dropout_reason) {
        sink.raise(&rule::ST_004, At::dropout_reason);
    }
}

/// DT-010.
fn within_school_year(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let enrollment = Enrollment(candidate.row);
    let dates = [(At::entry_date.into(), enrollment.entry_date()), (At::exit_date.into(), enrollment.exit_date())];
    school_year::holds(candidate, context, enrollment.school_year(), &dates, sink);
}

/// DT-012.
fn exit_after_entry(candidate: &Candidate, sink: &mut IssueSink) {
    let enrollment = Enrollment(candidate.row);
    let (Some(entry), Some(exit)) = (enrollment.entry_date(), enrollment.exit_date()) else { return };
    if exit < entry {
        sink.raise(&rule::DT_012, At::exit_date).with("exit", exit).with("entry", entry);
    }
}

/// AG-001, AG-002.
fn age(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let Some((age, code)) = age_and_grade(candidate, context) else { return };
    let Some(usual) = candidate.lists.grade(code).map(|grade| i64::from(grade.age)) else { return };
    let year = Enrollment(candidate.row).school_year().unwrap_or_default();
    let limit = |name| candidate.lists.parameter(name, year);
    let (Some(early), Some(late)) = (limit("pupil.years-early"), limit("pupil.years-late")) else { return };
    // Who leaves may do so, whatever the birth date has become since.
    let leaves = context.stored.is_some() && Enrollment(candidate.row).exit_date().is_some();
    let graded = |is_error| if is_error && !leaves { Severity::Error } else { Severity::Warning };
    let issue = if age < usual - early {
        let is_error = limit("pupil.years-early-at-most").is_none_or(|most| age < usual - most);
        sink.raise(&rule::AG_001, At::class_code).severity(graded(is_error)).with("earliest", usual - early)
    } else if age > usual + late && !context.parent("school").is_some_and(continues) {
        let is_absurd = limit("pupil.years-absurd").is_some_and(|absurd| age > usual + absurd);
        sink.raise(&rule::AG_002, At::class_code).severity(graded(is_absurd)).with("latest", usual + late)
    } else {
        return;
    };
    issue.with("age", age).with("grade", code).with("nominal", usual);
}

/// Age in calendar years as the school year begins, and the class's grade.
fn age_and_grade<'a>(candidate: &Candidate, context: &RuleContext<'a>) -> Option<(i64, &'a str)> {
    let begins = Enrollment(candidate.row).school_year().and_then(first_year)?;
    let birth_date = Student(context.parent("student")?).birth_date()?;
    Some((i64::from(begins - birth_date.year()), Class(context.parent("class")?).grade()?))
}

/// ST-005, ST-006. An enrollment ends with its school year at the latest, so only those of the same year are compared,
/// and what is still open at a school whose place another took has ended with it.
fn other_enrollments(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let own = Enrollment(candidate.row);
    let (Some(student), Some(year), Some(entry)) = (own.student_code(), own.school_year(), own.entry_date()) else {
        return;
    };
    if candidate.row.is_faulty(At::exit_date) {
        return;
    }
    let holds = |other: &Enrollment| {
        let elsewhere = other.school_code().filter(|school| own.school_code() != Some(school));
        other.school_year() == Some(year) && (other.exit_date().is_some() || !context.is_replaced(elsewhere))
    };
    let others = || context.lookup("others").iter().map(Enrollment).filter(holds);
    if others().any(|other| is_open_elsewhere(own, other)) {
        sink.raise(&rule::ST_005, At::student_code).with("student", student);
    }
    if let Some(other) = others().find(|other| !is_open_elsewhere(own, *other) && overlaps(own, *other)) {
        let began = other.entry_date().unwrap_or(entry);
        let school = other.school_code().unwrap_or_default();
        let issue = sink.raise(&rule::ST_006, At::entry_date).with("entry", entry);
        if own.school_code() == Some(school) {
            issue.with("other", began)
        } else {
            issue.with_of_school("other", school, began)
        };
    }
}

fn is_open_elsewhere(own: Enrollment, other: Enrollment) -> bool {
    own.exit_date().is_none() && other.exit_date().is_none() && own.school_code() != other.school_code()
}

/// The day of exit may be the day of the next entry.
fn overlaps(own: Enrollment, other: Enrollment) -> bool {
    let begins_before_end = |one: Enrollment, two: Enrollment| {
        two.exit_date().is_none_or(|exit| one.entry_date().is_some_and(|entry| entry < exit))
    };
    begins_before_end(own, other) && begins_before_end(other, own)
}

/// ST-010: the class is not there, though the classes of this school and year are known and the code is one of another
/// school or year. Where that is open, the class may yet come.
fn class_of_another(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    if !context.is_missing("class") || context.lookup("own_classes").is_empty() {
        return;
    }
    let own = Enrollment(candidate.row);
    let owner = match (context.lookup("own_namesakes").is_empty(), context.lookup("namesakes").is_empty()) {
        (false, _) => "@another-year",
        (true, false) => "@another-school",
        (true, true) => return,
    };
    sink.raise(&rule::ST_010, At::class_code).with("class", own.class_code().unwrap_or("@none")).with("owner", owner);
}

#[cfg(test)]
mod tests {
    use crate::model::enrollments::SPEC;
    use crate::model::rules::fixture::{Raised, RuleFixture, check, severities, unchanged};
    use serde_json::{Value, json};

    fn one(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }
    fn born(date: &str) -> RuleFixture {
        RuleFixture::of(&SPEC).parent("student", json!({ "birthDate": date }))
    }
    /// Judges the example, changed, among other enrollments of its student.
    fn among(changes: Value, others: &[Value]) -> Raised {
        RuleFixture::of(&SPEC).found("others", others).judge(changes)
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
        assert_eq!(RuleFixture::of(&SPEC).judge(unchanged()), []);
    }
    #[test]
    fn a_student_s_own_electives_are_four() {
        let chosen = |grade: &str, subjects: Value| {
            RuleFixture::of(&SPEC)
                .parent("class", json!({ "grade": grade }))
                .parent("student", json!({ "birthDate": "2010-05-20" }))
                .judge(json!({ "electiveSubjects": subjects }))
        };
        assert_eq!(chosen("10", json!(["VATLI", "HOAHOC", "SINHHOC", "TINHOC"])), []);
        assert_eq!(chosen("10", json!(["VATLI", "HOAHOC", "SINHHOC"])), one("CL-010", "/electiveSubjects"));
        assert_eq!(chosen("10", Value::Null), [], "the class says it");
    }
    #[test]
    fn exit_date_and_type_come_together() {
        assert_eq!(check(&SPEC, json!({ "exitDate": "2026-01-10" })), one("ST-003", "/exitType"));
        assert_eq!(check(&SPEC, json!({ "exitType": "transfer-out" })), one("ST-003", "/exitDate"));
        assert_eq!(check(&SPEC, json!({ "exitDate": "2026-01-10", "exitType": "transfer-out" })), []);
    }
    #[test]
    fn a_dropout_has_a_reason() {
        let exit = |reason: Value| json!({ "exitDate": "2026-01-10", "exitType": "dropout", "dropoutReason": reason });
        assert_eq!(check(&SPEC, exit(Value::Null)), one("ST-004", "/dropoutReason"));
        assert_eq!(check(&SPEC, exit(json!("01"))), []);
    }
    #[test]
    fn dates_lie_in_the_school_year() {
        for (date, faults) in [("2025-05-31", 1), ("2025-06-01", 0), ("2026-08-31", 0), ("2026-09-01", 1)] {
            let expected = if faults == 1 { one("DT-010", "/entryDate") } else { vec![] };
            assert_eq!(RuleFixture::of(&SPEC).judge(json!({ "entryDate": date })), expected);
        }
        let late = || json!({ "exitDate": "2026-09-01", "exitType": "completed" });
        assert_eq!(RuleFixture::of(&SPEC).judge(late()), one("DT-010", "/exitDate"));
        let grave = |level: &str| {
            let judged = RuleFixture::of(&SPEC).parent("school", json!({ "level": level })).judged(late());
            judged.issues.iter().find(|issue| issue.rule.code == "DT-010").map(|issue| issue.severity.as_str())
        };
        assert_eq!((grave("2"), grave("45"), grave("5")), (Some("error"), Some("warning"), Some("warning")));
        assert_eq!(RuleFixture::of(&SPEC).parent("school", json!("missing")).judge(late()), []);
    }
    #[test]
    fn the_exit_is_not_before_the_entry() {
        assert_eq!(
            check(&SPEC, json!({ "exitDate": "2025-09-04", "exitType": "transfer-out" })),
            one("DT-012", "/exitDate")
        );
        assert_eq!(check(&SPEC, json!({ "exitDate": "2025-09-05", "exitType": "transfer-out" })), []);
    }
    #[test]
    fn age_is_counted_in_calendar_years_against_the_grade() {
        // Grade 6: usually 11, born in 2014.
        let code = |date| born(date).judge(unchanged());
        assert_eq!(code("2016-01-01"), one("AG-001", "/classCode"));
        assert_eq!(code("2015-12-31"), []);
        assert_eq!(code("2011-01-01"), []);
        assert_eq!(code("2010-12-31"), one("AG-002", "/classCode"));
    }
    #[test]
    fn a_year_under_the_limit_is_a_warning_and_more_an_error() {
        // Usually 11, at least 10: a gifted pupil may be 9.
        assert_eq!(severities(born("2016-06-01").judged(unchanged())), ["warning"]);
        assert_eq!(severities(born("2017-06-01").judged(unchanged())), ["error"]);
    }
    #[test]
    fn who_leaves_may_do_so_whatever_the_birth_date_has_become() {
        let leaving = || json!({ "exitDate": "2025-09-30", "exitType": "transfer-out" });
        assert_eq!(severities(born("2020-03-03").stored(json!({})).judged(leaving())), ["warning"]);
        assert_eq!(severities(born("1995-03-03").stored(json!({})).judged(leaving())), ["warning"]);
        assert_eq!(severities(born("2020-03-03").judged(leaving())), ["error"], "nothing was stored");
        assert_eq!(severities(born("2020-03-03").stored(json!({})).judged(unchanged())), ["error"]);
    }
    #[test]
    fn an_absurd_age_is_an_error() {
        assert_eq!(severities(born("2004-12-31").judged(unchanged())), ["warning"]);
        assert_eq!(severities(born("2003-12-31").judged(unchanged())), ["error"]);
    }
    #[test]
    fn grown_ups_learn_in_continuing_education() {
        assert_eq!(born("1980-01-01").parent("school", json!({ "level": "6" })).judge(unchanged()), []);
    }
    #[test]
    fn two_schools_cannot_both_hold_a_student() {
        let open = json!({ "schoolCode": "31000502", "entryDate": "2025-08-20" });
        let closed = json!({ "schoolCode": "31000502", "entryDate": "2025-08-20", "exitDate": "2025-09-05", "exitType": "transfer-out" });
        let last_year = json!({ "schoolCode": "31000502", "schoolYear": "2024-2025", "entryDate": "2024-09-05" });
        assert_eq!(among(unchanged(), &[open]), one("ST-005", "/studentCode"));
        assert_eq!(among(unchanged(), &[closed]), []);
        assert_eq!(among(unchanged(), &[last_year]), []);
    }
    #[test]
    fn what_is_open_at_a_school_that_another_took_in_does_not_count() {
        let open = json!({ "schoolCode": "31000502", "entryDate": "2025-08-20" });
        let among = |school: &str, other: &Value| {
            RuleFixture::of(&SPEC).replaced(school).found("others", std::slice::from_ref(other)).judge(unchanged())
        };
        assert_eq!(among("31000502", &open), []);
        assert_eq!(among("31000503", &open), one("ST-005", "/studentCode"));
        let closed = json!({ "schoolCode": "31000502", "entryDate": "2025-08-20", "exitDate": "2025-09-20", "exitType": "transfer-out" });
        assert_eq!(among("31000502", &closed), one("ST-006", "/entryDate"), "what it closed is compared on");
    }
    #[test]
    fn enrollments_do_not_overlap() {
        let other = |entry: &str, exit: Value| json!({ "entryDate": entry, "exitDate": exit, "exitType": "class-change", "classCode": "6A2" });
        assert_eq!(among(unchanged(), &[other("2025-08-15", Value::Null)]), one("ST-006", "/entryDate"));
        assert_eq!(among(unchanged(), &[other("2025-08-15", json!("2025-09-06"))]), one("ST-006", "/entryDate"));
        assert_eq!(among(unchanged(), &[other("2025-08-15", json!("2025-09-05"))]), []);
        assert_eq!(among(unchanged(), &[other("2026-01-10", json!("2026-02-01"))]), one("ST-006", "/entryDate"));
        let closed = json!({ "exitDate": "2026-01-10", "exitType": "class-change" });
        assert_eq!(among(closed, &[other("2026-01-10", Value::Null)]), []);
    }
    #[test]
    fn an_open_enrollment_of_last_year_is_no_overlap() {
        assert_eq!(among(unchanged(), &[json!({ "schoolYear": "2024-2025", "entryDate": "2024-09-05" })]), []);
    }
    #[test]
    fn the_class_is_one_of_the_school_and_year() {
        let own = [json!({ "classCode": "6A2" })];
        let judged = |own: &[Value], own_namesakes: &[Value], namesakes: &[Value]| {
            let fixture = RuleFixture::of(&SPEC).parent("class", json!("missing"));
            let fixture = fixture.found("own_classes", own).found("own_namesakes", own_namesakes);
            fixture.found("namesakes", namesakes).judge(json!({ "classCode": "7C" }))
        };
        let elsewhere = [json!({ "schoolCode": "31000502", "classCode": "7C" })];
        let last_year = [json!({ "schoolYear": "2024-2025", "classCode": "7C" })];
        assert_eq!(judged(&own, &[], &elsewhere), one("ST-010", "/classCode"));
        assert_eq!(judged(&own, &last_year, &last_year), one("ST-010", "/classCode"));
        assert_eq!(judged(&own, &[], &[]), []);
        assert_eq!(judged(&[], &[], &elsewhere), []);
    }
}
