//! A row → a record as NDJSON would bring it, and what is to be said of its cells.

use crate::intake::sheet::around::enrolled::RowFacts;
use crate::intake::sheet::cells::cell::{CellReader, CellRef};
use crate::intake::sheet::cells::comment_subject::{CommentLevel, Instead};
use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::{Columns, ValueSource};
use crate::intake::sheet::headings::node::Node;
use crate::model::issue::Issue;
use crate::model::rules::catalogue as rule;
use crate::store::codec::json_string;

/// Appends the record of a row; `false`: the row says nothing of the resource, and nothing was appended.
pub fn write(out: &mut String, row: &SheetRow, columns: &Columns, reader: &mut CellReader) -> bool {
    let says_something = |column: u32| match columns.own.as_slice() {
        [] => columns.is_headed(column) && !columns.is_companion(column),
        own => own.contains(&column),
    };
    // Who did not take a subject may have a dash there.
    let is_dash = |cell: Cell| matches!(cell, Cell::Text(text) if text.chars().all(|letter| "-–—".contains(letter)));
    if !row.cells().any(|(column, cell)| says_something(column) && (columns.own.is_empty() || !is_dash(cell))) {
        return false;
    }
    out.push_str("{\"resource\":");
    json_string(out, columns.spec.name);
    if let Some(word) = operation(row, columns) {
        out.push_str(",\"operation\":");
        json_string(out, word);
    }
    out.push_str(",\"data\":");
    if columns.looks_up {
        reader.row = RowFacts::of(row, columns, reader);
    }
    reader.remarked = CommentLevel::of(row, columns, reader);
    reader.instead = Instead::of(columns);
    if !node(out, row, &columns.root, reader) {
        out.push_str("{}");
    }
    if let Some((name, level)) = reader.remarked.as_ref().and_then(|remarked| remarked.level()) {
        add(out, name, |out| json_string(out, level));
    }
    if let Some(instead) = reader.instead.take() {
        instead.write(out);
    }
    out.push('}');
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

/// Adds a member to the object that was written last.
pub(crate) fn add(out: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    out.pop();
    out.push_str(if out.ends_with('{') { "" } else { "," });
    json_string(out, name);
    out.push(':');
    value(out);
    out.push('}');
}

fn operation<'r>(row: &'r SheetRow, columns: &Columns) -> Option<&'r str> {
    match row.cell(columns.operation?) {
        Cell::Text(text) => Some(match crate::intake::sheet::headings::heading::key(text).as_str() {
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
            let place = CellRef { kind, field, pointer };
            match source {
                ValueSource::Column(column) => reader.push(out, row.cell(*column), place),
                ValueSource::Line { value, .. } | ValueSource::Said(value) => {
                    reader.push(out, Cell::Text(value), place)
                }
                ValueSource::Drawn(drawn) => reader.drawn(out, row, drawn, place),
            }
        }
        Node::Object(members) => object(out, row, members, reader),
        Node::List { items, required } => list(out, row, items, *required, reader),
    }
}

fn object(out: &mut String, row: &SheetRow, members: &[(String, Node)], reader: &mut CellReader) -> bool {
    let begin = out.len();
    let mut has_more = false;
    out.push('{');
    for (name, member) in members {
        let before = out.len();
        if before > begin + 1 {
            out.push(',');
        }
        json_string(out, name);
        out.push(':');
        if node(out, row, member, reader) {
            has_more |= !matches!(member, Node::Value { source: ValueSource::Said(_), .. });
        } else {
            out.truncate(before);
        }
    }
    // What is said for every row makes no element of its own.
    if !has_more {
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
