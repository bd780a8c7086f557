//! Invented rows of every resource, put into the tables as they are stored, and what the API must make of them.

use crate::common::Gateway;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use school_gateway::model::field::{Field, FieldType};
use school_gateway::model::lists::Lists;
use school_gateway::model::spec::Spec;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// Rows of each resource.
pub const ROWS: usize = 9;
/// Nothing of these is a person.
const NAMES: [&str; 4] = ["Đặng Thị Ứng", "Nguyễn Văn Đạt", "Lê \"Hoa\" O'Ly", "Trần 100% _Thử"];
const LIMITS: [&str; 4] = ["--rate-limit", "100000", "--rate-burst", "100000"];

/// A gateway whose tables are filled, with a token that may see all.
pub async fn filled() -> (Gateway, String) {
    filled_with(&[]).await
}

/// The same with more arguments to `serve`.
pub async fn filled_with(arguments: &[&str]) -> (Gateway, String) {
    let gateway = Gateway::start_with(&[&LIMITS, arguments].concat());
    for spec in school_gateway::model::all() {
        insert(&gateway, spec, &rows(spec));
    }
    let token = gateway.token_for("sector-staff", &["--all-schools", "--scope", "sensitive.read"]).await;
    (gateway, token)
}

/// The records as the API must show them, without `meta`; in the order in which they were made.
pub fn rows(spec: &Spec) -> Vec<Value> {
    (0..ROWS).map(|row| record(spec, row)).collect()
}

/// Schools repeat every three rows, so that a school has several of everything.
pub fn school(row: usize) -> String {
    format!("0100000{}", row % 3)
}

/// Communes by school: the first school's is 00001, the others' 00002.
pub fn commune(school: &str) -> &'static str {
    if school == "01000000" { "00001" } else { "00002" }
}

fn record(spec: &Spec, row: usize) -> Value {
    let mut record = object(spec.fields, row);
    let school = if spec.name == "schools" { format!("0100000{row}") } else { school(row) };
    if spec.name == "schools" {
        record.insert("communeCode".into(), commune(&school).into());
        record.insert("managingAuthority".into(), "commune".into());
    }
    record.insert("schoolCode".into(), school.into());
    Value::Object(record)
}

fn object(fields: &[Field], row: usize) -> Map<String, Value> {
    let present = |place: usize, field: &Field| field.required || (row + place) % 4 != 3;
    let fields = fields.iter().enumerate().filter(|(place, field)| present(*place, field));
    fields.map(|(_, field)| (field.json.to_owned(), value(field, &field.kind, row))).collect()
}

fn value(field: &Field, kind: &FieldType, row: usize) -> Value {
    match kind {
        FieldType::Text { .. } if field.name.contains("name") => NAMES[row % 4].into(),
        // Some longer, so that the order of texts is not that of their numbers.
        FieldType::Text { max, .. } => {
            format!("{}{}", if *max > 4 { "k" } else { "" }, if row == 4 && *max > 2 { 10 } else { row }).into()
        }
        FieldType::Code { list } => code(list, row).into(),
        FieldType::Choice { values } => values[row % values.len()].into(),
        FieldType::Integer { min, max } => (min + row as i64 % 5).min(*max).into(),
        FieldType::Decimal { scale, min, .. } => {
            json!((min.max(&0) + row as i64 * 13) as f64 / 10f64.powi((*scale).into()))
        }
        FieldType::Boolean => row.is_multiple_of(2).into(),
        FieldType::Date => format!("2020-0{}-1{}", 1 + row % 3, row).into(),
        FieldType::SchoolYear => format!("202{}-202{}", row % 2, row % 2 + 1).into(),
        FieldType::List(element) => (0..row % 3 + 1).map(|more| value(field, element, row + more)).collect(),
        FieldType::Object(fields) => Value::Object(object(fields, row)),
        FieldType::Counts { list } => json!({ code(list, row): row }),
    }
}

/// One of the first codes of the list.
fn code(list: &str, row: usize) -> String {
    let lists = Lists::embedded();
    let entries = lists.list(list).unwrap_or_else(|| panic!("no list {list}")).entries.clone();
    entries[row % entries.len().min(4)].code.clone()
}

/// Puts records into the table.
pub fn insert(gateway: &Gateway, spec: &Spec, records: &[Value]) {
    let stored = |(at, record): (usize, &Value)| {
        let mut columns = Map::new();
        for field in spec.fields.iter().filter(|field| !record[field.json].is_null()) {
            columns.insert(field.name.to_owned(), record[field.json].clone());
        }
        for (name, value) in
            [("hash_high", json!(1)), ("hash_low", json!(2)), ("version", json!(at + 1)), ("block", json!(at))]
        {
            columns.insert(name.to_owned(), value);
        }
        columns.insert("changed_at".into(), "2025-09-05T01:02:03.000004Z".into());
        columns.insert("submission_id".into(), "00000000-0000-7000-8000-000000000001".into());
        columns.insert("client_id".into(), "00000000-0000-7000-8000-000000000002".into());
        Value::Object(columns)
    };
    let stored: Value = records.iter().enumerate().map(stored).collect();
    let text = stored.to_string().replace('\'', "''");
    let table = spec.table;
    gateway.database().execute(&format!(
        "INSERT INTO \"{table}\" SELECT * FROM json_populate_recordset(NULL::\"{table}\", '{text}')"
    ));
}

/// Percent-encoded.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The path of a record.
pub fn path(spec: &Spec, record: &Value) -> String {
    let parts = spec.key.iter().map(|name| encoded(&text(&record[spec.fields[spec.position(name).unwrap()].json])));
    format!("/v1/{}/{}", spec.name, parts.collect::<Vec<_>>().join("/"))
}

/// A value as a parameter names it.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// All items of a list, page after page, without `meta`.
pub async fn items(gateway: &Gateway, token: &str, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let (status, page) = gateway.get(&format!("{path}{cursor}"), token).await;
        assert_eq!(status, 200, "{path}{cursor}: {page}");
        all.extend(page["items"].as_array().unwrap().iter().cloned().map(bare));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("{sign}cursor={next}"),
            None => return all,
        }
    }
}

/// Without `meta`.
pub fn bare(mut item: Value) -> Value {
    item.as_object_mut().unwrap().remove("meta");
    item
}

/// The records in the order of the key, as lists give them.
pub fn by_key(spec: &Spec, mut records: Vec<Value>) -> Vec<Value> {
    records.sort_by(|one, other| compare_keys(spec, one, other));
    records
}

/// By the key's parts.
pub fn compare_keys(spec: &Spec, one: &Value, other: &Value) -> Ordering {
    let of = |record: &Value| {
        spec.key.iter().map(|name| text(&record[spec.fields[spec.position(name).unwrap()].json])).collect::<Vec<_>>()
    };
    of(one).cmp(&of(other))
}

/// Values in the order of the column; nulls last.
pub fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        (Value::Number(one), Value::Number(other)) => one.as_f64().unwrap().total_cmp(&other.as_f64().unwrap()),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        _ => order(one).cmp(&order(other)),
    }
}

/// Names as Vietnamese sorts them, where Đ comes behind D; other texts by their characters.
fn order(value: &Value) -> String {
    let text = text(value);
    if NAMES.contains(&text.as_str()) { text.replace('Đ', "D~") } else { text }
}
