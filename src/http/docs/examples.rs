//! An example of a rule: what breaks it beside what keeps it, in short form.

use crate::http::docs::speech::Speech;
use crate::model;
use crate::model::issue::Language;
use crate::model::rules::examples::{Example, ExampleRecord, ExampleSheet, Sending};
use maud::{Markup, html};
use serde_json::Value;

/// Both sides, folded.
pub fn both(example: &Example, speech: Speech) -> Markup {
    html! {
        details.example {
            summary { (speech.of("Ví dụ", "Example")) }
            @if example.primary { p.quiet { (speech.of("Trường tiểu học, lớp 5A", "A primary school, class 5A")) } }
            @if let Some(given) = &example.given { p.quiet { @match speech.0 { Language::Vietnamese => (given.vi), Language::English => (given.en) } } }
            @if !example.before.is_empty() {
                h4 { (speech.of("Đã gửi trước", "Sent before")) }
                @for sending in &example.before { (sent(sending, speech)) }
            }
            @if !example.beside.is_empty() {
                h4 { (speech.of("Cùng với", "Along with")) }
                @for line in &example.beside { (record(line, speech)) }
            }
            div.sides {
                div { h4.error { (speech.of("Vi phạm", "Breaks")) } (sent(&example.breaks, speech)) }
                div { h4.info { (speech.of("Đúng", "Keeps")) } (sent(&example.keeps, speech)) }
            }
        }
    }
}

fn sent(sending: &Sending, speech: Speech) -> Markup {
    html! {
        @if !sending.grants.is_empty() {
            p.sent { (speech.of("Ứng dụng của trường ", "The software of school ")) code { (sending.grants.join(", ")) } }
        }
        @if !sending.is_plain() { p.sent { code { (sending.request) } } }
        @for line in &sending.records { (record(line, speech)) }
        @if let Some(text) = &sending.text { pre { code { (text) } } }
        @if let Some(body) = &sending.body { p.sent { code { (shown(body)) } } }
        @for page in &sending.sheets { (sheet(page, speech)) }
    }
}

fn record(record: &ExampleRecord, speech: Speech) -> Markup {
    let count = record.each_of().len();
    html! {
        p.sent {
            span.tag { (record.resource) } " "
            @if record.operation.is_some() { strong { (speech.of("xóa", "delete")) } " " }
            @if count > 1 { strong { (count) " ×" } " " }
            code { "{ " (members(record)) " }" }
        }
    }
}

/// In the order in which the resource has them.
fn members(record: &ExampleRecord) -> String {
    let each = record.each.iter().map(|(name, values)| match values {
        Value::Array(values) => (name, joined(values.iter().map(shown), " | ")),
        codes => (name, shown(codes)),
    });
    let mut members: Vec<(&String, String)> =
        each.chain(record.data.iter().map(|(name, value)| (name, shown(value)))).collect();
    let fields = model::find(&record.resource).map_or(&[][..], |spec| spec.fields);
    members.sort_by_key(|(name, _)| fields.iter().position(|field| field.json == name.as_str()));
    joined(members.into_iter().map(|(name, value)| format!("{name:?}: {value}")), ", ")
}

/// A sheet as lines, and what one does not see in them.
fn sheet(sheet: &ExampleSheet, speech: Speech) -> Markup {
    let lines = joined(sheet.rows.iter().map(|row| joined(row.iter().map(cell), " | ")), "\n");
    html! {
        p.sent {
            span.tag { (sheet.name) }
            @for letters in &sheet.hidden_columns { " " strong { (speech.of("cột ẩn ", "hidden column ")) (letters) } }
            @for number in &sheet.hidden_rows { " " strong { (speech.of("hàng ẩn ", "hidden row ")) (number) } }
            @for range in &sheet.merged { " " strong { (speech.of("ô gộp ", "merged cells ")) (range) } }
        }
        pre { code { (lines) } }
    }
}

/// A cell, and its format if it has one.
fn cell(value: &Value) -> String {
    match (value, value.get("number"), value.get("format").and_then(Value::as_str)) {
        (_, Some(number), Some(format)) => format!("{number} ({format})"),
        (Value::Object(_), ..) => "?".to_owned(),
        (other, ..) => other.as_str().map_or_else(|| other.to_string(), str::to_owned),
    }
}

/// JSON on one line, with spaces for the eye; marks that only join the letter before them are spelt out.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", joined(values.iter().map(shown), ", ")),
        Value::Object(members) => {
            format!("{{ {} }}", joined(members.iter().map(|(name, value)| format!("{name:?}: {}", shown(value))), ", "))
        }
        other => other.to_string().chars().map(spelt).collect(),
    }
}

fn spelt(letter: char) -> String {
    match letter {
        '\u{300}'..='\u{36f}' => format!("\\u{:04x}", u32::from(letter)),
        other => other.to_string(),
    }
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
