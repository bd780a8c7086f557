//! The rows of one sheet, one after the other, as records with what is to be said of them.

use crate::intake::json::value_format::escaped;
use crate::intake::notes;
use crate::intake::sheet::cells::cell::CellReader;
use crate::intake::sheet::cells::companion::{name_columns, name_of};
use crate::intake::sheet::cells::day_order::{ColumnOrder, JudgedColumn};
use crate::intake::sheet::file::row::{Cell, Rows, SheetFault, SheetRow, letters};
use crate::intake::sheet::file::source::is_hidden;
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::records::foot::{begins_foot, is_foot, is_signed, repeats_headings};
use crate::intake::sheet::records::of_sheet::{of_sheet, unknown, unsettled};
use crate::intake::sheet::records::record;
use crate::model::excerpt::clip;
use crate::model::issue::{Issue, Rule, TOLD};
use crate::model::rules::{bounded, catalogue as rule};
use crate::panics::{contained, trap};

/// A record that came from a sheet.
pub struct SheetRecord<'a> {
    /// The row it stood in.
    pub row: u64,
    /// Which of the records that a row makes it is.
    pub part: usize,
    /// As NDJSON would have brought it; for a row that is not UTF-8, the row.
    pub bytes: &'a [u8],
    /// What was said of its cells, and by the first and last record of the sheet.
    pub issues: &'a [Issue],
    /// It is longer than a record may be.
    pub too_long: bool,
    /// What stands beside the record and is not read, by column: names of students.
    pub beside: &'a [(u32, String)],
    /// The members for which its sheet has columns (see [`Columns::named`]).
    pub members: &'a str,
}

/// Takes records.
pub type SheetRecordSink<'s> = &'s mut dyn FnMut(SheetRecord);

/// Rows below a table at most; what is longer is no foot.
const FOOT: usize = 30;

/// A sheet being read. The last record is held back, for what is known of the sheet at its end only, and so is what
/// looks like the foot of the table: when another record follows, it was none.
pub struct Converter<'c> {
    /// Name of the sheet; empty for CSV.
    pub sheet: &'c str,
    /// The columns of each record that a row makes.
    parts: &'c [Columns],
    key: Vec<u32>,
    /// Columns beside those of the resource that have the name of a person, in its parts.
    name: Vec<u32>,
    held: Option<Held>,
    /// By row; one that says nothing of the resource has nothing to be handed out.
    foot: Vec<(u64, Vec<Held>)>,
    /// Rows that are no records whatever follows: how many, and the first.
    left_out: (u64, u64),
    /// Was the last row one of those, or under one?
    is_below: bool,
    /// Said by the next record.
    said: Vec<Issue>,
    hidden: (u64, u64),
    headless: Option<(u32, u64)>,
    /// Columns whose headings were named as nearly those of members.
    told: Vec<u32>,
}

#[derive(Default)]
struct Held {
    row: u64,
    part: usize,
    bytes: Vec<u8>,
    issues: Vec<Issue>,
    too_long: bool,
    beside: Vec<(u32, String)>,
    hidden: bool,
    /// The first of its cells that stands in no column with a heading.
    headless: Option<u32>,
}

impl<'c> Converter<'c> {
    /// For a sheet with the columns of these records; `said` goes with its first record.
    pub fn new(sheet: &'c str, parts: &'c [Columns], mut said: Vec<Issue>) -> Self {
        said.extend(parts.iter().flat_map(|columns| unknown(sheet, columns)));
        said.extend(unsettled(sheet, parts));
        Self {
            sheet,
            parts,
            key: parts.first().map(Columns::key_columns).unwrap_or_default(),
            name: parts.first().map(name_columns).unwrap_or_default(),
            held: None,
            foot: Vec::new(),
            left_out: (0, 0),
            is_below: false,
            said,
            hidden: (0, 0),
            headless: None,
            told: Vec::new(),
        }
    }

    /// Names the hidden columns that fill a member.
    pub fn hidden_columns(&mut self, hidden: &[(u32, u32)]) {
        let mut named = Vec::new();
        for (columns, filled) in
            self.parts.iter().flat_map(|columns| columns.filled.iter().map(move |one| (columns, one)))
        {
            let Some(column) = filled.source.first_column() else { continue };
            if is_hidden(hidden, column) && !named.contains(&column) {
                named.push(column);
                let mut issue = self.of_sheet(&rule::SH_004, columns.last_heading);
                issue.with("column", letters(column)).with("heading", &filled.heading);
                self.said.push(issue);
            }
        }
    }

