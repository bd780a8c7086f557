//! PR-006: the year's result in primary school (Circular 27/2020/TT-BGDĐT, article 9), from the levels and tests at the
//! year's end.

use crate::model::academic_records::{AcademicRecord, At};
use crate::model::lists::SubjectKind;
use crate::model::rules::catalogue as rule;
use crate::model::rules::curriculum::CurriculumGrade;
use crate::model::rules::outcomes::is_assessed;
use crate::model::rules::primary_results::TESTED;
use crate::model::rules::reason::Reason;
use crate::model::rules::{Candidate, IssueSink, RuleContext};
use crate::model::subject_results::SubjectResult;
use crate::model::value::{Row, Value};

/// The results, the highest first.
const RESULTS: [&str; 4] = ["HTXS", "HTT", "HT", "CHT"];

/// Does the record rest on the results of the year's end?
pub fn needs_year_end(row: &Row) -> bool {
    let record = AcademicRecord(row);
    record.period() == Some("CN") && record.year_result().is_some()
}

/// A subject at the year's end.
#[derive(Debug, Clone, Copy)]
struct End<'a> {
    code: &'a str,
    level: &'a str,
    test: Option<i64>,
}

/// How the results are read where the circular, or the way schools write them, leaves it open; one that gives what was
/// sent is enough.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// Is the level taken from the record of the year (CN), or from that of its end (CK2)?
    of_year: bool,
    /// Do optional subjects count?
    optional: bool,
    /// Does the reassessment of the summer stand for the level?
    reassessed: bool,
}

/// The tests that the results ask for.
#[derive(Debug, Clone, Copy)]
struct Marks([i64; 3]);

/// Raises PR-006.
pub fn judge(candidate: &Candidate, context: &RuleContext, grade: CurriculumGrade, sink: &mut IssueSink) {
    let record = AcademicRecord(candidate.row);
    let (Some(sent), Some(year)) = (record.year_result(), record.school_year()) else { return };
    let figure = |name| candidate.lists.parameter_in_grade(name, year, grade.code);
    let marks = [figure("primary.excellent-test"), figure("primary.good-test"), figure("primary.pass-test")];
    let ([Some(excellent), Some(good), Some(pass)], true) =
        (marks, record.period() == Some("CN") && is_assessed(context))
    else {
        return;
    };
    let marks = Marks([excellent, good, pass]);
    let flags = [false, true];
    let readings = flags
        .iter()
        .flat_map(|of_year| flags.iter().flat_map(|optional| flags.iter().map(|again| (*of_year, *optional, *again))));
    let ends: Vec<Vec<End>> = readings
        .filter_map(|(of_year, optional, reassessed)| ends(context, grade, Reading { of_year, optional, reassessed }))
        .collect();
    let results: Vec<usize> = ends.iter().map(|ends| marks.result(ends)).collect();
    let (Some(first), Some(sent_at)) = (results.first(), RESULTS.iter().position(|known| *known == sent)) else {
        return;
    };
    // Qualities and competencies, where the school counts them, can only lower what the subjects give.
    let lowered = |place: usize| traits_allow(record, context).is_none_or(|highest| sent_at == highest.max(place));
    if results.iter().any(|place| *place == sent_at || (*place < sent_at && lowered(*place))) {
        return;
    }
    let issue = sink.raise(&rule::PR_006, At::year_result).with("value", sent).with("expected", RESULTS[*first]);
    marks.reason(sent_at, *first, &ends[0]).fill(issue);
}

impl Marks {
    /// Place of the result among [`RESULTS`].
    fn result(self, ends: &[End]) -> usize {
        (0..3).find(|place| self.account(*place, ends).is_empty()).unwrap_or(3)
    }
    /// What keeps the result at `place` from being reached: `TOAN H`, `TIENGVIET 6 < 7`.
    fn account(self, place: usize, ends: &[End]) -> Vec<String> {
        let Some(least) = self.0.get(place) else { return Vec::new() };
        let is_low = |end: &&End| if place < 2 { end.level != "T" } else { end.level == "C" };
        let levels = ends.iter().filter(is_low).map(|end| format!("{} {}", end.code, end.level));
        let tests = ends.iter().filter_map(|end| Some((end.code, end.test.filter(|test| test < least)?)));
        levels.chain(tests.map(|(code, test)| format!("{code} {test} < {least}"))).collect()
    }
    fn reason(self, sent: usize, expected: usize, ends: &[End]) -> Reason {
        match sent < expected {
            true => Reason::of("@level-not-reached", &self.account(sent, ends)),
            false => {
                let least = ends.iter().filter_map(|end| end.test).min();
                Reason::new(
                    "@level-reached",
                    least
                        .zip(self.0.get(expected))
                        .map_or_else(|| "@none".into(), |(test, least)| format!("{test} ≥ {least}")),
                )
            }
        }
    }
}

