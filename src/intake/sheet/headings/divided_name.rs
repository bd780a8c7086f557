//! A heading of names over two columns without headings of their own: the words of the name before the last, and the last.

use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::head::{Head, HeadColumn};
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::headings::words::words;

/// Words that a name ends with in such a column; with more the column before holds the whole name.
const LAST_WORDS: usize = 2;

/// Tells the two columns apart by the keys of their headings; both are called as the heading is.
pub(crate) fn divide_names(head: &mut Head, rows: &[SheetRow]) {
    let below = &rows[(head.first + head.tiers).min(rows.len())..];
    let is_free = |head: &Head, column: u32| head.columns.iter().all(|known| known.column != column);
    let is_divided = |column: &HeadColumn| {
        matches!(column.keys.as_slice(), [key] if is_name(key))
            && is_free(head, column.column + 1)
            && holds_last_words(below, column.column)
    };
    let Some(at) = head.columns.iter().position(is_divided) else { return };
    let first = &mut head.columns[at];
    let mut last = HeadColumn { column: first.column + 1, ..first.clone() };
    (first.keys, last.keys) = (vec![key("Họ đệm")], vec![key("Tên")]);
    head.columns.insert(at + 1, last);
}

fn is_name(key: &str) -> bool {
    words().members.iter().any(|(path, names)| path == "fullName" && names.iter().any(|name| name == key))
}

/// Stand single words of names in the column behind, in most rows that begin a name here?
fn holds_last_words(below: &[SheetRow], column: u32) -> bool {
    let mut names = 0;
    let mut divided = 0;
    for row in below {
        let Cell::Text(_) = row.cell(column) else { continue };
        names += 1;
        match row.cell(column + 1) {
            Cell::Empty => (),
            Cell::Text(text) if is_last_word(text) => divided += 1,
            _ => return false,
        }
    }
    divided > 0 && 2 * divided >= names
}

fn is_last_word(text: &str) -> bool {
    let sexes = ["nam", "nu", "x"];
    text.split_whitespace().count() <= LAST_WORDS
        && text.chars().all(|letter| letter.is_alphabetic() || letter.is_whitespace() || "'’-".contains(letter))
        && text.starts_with(char::is_uppercase)
        && !sexes.contains(&key(text).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::sheet::headings::head::heads;

    fn divided(second: [&str; 3]) -> Vec<(u32, Vec<String>)> {
        let texts = [
            ["Mã HS", "Họ và tên", "", "Lớp"],
            ["1", "Đinh Gia", second[0], "6A"],
            ["2", "Lương", second[1], "6A"],
            ["3", "Tạ", second[2], "6A"],
        ];
        let rows: Vec<SheetRow> = (1..)
            .zip(texts)
            .map(|(number, cells)| {
                let mut row = SheetRow::default();
                row.begin(number);
                (0..).zip(cells).for_each(|(column, text)| row.push(column, Cell::Text(text)));
                row
            })
            .collect();
        let mut head = heads(&rows, &|_| true).remove(0);
        divide_names(&mut head, &rows);
        head.columns.into_iter().map(|column| (column.column, column.keys)).collect()
    }

    #[test]
    fn single_words_behind_a_name_are_its_end() {
        let keys = |text: &str| vec![key(text)];
        let whole = [(0, keys("Mã HS")), (1, keys("Họ và tên")), (3, keys("Lớp"))];
        let parts = [(0, keys("Mã HS")), (1, keys("Họ đệm")), (2, keys("Tên")), (3, keys("Lớp"))];
        assert_eq!(divided(["Bảo", "Chi", "Hà"]), parts);
        assert_eq!(divided(["Bảo", "", "Hà"]), parts);
        for other in
            [["", "", ""], ["Nữ", "Nam", "Nữ"], ["x", "", "x"], ["chuyển đến từ xã bên", "", ""], ["12/3", "Chi", "Hà"]]
        {
            assert_eq!(divided(other), whole, "{other:?}");
        }
    }
}