    /// Names the columns of dates that have another order.
    pub fn judged_columns(&mut self, found: &[JudgedColumn]) {
        let Some(first) = self.parts.first() else { return };
        for JudgedColumn { column, example, order } in found {
            let mut issue = self.of_sheet(&rule::SH_013, self.last_heading());
            if let ColumnOrder::Exchanged { shown, is_certain } = order {
                issue = self.of_sheet(&rule::SH_022, self.last_heading());
                let outcome = if *is_certain { "@days-put-right" } else { "@days-as-shown" };
                issue.with("date", shown.format("%d/%m/%Y")).with("outcome", outcome);
            }
            let fills = |columns: &&Columns| columns.columns().any(|known| known == *column);
            let columns = self.parts.iter().find(fills).unwrap_or(first);
            issue.with("column", letters(*column)).with("heading", columns.heading(*column)).with("value", example);
            self.said.push(issue);
        }
    }

    /// The last row of the headings.
    pub fn last_heading(&self) -> u64 {
        self.parts.first().map_or(0, |columns| columns.last_heading)
    }

    fn is_headed(&self, column: u32) -> bool {
        self.parts.iter().any(|columns| columns.is_headed(column))
    }

    fn of_sheet(&self, rule: &'static Rule, row: u64) -> Issue {
        of_sheet(rule, self.sheet, row)
    }

    /// Reads the rows to their end.
    ///
    /// # Errors
    /// The file cannot be read further; what came before was handed out.
    pub fn run(
        &mut self,
        rows: &mut dyn Rows,
        reader: &mut CellReader,
        sink: SheetRecordSink,
    ) -> Result<(), SheetFault> {
        let mut row = SheetRow::default();
        loop {
            let more = rows.next(&mut row);
            if more != Ok(true) {
                return more.map(|_| ());
            }
            if row.number > self.last_heading() && !repeats_headings(&row, self.parts) {
                self.row(&row, reader, sink);
            }
        }
    }

    fn row(&mut self, row: &SheetRow, reader: &mut CellReader, sink: SheetRecordSink) {
        if row.raw.is_none() && !row.too_long && is_foot(row, &self.key) {
            self.is_below = true;
            return count(&mut self.left_out, row.number);
        }
        let mut records = contained(|| self.records(row, reader)).unwrap_or_else(|| vec![failed(row.number, reader)]);
        if let Some(first) = records.first_mut() {
            first.issues.extend(self.near_headings(row));
        }
        if self.held.is_some() && self.foot.len() < FOOT && self.ends_table(row) {
            self.is_below = true;
            self.foot.push((row.number, records));
        } else if !records.is_empty() {
            self.is_below = false;
            let foot = std::mem::take(&mut self.foot).into_iter().flat_map(|(_, records)| records);
            foot.chain(records).for_each(|record| self.pass(record, sink));
        }
    }

    /// Under a heading that is nearly a member's, a value is none that may be lost: its row is refused. Only the first
    /// says so, at the heading.
    fn near_headings(&mut self, row: &SheetRow) -> Vec<Issue> {
        let Some(columns) = self.parts.first() else { return Vec::new() };
        let mut issues = Vec::new();
        for (column, heading, nearest) in &columns.unknown {
            let Some(nearest) = nearest.filter(|_| row.cell(*column) != Cell::Empty) else { continue };
            let mut issue = Issue::new(&rule::PT_004, format!("/{}", escaped(heading)));
            issue.with("sheet", self.sheet).with("row", columns.last_heading).with("column", letters(*column));
            issue.with("heading", clip(heading)).with("member", clip(heading));
            issue.with("nearest", nearest).with("resource", columns.spec.name);
            if self.told.contains(column) {
                issue.with(TOLD, "");
            } else {
                self.told.push(*column);
            }
            issues.push(issue);
        }
        issues
    }

    /// The records that a row makes.
    fn records(&self, row: &SheetRow, reader: &mut CellReader) -> Vec<Held> {
        trap("sheet", |marker| row.cells().any(|(_, cell)| cell == Cell::Text(marker)));
        let headless = row.cells().map(|(column, _)| column).find(|column| !self.is_headed(*column));
        let begun = |part| Held {
            row: row.number,
            part,
            too_long: row.too_long,
            hidden: row.hidden,
            headless,
            ..Held::default()
        };
        if let Some(raw) = &row.raw {
            let bytes = raw.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
            return vec![Held { bytes, ..begun(0) }];
        }
        if row.too_long {
            return vec![begun(0)];
        }
        let mut records = Vec::with_capacity(self.parts.len());
        for (part, columns) in self.parts.iter().enumerate() {
            let mut text = self.spare();
            if record::write(&mut text, row, columns, reader) {
                let mut held = Held { bytes: text.into_bytes(), ..begun(part) };
                held.issues = bounded(std::mem::take(&mut reader.issues));
                let beside = columns.beside.iter();
                held.beside = beside.filter_map(|(column, _)| Some((*column, shown(row.cell(*column))?))).collect();
                if let Some(name) = name_of(&self.name, &held.beside) {
                    held.beside.push((notes::NAME, name));
                }
                let remarked = reader.remarked.take().into_iter();
                held.beside.extend(remarked.flat_map(|remarked| remarked.cells(row, columns)));
                held.headless = headless.filter(|_| part == 0);
                records.push(held);
            }
        }
        records
    }

