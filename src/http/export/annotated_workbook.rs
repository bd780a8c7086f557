//! A sheet given back as a workbook with the issues written beside its rows: mend it there, and send it again.

use super::issues::IssuePages;
use super::{Export, Pages};
use crate::error::Result;
use crate::http::export::workbook::{Book, Column, MEDIA_TYPE, Shade, WorkbookCell};
use crate::http::request::caller::Caller;
use crate::http::request::negotiation::form;
use crate::http::state::State;
use crate::intake::chunk::Frame;
use crate::intake::notes;
use crate::model::issue::{Language, Reader, Severity};
use crate::submission::chunk_store;
use crate::submission::disclosure::Viewer;
use crate::submission::issue_query::{IssueFilter, IssueSorting};
use crate::submission::issue_store::StoredIssue;
use crate::submission::source_map::{self, SheetRead};
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use uuid::Uuid;

/// Does `Accept` ask for a workbook rather than for JSON?
pub fn wanted(request: &HttpRequest) -> bool {
    form(request, &[("application/json", false), (MEDIA_TYPE, true)]).unwrap_or(false)
}

/// The sheets of the submission with its issues.
///
/// # Errors
/// Those of the making.
pub async fn answer(export: Export, id: Uuid, viewer: Viewer) -> Result<HttpResponse> {
    let make = move |pages: &Pages, book: &mut Book| write(pages, book, id, &viewer);
    export.workbook(&format!("submission-{id}.xlsx"), make).await
}

/// The sheets in the place of the report, with its status and headers.
///
/// # Errors
/// Those of the making.
pub async fn instead_of(report: HttpResponse, state: &web::Data<State>, caller: &Caller) -> Result<HttpResponse> {
    let id =
        report.headers().get(LOCATION).and_then(|path| path.to_str().ok()?.rsplit('/').next()?.parse::<Uuid>().ok());
    let Some(id) = id else { return Ok(report) };
    let mut annotated = answer(Export::begin(state, caller).await?, id, caller.viewer()).await?;
    *annotated.status_mut() = report.status();
    let own = [CONTENT_TYPE, CONTENT_LENGTH];
    for (name, value) in report.headers().iter().filter(|(name, _)| !own.contains(name)) {
        annotated.headers_mut().insert(name.clone(), value.clone());
    }
    Ok(annotated)
}

/// An issue as it is written beside its row.
struct Mark {
    index: u64,
    severity: Severity,
    text: String,
}

impl Mark {
    fn of(entry: &StoredIssue, reader: Reader) -> Self {
        let spot = entry.spot.as_ref();
        let column = spot
            .and_then(|spot| spot.column.as_ref().map(|column| (column, spot.heading.as_deref().unwrap_or_default())));
        let place = column.map(|(column, heading)| format!("{column} ({heading}): ")).unwrap_or_default();
        let text = format!("{place}{} {} [{}]", entry.message(reader), entry.hint(reader), entry.rule.code);
        Self { index: entry.index as u64, severity: entry.severity, text }
    }
}

/// The issues in the order of the records.
struct Marks<'p> {
    pages: &'p Pages,
    issues: IssuePages,
    reader: Reader,
    page: std::vec::IntoIter<StoredIssue>,
    next: Option<Mark>,
}

impl Marks<'_> {
    fn of(&mut self, index: u64) -> Result<Vec<Mark>> {
        let mut found = Vec::new();
        while let Some(mark) = self.take()? {
            if mark.index > index {
                self.next = Some(mark);
                break;
            }
            found.push(mark);
        }
        Ok(found)
    }

    fn take(&mut self) -> Result<Option<Mark>> {
        if self.next.is_none() && self.page.as_slice().is_empty() {
            self.page = self.issues.next(self.pages)?.into_iter();
        }
        let next = self.next.take();
        Ok(next.or_else(|| self.page.next().map(|entry| Mark::of(&entry, self.reader))))
    }
}

