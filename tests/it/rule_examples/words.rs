//! What is told of the examples, to each reader: in both languages, to programs and to people with a sheet. Nothing of
//! the inside of the gateway and nothing of the other reader's words may be in it.

use crate::common::TestDatabase;
use crate::common::vietnamese::foreign;
use school_gateway::model::issue::{Language, Reader, Rule};
use school_gateway::model::rules::catalogue;
use school_gateway::model::wording::{BodyForm, IssuePlace, TemplatePiece, Wording, fill, pieces, placeholder};
use serde_json::Value;
use std::collections::BTreeSet;

/// Names that the texts of rules have.
#[rustfmt::skip]
pub const NAMES: &[&str] = &[
    "CN", "CSV", "Excel", "II", "III", "Number", "Text", "GDQP", "GDTC", "HTTP", "ID", "ISO", "Idempotency", "JSON", "Key", "Latinh", "NDJSON", "NFC", "PDF", "PH", "Telex", "TH",
    "THCS", "THPT", "TRUE", "FALSE", "GV", "cm", "false", "true", "UTF", "UniKey", "Unicode", "VN", "XLS", "XLSX", "XML", "byte", "xlsx", "web",
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
    let place = IssuePlace {
        resource: told["resource"].as_str(),
        pointer: told["pointer"].as_str().unwrap(),
        key: Some(&told["key"]).filter(|key| key.is_object()),
        ..IssuePlace::default()
    };
    told_to_all(rule, &values, &place)
}

/// What is wrong with a rule's texts, filled with these values, for each of its readers.
fn told_to_all(rule: &Rule, values: &[(String, String)], of_record: &IssuePlace) -> Vec<String> {
    let mut faults = Vec::new();
    for (language, form) in [
        (Language::Vietnamese, BodyForm::Program),
        (Language::English, BodyForm::Program),
        (Language::Vietnamese, BodyForm::Sheet),
        (Language::English, BodyForm::Sheet),
    ] {
        let IssuePlace { resource, pointer, key, .. } = *of_record;
        let own = if form == BodyForm::Sheet { in_sheet() } else { IssuePlace::default() };
        let place = IssuePlace { resource, pointer, key, ..own };
        let reader = Reader::new(language, true).of_form(form);
        for wording in [&rule.message, &rule.hint] {
            let text = fill(wording, values, reader, &place);
            let fault = fault(&text, wording, values, (language, form), NAMES);
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

/// What is wrong with a text that was made of this wording and these values; `names` may stand in every language.
pub fn fault(
    text: &str,
    wording: &Wording,
    values: &[(String, String)],
    (language, form): (Language, BodyForm),
    names: &[&str],
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
    let foreign = (language == Language::Vietnamese).then(|| english(text, form, &own, names)).flatten();
    foreign.or_else(|| (form == BodyForm::Sheet).then(|| of_programs(text, &own)).flatten())
}

/// A word of a Vietnamese text that is none. To a program values are told as it sent them.
fn english(text: &str, form: BodyForm, own: &str, names: &[&str]) -> Option<String> {
    let own: BTreeSet<&str> = own.split(|letter: char| !letter.is_alphanumeric()).collect();
    let of_wire = |word: &String| own.contains(word.as_str()) || is_member(word);
    let is_own = |word: &String| form == BodyForm::Program && of_wire(word) || is_shown_value(word, &own);
    let strange = foreign(text, names).into_iter().find(|word| !is_own(word));
    strange.map(|word| format!("“{word}” is English"))
}

/// Capitals and figures are told to everyone as they were sent: codes, abbreviations, levels.
fn is_shown_value(word: &str, own: &BTreeSet<&str>) -> bool {
    own.contains(word) && word.chars().any(char::is_uppercase)
}

/// Is it written as members are: `birthDate`?
pub fn is_member(word: &str) -> bool {
    word.bytes().all(|letter| letter.is_ascii_alphanumeric())
        && word.starts_with(|letter: char| letter.is_ascii_lowercase())
        && word.bytes().any(|letter| letter.is_ascii_uppercase())
}

/// What only a program knows: members, paths, JSON, names of resources and lists.
fn of_programs(text: &str, own: &str) -> Option<String> {
    let resources = school_gateway::model::all().iter().map(|spec| spec.name).filter(|name| name.contains('-'));
    let is_foreign = |word: &&str| {
        is_member(word) || word.starts_with("/v1/") || *word == "JSON" || resources.clone().any(|name| name == *word)
    };
    let words = text.split([' ', '“', '”', '(', ')', ',', '.', ';', ':']);
    // A heading or value that the sheet itself has may look like one.
    let found = words.into_iter().find(|word| is_foreign(word) && !own.contains(&format!(" {word} ")));
    found.map(|word| format!("“{word}” is a program's word"))
}

/// The examples raise most of them; how a rule speaks is seen of all, with an invented value at each place.
#[test]
fn every_rule_speaks_to_each_reader_in_his_words() {
    let mut faults = Vec::new();
    for rule in catalogue::all() {
        let texts = [rule.message, rule.hint].into_iter().flat_map(|wording| [Some(wording.program), wording.sheet]);
        let places = texts.flatten().flat_map(|text| [text.vi, text.en]).flat_map(names_in);
        let values: Vec<(String, String)> = places.map(|name| (name.to_owned(), "7".to_owned())).collect();
        let place = IssuePlace { resource: rule.resources.first().copied(), ..IssuePlace::default() };
        faults.extend(told_to_all(rule, &values, &place));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The names of the values of a template.
pub fn names_in(template: &'static str) -> impl Iterator<Item = &'static str> {
    let names = pieces(template).filter_map(|piece| match piece {
        TemplatePiece::Value(inside) if !inside.starts_with('/') => Some(placeholder(inside).0),
        _ => None,
    });
    names.collect::<Vec<_>>().into_iter()
}

#[test]
fn what_may_not_be_told_is_seen() {
    let template = Wording::of("", "");
    let told = |text: &str, language, form| fault(text, &template, &[], (language, form), NAMES).is_some();
    let (vi, en) = (Language::Vietnamese, Language::English);
    for text in ["Thiếu “…”", "thiếu @no-data", "ghi {value}", "giá trị “”", "Lớp is missing"] {
        assert!(told(text, vi, BodyForm::Program), "{text}");
    }
    for text in ["Ghi birthDate", "see /v1/code-lists/sexes", "JSON", "of subject-results"] {
        assert!(told(text, en, BodyForm::Sheet) && !told(text, en, BodyForm::Program), "{text}");
    }
    assert!(!told("Ô “Ngày sinh” còn trống; ô này bắt buộc.", vi, BodyForm::Sheet));
}
