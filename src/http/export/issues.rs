//! All issues of a submission at once: NDJSON and CSV for programs, a workbook for the school's office.

use crate::error::{Error, Result};
use crate::http::api::report::{PAGE, ndjson_line};
use crate::http::api::submission_report::ReportedIssue;
use crate::http::export::workbook::{self, Book, Column, WorkbookCell};
use crate::http::export::{Export, Pages, by_position};
use crate::http::request::negotiation::form;
use crate::model;
use crate::model::excerpt::harmless;
use crate::model::issue::{Language, Reader, Text};
use crate::model::wording::BodyForm;
use crate::submission::disclosure::Viewer;
use crate::submission::issue_query::{self, IssueFilter};
use crate::submission::issue_store::{IssuePosition, SheetPosition, StoredIssue};
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;
use serde_json::Value;
use uuid::Uuid;

/// The forms in which all issues are given at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// One a line.
    Ndjson,
    /// For spreadsheets, RFC 4180.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Stream {
    /// The one that `Accept` prefers; `None`: a page as JSON.
    ///
    /// # Errors
    /// A 406 when it takes none of them.
    pub fn wanted(request: &HttpRequest) -> Result<Option<Self>> {
        form(
            request,
            &[
                ("application/json", None),
                ("application/x-ndjson", Some(Self::Ndjson)),
                ("application/ndjson", Some(Self::Ndjson)),
                ("text/csv", Some(Self::Csv)),
                (workbook::MEDIA_TYPE, Some(Self::Xlsx)),
            ],
        )
    }

    /// All issues of a submission that are wanted, errors first.
    ///
    /// # Errors
    /// Those of the first page.
    pub async fn answer(self, export: Export, id: Uuid, viewer: Viewer, wanted: IssueFilter) -> Result<HttpResponse> {
        let (reader, seen, filter) = (viewer.reader, viewer.clone(), wanted.clone());
        let read = move |connection: &mut PgConnection, after: Option<&IssuePosition>| {
            Ok(issue_query::read(connection, id, &seen, &filter, after, PAGE)?)
        };
        let position = StoredIssue::place;
        match self {
            Self::Ndjson => {
                let lines = move |found: &[StoredIssue]| Ok(ndjson_lines(found, reader));
                export.pages("application/x-ndjson", by_position(String::new(), read, position, lines)).await
            }
            Self::Csv => {
                let lines = move |found: &[StoredIssue]| csv_lines(found, reader);
                export
                    .pages("text/csv; charset=utf-8", by_position(CSV_HEADING.to_owned(), read, position, lines))
                    .await
            }
            Self::Xlsx => in_workbook(export, id, viewer, wanted).await,
        }
    }
}

/// Begins with a byte order mark, by which spreadsheets know UTF-8.
const CSV_HEADING: &str = "\u{feff}index,resource,key,pointer,code,severity,message,hint,sheet,row,column,heading\r\n";

async fn in_workbook(export: Export, id: Uuid, viewer: Viewer, wanted: IssueFilter) -> Result<HttpResponse> {
    let reader = viewer.reader;
    let make = move |pages: &Pages, book: &mut Book| {
        let mut issues = IssuePages::new(id, viewer.clone(), wanted.clone());
        let mut found = issues.next(pages)?;
        // Who sent a sheet finds places in it; who sent records finds members of those.
        let is_sheet = found.iter().any(|entry| entry.spot.is_some());
        let (heading, add) =
            if is_sheet { (of_sheets as Heading, add_place as AddIssue) } else { (of_records as _, add_record as _) };
        let (name, columns) = heading(reader.language);
        book.sheet(name, columns)?;
        while !found.is_empty() {
            found.iter().try_for_each(|entry| add(book, entry, reader))?;
            found = issues.next(pages)?;
        }
        Ok(())
    };
    export.workbook(&format!("issues-{id}.xlsx"), make).await
}

/// The issues of a submission, page by page, for who makes a workbook.
pub struct IssuePages {
    id: Uuid,
    viewer: Viewer,
    wanted: IssueFilter,
    after: Option<IssuePosition>,
    ended: bool,
}

impl IssuePages {
    /// From the first on.
    pub fn new(id: Uuid, viewer: Viewer, wanted: IssueFilter) -> Self {
        Self { id, viewer, wanted, after: None, ended: false }
    }
    /// The next ones; none: those were all.
    ///
    /// # Errors
    /// Those of the database.
    pub fn next(&mut self, pages: &Pages) -> Result<Vec<StoredIssue>> {
        if self.ended {
            return Ok(Vec::new());
        }
        let found = pages.read(|connection| {
            Ok(issue_query::read(connection, self.id, &self.viewer, &self.wanted, self.after.as_ref(), PAGE)?)
        })?;
        self.after = found.last().map(StoredIssue::place);
        self.ended = found.is_empty();
        Ok(found)
    }
}

