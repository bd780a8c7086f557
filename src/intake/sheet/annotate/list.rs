//! The first sheet of a workbook that comes back: what is to be mended, worst first, each with a way to its cell.

use super::AnnotateFault;
use super::markup::{escaped, relationships, spreadsheet};
use super::styles::{Look, Styles};
use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::heading::key;
use crate::model::excerpt::clip_to_cell;
use crate::model::issue::{Language, Severity, Text};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::Path;

/// Stands in a hidden cell of the list, by which it is known whatever its sheet is called later.
const MARKER: &str = "school-gateway:mending-list";
/// Letters of the column of that cell, and its place.
const MARKER_COLUMN: (&str, u32) = ("I", 9);
/// Rows above the first entry.
const HEAD: u64 = 5;
/// Characters of a line of its widest columns: rows are as high as their text, for not all programs make them so.
const LINE: usize = 56;
/// Faults that are listed: a sheet takes no more than 65,530 links, and nobody mends more at once.
pub const LISTED: u64 = 65_000;

/// Stands where the severity does, of a row that waits.
const WAITS: Text = Text { vi: "Đang chờ", en: "Waiting" };

/// Its words.
struct Words {
    name: &'static str,
    headings: [&'static str; 8],
    how: &'static str,
}

const VIETNAMESE: Words = Words {
    name: "Lỗi cần sửa",
    headings: ["Đến ô", "Trang tính", "Hàng", "Cột", "Điều chưa đúng", "Cách sửa", "Mức độ", "Mã quy tắc"],
    how: "Bấm vào ô ở cột A để đến chỗ cần sửa, sửa ngay trong tệp này rồi gửi lại tệp. Trang này và các ghi chú được bỏ qua khi gửi lại.",
};
const ENGLISH: Words = Words {
    name: "To mend",
    headings: ["Go to", "Sheet", "Row", "Column", "What is wrong", "What to do", "Severity", "Rule"],
    how: "Click a cell of column A to go to its place, mend it in this very file and send the file again. This sheet and the notes are passed over then.",
};

fn words(language: Language) -> &'static Words {
    match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    }
}

/// How the sheet of the list is called; a number follows where another sheet has that name.
pub(super) fn name(language: Language) -> &'static str {
    words(language).name
}

/// Is a sheet that begins with these rows the list of a workbook that came back?
pub fn is_list(sheet: &str, rows: &[SheetRow]) -> bool {
    let has = |text: &str| rows.iter().any(|row| row.cells().any(|(_, cell)| cell == Cell::Text(text)));
    let looks = |words: &Words| {
        let headed = |row: &SheetRow| {
            words.headings[..6].iter().all(|heading| row.cells().any(|(_, cell)| cell == Cell::Text(heading)))
        };
        key(sheet).starts_with(&key(words.name)) && rows.iter().any(headed)
    };
    has(MARKER) || looks(&VIETNAMESE) || looks(&ENGLISH)
}

/// An entry of the list.
#[derive(Debug)]
pub struct ToMend<'a> {
    /// Name of the sheet.
    pub sheet: &'a str,
    /// Number of the row, if it has one.
    pub row: Option<u64>,
    /// Letters and heading of the column.
    pub column: &'a str,
    /// What is wrong.
    pub wrong: &'a str,
    /// What to do.
    pub remedy: &'a str,
    /// How bad it is.
    pub severity: Severity,
    /// Nothing is wrong: the row waits for what is still to come.
    pub waits: bool,
    /// Code of the rule.
    pub code: &'a str,
}

/// How many of each severity there are, those that are not listed among them.
#[derive(Debug, Default, Clone, Copy)]
pub struct MendingTotals {
    /// Records are rejected for them.
    pub errors: u64,
    /// To be looked at.
    pub warnings: u64,
    /// They wait for others.
    pub waiting: u64,
    /// Nothing is to be done about them.
    pub infos: u64,
}

/// The list in the making: its rows wait in a file without a name.
pub(super) struct MendingList {
    language: Language,
    rows: BufWriter<File>,
    links: String,
    listed: u64,
    looks: Looks,
}

