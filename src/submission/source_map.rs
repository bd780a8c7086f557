//! Where the records of sheets stood: kept while a body is taken in, so that reports name sheet, row and column.

use crate::error::Result;
use crate::intake::json::value_format;
use crate::intake::sheet::file::row::letters;
use crate::intake::sheet::headings::columns::{Columns, ValueSource};
use crate::store::Pool;
use crate::store::pg::copy::copy;
use crate::store::pg::statement::{Argument, Statement};
use crate::submission::issue_store::{SheetPosition, StoredIssue, escaped};
use diesel::pg::CopyFormat;
use diesel::prelude::*;
use std::collections::HashSet;
use std::fmt::Write as _;
use uuid::Uuid;

/// Rows of the table written at once.
const ENTRIES: usize = 5_000;

/// A column, and the member that it fills.
pub struct Headed {
    /// The member; `#` and its place: none.
    pub pointer: String,
    /// Its place, from 0.
    pub place: u32,
    /// What stands above it.
    pub heading: String,
    /// The row that says it for all rows, of a line above the headings.
    pub line: Option<u64>,
}

/// The columns of a sheet, each member once.
pub fn headed(columns: &Columns) -> Vec<Headed> {
    let (mut seen, mut headed) = (HashSet::new(), Vec::new());
    let mut add = |pointer: String, place: u32, heading: &str, line: Option<u64>| {
        if seen.insert(pointer.clone()) {
            headed.push(Headed { pointer, place, heading: heading.to_owned(), line });
        }
    };
    for filled in &columns.filled {
        let (place, line) = match &filled.source {
            ValueSource::Column(place) => (*place, None),
            ValueSource::Line { row, column, .. } => (*column, Some(*row)),
            ValueSource::Drawn(drawn) => match drawn.columns().first() {
                Some(place) => (*place, None),
                None => continue,
            },
            ValueSource::Said(_) => continue,
        };
        add(filled.pointer.clone(), place, &filled.heading, line);
    }
    for (place, heading) in &columns.beside {
        let unknown = columns.unknown.iter().any(|(unknown, ..)| unknown == place);
        // What is no member has no pointer; its column stands for one.
        let pointer = if unknown { format!("/{}", value_format::escaped(heading)) } else { format!("#{place}") };
        add(pointer, *place, heading, None);
    }
    headed
}

/// The column that an issue is about: that of its member, else of what holds the member, else of a part of it. As
/// [`find`] finds it among stored ones.
pub fn nearest<'h>(columns: &'h [Headed], pointer: &str) -> Option<&'h Headed> {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let related = columns.iter().filter(|column| within(pointer, &column.pointer) || within(&column.pointer, pointer));
    let rank = |column: &&Headed| (column.pointer != pointer, !within(pointer, &column.pointer), column.place);
    if pointer.is_empty() { None } else { related.min_by_key(rank) }
}

/// The places of a submission's records.
pub struct Places {
    submission: Uuid,
    /// The first of those that stand for the sheet being read, from 0: a row makes a record of each.
    sheet: i64,
    /// How many they are.
    parts: i64,
    /// Row and part of the next record, if nothing is skipped.
    next: (u64, usize),
    /// In COPY's text format.
    rows: String,
    entries: usize,
    /// Sheets and columns, likewise.
    sheets: String,
    columns: String,
}

impl Places {
    /// Of no record yet.
    pub fn new(submission: Uuid) -> Self {
        Self {
            submission,
            sheet: 0,
            parts: 0,
            next: (0, 0),
            rows: String::new(),
            entries: 0,
            sheets: String::new(),
            columns: String::new(),
        }
    }

    /// Begins a sheet: each of the records that its rows make stands in one of its own.
    pub fn sheet(&mut self, name: &str, parts: &[Columns]) {
        self.sheet += self.parts;
        self.parts = parts.len().max(1) as i64;
        self.next = (0, 0);
        let of_sheet = parts.iter().map(Some).chain(parts.is_empty().then_some(None));
        for (place, columns) in (self.sheet..).zip(of_sheet) {
            let _ = write!(self.sheets, "{}\t{place}\t", self.submission);
            escaped(&mut self.sheets, Some(name));
            escaped(&mut self.sheets, Some(columns.map_or("", |columns| columns.spec.name)));
            end(&mut self.sheets);
            for column in columns.map(headed).unwrap_or_default() {
                self.column(place, &column);
            }
        }
    }

    fn column(&mut self, sheet: i64, Headed { pointer, place, heading, line }: &Headed) {
        let _ = write!(self.columns, "{}\t{sheet}\t", self.submission);
        escaped(&mut self.columns, Some(pointer));
        let _ = write!(self.columns, "{place}\t{}\t", letters(*place));
        escaped(&mut self.columns, Some(heading));
        escaped(&mut self.columns, line.map(|line| line.to_string()).as_deref());
        end(&mut self.columns);
    }

    /// The record of this place in the submission stood in this row, and is such a one of it.
    pub fn row(&mut self, index: u64, row: u64, part: usize) {
        if (row, part) != self.next {
            let sheet = self.sheet + part as i64;
            let _ = writeln!(self.rows, "{}\t{index}\t{sheet}\t{row}", self.submission);
            self.entries += 1;
        }
        self.next = (row + 1, part);
    }

    /// Is it time to write?
    pub fn is_full(&self) -> bool {
        self.entries >= ENTRIES
    }

