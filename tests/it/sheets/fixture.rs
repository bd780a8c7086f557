//! Sheets made of records, and a gateway to send them to.

use crate::common::records::{SCHOOL, small_school};
use crate::common::{Gateway, answer};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What stands in a cell of a test's sheet.
#[derive(Clone, Debug)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// Shown by this format.
    Formatted(f64, &'static str),
    Boolean(bool),
    Formula(&'static str, &'static str),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}
impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}

/// A row of texts.
pub fn row(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::from(*text)).collect()
}

/// A workbook of these sheets.
pub fn workbook(sheets: &[(&str, Vec<Vec<Cell>>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        fill(workbook.add_worksheet().set_name(*name).unwrap(), rows);
    }
    workbook.save_to_buffer().unwrap()
}

pub fn fill(sheet: &mut rust_xlsxwriter::Worksheet, rows: &[Vec<Cell>]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) => sheet.write_string(row, column, text).unwrap(),
                Cell::Number(number) => sheet.write_number(row, column, *number).unwrap(),
                Cell::Formatted(number, format) => sheet
                    .write_number_with_format(row, column, *number, &Format::new().set_num_format(*format))
                    .unwrap(),
                Cell::Boolean(truth) => sheet.write_boolean(row, column, *truth).unwrap(),
                Cell::Formula(formula, result) => sheet
                    .write_formula(row, column, rust_xlsxwriter::Formula::new(*formula).set_result(*result))
                    .unwrap(),
            };
        }
    }
}

/// The members of a record under the API's names for headings: `contacts.1.fullName`.
pub fn flat(data: &Value) -> Vec<(String, Value)> {
    let mut cells = Vec::new();
    for (name, value) in data.as_object().unwrap() {
        flatten(name, value, &mut cells);
    }
    cells
}

fn flatten(name: &str, value: &Value, cells: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(inner, value)| flatten(&format!("{name}.{inner}"), value, cells))
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_number()) => {
            (1..).zip(items).for_each(|(number, item)| flatten(&format!("{name}.{number}"), item, cells));
        }
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().map(|item| item.as_str().unwrap()).collect();
            cells.push((name.to_owned(), texts.join("; ").into()));
        }
        other => cells.push((name.to_owned(), other.clone())),
    }
}

/// Headings and one row a record; the records need not have the same members.
pub fn table(records: &[Value]) -> Vec<Vec<Cell>> {
    let flat: Vec<Vec<(String, Value)>> = records.iter().map(flat).collect();
    let mut headings: Vec<String> = Vec::new();
    for (name, _) in flat.iter().flatten() {
        if !headings.contains(name) {
            headings.push(name.clone());
        }
    }
    let cell = |record: &Vec<(String, Value)>, heading: &String| match record.iter().find(|(name, _)| name == heading) {
        None => Cell::Empty,
        Some((_, Value::Number(number))) => Cell::Number(number.as_f64().unwrap()),
        Some((_, Value::Bool(truth))) => Cell::Boolean(*truth),
        Some((_, Value::String(text))) => Cell::Text(text.clone()),
        Some((_, other)) => panic!("{other}"),
    };
    let rows = flat.iter().map(|record| headings.iter().map(|heading| cell(record, heading)).collect());
    std::iter::once(headings.iter().map(|heading| Cell::from(heading.as_str())).collect()).chain(rows).collect()
}

/// The same as CSV.
pub fn csv(rows: &[Vec<Cell>], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    for row in rows {
        let texts = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) | Cell::Formatted(number, _) => number.to_string(),
            Cell::Boolean(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            Cell::Formula(_, result) => (*result).to_owned(),
        });
        writer.write_record(texts).unwrap();
    }
    writer.into_inner().unwrap()
}

/// A gateway with a school's software, and perhaps the small school in it.
pub struct School {
    pub gateway: Gateway,
    pub token: String,
}

impl School {
    pub async fn empty() -> Self {
        let gateway = Gateway::start();
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let token = gateway.token(&client).await;
        Self { gateway, token }
    }
    pub async fn filled() -> Self {
        let school = Self::empty().await;
        let (status, report) = school.gateway.submit("", &school.token, &small_school()).await;
        assert_eq!((status, &report["counts"]["rejected"]), (200, &0.into()), "{report}");
        school
    }
    pub async fn send(&self, query: &str, media: &str, body: Vec<u8>) -> (u16, Value) {
        let request = self.gateway.request("POST", &format!("/v1/submissions{query}"), &self.token);
        answer(request.header("content-type", media).body(body)).await
    }
    pub async fn send_csv(&self, resource: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
        self.send(&format!("?resource={resource}"), "text/csv", body.into()).await
    }
    pub async fn send_sheet(&self, name: &str, rows: Vec<Vec<Cell>>) -> (u16, Value) {
        self.send("", XLSX, workbook(&[(name, rows)])).await
    }
    pub async fn read(&self, path: &str) -> Value {
        let (status, body) = self.gateway.get(path, &self.token).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

/// `code pointer sheet row column` of every issue.
pub fn said(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).replace("null", "-");
    let issues = report["issues"].as_array().unwrap_or_else(|| panic!("{report}")).iter();
    issues.map(|issue| ["code", "pointer", "sheet", "row", "column"].map(|name| text(&issue[name])).join(" ")).collect()
}
