//! The faults of a file as a table: where, what is wrong, what to do.

use crate::http::console::words::Words;
use crate::model::issue::{Reader, Severity};
use crate::model::wording::BodyForm;
use crate::submission::issue_store::StoredIssue;
use maud::{Markup, html};

/// A line each.
pub fn table(words: Words, issues: &[StoredIssue], reader: Reader) -> Markup {
    let reader = reader.of_form(BodyForm::Sheet);
    let has_sheets = issues.iter().any(|issue| issue.spot.as_ref().is_some_and(|spot| spot.sheet.is_some()));
    html! {
        div.wide tabindex="0" role="region" aria-label=(words.of("Bảng lỗi và cảnh báo", "Table of errors and warnings")) {
            table.lines {
                thead { tr {
                    th scope="col" { (words.of("Mức", "Level")) }
                    @if has_sheets { th scope="col" { (words.of("Trang tính", "Sheet")) } }
                    th scope="col" { (words.of("Hàng", "Row")) }
                    th scope="col" { (words.of("Cột", "Column")) }
                    th scope="col" { (words.of("Điều chưa đúng", "What is wrong")) }
                    th scope="col" { (words.of("Cách sửa", "What to do")) }
                } }
                tbody { @for issue in issues { (line(words, issue, reader, has_sheets)) } }
            }
        }
    }
}

fn line(words: Words, issue: &StoredIssue, reader: Reader, has_sheets: bool) -> Markup {
    let spot = issue.spot.as_ref();
    let sheet = spot.and_then(|spot| spot.sheet.as_deref()).unwrap_or("–");
    let column = spot.and_then(|spot| Some((spot.column.as_deref()?, spot.heading.as_deref().unwrap_or_default())));
    html! {
        tr {
            td data-label=(words.of("Mức", "Level")) { (severity(words, issue.severity)) }
            @if has_sheets { td data-label=(words.of("Trang tính", "Sheet")) { span.name { (sheet) } } }
            td data-label=(words.of("Hàng", "Row")) { @if let Some(spot) = spot { (spot.row) } @else { (words.number(issue.index + 1)) } }
            td data-label=(words.of("Cột", "Column")) {
                @if let Some((letters, heading)) = column { (letters) @if !heading.is_empty() { div.quiet.name { (heading) } } } @else { "–" }
            }
            td data-label=(words.of("Điều chưa đúng", "What is wrong")) { (issue.message(reader)) " " span.code { (issue.rule.code) } }
            td data-label=(words.of("Cách sửa", "What to do")) { (issue.hint(reader)) }
        }
    }
}

/// How grave it is, in a word.
pub fn severity(words: Words, severity: Severity) -> Markup {
    html! { span.severity.(severity.as_str()) { (severity.title().in_language(words.0)) } }
}
