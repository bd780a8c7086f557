//! MK-020: conduct of the year from that of the terms (Circular 22/2021/TT-BGDĐT, article 8, clause 2 b).

use crate::model::academic_records::{AcademicRecord, At};
use crate::model::rules::catalogue as rule;
use crate::model::rules::learning::Level;
use crate::model::rules::{Candidate, IssueSink, RuleContext};

/// The level of the year; the second term weighs more.
pub fn of_year(first: Level, second: Level) -> Level {
    match (second, first) {
        (Level::Good, first) if first >= Level::Fair => Level::Good,
        (Level::Fair, first) if first >= Level::Passed => Level::Fair,
        (Level::Passed, Level::Good) | (Level::Good, _) => Level::Fair,
        (Level::Passed, _) | (Level::Fair, _) => Level::Passed,
        (Level::Failed, _) => Level::Failed,
    }
}

/// What the records of both terms give; `None` while one of them is not there.
pub fn expected(context: &RuleContext) -> Option<(Level, Level, Level)> {
    let of_term = |period| {
        let records = context.lookup("terms").iter().map(AcademicRecord);
        records.filter(|record| record.period() == Some(period)).find_map(|record| Level::of(record.conduct_level()?))
    };
    let (first, second) = (of_term("CK1")?, of_term("CK2")?);
    Some((first, second, of_year(first, second)))
}

/// Raises MK-020. Who trained in the summer and was assessed again may stand higher.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let record = AcademicRecord(candidate.row);
    let Some(level) = record.conduct_level().and_then(Level::of).filter(|_| record.period() == Some("CN")) else {
        return;
    };
    let Some((first, second, expected)) = expected(context) else { return };
    let is_again = record.summer_retraining() == Some(true) && expected == Level::Failed;
    if level != expected && !is_again {
        let issue = sink.raise(&rule::MK_020, At::conduct_level).with("value", level.code());
        issue.with("first", first.code()).with("second", second.code()).with("expected", expected.code());
    }
}

#[cfg(test)]
mod tests {
    use super::of_year;
    use crate::model::academic_records::SPEC;
    use crate::model::rules::conduct::Level::{Failed, Fair, Good, Passed};
    use crate::model::rules::fixture::{Raised, RuleFixture};
    use serde_json::{Value, json};

    #[test]
    fn conduct_of_the_year_leans_on_the_second_term() {
        let year = |first, second| of_year(first, second);
        assert_eq!([Good, Fair, Passed, Failed].map(|first| year(first, Good)), [Good, Good, Fair, Fair]);
        assert_eq!([Good, Fair, Passed, Failed].map(|first| year(first, Fair)), [Fair, Fair, Fair, Passed]);
        assert_eq!([Good, Fair, Passed, Failed].map(|first| year(first, Passed)), [Fair, Passed, Passed, Passed]);
        assert_eq!([Good, Fair, Passed, Failed].map(|first| year(first, Failed)), [Failed; 4]);
    }

    fn judged(terms: &[Value], changes: Value) -> Raised {
        let mut record = json!({ "period": "CN", "learningLevel": null, "conductLevel": "T" });
        for (name, value) in changes.as_object().unwrap() {
            record[name] = value.clone();
        }
        RuleFixture::of(&SPEC).found("terms", terms).judge(record)
    }
    fn term(period: &str, level: Value) -> Value {
        json!({ "period": period, "conductLevel": level })
    }
    fn wrong() -> Raised {
        vec![("MK-020", "/conductLevel".to_owned())]
    }

    #[test]
    fn the_year_is_what_the_terms_give() {
        let terms = [term("CK1", json!("K")), term("CK2", json!("T"))];
        assert_eq!(judged(&terms, json!({})), []);
        assert_eq!(judged(&terms, json!({ "conductLevel": "K" })), wrong());
        let fallen = [term("CK1", json!("T")), term("CK2", json!("Đ"))];
        assert_eq!(judged(&fallen, json!({ "conductLevel": "K" })), []);
        assert_eq!(judged(&fallen, json!({ "conductLevel": "Đ" })), wrong());
    }
    #[test]
    fn one_term_alone_tells_nothing() {
        assert_eq!(judged(&[term("CK2", json!("CĐ"))], json!({})), []);
        assert_eq!(judged(&[term("CK1", Value::Null), term("CK2", json!("CĐ"))], json!({})), []);
        assert_eq!(judged(&[], json!({})), []);
    }
    #[test]
    fn training_in_the_summer_may_mend_it() {
        let failed = [term("CK1", json!("CĐ")), term("CK2", json!("CĐ"))];
        assert_eq!(judged(&failed, json!({ "conductLevel": "Đ" })), wrong());
        assert_eq!(judged(&failed, json!({ "conductLevel": "Đ", "summerRetraining": true })), []);
    }
    #[test]
    fn the_older_circular_had_no_such_table() {
        let terms = [term("CK1", json!("T")), term("CK2", json!("K"))];
        let fixture = RuleFixture::of(&SPEC).parent("class", json!({ "grade": "09" })).found("terms", &terms);
        assert_eq!(
            fixture.judge(
                json!({ "schoolYear": "2023-2024", "period": "CN", "learningLevel": null, "conductLevel": "T" })
            ),
            []
        );
    }
}