    /// Writes what came since the last time.
    ///
    /// # Errors
    /// The database is out of reach.
    pub fn flush(&mut self, pool: &Pool) -> Result<()> {
        let targets = [
            ("submission_sheets (submission_id, sheet, name, resource)", &mut self.sheets),
            ("submission_columns (submission_id, sheet, pointer, place, letters, heading, line)", &mut self.columns),
            ("submission_rows (submission_id, first_index, sheet, first_row)", &mut self.rows),
        ];
        let mut connection = pool.get()?;
        for (target, text) in targets {
            if !text.is_empty() {
                copy(&mut connection, target, CopyFormat::Text, text.as_bytes())?;
                text.clear();
            }
        }
        self.entries = 0;
        Ok(())
    }
}

/// Says of each issue where it stands in the sheet that its record came from, if it came from one.
///
/// # Errors
/// Those of the database.
pub fn find(connection: &mut PgConnection, submission: Uuid, entries: &mut [StoredIssue]) -> QueryResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = "SELECT e.at, s.name, coalesce(c.line, r.first_row + e.index - r.first_index), c.letters, c.heading \
         FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY e(index, pointer, at) \
         CROSS JOIN LATERAL (SELECT * FROM submission_rows r WHERE r.submission_id = $3 AND r.first_index <= e.index ORDER BY r.first_index DESC LIMIT 1) r \
         JOIN submission_sheets s ON s.submission_id = r.submission_id AND s.sheet = r.sheet \
         LEFT JOIN LATERAL (SELECT * FROM submission_columns c WHERE c.submission_id = r.submission_id AND c.sheet = r.sheet AND e.pointer <> '' \
             AND (c.pointer = e.pointer OR starts_with(e.pointer, c.pointer || '/') OR starts_with(c.pointer, e.pointer || '/')) \
             ORDER BY c.pointer = e.pointer DESC, starts_with(e.pointer, c.pointer || '/') DESC, c.place LIMIT 1) c ON true";
    let arguments = vec![
        Argument::Integers(entries.iter().map(|entry| entry.index).collect()),
        Argument::Texts(entries.iter().map(|entry| entry.pointer.clone().into()).collect()),
        Argument::Uuid(submission),
    ];
    Statement::with(sql, arguments).each(connection, |cells| {
        let text = |at| cells.text(at).map(str::to_owned);
        let place = cells.integer(0).and_then(|at| usize::try_from(at - 1).ok());
        if let (Some(entry), Some(row)) = (place.and_then(|at| entries.get_mut(at)), cells.integer(2)) {
            entry.spot = Some(SheetPosition {
                sheet: text(1).filter(|name| !name.is_empty()),
                row,
                column: text(3),
                heading: text(4),
            });
        }
        Ok(())
    })?;
    for entry in entries.iter_mut() {
        entry.spot = entry.own_spot().or(entry.spot.take());
    }
    rows_of_repeated(connection, submission, entries)
}

/// Says of what stands again later in which row that is.
fn rows_of_repeated(connection: &mut PgConnection, submission: Uuid, entries: &mut [StoredIssue]) -> QueryResult<()> {
    let repeated: Vec<(usize, i64)> = (0..)
        .zip(entries.iter())
        .filter(|(_, entry)| entry.spot.is_some())
        .filter_map(|(at, entry)| Some((at, entry.repeated_at()?)))
        .collect();
    if repeated.is_empty() {
        return Ok(());
    }
    let sql = "SELECT e.at, r.first_row + e.index - r.first_index FROM unnest($1::bigint[]) WITH ORDINALITY e(index, at) \
         CROSS JOIN LATERAL (SELECT * FROM submission_rows r WHERE r.submission_id = $2 AND r.first_index <= e.index ORDER BY r.first_index DESC LIMIT 1) r";
    let arguments =
        vec![Argument::Integers(repeated.iter().map(|(_, index)| *index).collect()), Argument::Uuid(submission)];
    Statement::with(sql, arguments).each(connection, |cells| {
        let at = cells.integer(0).and_then(|at| repeated.get(usize::try_from(at - 1).ok()?));
        if let (Some((at, _)), Some(row)) = (at, cells.integer(1)) {
            entries[*at].stands_again_in(row);
        }
        Ok(())
    })
}

/// Ends a row: a line end in the place of the last tab.
fn end(text: &mut String) {
    text.pop();
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_stands_in_the_column_of_its_member_or_of_what_is_closest() {
        let column = |(place, pointer): (u32, &&str)| Headed {
            pointer: (*pointer).to_owned(),
            place,
            heading: String::new(),
            line: None,
        };
        let columns: Vec<Headed> =
            (0..).zip(&["/marks/1", "/marks/0", "/contacts", "/address/street", "/average"]).map(column).collect();
        let at = |pointer: &str| nearest(&columns, pointer).map(|column| column.place);
        assert_eq!(at("/marks/0"), Some(1));
        assert_eq!(at("/contacts/0/phone"), Some(2));
        assert_eq!(at("/address"), Some(3));
        assert_eq!(at("/marks"), Some(0), "the leftmost of several");
        assert_eq!([at("/averageOther"), at("/level"), at("")], [None; 3]);
        let both: Vec<Headed> = (0..).zip(&["/marks/0", "/marks"]).map(column).collect();
        assert_eq!(
            nearest(&both, "/marks").map(|column| column.place),
            Some(1),
            "the member itself, not a part of it to its left"
        );
    }
}