    /// Does the row, which has nothing of the key, read like one that stands below a table: a total, or who signs it?
    fn ends_table(&self, row: &SheetRow) -> bool {
        let is_keyless = !self.key.is_empty() && self.key.iter().all(|column| row.cell(*column) == Cell::Empty);
        let texts = row.cells().all(|(_, cell)| matches!(cell, Cell::Text(_)));
        is_keyless
            && row.raw.is_none()
            && !row.too_long
            && (begins_foot(row) || (self.is_below && texts && is_signed(row)))
    }

    /// Hands out the record before.
    fn pass(&mut self, mut held: Held, sink: SheetRecordSink) {
        if held.hidden {
            count(&mut self.hidden, held.row);
        }
        self.headless = self.headless.or(held.headless.map(|column| (column, held.row)));
        held.issues.append(&mut self.said);
        if let Some(before) = self.held.replace(held) {
            self.hand_out(&before, sink);
        }
    }

    /// Room for the next record: as much as the last took.
    fn spare(&self) -> String {
        String::with_capacity(self.held.as_ref().map_or(256, |held| held.bytes.len() + 64))
    }

    /// Hands out the last record with what the whole sheet showed; the ranges are those merged. What nobody said yet
    /// comes back.
    pub fn finish(mut self, merged: &[String], sink: SheetRecordSink) -> Vec<Issue> {
        let Some(mut last) = self.held.take() else { return self.said };
        let last_heading = self.last_heading();
        if self.hidden.0 > 0 {
            let mut issue = self.of_sheet(&rule::SH_007, self.hidden.1);
            issue.with("count", self.hidden.0);
            last.issues.push(issue);
        }
        if let Some((column, row)) = self.headless {
            let mut issue = self.of_sheet(&rule::SH_008, row);
            issue.with("column", letters(column));
            last.issues.push(issue);
        }
        let left_out = self.left_out.0 + self.foot.len() as u64;
        let first = [self.left_out.1, self.foot.first().map_or(0, |(row, _)| *row)].into_iter().filter(|row| *row > 0);
        if let Some(first) = first.min() {
            let mut issue = self.of_sheet(&rule::SH_009, first);
            issue.with("count", left_out);
            last.issues.push(issue);
        }
        for range in merged {
            let first: String =
                range.chars().skip_while(char::is_ascii_alphabetic).take_while(char::is_ascii_digit).collect();
            if let Some(row) = first.parse::<u64>().ok().filter(|row| *row > last_heading) {
                let mut issue = self.of_sheet(&rule::SH_005, row);
                issue.with("range", range);
                last.issues.push(issue);
            }
        }
        self.hand_out(&last, sink);
        Vec::new()
    }

    fn hand_out(&self, held: &Held, sink: SheetRecordSink) {
        sink(SheetRecord {
            row: held.row,
            part: held.part,
            bytes: &held.bytes,
            issues: &held.issues,
            too_long: held.too_long,
            beside: &held.beside,
            members: self.parts.get(held.part).map_or("", |columns| columns.named.as_str()),
        });
    }
}

/// Counts a row: how many there are, and the first of them.
fn count(rows: &mut (u64, u64), row: u64) {
    *rows = (rows.0 + 1, if rows.0 == 0 { row } else { rows.1 });
}

/// A row at whose reading the gateway panicked: a piece that is no record, and what is said of it.
fn failed(row: u64, reader: &mut CellReader) -> Held {
    (reader.issues, reader.remarked) = (Vec::new(), None);
    Held { row, issues: vec![Issue::new(&rule::PT_022, "")], ..Held::default() }
}

/// A cell as text.
pub(crate) fn shown(cell: Cell) -> Option<String> {
    match cell {
        Cell::Text(text) | Cell::Error(text) => Some(text.trim().to_owned()),
        Cell::Date(day, _) => {
            crate::intake::sheet::file::date::of_serial(day).map(|date| date.format("%d/%m/%Y").to_string())
        }
        Cell::Number(number, format) => Some(crate::intake::sheet::cells::number::shown(number, format)),
        _ => None,
    }
}
