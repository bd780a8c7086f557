//! What a member takes, told beside a value that it does not take: whoever sent it need look nothing up.

use crate::model::decimal;
use crate::model::field::{Field, FieldType};
use crate::model::issue::Issue;
use crate::model::lists::Lists;
use crate::model::moment;
use chrono::NaiveDate;

/// Letters that the values of a list may take together to be named; of a longer one its name is told.
const LONGEST: usize = 240;

/// PT-014 of a code list: the values where they are few, else the list; and the nearest, by its code and by its name.
pub fn tell_list(issue: &mut Issue, lists: &Lists, list: &str, on: NaiveDate, nearest: Option<&str>) {
    let name = |code: &str| lists.entry(list, code).map(|entry| entry.name_vi.clone()).unwrap_or_default();
    issue.with("list", list);
    tell_nearest(issue, nearest, nearest.map(name).filter(|name| !name.is_empty()).as_deref());
    tell_values(issue, &values_of(lists, list, on));
}

/// PT-014 of a member that takes one of a few words.
pub fn tell_choice(issue: &mut Issue, field: &Field, values: &[&str], nearest: Option<&str>) {
    let label = |value: &str| field.labels.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| *word);
    issue.with("list", values.join("|"));
    tell_nearest(issue, nearest, nearest.map(label).filter(|word| !word.is_empty()));
    let named: Vec<(String, String)> =
        values.iter().map(|value| ((*value).to_owned(), label(value).to_owned())).collect();
    tell_values(issue, &named);
}

fn tell_nearest(issue: &mut Issue, code: Option<&str>, name: Option<&str>) {
    issue.with("nearest", code.unwrap_or("@none-alike"));
    if let Some(word) = name.or(code) {
        issue.with("meant", "@perhaps-meant").with("nearest_word", word);
    }
}

/// What may stand there, code and name each; none: nothing is told.
fn tell_values(issue: &mut Issue, values: &[(String, String)]) {
    let code = |(code, name): &(String, String)| match name.is_empty() || name == code {
        true => code.clone(),
        false => format!("{code} ({name})"),
    };
    let word = |(code, name): &(String, String)| if name.is_empty() { code.clone() } else { name.clone() };
    let codes = values.iter().map(code).collect::<Vec<_>>().join("|");
    match codes.chars().count() {
        0 => issue.with("allowed", "@in-the-list"),
        1..=LONGEST => {
            let words = values.iter().map(word).collect::<Vec<_>>().join("|");
            issue.with("allowed", "@one-of-these").with("values", format!("@or:{codes}"));
            issue.with("words", format!("@or:{words}"))
        }
        _ => issue.with("allowed", "@in-the-list"),
    };
}

fn values_of(lists: &Lists, list: &str, on: NaiveDate) -> Vec<(String, String)> {
    let entries = lists.list(list).map_or(&[][..], |list| list.entries.as_slice());
    let mut values: Vec<(String, String)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_valid(on)) {
        // Subjects stand once a level.
        if !values.iter().any(|(known, _)| *known == entry.code) {
            values.push((entry.code.clone(), entry.name_vi.clone()));
        }
    }
    values
}

/// PT-013: what a member of this type takes, and how that is written. `shown` is what was sent.
pub fn tell_type(issue: &mut Issue, kind: &FieldType, lists: &Lists, on: NaiveDate, shown: &str) {
    match *kind {
        FieldType::Integer { min, max } => {
            issue.with("expected", "@whole-number-between").with("minimum", min).with("maximum", max);
            issue.with("advice", "@without-quotes");
        }
        FieldType::Decimal { scale, min, max, exact } => {
            let bound = |units: i64| match units % decimal::power(scale) {
                0 => (units / decimal::power(scale)).to_string(),
                _ => decimal::format(units, scale),
            };
            issue.with("expected", "@number-between").with("minimum", bound(min)).with("maximum", bound(max));
            issue.with("advice", if exact { "@mark-without-quotes" } else { "@without-quotes" });
        }
        FieldType::Code { list } => {
            let example = lists.nearest(list, shown).unwrap_or_else(|| shown.to_owned());
            issue.with("expected", "@text").with("advice", "@in-quotes").with("example", example).with("list", list);
            tell_values(issue, &values_of(lists, list, on));
        }
        FieldType::Text { .. } | FieldType::Choice { .. } => {
            issue.with("expected", "@text").with("advice", "@in-quotes").with("example", shown);
        }
        FieldType::Boolean => {
            issue.with("expected", "@boolean").with("advice", "@without-quotes");
        }
        FieldType::Date => {
            issue.with("expected", "@date");
        }
        FieldType::SchoolYear => {
            issue.with("expected", "@school-year");
        }
        FieldType::List(_) => {
            issue.with("expected", "@array");
        }
        FieldType::Object(_) | FieldType::Counts { .. } => {
            issue.with("expected", "@object");
        }
    }
}

/// DT-001: why a text is no day, where that can be said.
pub fn tell_no_day(issue: &mut Issue, text: &str) {
    if let Some((day, month)) = moment::day_and_month(text) {
        let reason = if (1..=12).contains(&month) { "@no-such-day" } else { "@no-such-month" };
        issue.with("reason", reason).with("day", day).with("month", month);
    }
}
