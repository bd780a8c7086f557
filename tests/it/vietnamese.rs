//! The Vietnamese of the program holds no English but names: of media types, headers, parameters and their values, which
//! are the same in every language.

use crate::common::vietnamese::foreign;
use crate::rule_examples::words::{NAMES as IN_RULES, fault, is_member, names_in};
use school_gateway::model::issue::{Language, Text};
use school_gateway::model::messages::message;
use school_gateway::model::rules::catalogue;
use school_gateway::model::wording::{BodyForm, Wording};
use std::collections::{BTreeMap, BTreeSet};

/// Names that messages have.
#[rustfmt::skip]
const IN_MESSAGES: &[&str] = &[
    // Forms of files and their parts.
    "ASCII", "CSV", "Excel", "JSON", "MiB", "NDJSON", "NUL", "UTF", "UUID", "XLS", "XLSX", "XML", "Zstandard", "byte", "csv",
    "gzip", "xls", "xlsx", "zstd",
    // Of HTTP.
    "Allow", "ETag", "Header", "header", "Link", "PUT", "RFC", "https", "null", "true", "false",
    // Codes, and shapes of values.
    "DD", "ID", "MM", "RC", "YYYY",
    // Values of parameters.
    "accepted", "all", "classes", "closed", "completed", "error", "failed", "info", "open", "partial", "processing", "queued",
    "rejected", "respond", "async", "students", "warning",
    // Columns and levels of files of reference data.
    "active", "before", "code", "commune", "communes", "district", "from", "kind", "level", "name", "parent", "province", "rank",
    "scheme", "since", "until", "value", "TH", "THCS", "THPT", "name_vi",
    // The program, its settings, and what a system has.
    "CLIENT", "FILE", "GATEWAY", "SCHOOL", "SECRET", "ca", "certificates", "gateway", "school",
    "Idempotency", "Key",
];

#[test]
fn no_english_word_stands_in_the_messages() {
    let file = include_str!("../../src/model/messages/vi.txt");
    let entries = file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    let strange: BTreeMap<&str, _> = entries
        .map(|(id, text)| (id, foreign(&without_places(text), IN_MESSAGES)))
        .filter(|(_, strange)| !strange.is_empty())
        .collect();
    assert!(strange.is_empty(), "{strange:#?}");
}

/// A template without its places.
fn without_places(text: &str) -> String {
    text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect::<Vec<_>>().join(" ")
}

/// The texts of each message, by its id: for programs, and for people with a sheet where that differs.
fn texts() -> BTreeMap<&'static str, Wording> {
    let file = |text: &'static str| -> BTreeMap<&'static str, &'static str> {
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect()
    };
    let vi = file(include_str!("../../src/model/messages/vi.txt"));
    let en = file(include_str!("../../src/model/messages/en.txt"));
    let both = |id: &str| vi.get(id).zip(en.get(id)).map(|(vi, en)| Text { vi, en });
    let plain = vi.keys().filter(|id| !id.ends_with(".sheet"));
    plain.map(|id| (*id, Wording { program: both(id).unwrap(), sheet: both(&format!("{id}.sheet")) })).collect()
}

/// Messages that only people are told, who have one text for all.
const TO_PEOPLE: &[&str] =
    &["sign-in-", "form-", "file-missing", "csv-of-what", "not-a-finished-check", "no-sheet-to-annotate", "workbook-"];