/// The subjects at the year's end; `None` while a level or a test lacks.
fn ends<'a>(context: &RuleContext<'a>, grade: CurriculumGrade<'a>, reading: Reading) -> Option<Vec<End<'a>>> {
    let (of_end, of_year) = (context.lookup("year_end"), context.lookup("results"));
    let find = |results: &'a [Row], code: &str| {
        results.iter().map(SubjectResult).find(|result| result.subject_code() == Some(code))
    };
    let mut ends = Vec::new();
    let optional = of_end.iter().filter_map(|row| SubjectResult(row).subject_code());
    let optional = optional.filter(|code| {
        reading.optional && grade.subject(code).is_some_and(|subject| subject.kind == SubjectKind::Optional)
    });
    for code in grade.compulsory().chain(optional) {
        let (end, year) = (find(of_end, code), find(of_year, code));
        if [end, year].into_iter().flatten().any(|result| result.exempt() == Some(true)) {
            continue;
        }
        let source = if reading.of_year { year? } else { end? };
        let again = source.reassessed_level().filter(|_| reading.reassessed);
        let test = end.and_then(|result| result.test_mark());
        if test.is_none() && TESTED.contains(&code) {
            return None;
        }
        ends.push(End { code, level: again.or(source.level())?, test });
    }
    (!ends.is_empty()).then_some(ends)
}

