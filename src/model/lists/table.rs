//! Code lists as CSV: from the sector's headings to entries.

use crate::model::lists::list::ListEntry;
use crate::model::messages::{Message, message};
use crate::model::moment;
use chrono::NaiveDate;

/// A table with headings: what a CSV file says, and in which line.
#[derive(Debug, Clone, Default)]
pub struct CsvTable {
    /// Headings, in order.
    pub headings: Vec<String>,
    /// Line of the file, from 1, and its cells, as many as headings.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// What is wrong with a table: line (0: the file) and what it is.
pub type TableFault = (u64, Message);

/// Headings by which the sector's files name what the lists name otherwise.
const RENAMED: &[(&str, &str)] =
    &[("name", "name_vi"), ("prefix3", "code"), ("kind_B_compulsory_C_choice_O_optional", "kind")];

impl CsvTable {
    /// Reads CSV, UTF-8 with or without a byte order mark.
    ///
    /// # Errors
    /// Text that is not UTF-8, and rows with more or fewer cells than headings.
    pub fn read(bytes: &[u8]) -> Result<Self, TableFault> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let headings = reader.headers().map_err(fault)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(fault)?;
            rows.push((record.position().map_or(0, csv::Position::line), record.iter().map(str::to_owned).collect()));
        }
        Ok(Self { headings, rows })
    }
    /// Place of a heading.
    pub fn place(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|known| known == heading)
    }
    /// Has it all of these headings?
    pub fn has(&self, headings: &[&str]) -> bool {
        headings.iter().all(|heading| self.place(heading).is_some())
    }
    /// The entries of a code list.
    ///
    /// # Errors
    /// The first row without code or with a date that is none.
    pub fn entries(&self) -> Result<Vec<ListEntry>, TableFault> {
        let headings: Vec<&str> = self.headings.iter().map(|heading| renamed(heading)).collect();
        self.rows.iter().map(|(line, cells)| entry(&headings, *line, cells)).collect()
    }
}

fn fault(error: csv::Error) -> TableFault {
    let line = error.position().map_or(0, csv::Position::line);
    let sentence = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => message("file-not-utf8"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            message("row-of-other-length").with("cells", len).with("headings", expected_len)
        }
        _ => message("row-unreadable"),
    };
    (line, sentence)
}

fn renamed(heading: &str) -> &str {
    RENAMED.iter().find(|(sector, _)| *sector == heading).map_or(heading, |(_, own)| own)
}

fn entry(headings: &[&str], line: u64, cells: &[String]) -> Result<ListEntry, TableFault> {
    let mut entry = ListEntry::default();
    for (heading, cell) in headings.iter().zip(cells) {
        match *heading {
            "code" => entry.code = cell.clone(),
            "name_vi" => entry.name_vi = cell.clone(),
            "name_en" => entry.name_en = cell.clone(),
            "valid_from" => entry.valid_from = date(line, heading, cell)?,
            "valid_to" => entry.valid_to = date(line, heading, cell)?,
            "note" => entry.columns.extend(optional_periods(cell)),
            _ if cell.is_empty() => (),
            heading => entry.columns.push((heading.to_owned(), cell.clone())),
        }
    }
    if entry.code.is_empty() {
        return Err((line, message("row-without-code")));
    }
    Ok(entry)
}

/// A date, or none where the cell is empty.
///
/// # Errors
/// Anything else.
pub fn date(line: u64, heading: &str, cell: &str) -> Result<Option<NaiveDate>, TableFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let expected = || (line, message("cell-no-date").with("value", cell).with("heading", heading));
    moment::date(cell).map(Some).ok_or_else(expected)
}

/// The sector's list of subjects says in a note what is taught to those who wish: `optional 70 in grades 1-2`.
fn optional_periods(note: &str) -> Option<(String, String)> {
    let (periods, grades) = note.strip_prefix("optional ")?.split_once(" in grades ")?;
    let (first, last) = grades.split_once('-')?;
    let (periods, first, last) = (periods.parse::<u16>().ok()?, first.parse::<u8>().ok()?, last.parse::<u8>().ok()?);
    let by_grade: Vec<String> = (first..=last).map(|grade| format!("{grade}:{periods}")).collect();
    Some(("optional_periods_by_grade".to_owned(), by_grade.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::issue::Language;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_heading() {
        let table = CsvTable::read("\u{feff}code,name\n01,Một\n".as_bytes()).unwrap();
        assert_eq!(table.entries().unwrap()[0].name_vi, "Một");
    }
    #[test]
    fn a_fault_names_its_line() {
        assert_eq!(CsvTable::read(b"code,name_vi\n1,a\n2\n").unwrap_err().0, 3);
        assert_eq!(CsvTable::read(b"code,name_vi\n1,\xff\n").unwrap_err().0, 2);
        let entries = |text: &str| CsvTable::read(text.as_bytes()).unwrap().entries().unwrap_err();
        assert_eq!(entries("code,name_vi\n1,a\n,b\n").0, 3);
        assert!(entries("code,valid_to\n1,30/06/2025\n").1.in_language(Language::English).contains("YYYY-MM-DD"));
    }
    #[test]
    fn the_note_on_optional_periods_is_understood() {
        let table = CsvTable::read(b"code,note\nNN1,optional 70 in grades 1-2\nX,uncertain\n").unwrap();
        let entries = table.entries().unwrap();
        assert_eq!(entries[0].column("optional_periods_by_grade"), Some("1:70 2:70"));
        assert_eq!(entries[1].columns, []);
    }
}
