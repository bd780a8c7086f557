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
