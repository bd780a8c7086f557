//! The report to read: faults by cause, counts by resource, what was not judged. As wide as the terminal; without
//! colours where there is none.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use console::{Term, style};
use serde_json::Value;

use crate::cli::report::labels;
use crate::cli::report::labels::Labels;
use crate::model;
use crate::model::issue::{Severity, Text};
use crate::model::messages::{Message, message};
use crate::model::wording;
use crate::model::wording::BodyForm;

/// Columns where there is no terminal to ask.
const WIDTH: u16 = 120;
/// Narrower than this a table cannot be read.
const NARROWEST: u16 = 60;
/// Groups shown.
const GROUPS: usize = 50;
/// Rules named for what was not judged.
const RULES: usize = 12;

/// The whole text.
pub fn text(report: &Value, words: Labels) -> String {
    let mut text = String::new();
    for file in report["files"].as_array().into_iter().flatten().filter(|file| file["cut"] == true) {
        let _ = writeln!(text, "{}", said(message("report-file-cut").with("file", string(&file["name"])), words));
    }
    groups(&mut text, report, words);
    counts(&mut text, report, words);
    unjudged(&mut text, report, words);
    verdict(&mut text, report, words);
    text
}

fn table(words: Labels, headings: &[Text]) -> Table {
    let mut table = Table::new();
    let width = Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.max(NARROWEST));
    table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(headings.iter().map(|heading| words.of(*heading)));
    table
}

fn right(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn human(words: Labels, count: u64) -> String {
    wording::number(&count.to_string(), words.0).into_owned()
}

/// A sentence for people, who know resources by their titles.
fn said(sentence: Message, words: Labels) -> String {
    sentence.in_form(words.0, BodyForm::Sheet)
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn severity(group: &Value) -> Option<Severity> {
    serde_json::from_value(group["severity"].clone()).ok()
}

/// Errors first, then the most frequent.
fn groups(text: &mut String, report: &Value, words: Labels) {
    let mut groups: Vec<&Value> = report["issueGroups"].as_array().into_iter().flatten().collect();
    groups.sort_by_key(|group| (severity(group), u64::MAX - number(&group["count"])));
    if groups.is_empty() {
        return;
    }
    let mut shown = table(words, &[labels::COUNT, labels::CODE, labels::SEVERITY, labels::FIRST, labels::FAULT]);
    for group in groups.iter().take(GROUPS) {
        let severity = severity(group).map_or("", |severity| severity.title().in_language(words.0));
        let fault = format!("{}\n→ {}", string(&group["message"]), string(&group["hint"]));
        shown.add_row([
            human(words, number(&group["count"])),
            string(&group["code"]).to_owned(),
            severity.to_lowercase(),
            first(group, words),
            fault,
        ]);
    }
    right(&mut shown, [0]);
    let _ = writeln!(text, "{shown}");
    if groups.len() > GROUPS {
        let more = message("report-more-groups").with("count", groups.len() - GROUPS);
        let _ = writeln!(text, "{}", said(more, words));
    }
    text.push('\n');
}

/// File and line where they are known, of a sheet its name, row and column, else the place of the record; then what it
/// is, and where in it.
fn first(group: &Value, words: Labels) -> String {
    let text = |name: &str| group[name].as_str();
    // Without its folders: the column is narrow, and JSON and CSV have the whole path.
    let file = text("file").map(|path| path.rsplit('/').next().unwrap_or(path));
    let numbered = |word: Text, name: &str| group[name].as_u64().map(|number| format!("{} {number}", words.of(word)));
    let sheet = text("sheet").map(|sheet| format!("{} {sheet}", words.of(labels::SHEET)));
    let column = text("column").map(|column| format!("{} {column}", words.of(labels::COLUMN)));
    let place = numbered(labels::ROW, "row")
        .or_else(|| numbered(labels::LINE, "line"))
        .or_else(|| numbered(labels::RECORD, "firstIndex"));
    let place: Vec<String> = [file.map(str::to_owned), sheet, place, column].into_iter().flatten().collect();
    let resource = string(&group["resource"]);
    // A person with a sheet is told what he sees there.
    let within = match model::find(resource).filter(|_| !group["row"].is_null()) {
        Some(spec) => format!("{} {}", spec.title.in_language(words.0), string(&group["heading"])),
        None => format!("{resource} {}", string(&group["pointer"])),
    };
    format!("{}\n{}", place.join(", "), within.trim())
}

fn counts(text: &mut String, report: &Value, words: Labels) {
    let mut shown = table(
        words,
        &[labels::RESOURCE, labels::RECEIVED, labels::GOOD, labels::WAITING, labels::REJECTED, labels::WARNINGS],
    );
    let mut row = |name: &str, counts: [u64; 5]| {
        shown.add_row(std::iter::once(name.to_owned()).chain(counts.map(|count| human(words, count))));
    };
    let numbers = |counts: &Value| {
        let good = ["created", "updated", "unchanged", "deleted"].iter().map(|name| number(&counts[*name])).sum();
        [
            number(&counts["received"]),
            good,
            number(&counts["parked"]),
            number(&counts["rejected"]),
            number(&counts["warnings"]),
        ]
    };
    let total = numbers(&report["counts"]);
    let mut no_record = total;
    for (resource, counts) in report["byResource"].as_object().into_iter().flatten() {
        let counts = numbers(counts);
        row(model::find(resource).map_or(resource.as_str(), |spec| spec.title.in_language(words.0)), counts);
        no_record.iter_mut().zip(counts).for_each(|(left, count)| *left = left.saturating_sub(count));
    }
    if no_record[0] > 0 {
        row(words.of(labels::NO_RECORD), no_record);
    }
    row(words.of(labels::TOTAL), total);
    right(&mut shown, 1..6);
    let _ = writeln!(text, "{shown}\n");
}

fn unjudged(text: &mut String, report: &Value, words: Labels) {
    let Some(unjudged) = report["unjudged"].as_array().filter(|unjudged| !unjudged.is_empty()) else { return };
    let _ = writeln!(text, "{}", words.of(labels::UNJUDGED));
    for one in unjudged {
        let (resource, records, needs) = (string(&one["resource"]), number(&one["records"]), string(&one["needs"]));
        let why = match (needs, string(&one["reason"])) {
            (crate::submission::offline::UNITS, _) => message("report-no-units"),
            (crate::submission::offline::STORED, _) => message("report-no-stored"),
            (_, "rejected") => message("report-needs-refused").with("needs", needs),
            _ => message("report-needs-absent").with("needs", needs),
        };
        let unjudged = message("report-unjudged").with("resource", resource).with("count", records).with("why", why);
        let _ = write!(text, "- {}", said(unjudged, words));
        let rules: Vec<&str> = one["rules"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !rules.is_empty() {
            let more = if rules.len() > RULES { ", …" } else { "" };
            let named = format!("{}{more}", rules.iter().take(RULES).copied().collect::<Vec<_>>().join(", "));
            let _ = write!(text, " {}", said(message("report-rules").with("rules", named), words));
        }
        text.push('\n');
    }
    text.push('\n');
}

fn verdict(text: &mut String, report: &Value, words: Labels) {
    let (rejected, parked) = (number(&report["counts"]["rejected"]), number(&report["counts"]["parked"]));
    if parked > 0 && report["unjudged"].is_null() {
        let _ = writeln!(text, "{}", said(message("report-parked").with("count", parked), words));
    }
    let _ = match rejected {
        0 => writeln!(text, "{}", style(words.of(labels::ALL_GOOD)).green()),
        _ => writeln!(text, "{}", style(said(message("report-some-rejected").with("count", rejected), words)).red()),
    };
}