/// The sheet's name and its columns, in a language.
type Heading = fn(Language) -> (&'static str, Vec<Column>);
/// Adds the row of an issue.
type AddIssue = fn(&mut Book, &StoredIssue, Reader) -> Result<()>;

const RULE: Text = Text { vi: "Mã quy tắc", en: "Rule" };
const SEVERITY: Text = Text { vi: "Mức độ", en: "Severity" };
const MESSAGE: Text = Text { vi: "Nội dung", en: "Message" };
const REMEDY: Text = Text { vi: "Cách xử lý", en: "What to do" };

/// Of records that a program sent: places and members as it counts and calls them.
const OF_RECORDS: [(Text, f64); 8] = [
    (Text { vi: "Bản ghi số", en: "Record" }, 11.0),
    (Text { vi: "Loại bản ghi", en: "Resource" }, 20.0),
    (Text { vi: "Khóa", en: "Key" }, 44.0),
    (Text { vi: "Vị trí", en: "Member" }, 22.0),
    (RULE, 11.0),
    (SEVERITY, 10.0),
    (MESSAGE, 80.0),
    (REMEDY, 80.0),
];

/// Of a sheet: rows and columns as a person sees them there.
const OF_SHEETS: [(Text, f64); 10] = [
    (Text { vi: "Trang tính", en: "Sheet" }, 16.0),
    (Text { vi: "Hàng", en: "Row" }, 8.0),
    (Text { vi: "Cột", en: "Column" }, 8.0),
    (Text { vi: "Tiêu đề cột", en: "Heading" }, 24.0),
    (Text { vi: "Loại dữ liệu", en: "Kind of record" }, 24.0),
    (Text { vi: "Bản ghi", en: "Record" }, 44.0),
    (SEVERITY, 10.0),
    (MESSAGE, 80.0),
    (REMEDY, 80.0),
    (RULE, 11.0),
];

fn of_records(language: Language) -> (&'static str, Vec<Column>) {
    columns(&OF_RECORDS, language)
}

fn of_sheets(language: Language) -> (&'static str, Vec<Column>) {
    columns(&OF_SHEETS, language)
}

fn columns(known: &[(Text, f64)], language: Language) -> (&'static str, Vec<Column>) {
    let name = Text { vi: "Lỗi và cảnh báo", en: "Issues" };
    let columns = known.iter().map(|(heading, width)| Column::new(heading.in_language(language), *width));
    (name.in_language(language), columns.collect())
}

fn add_record(book: &mut Book, entry: &StoredIssue, reader: Reader) -> Result<()> {
    let [_, texts @ ..] = cells(entry, reader);
    let number = WorkbookCell::Number(entry.index as f64);
    let texts = texts.iter().take(OF_RECORDS.len() - 1).map(|text| WorkbookCell::Text(text));
    book.row(std::iter::once(number).chain(texts))
}

fn add_place(book: &mut Book, entry: &StoredIssue, reader: Reader) -> Result<()> {
    let (spot, language, reader) = (entry.spot.as_ref(), reader.language, reader.of_form(BodyForm::Sheet));
    let part = |part: fn(&SheetPosition) -> &Option<String>| {
        WorkbookCell::Text(spot.and_then(|spot| part(spot).as_deref()).unwrap_or_default())
    };
    let kind = entry.resource.as_deref().and_then(model::find).map_or("", |spec| spec.title.in_language(language));
    let (key, message, hint) = (entry.key_in_words(language), entry.message(reader), entry.hint(reader));
    book.row([
        part(|spot| &spot.sheet),
        spot.map_or(WorkbookCell::Empty, |spot| WorkbookCell::Number(spot.row as f64)),
        part(|spot| &spot.column),
        part(|spot| &spot.heading),
        WorkbookCell::Text(kind),
        WorkbookCell::Text(&key),
        WorkbookCell::Text(entry.severity.title().in_language(language)),
        WorkbookCell::Text(&message),
        WorkbookCell::Text(&hint),
        WorkbookCell::Text(entry.rule.code),
    ])
}

fn ndjson_lines(entries: &[StoredIssue], reader: Reader) -> Vec<u8> {
    entries.iter().flat_map(|entry| ndjson_line(&ReportedIssue::of(entry, reader))).collect()
}

fn csv_lines(entries: &[StoredIssue], reader: Reader) -> Result<Vec<u8>> {
    csv_rows(entries.iter().map(|entry| cells(entry, reader)))
}

/// Rows of a CSV.
pub(crate) fn csv_rows<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.map(harmless)).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// An issue as one row of a table.
fn cells(entry: &StoredIssue, reader: Reader) -> [String; 12] {
    let spot = entry.spot.as_ref();
    let of_spot =
        |part: fn(&SheetPosition) -> &Option<String>| spot.and_then(|spot| part(spot).clone()).unwrap_or_default();
    [
        entry.index.to_string(),
        entry.resource.clone().unwrap_or_default(),
        entry.key.as_ref().map(Value::to_string).unwrap_or_default(),
        entry.pointer.clone(),
        entry.rule.code.to_owned(),
        entry.severity.as_str().to_owned(),
        entry.message(reader),
        entry.hint(reader),
        of_spot(|spot| &spot.sheet),
        spot.map(|spot| spot.row.to_string()).unwrap_or_default(),
        of_spot(|spot| &spot.column),
        of_spot(|spot| &spot.heading),
    ]
}
