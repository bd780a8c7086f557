//! Which members a reader gets, and how a row is written straight from what PostgreSQL sent.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::intake::json::field_names::nearest;
use crate::merge::batch::Meta;
use crate::model::excerpt::{clip, harmless};
use crate::model::field::{Field, FieldType, Privacy};
use crate::model::messages::message;
use crate::model::value::{Row, Value};
use crate::query::{Order, Visibility};
use crate::store::codec;
use crate::store::pg::binary;
use crate::store::pg::statement::Cells;
use crate::store::table::{Table, quoted};
use compact_str::CompactString;
use std::fmt::Write as _;

/// What stands for a sensitive text out of sight.
const MASK: &str = "***";

/// The forms of a whole result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// A record a line.
    Ndjson,
    /// For spreadsheets, RFC 4180.
    Csv,
}

/// A member that is shown.
#[derive(Debug)]
struct Shown {
    place: usize,
    /// `"studentCode":`
    name: String,
    /// Sensitive text out of sight: the database itself sends the mask.
    masked: bool,
    /// Something inside is out of sight.
    pruned: bool,
}

/// The columns asked of the database, and what becomes of them.
#[derive(Debug)]
pub struct ResultShape {
    shown: Vec<Shown>,
    meta: bool,
    /// Cell of each column of the order.
    order: Vec<usize>,
    /// Columns of the order that are not shown.
    hidden: Vec<usize>,
}

impl ResultShape {
    /// The members that `fields` names (all and `meta`, if it is absent), as far as the reader may see them.
    ///
    /// # Errors
    /// A 400 that names an unknown member.
    pub fn of(table: &Table, visibility: &Visibility, fields: Option<&str>, order: &[Order]) -> Result<Self> {
        let wanted: Option<Vec<&str>> = fields.map(|fields| fields.split(',').collect());
        for name in wanted.iter().flatten() {
            known(table, name)?;
        }
        let wants = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted.contains(&name));
        let places = table.spec.fields.iter().enumerate().filter(|(_, field)| wants(field.json));
        let shown: Vec<Shown> = places.filter_map(|(place, field)| Shown::of(place, field, visibility)).collect();
        let meta = wants("meta");
        let mut shape = Self { shown, meta, order: Vec::new(), hidden: Vec::new() };
        for order in order {
            shape.carry(order.place);
        }
        Ok(shape)
    }

    /// Sees that the column is among the cells.
    fn carry(&mut self, place: usize) {
        let first_hidden = self.shown.len() + if self.meta { 4 } else { 0 };
        let cell = self.shown.iter().position(|shown| shown.place == place).unwrap_or(first_hidden + self.hidden.len());
        if cell >= first_hidden {
            self.hidden.push(place);
        }
        self.order.push(cell);
    }

    /// The columns of `t`.
    pub fn columns(&self, table: &Table) -> String {
        let name = |place: usize| format!("t.{}", quoted(table.spec.fields[place].name));
        let shown = self.shown.iter().map(|shown| match shown.masked {
            true => format!("CASE WHEN {} IS NOT NULL THEN '{MASK}' END", name(shown.place)),
            false => name(shown.place),
        });
        let meta = ["version", "changed_at", "submission_id", "client_id"]
            .iter()
            .filter(|_| self.meta)
            .map(|name| format!("t.\"{name}\""));
        let columns: Vec<String> = shown.chain(meta).chain(self.hidden.iter().map(|place| name(*place))).collect();
        columns.join(", ")
    }

    /// The order's values in this row.
    pub fn place(&self, table: &Table, order: &[Order], cells: &Cells) -> Vec<Option<String>> {
        let value = |(order, cell): (&Order, &usize)| {
            let kind = &table.spec.fields[order.place].kind;
            let value = binary::from_sql(cells.get(*cell)?, kind)?;
            let mut text = String::new();
            codec::sql(&mut text, &value, kind);
            Some(text)
        };
        order.iter().zip(&self.order).map(value).collect()
    }

    /// Appends the row as a JSON object.
    pub fn json(&self, out: &mut String, table: &Table, cells: &Cells, meta: &mut MetaText) {
        out.push('{');
        let start = out.len();
        for (cell, shown) in self.shown.iter().enumerate() {
            let Some(bytes) = cells.get(cell) else { continue };
            if out.len() > start {
                out.push(',');
            }
            out.push_str(&shown.name);
            let kind = &table.spec.fields[shown.place].kind;
            if shown.pruned { push_pruned(out, bytes, kind) } else { push_json(out, bytes, kind) }
        }
        if self.meta {
            if out.len() > start {
                out.push(',');
            }
            meta.push(out, cells, self.shown.len());
        }
        out.push('}');
    }

    /// The version of the record, if `meta` is shown.
    pub fn version(&self, cells: &Cells) -> i64 {
        cells.integer(self.shown.len()).unwrap_or_default()
    }

    /// The heading of the CSV form. Without `meta`: a file can be sent back as it came.
    pub fn csv_heading(&self, table: &Table) -> Vec<String> {
        self.shown.iter().map(|shown| table.spec.fields[shown.place].json.to_owned()).collect()
    }

    /// The row's cells in the CSV form.
    pub fn csv(&self, table: &Table, cells: &Cells) -> Vec<String> {
        self.shown
            .iter()
            .enumerate()
            .map(|(cell, shown)| csv_cell(cells.get(cell), shown, &table.spec.fields[shown.place].kind))
            .collect()
    }
}

