//! Sheets: the rows of CSV files and workbooks become the very records that NDJSON would bring, so that one path serves
//! every write. Knows no resource by name: members, headings and the forms of values follow from the `Spec`.

pub mod annotate; // a workbook given back with what is to be mended
mod biff; // records of .xls
pub mod cell; // a cell → the JSON of a member
mod cell_number; // numbers and days in cells
pub mod columns; // which column fills which member
pub(crate) mod compound; // the container of .xls
pub mod convert; // rows → records
pub mod date; // dates as sheets hold them
pub mod day_order; // day or month first: judged by the column
pub mod decode; // bytes as sent → UTF-8
pub mod delimited; // CSV → rows
mod escape; // characters that XML cannot hold
pub mod format; // what the format of a cell shows
pub mod heading; // the names of members in sheets
mod legacy_outline; // where the cells of .xls stand
mod legacy_workbook; // .xls → rows
pub mod locate; // where the headings stand, and what the lines above them say
mod lookup; // codes by their names
mod metered; // a file of which no more is read than may be
pub mod number; // numbers as sheets hold them
mod package; // the parts of a workbook
pub mod plan; // which sheet of a workbook holds what
pub mod record; // a row → a record
pub mod comment_subject; // levels in columns of marks
pub mod template; // the workbook to fill in
pub mod source; // workbooks, whatever their form
pub mod row; // rows and cells
pub mod workbook; // XLSX → rows