/// Each is put into words with an invented value at each place, as each of its readers reads it.
#[test]
fn every_message_speaks_to_each_reader_in_his_words() {
    let (names, mut faults) = ([IN_MESSAGES, IN_RULES].concat(), Vec::new());
    for (id, wording) in texts() {
        let of_people = TO_PEOPLE.iter().any(|begin| id.starts_with(begin)) && id != "form-expected";
        let forms = [Some(BodyForm::Program), (wording.sheet.is_some() || of_people).then_some(BodyForm::Sheet)];
        for form in forms.into_iter().flatten() {
            for language in [Language::Vietnamese, Language::English] {
                let places: Vec<&'static str> = names_in(wording.in_form(form).in_language(language)).collect();
                let told = places.iter().fold(message(id), |told, place| told.with(place, "7")).in_form(language, form);
                let values: Vec<(String, String)> =
                    places.iter().map(|place| (place.to_string(), "7".into())).collect();
                // A brace that stands for itself is one of JSON: programs read it.
                let text = if form == BodyForm::Program { told.replace(['{', '}'], "") } else { told };
                let found = fault(&text, &wording, &values, (language, form), &names);
                faults.extend(found.map(|found| format!("{id} to {form:?} in {language:?}: {found}: {text}")));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Names that stand in the documents in the reader's own lines: of standards and forms, of programs, and of what the
/// wire has.
#[rustfmt::skip]
const IN_PAGES: &[&str] = &[
    "ASCII", "API", "AWARD", "BIFF", "CSV", "Ed", "ES", "Fi", "HTTP", "Basic", "Internet", "wifi", "ISO", "JSON", "JWS", "Key", "Pointer", "MiB",
    "GiB", "NDJSON", "OneRoster", "OpenAPI", "RFC", "SHA", "Server", "Sent", "Events", "URI", "UTF", "UTC", "UUID", "WGS", "Web", "XLS", "XLSX",
    "byte", "camelCase", "client", "credentials", "header", "tab", "School", "Gateway", "English", "cm", "kg", "CN", "HTXS", "HTT", "HT", "CHT", "BYT", "TTLT", "TTg", "QH", "VN",
    // What the standards call it.
    "StudentAcademicRecord", "org", "class", "Section", "enrollment", "StudentSchoolAssociation", "school", "user", "Staff", "demographics",
    "Student", "result", "Grade", "teacher", "StaffSectionAssociation",
];

/// What a page says in Vietnamese: without what is marked as code or as another language.
fn spoken(page: &str) -> String {
    let (_, body) = page.split_once("<main").expect("a page has a main part");
    let mut text = body.split("<script").next().unwrap_or_default().to_owned();
    for (open, close) in [
        ("<code", "</code>"),
        ("<pre", "</pre>"),
        ("<select", "</select>"),
        ("<var", "</var>"),
        ("<span class=\"tag", "</span>"),
        ("<textarea", "</textarea>"),
        ("<span class=\"method", "</span>"),
        ("lang=\"en\"", "</"),
    ] {
        text = text
            .split(open)
            .enumerate()
            .map(|(at, part)| if at == 0 { part } else { part.split_once(close).map_or("", |(_, rest)| rest) })
            .collect::<Vec<_>>()
            .join(" ");
    }
    let text: String =
        text.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect::<Vec<_>>().join(" ");
    text.replace("&quot;", " ").replace("&amp;", "&").replace("&lt;", " ").replace("&gt;", " ")
}

#[tokio::test]
async fn the_page_of_the_api_is_vietnamese_where_it_is_asked_for() {
    let gateway = crate::common::Gateway::start();
    let page = |path: &'static str| {
        let request = gateway.request("GET", path, "");
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    let (vietnamese, english) = (page("/docs/api/vi").await, page("/docs/api/en").await);
    let lines = |text: &str| spoken(text).lines().map(str::to_owned).collect::<Vec<_>>().join("\n");
    let strange = foreign(&lines(&vietnamese), IN_PAGES);
    let spoken_of =
        |word: &String| lines(&vietnamese).lines().find(|line| line.contains(word.as_str())).map(str::to_owned);
    assert!(strange.is_empty(), "{strange:?}: {:?}", strange.iter().map(spoken_of).collect::<Vec<_>>());
    assert!(foreign(&spoken(&english), IN_PAGES).len() > 500, "the English page is English");
}

/// Names that stand in the pages of problems and rules: of headers, scripts of letters and their encodings.
#[rustfmt::skip]
const IN_PROBLEMS: &[&str] = &[
    "Accept", "Authorization", "Retry", "After", "Content", "Type", "Encoding", "If", "Match", "None", "idempotency", "Latin", "Kirin", "TCVN", "NM", "PV",
];

#[tokio::test]
async fn the_page_of_the_rules_and_those_of_problems_speak_one_language() {
    let gateway = crate::common::Gateway::start();
    let chapters: BTreeSet<&str> = catalogue::all().filter_map(|rule| rule.code.split('-').next()).collect();
    let problems = school_gateway::error::KINDS.iter().map(|kind| format!("/problems/{}", kind.code));
    for page in problems.chain(["/docs/rules".to_owned()]) {
        let read = |language: &str| {
            let request = gateway.request("GET", &format!("{page}/{language}"), "");
            async move { request.send().await.unwrap().text().await.unwrap() }
        };
        let (vietnamese, english) = (spoken(&read("vi").await), spoken(&read("en").await));
        let names: Vec<&str> = IN_PAGES.iter().chain(IN_MESSAGES).chain(IN_RULES).chain(IN_PROBLEMS).copied().collect();
        let mut strange = foreign(&vietnamese, &names);
        strange.retain(|word| !is_member(word) && !chapters.contains(word.as_str()));
        assert!(strange.is_empty(), "{page}: {strange:?}");
        let accents = english
            .replace("Tiếng Việt", "")
            .chars()
            .filter(|letter| "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ".contains(*letter))
            .count();
        assert!(accents * 50 < english.chars().count(), "{page} speaks Vietnamese in English: {accents}");
    }
}
