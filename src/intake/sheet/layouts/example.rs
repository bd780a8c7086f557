//! The workbook that shows a layout, made of its definition.

use crate::intake::sheet::layouts::layout::Layout;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// The example of a layout as the bytes of the file; the same each time.
///
/// # Errors
/// None that memory would give.
pub fn write(layout: &Layout) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?));
    let sheet = workbook.add_worksheet();
    let name = layout.example.sheet.as_str();
    sheet.set_name(if name.is_empty() { "Sheet1" } else { name })?;
    let plain = Format::new().set_num_format("@");
    for range in layout.example.merged.iter().filter_map(|range| corners(range)) {
        let ((top, left), (bottom, right)) = range;
        if (top, left) != (bottom, right) {
            sheet.merge_range(top, left, bottom, right, "", &plain)?;
        }
    }
    let rows = &layout.example.rows;
    let headings = vec![layout.recognised_by.headings.clone()];
    for (row, cells) in (0_u32..).zip(if rows.is_empty() { &headings } else { rows }) {
        for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string_with_format(row, column, text, &plain)?;
        }
    }
    workbook.save_to_buffer()
}

/// Row and column, from 0.
type Corner = (u32, u16);

/// The corners of a range such as `F6:J6`, from 0.
fn corners(range: &str) -> Option<(Corner, Corner)> {
    let (first, last) = range.split_once(':')?;
    Some((corner(first)?, corner(last)?))
}

fn corner(cell: &str) -> Option<Corner> {
    let letters = cell.bytes().take_while(u8::is_ascii_uppercase).count();
    let (column, row) = cell.split_at_checked(letters).filter(|(column, _)| (1..=3).contains(&column.len()))?;
    let column = column.bytes().fold(0_u32, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, u16::try_from(column.checked_sub(1)?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_their_places() {
        assert_eq!(corners("A1:D1"), Some(((0, 0), (0, 3))));
        assert_eq!(corners("F6:AB7"), Some(((5, 5), (6, 27))));
        assert_eq!(corners("F6"), None);
    }
}
