//! What is told of the examples, to each reader: in both languages, to programs and to people with a sheet. Nothing of
//! the inside of the gateway and nothing of the other reader's words may be in it.

use crate::common::TestDatabase;
use school_gateway::model::issue::{Language, Reader};
use school_gateway::model::rules::catalogue;
use school_gateway::model::wording::{BodyForm, IssuePlace, Wording, fill};
use serde_json::Value;
use std::collections::BTreeSet;

/// English words that Vietnamese texts may have: names of functions, headers and files, and what is Vietnamese without
/// its marks.
const ALLOWED: &[&str] = &[
    "unicode",
    "utf",
    "csv",
    "xlsx",
    "excel",
    "idempotency",
    "key",
    "confirm",
    "telex",
    "unikey",
    "sinh",
    "theo",
    "trong",
    "ban",
    "cho",
    "hai",
    "tin",
    "trung",
    "danh",
    "quy",
    "nam",
    "byte",
    "mail",
    "dropout",
    "reasons",
    "web",
];

/// Every issue and finding of the database, as each reader reads it; what is wrong with that.
pub fn faults(database: &TestDatabase) -> Vec<String> {
    let told = database.column(
        "SELECT DISTINCT json_build_object('code', code, 'values', \"values\", 'resource', resource, 'pointer', pointer, 'key', key)::text \
         FROM (SELECT code, \"values\", resource, pointer, key FROM submission_issues \
               UNION ALL SELECT code, \"values\", resource, pointer, key FROM findings) t",
    );
    told.iter().flat_map(|told| faults_of(&serde_json::from_str(told).unwrap())).collect()
}

fn faults_of(told: &Value) -> Vec<String> {
    let rule = catalogue::find(told["code"].as_str().unwrap()).unwrap();
    let mut values: Vec<(String, String)> = told["values"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    // What is found where the issues are read.
    values.push(("last_row".to_owned(), "12".to_owned()));
    let mut faults = Vec::new();
    for (language, form) in [
        (Language::Vietnamese, BodyForm::Program),
        (Language::English, BodyForm::Program),
        (Language::Vietnamese, BodyForm::Sheet),
        (Language::English, BodyForm::Sheet),
    ] {
        let place = IssuePlace {
            resource: told["resource"].as_str(),
            pointer: told["pointer"].as_str().unwrap(),
            key: Some(&told["key"]).filter(|key| key.is_object()),
            ..if form == BodyForm::Sheet { in_sheet() } else { IssuePlace::default() }
        };
        let reader = Reader::new(language, true).of_form(form);
        for wording in [&rule.message, &rule.hint] {
            let text = fill(wording, &values, reader, &place);
            let fault = fault(&text, wording, &values, (language, form));
            faults.extend(fault.map(|fault| format!("{} to {form:?} in {language:?}: {fault}: {text}", rule.code)));
        }
    }
    faults
}

fn in_sheet() -> IssuePlace<'static> {
    IssuePlace {
        sheet: Some("Trang 1"),
        row: Some(3),
        column: Some("B"),
        heading: Some("Cột B"),
        ..IssuePlace::default()
    }
}

fn fault(
    text: &str,
    wording: &Wording,
    values: &[(String, String)],
    (language, form): (Language, BodyForm),
) -> Option<String> {
    let template = wording.in_form(form).in_language(language);
    let own: String = values.iter().map(|(_, value)| format!(" {value} ")).collect();
    let gaps = |text: &str| text.matches('…').count();
    if gaps(text) > gaps(template) && !own.contains('…') {
        return Some("a placeholder is empty".to_owned());
    }
    let is_inner = |word: &&str| word.starts_with('@') || word.contains(['\u{e000}', '\u{e001}', '{', '}']);
    if let Some(word) = text.split([' ', '“', '”', '(']).find(is_inner) {
        return Some(format!("“{word}” is an inner word"));
    }
    if text.contains("“”") || text.contains("“–”") || text.contains("()") {
        return Some("nothing is quoted".to_owned());
    }
    let foreign = (language == Language::Vietnamese).then(|| english(text, form, &own)).flatten();
    foreign.or_else(|| (form == BodyForm::Sheet).then(|| of_programs(text, &own)).flatten())
}

/// Words of small letters, without what stands in quotes and in paths.
fn words(text: &str) -> BTreeSet<String> {
    let unquoted: String = text.split(['“', '”']).step_by(2).collect::<Vec<_>>().join(" ");
    let spoken = unquoted.split_whitespace().filter(|word| !word.contains(['/', '_']));
    let words = spoken.flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric()));
    let is_word = |word: &&str| word.len() > 2 && word.bytes().all(|letter| letter.is_ascii_lowercase());
    words.filter(is_word).map(str::to_owned).collect()
}

/// A word of the English texts in a Vietnamese one. To a program values are told as it sent them.
fn english(text: &str, form: BodyForm, own: &str) -> Option<String> {
    let rules = catalogue::all().flat_map(|rule| [rule.message, rule.hint]);
    let texts = rules.flat_map(|wording| [wording.program.en, wording.sheet.map_or("", |text| text.en)]);
    let known: BTreeSet<String> = texts.flat_map(words).collect();
    let values = if form == BodyForm::Program { words(&own.replace(['@', '|'], " ")) } else { BTreeSet::new() };
    let foreign = words(text)
        .into_iter()
        .find(|word| known.contains(word) && !values.contains(word) && !ALLOWED.contains(&word.as_str()));
    foreign.map(|word| format!("“{word}” is English"))
}

/// What only a program knows: members, paths, JSON, names of resources and lists.
fn of_programs(text: &str, own: &str) -> Option<String> {
    let is_member = |word: &str| {
        word.bytes().all(|letter| letter.is_ascii_alphanumeric())
            && word.starts_with(|letter: char| letter.is_ascii_lowercase())
            && word.bytes().any(|letter| letter.is_ascii_uppercase())
    };
    let resources = school_gateway::model::all().iter().map(|spec| spec.name).filter(|name| name.contains('-'));
    let is_foreign = |word: &&str| {
        is_member(word) || word.starts_with("/v1/") || *word == "JSON" || resources.clone().any(|name| name == *word)
    };
    let words = text.split([' ', '“', '”', '(', ')', ',', '.', ';', ':']);
    // A heading or value that the sheet itself has may look like one.
    let found = words.into_iter().find(|word| is_foreign(word) && !own.contains(&format!(" {word} ")));
    found.map(|word| format!("“{word}” is a program's word"))
}

#[test]
fn what_may_not_be_told_is_seen() {
    let template = Wording::of("", "");
    let told = |text: &str, language, form| fault(text, &template, &[], (language, form)).is_some();
    let (vi, en) = (Language::Vietnamese, Language::English);
    for text in ["Thiếu “…”", "thiếu @no-data", "ghi {value}", "giá trị “”", "Lớp is missing"] {
        assert!(told(text, vi, BodyForm::Program), "{text}");
    }
    for text in ["Ghi birthDate", "see /v1/code-lists/sexes", "JSON", "of subject-results"] {
        assert!(told(text, en, BodyForm::Sheet) && !told(text, en, BodyForm::Program), "{text}");
    }
    assert!(!told("Ô “Ngày sinh” còn trống; ô này bắt buộc.", vi, BodyForm::Sheet));
}