/// The highest result that the qualities and competencies at the year's end leave open; `None`: they are not known.
fn traits_allow(record: AcademicRecord, context: &RuleContext) -> Option<usize> {
    let end = context.lookup("terms").iter().map(AcademicRecord).find(|other| other.period() == Some("CK2"));
    let groups = [
        record.qualities(),
        record.competencies(),
        end.and_then(|end| end.qualities()),
        end.and_then(|end| end.competencies()),
    ];
    let given: Vec<&str> =
        groups.iter().flatten().flat_map(|group| group.values.iter().filter_map(Value::as_text)).collect();
    match given.as_slice() {
        [] => None,
        given if given.contains(&"C") => Some(3),
        given if given.contains(&"Đ") => Some(2),
        _ => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::academic_records::SPEC;
    use crate::model::issue::Language;
    use crate::model::rules::fixture::{Raised, RuleFixture};
    use serde_json::{Value, json};

    const SUBJECTS: [(&str, bool); 11] = [
        ("TIENGVIET", true),
        ("TOAN", true),
        ("NN1", true),
        ("LSDL", true),
        ("KHOAHOC", true),
        ("THCN", true),
        ("DAODUC", false),
        ("GDTC", false),
        ("NTAN", false),
        ("NTMT", false),
        ("HDTN", false),
    ];

    /// The results of grade 5 at the year's end: everything T, tests of this mark.
    fn all(mark: i64) -> Vec<Value> {
        let result = |(code, tested): &(&str, bool)| json!({ "period": "CK2", "subjectCode": code, "level": "T", "testMark": tested.then_some(mark), "average": null });
        SUBJECTS.iter().map(result).collect()
    }
    fn one(place: usize, changes: Value) -> Vec<Value> {
        let mut results = all(9);
        for (name, value) in changes.as_object().unwrap() {
            results[place][name] = value.clone();
        }
        results
    }
    fn around(results: &[Value]) -> RuleFixture {
        RuleFixture::of(&SPEC)
            .parent("class", json!({ "grade": "05" }))
            .parent("school", json!({ "level": "1" }))
            .found("year_end", results)
    }
    fn year(result: &str) -> Value {
        json!({ "period": "CN", "learningLevel": null, "conductLevel": null, "yearResult": result })
    }
    /// Which results are taken. Every quality and competency is T.
    fn right(results: &[Value]) -> Vec<&'static str> {
        let good = json!({ "period": "CK2", "qualities": { "honesty": "T" }, "competencies": { "language": "T" } });
        let judged =
            |result: &&str| around(results).found("terms", std::slice::from_ref(&good)).judge(year(result)).is_empty();
        ["HTXS", "HTT", "HT", "CHT"].into_iter().filter(judged).collect()
    }
    fn wrong() -> Raised {
        vec![("PR-006", "/yearResult".to_owned())]
    }

    #[test]
    fn levels_and_tests_give_the_result() {
        assert_eq!(right(&all(9)), ["HTXS"]);
        assert_eq!(right(&all(8)), ["HTT"]);
        assert_eq!(right(&all(7)), ["HTT"]);
        assert_eq!(right(&all(6)), ["HT"]);
        assert_eq!(right(&all(4)), ["CHT"]);
        assert_eq!(right(&one(7, json!({ "level": "H" }))), ["HT"]);
        assert_eq!(right(&one(7, json!({ "level": "C" }))), ["CHT"]);
        assert_eq!(right(&one(0, json!({ "testMark": 8 }))), ["HTT"]);
        assert_eq!(right(&one(0, json!({ "testMark": 4 }))), ["CHT"]);
    }
    #[test]
    fn the_message_says_what_decided() {
        let told = |results: &[Value], sent| around(results).judged(year(sent)).issues[0].message(Language::English);
        assert!(told(&one(1, json!({ "testMark": 6, "level": "H" })), "HTT").ends_with("(TOAN H, TOAN 6 < 7)."));
        assert!(
            told(&one(7, json!({ "level": "H" })), "HTXS")
                .ends_with("give HT: the level sent is not reached (GDTC H).")
        );
    }
    #[test]
    fn nothing_is_judged_until_everything_is_there() {
        for lacking in 0..SUBJECTS.len() {
            let mut some = all(9);
            some.remove(lacking);
            assert_eq!(around(&some).judge(year("CHT")), []);
        }
        assert_eq!(around(&one(0, json!({ "testMark": null }))).judge(year("CHT")), []);
        assert_eq!(around(&one(7, json!({ "level": null }))).judge(year("CHT")), []);
        assert_eq!(around(&all(9)).parent("student", json!({ "exemptFromAssessment": true })).judge(year("CHT")), []);
    }
    #[test]
    fn exempt_subjects_do_not_count_and_optional_ones_may() {
        assert_eq!(right(&one(7, json!({ "level": null, "exempt": true }))), ["HTXS"]);
        let mut more = all(9);
        more.push(json!({ "period": "CK2", "subjectCode": "TIENGDTTS", "level": "H", "average": null }));
        assert_eq!(right(&more), ["HTXS", "HT"]);
    }
    #[test]
    fn qualities_and_competencies_may_lower_it() {
        let with = |level: &str, result: &str| {
            let end =
                json!({ "period": "CK2", "qualities": { "honesty": level }, "competencies": { "language": "T" } });
            around(&all(9)).found("terms", &[end]).judge(year(result))
        };
        assert_eq!(with("Đ", "HT"), []);
        assert_eq!(with("Đ", "HTXS"), []);
        assert_eq!(with("Đ", "CHT"), wrong());
        assert_eq!(with("T", "HT"), wrong());
        assert_eq!(with("C", "CHT"), []);
        assert_eq!(around(&all(9)).judge(year("HT")), [], "they are not known");
        assert_eq!(around(&all(6)).judge(year("HTT")), wrong(), "they never raise it");
    }
    #[test]
    fn the_level_of_the_year_may_stand_in_its_own_record() {
        let of_year: Vec<Value> = SUBJECTS
            .iter()
            .map(|(code, _)| json!({ "period": "CN", "subjectCode": code, "level": "H", "average": null }))
            .collect();
        assert_eq!(around(&all(9)).found("results", &of_year).judge(year("HT")), []);
        assert_eq!(around(&all(9)).found("results", &of_year).judge(year("HTXS")), []);
    }
    #[test]
    fn a_reassessment_may_stand_for_the_level() {
        assert_eq!(right(&one(7, json!({ "level": "C", "reassessedLevel": "H" }))), ["HT", "CHT"]);
    }
}