struct Looks {
    title: u32,
    heading: u32,
    text: u32,
    link: u32,
    error: u32,
    warning: u32,
}

impl MendingList {
    pub(super) fn new(language: Language, folder: &Path, styles: &mut Styles) -> Result<Self, AnnotateFault> {
        let looks = Looks {
            title: styles.look(Look::Title),
            heading: styles.look(Look::Heading),
            text: styles.look(Look::Text),
            link: styles.look(Look::Link),
            error: styles.look(Look::Marked(Severity::Error)),
            warning: styles.look(Look::Marked(Severity::Warning)),
        };
        let rows = BufWriter::new(tempfile::tempfile_in(folder)?);
        Ok(Self { language, rows, links: String::new(), listed: 0, looks })
    }

    /// Adds an entry; `cell` is where its link leads.
    pub(super) fn add(&mut self, entry: &ToMend, cell: Option<&str>) -> Result<(), AnnotateFault> {
        if self.listed == LISTED {
            return Ok(());
        }
        self.listed += 1;
        let (row, looks) = (HEAD + self.listed, &self.looks);
        let (word, look) = match entry.severity {
            _ if entry.waits => (WAITS, looks.text),
            Severity::Error => (Severity::Error.title(), looks.error),
            other => (other.title(), looks.warning),
        };
        let lines = [entry.wrong, entry.remedy].map(|text| 1 + text.chars().count() / LINE).into_iter().max();
        let height = 15 * lines.unwrap_or(1).min(20);
        let mut text = format!("<row r=\"{row}\" ht=\"{height}\" customHeight=\"1\">");
        push(&mut text, 'A', row, looks.link, cell.unwrap_or("–"));
        push(&mut text, 'B', row, looks.text, entry.sheet);
        if let Some(number) = entry.row {
            let _ = write!(text, "<c r=\"C{row}\" s=\"{}\"><v>{number}</v></c>", looks.text);
        }
        push(&mut text, 'D', row, looks.text, entry.column);
        push(&mut text, 'E', row, looks.text, entry.wrong);
        push(&mut text, 'F', row, looks.text, entry.remedy);
        push(&mut text, 'G', row, look, word.in_language(self.language));
        push(&mut text, 'H', row, looks.text, entry.code);
        text.push_str("</row>");
        self.rows.write_all(text.as_bytes())?;
        if let Some(cell) = cell {
            let place = escaped(&format!("'{}'!{cell}", entry.sheet.replace('\'', "''")));
            let _ = write!(self.links, "<hyperlink ref=\"A{row}\" location=\"{place}\" display=\"{cell}\"/>");
        }
        Ok(())
    }

    /// Writes the sheet.
    pub(super) fn write(self, out: &mut impl Write, totals: MendingTotals, strict: bool) -> Result<(), AnnotateFault> {
        let (words, looks, language) = (words(self.language), &self.looks, self.language);
        let mut head = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{}\" xmlns:r=\"{}\">\
             <sheetPr><tabColor rgb=\"FFC00000\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\">\
             <pane ySplit=\"{HEAD}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>\
             <sheetFormatPr defaultRowHeight=\"15\"/><cols>",
            spreadsheet(strict),
            relationships(strict),
            HEAD + 1
        );
        for (column, width) in (1..).zip([9, 20, 8, 26, 60, 60, 12, 12]) {
            let _ = write!(head, "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>");
        }
        let (letters, place) = MARKER_COLUMN;
        let _ = write!(
            head,
            "<col min=\"{place}\" max=\"{place}\" width=\"9\" hidden=\"1\"/></cols><sheetData><row r=\"1\">"
        );
        push(&mut head, 'A', 1, looks.title, words.name);
        push(&mut head, letters, 1, 0, MARKER);
        head.push_str("</row><row r=\"2\">");
        push(&mut head, 'A', 2, 0, &summary(totals, self.listed, language));
        head.push_str("</row><row r=\"3\">");
        push(&mut head, 'A', 3, 0, words.how);
        let _ = write!(head, "</row><row r=\"{HEAD}\">");
        ('A'..).zip(words.headings).for_each(|(column, heading)| push(&mut head, column, HEAD, looks.heading, heading));
        head.push_str("</row>");
        out.write_all(head.as_bytes())?;
        let mut rows = self.rows.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        rows.rewind()?;
        std::io::copy(&mut rows, out)?;
        out.write_all(b"</sheetData>")?;
        if !self.links.is_empty() {
            write!(out, "<hyperlinks>{}</hyperlinks>", self.links)?;
        }
        let end = "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/>\
             <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>";
        Ok(out.write_all(end.as_bytes())?)
    }
}

