//! What stands beside a record for people: the name of the person whom it is about.

use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::headings::heading::key;

/// Headings of names: whole ones, and the two parts of divided ones.
const WHOLE_NAMES: [&str; 6] =
    ["ho va ten", "ho ten", "ho va ten hoc sinh", "ho ten hoc sinh", "ten hoc sinh", "full name"];
const FIRST_PARTS: [&str; 4] = ["ho dem", "ho va dem", "ho va ten dem", "ho va chu dem"];

pub(crate) fn name_columns(columns: &Columns) -> Vec<u32> {
    let under = |names: &[&str]| -> Vec<u32> {
        let is_one = |heading: &str| names.contains(&key(heading).as_str());
        columns.beside.iter().filter(|(_, heading)| is_one(heading)).map(|(column, _)| *column).collect()
    };
    let (whole, first, last) = (under(&WHOLE_NAMES), under(&FIRST_PARTS), under(&["ten"]));
    match (whole.as_slice(), first.first().zip(last.first())) {
        // One heading stands over both parts.
        ([first, last, ..], _) if *last == first + 1 => vec![*first, *last],
        ([whole, ..], _) => vec![*whole],
        ([], Some((first, last))) => vec![*first, *last],
        ([], None) => Vec::new(),
    }
}

/// The name of the person whom a row is about, of the columns that hold it.
pub(crate) fn name_of(columns: &[u32], beside: &[(u32, String)]) -> Option<String> {
    let part = |column: &u32| beside.iter().find(|(at, _)| at == column).map(|(_, text)| text.as_str());
    let parts: Vec<&str> = columns.iter().map(part).collect::<Option<_>>()?;
    (!parts.is_empty()).then(|| parts.join(" "))
}