fn write(pages: &Pages, book: &mut Book, id: Uuid, viewer: &Viewer) -> Result<()> {
    let reader = viewer.reader;
    let (sheets, rows, chunks) = pages.read(|connection| {
        let (sheets, rows) = (source_map::sheets(connection, id)?, source_map::rows(connection, id)?);
        Ok((sheets, rows, chunk_store::chunk_places(connection, id)?))
    })?;
    let issues = IssuePages::new(id, viewer.clone(), IssueFilter::default(), IssueSorting::ByRecord);
    let mut marks = Marks { pages, issues, reader, page: Vec::new().into_iter(), next: None };
    let (mut at, mut open) = (0, usize::MAX);
    for place in chunks {
        let chunk = pages.read(|connection| chunk_store::load(connection, id, &place))?;
        for frame in chunk.frames() {
            while rows.get(at + 1).is_some_and(|(first, ..)| *first <= frame.index) {
                at += 1;
            }
            let Some((first, sheet, row)) = rows.get(at).copied() else { continue };
            let Some(read) = sheets.get(sheet) else { continue };
            if sheet != open {
                open = sheet;
                book.sheet(if read.name.is_empty() { "CSV" } else { &read.name }, columns(read, reader.language))?;
            }
            let marks = marks.of(frame.index)?;
            add(book, read, row + (frame.index - first), &frame, &marks, reader.language)?;
        }
    }
    Ok(())
}

fn columns(sheet: &SheetRead, language: Language) -> Vec<Column> {
    let [row, outcome, issues] = match language {
        Language::Vietnamese => ["Hàng gốc", "Kết quả kiểm tra", "Lỗi và cảnh báo"],
        Language::English => ["Sent in row", "Outcome", "Issues"],
    };
    let own = sheet.columns.iter().map(|column| Column::new(column.heading.as_str(), 18.0));
    std::iter::once(Column::new(row, 9.0))
        .chain(own)
        .chain([Column::new(outcome, 16.0), Column::new(issues, 100.0)])
        .collect()
}

fn add(book: &mut Book, sheet: &SheetRead, row: u64, frame: &Frame, marks: &[Mark], language: Language) -> Result<()> {
    let worst = marks.iter().map(|mark| mark.severity).min();
    let shade = match worst {
        Some(Severity::Error) => Shade::Error,
        Some(Severity::Warning) => Shade::Warning,
        _ => Shade::Plain,
    };
    let data: Value = serde_json::from_str(frame.data()).unwrap_or_default();
    let beside = notes::beside(frame.notes);
    let own = sheet.columns.iter().map(|column| {
        let aside = beside
            .iter()
            .find(|(place, _)| i64::from(*place) == column.place)
            .map(|(_, text)| Value::from(text.as_str()));
        data.pointer(&column.pointer).cloned().or(aside).unwrap_or_default()
    });
    let own: Vec<(Option<f64>, String)> = own.map(|value| (value.as_f64(), shown(&value))).collect();
    let issues = marks.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>().join("\n");
    let cells = own.iter().map(|(number, text)| match number {
        Some(number) => WorkbookCell::Number(*number),
        None if text.is_empty() => WorkbookCell::Empty,
        None => WorkbookCell::Text(text),
    });
    let ends = [WorkbookCell::Text(outcome(worst, language)), WorkbookCell::Text(&issues)];
    book.shaded(shade, std::iter::once(WorkbookCell::Number(row as f64)).chain(cells).chain(ends))
}

/// What became of the row, in a word.
fn outcome(worst: Option<Severity>, language: Language) -> &'static str {
    match (worst, language) {
        (Some(Severity::Error), Language::Vietnamese) => "Bị từ chối",
        (Some(Severity::Error), Language::English) => "rejected",
        (Some(Severity::Warning), Language::Vietnamese) => "Có cảnh báo",
        (Some(Severity::Warning), Language::English) => "with warnings",
        (_, Language::Vietnamese) => "Đạt",
        (_, Language::English) => "sound",
    }
}

/// A value as people write it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(truth) => if *truth { "Có" } else { "Không" }.into(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("; "),
        // What stood in a cell that could not be read.
        Value::Object(members) if members.len() == 1 => members.get("cell").map_or_else(|| value.to_string(), shown),
        other => other.to_string(),
    }
}