fn push(text: &mut String, column: impl std::fmt::Display, row: u64, look: u32, value: &str) {
    let value = escaped(clip_to_cell(value));
    let _ = write!(
        text,
        "<c r=\"{column}{row}\" s=\"{look}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{value}</t></is></c>"
    );
}

/// How much there is to be done, in a sentence.
fn summary(totals: MendingTotals, listed: u64, language: Language) -> String {
    let MendingTotals { errors, warnings, waiting, infos } = totals;
    let number = |number: u64| grouped(number, if language == Language::Vietnamese { '.' } else { ',' });
    let more = (errors + warnings + waiting).saturating_sub(listed);
    match language {
        Language::Vietnamese => {
            let mut text = match errors + warnings {
                0 => "Không có lỗi nào cần sửa.".to_owned(),
                _ => format!("{} lỗi, {} cảnh báo.", number(errors), number(warnings)),
            };
            if waiting > 0 {
                let _ = write!(text, " {} hàng đang chờ dữ liệu khác.", number(waiting));
            }
            if more > 0 {
                let _ = write!(
                    text,
                    " Trang này ghi {} điều nặng nhất; sửa rồi gửi lại để xem {} điều còn lại.",
                    number(listed),
                    number(more)
                );
            }
            if infos > 0 {
                let _ = write!(text, " Ngoài ra có {} thông tin không cần làm gì.", number(infos));
            }
            text
        }
        Language::English => {
            let counted =
                |count: u64, one: &str| format!("{} {one}{}", number(count), if count == 1 { "" } else { "s" });
            let mut text = match errors + warnings {
                0 => "Nothing is to be mended.".to_owned(),
                _ => format!("{}, {}.", counted(errors, "error"), counted(warnings, "warning")),
            };
            if waiting > 0 {
                let verb = if waiting == 1 { "waits" } else { "wait" };
                let _ = write!(text, " {} {verb} for other data.", counted(waiting, "row"));
            }
            if more > 0 {
                let _ = write!(
                    text,
                    " The {} worst are listed; mend them and send again to see the other {}.",
                    number(listed),
                    number(more)
                );
            }
            if infos > 0 {
                let _ = write!(text, " Besides, {} of which nothing is to be done.", counted(infos, "note"));
            }
            text
        }
    }
}

/// A number with a mark at its thousands.
fn grouped(number: u64, mark: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_done_is_said_in_a_sentence() {
        let totals = MendingTotals { errors: 70_001, warnings: 1, waiting: 0, infos: 1 };
        assert_eq!(
            summary(totals, LISTED, Language::Vietnamese),
            "70.001 lỗi, 1 cảnh báo. Trang này ghi 65.000 điều nặng nhất; sửa rồi gửi lại để xem 5.002 điều còn lại. Ngoài ra có 1 thông tin không cần làm gì."
        );
        assert_eq!(
            summary(totals, 70_002, Language::English),
            "70,001 errors, 1 warning. Besides, 1 note of which nothing is to be done."
        );
        let waits = MendingTotals { waiting: 1, ..MendingTotals::default() };
        assert_eq!(summary(waits, 1, Language::English), "Nothing is to be mended. 1 row waits for other data.");
        assert_eq!(summary(MendingTotals::default(), 0, Language::English), "Nothing is to be mended.");
    }
}