impl Shown {
    fn of(place: usize, field: &Field, visibility: &Visibility) -> Option<Self> {
        let hidden = field.privacy == Privacy::Sensitive && !visibility.sensitive;
        if hidden && !matches!(field.kind, FieldType::Text { .. }) {
            return None;
        }
        let pruned = !visibility.sensitive && !hidden && field.holds_sensitive();
        Some(Self { place, name: format!("\"{}\":", field.json), masked: hidden, pruned })
    }
}

fn known(table: &Table, name: &str) -> Result<()> {
    let names = || table.spec.fields.iter().map(|field| field.json).chain(["meta"]);
    if names().any(|known| known == name) {
        return Ok(());
    }
    let meant = nearest(name, names()).map(|near| message("perhaps-meant").with("value", near));
    Err(Error::new(
        BAD_REQUEST,
        message("field-unknown").with("name", clip(name)).with("resource", table.spec.name).maybe("meant", meant),
    ))
}

/// Texts go through without a copy of their own.
fn push_json(out: &mut String, bytes: &[u8], kind: &FieldType) {
    match kind {
        FieldType::Text { .. } | FieldType::Code { .. } | FieldType::Choice { .. } | FieldType::SchoolYear => {
            codec::json_string(out, std::str::from_utf8(bytes).unwrap_or_default());
        }
        _ => codec::json(out, &binary::from_sql(bytes, kind).unwrap_or_default(), kind),
    }
}

fn push_pruned(out: &mut String, bytes: &[u8], kind: &FieldType) {
    codec::json(out, &pruned(binary::from_sql(bytes, kind).unwrap_or_default(), kind), kind);
}

/// The value without what is sensitive inside.
fn pruned(value: Value, kind: &FieldType) -> Value {
    match (value, kind) {
        (Value::List(items), FieldType::List(kind)) => {
            Value::List(items.into_iter().map(|item| pruned(item, kind)).collect())
        }
        (Value::Object(row), FieldType::Object(fields)) => {
            let values = row.values.into_iter().zip(*fields).map(|(value, field)| masked(value, field)).collect();
            Value::Object(Row { values, faulty: 0 })
        }
        (value, _) => value,
    }
}

fn masked(value: Value, field: &Field) -> Value {
    match (field.privacy, &value) {
        (Privacy::Sensitive, Value::Text(_)) if matches!(field.kind, FieldType::Text { .. }) => {
            Value::Text(CompactString::const_new(MASK))
        }
        (Privacy::Sensitive, _) => Value::Null,
        _ => pruned(value, &field.kind),
    }
}

/// Lists are joined by `|`, objects are JSON.
fn csv_cell(bytes: Option<&[u8]>, shown: &Shown, kind: &FieldType) -> String {
    let Some(bytes) = bytes else { return String::new() };
    let value = binary::from_sql(bytes, kind).unwrap_or_default();
    let value = if shown.pruned { pruned(value, kind) } else { value };
    match (&value, kind) {
        (Value::Text(text), _) => harmless(text.to_string()),
        (Value::List(_), FieldType::List(FieldType::Object(_))) => json(&value, kind),
        (Value::List(items), FieldType::List(kind)) => {
            harmless(items.iter().map(|item| plain(item, kind)).collect::<Vec<_>>().join("|"))
        }
        _ => plain(&value, kind),
    }
}

fn plain(value: &Value, kind: &FieldType) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Date(date) => {
            let mut text = String::new();
            codec::push_date(&mut text, *date);
            text
        }
        _ => json(value, kind),
    }
}

fn json(value: &Value, kind: &FieldType) -> String {
    let mut text = String::new();
    codec::json(&mut text, value, kind);
    text
}

/// `meta` as text; rows that follow each other were mostly written together, so that only the version is new.
#[derive(Debug, Default)]
pub struct MetaText {
    origin: Vec<u8>,
    text: String,
}

impl MetaText {
    /// Appends `"meta":{…}` from the four cells from `first` on.
    fn push(&mut self, out: &mut String, cells: &Cells, first: usize) {
        let _ = write!(out, "\"meta\":{{\"version\":{}", cells.integer(first).unwrap_or_default());
        let parts = || (first + 1..first + 4).filter_map(|cell| cells.get(cell));
        if !parts().flatten().eq(&self.origin) {
            self.origin = parts().flatten().copied().collect();
            self.text.clear();
            let meta = Meta {
                version: 0,
                changed_at: cells.instant(first + 1).unwrap_or_default(),
                submission: cells.uuid(first + 2),
                client: cells.uuid(first + 3).unwrap_or_default(),
            };
            meta.push_origin(&mut self.text);
        }
        out.push_str(&self.text);
    }
}
