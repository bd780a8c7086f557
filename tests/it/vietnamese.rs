//! The Vietnamese of the program holds no English but names: of media types, headers, parameters and their values, which
//! are the same in every language.

use crate::common::vietnamese::foreign;
use std::collections::BTreeMap;

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
