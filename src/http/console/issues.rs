//! The faults of a file as a table: where, what is wrong, what to do.

use crate::http::console::words::Words;
use crate::model::issue::{Reader, Severity};
use crate::model::wording::BodyForm;
use crate::submission::issue_store::StoredIssue;
use maud::{Markup, html};

/// Those of which something is to be done, and folded below them what was only to be known.
pub fn listed(words: Words, issues: &[StoredIssue], reader: Reader) -> Markup {
    let (to_do, to_know): (Vec<&StoredIssue>, Vec<&StoredIssue>) = issues.iter().partition(|issue| is_to_do(issue));
    html! {
        @if !to_do.is_empty() {
            h2 { (words.of("Lỗi và cảnh báo", "Errors and warnings")) }
            (table(words, &to_do, reader))
        }
        @if !to_know.is_empty() {
            details.known {
                summary { (words.number(to_know.len() as i64)) (words.of(" lưu ý không cần làm gì", if to_know.len() == 1 { " note of which nothing is to be done" } else { " notes of which nothing is to be done" })) }
                (table(words, &to_know, reader))
            }
        }
    }
}

/// An error, a warning, or a row that waits for another.
pub fn is_to_do(issue: &StoredIssue) -> bool {
    issue.severity != Severity::Info || issue.waits()
}

/// A line each.
fn table(words: Words, issues: &[&StoredIssue], reader: Reader) -> Markup {
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
            td data-label=(words.of("Mức", "Level")) { @if issue.waits() { span.severity.warning { (words.of("Đang chờ", "Waiting")) } } @else { (severity(words, issue.severity)) } }
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
