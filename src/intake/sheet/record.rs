//! A row → a record as NDJSON would bring it, and what is to be said of its cells.

use crate::intake::sheet::cell::{CellReader, CellRef};
use crate::intake::sheet::columns::{Columns, Node, ValueSource};
use crate::intake::sheet::comment_subject::CommentLevel;
use crate::intake::sheet::row::{Cell, SheetRow};
use crate::model::excerpt::clip;
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::store::codec::json_string;

/// Appends the record of a row; `false`: the row says nothing of the resource, and nothing was appended.
pub fn write(out: &mut String, row: &SheetRow, columns: &Columns, reader: &mut CellReader) -> bool {
    let says_something = |column: u32| columns.is_headed(column) && !columns.is_companion(column);
    if !row.cells().any(|(column, _)| says_something(column)) {
        return false;
    }
    out.push_str("{\"resource\":");
    json_string(out, columns.spec.name);
    if let Some(word) = operation(row, columns) {
        out.push_str(",\"operation\":");
        json_string(out, word);
    }
    out.push_str(",\"data\":");
    reader.remarked = CommentLevel::of(row, columns, reader);
    if !node(out, row, &columns.root, reader) {
        out.push_str("{}");
    }
    if let Some((name, level)) = reader.remarked.as_ref().and_then(|remarked| remarked.level()) {
        out.pop();
        out.push_str(if out.ends_with('{') { "" } else { "," });
        json_string(out, name);
        out.push(':');
        json_string(out, level);
        out.push('}');
    }
    out.push('}');
    for (column, heading, nearest) in &columns.unknown {
        if row.cell(*column) != Cell::Empty {
            let mut issue = Issue::new(&rule::PT_004, format!("/{}", heading.replace('~', "~0").replace('/', "~1")));
            issue
                .with("member", clip(heading))
                .with("nearest", nearest.unwrap_or("@none-alike"))
                .with("resource", columns.spec.name);
            reader.issues.push(issue);
        }
    }
    for (first, second, pointer) in &columns.twice {
        let (one, other) = (row.cell(*first), row.cell(*second));
        if other != Cell::Empty && other != one {
            let mut issue = Issue::new(&rule::PT_009, pointer.clone());
            issue.with("member", columns.heading(*first));
            reader.issues.push(issue);
        }
    }
    true
}

fn operation<'r>(row: &'r SheetRow, columns: &Columns) -> Option<&'r str> {
    match row.cell(columns.operation?) {
        Cell::Text(text) => Some(match crate::intake::sheet::heading::key(text).as_str() {
            "xoa" | "delete" => "delete",
            "upsert" | "luu" | "ghi" | "them" | "sua" => "upsert",
            _ => text.trim(),
        }),
        _ => None,
    }
}

/// Appends a value; `false`: it is empty and nothing was appended.
pub(crate) fn node(out: &mut String, row: &SheetRow, node: &Node, reader: &mut CellReader) -> bool {
    match node {
        Node::Value { source, kind, field, pointer } => {
            let cell = match source {
                ValueSource::Column(column) => row.cell(*column),
                ValueSource::Line { value, .. } => Cell::Text(value),
            };
            reader.push(out, cell, CellRef { kind, field, pointer })
        }
        Node::Object(members) => object(out, row, members, reader),
        Node::List { items, required } => list(out, row, items, *required, reader),
    }
}

fn object(out: &mut String, row: &SheetRow, members: &[(String, Node)], reader: &mut CellReader) -> bool {
    let begin = out.len();
    out.push('{');
    for (name, member) in members {
        let before = out.len();
        if before > begin + 1 {
            out.push(',');
        }
        json_string(out, name);
        out.push(':');
        if !node(out, row, member, reader) {
            out.truncate(before);
        }
    }
    if out.len() == begin + 1 {
        out.truncate(begin);
        return false;
    }
    out.push('}');
    true
}

/// An element that is empty between others is `null`, so that the places of the others are those of their columns.
fn list(out: &mut String, row: &SheetRow, items: &[(u32, Node)], required: bool, reader: &mut CellReader) -> bool {
    let begin = out.len();
    out.push('[');
    let mut end = out.len();
    for (_, item) in items {
        if out.len() > begin + 1 {
            out.push(',');
        }
        if node(out, row, item, reader) { end = out.len() } else { out.push_str("null") }
    }
    out.truncate(end);
    if end == begin + 1 && !required {
        out.truncate(begin);
        return false;
    }
    out.push(']');
    true
}
