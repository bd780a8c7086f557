//! Sheets: the rows of CSV files and workbooks become the very records that NDJSON would bring, so that one path serves
//! every write. Knows no resource by name: members, headings and the forms of values follow from the `Spec`.

pub mod cell; // a cell → the JSON of a member
pub mod columns; // which column fills which member
pub mod convert; // rows → records
pub mod date; // dates as sheets hold them
pub mod decode; // bytes as sent → UTF-8
pub mod delimited; // CSV → rows
pub mod heading; // the names of members in sheets
pub mod locate; // where the headings stand, and what the lines above them say
mod lookup; // codes by their names
mod metered; // a file of which no more is read than may be
pub mod number; // numbers as sheets hold them
mod package; // the parts of a workbook
pub mod plan; // which sheet of a workbook holds what
pub mod record; // a row → a record
pub mod comment_subject; // levels in columns of marks
pub mod template; // the workbook to fill in
pub mod row; // rows and cells
pub mod workbook; // XLSX → rows
