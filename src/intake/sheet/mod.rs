//! Sheets: the rows of CSV files and workbooks become the very records that NDJSON would bring, so that one path serves
//! every write. Knows no resource by name: members, headings and the forms of values follow from the `Spec`.

pub mod annotate; // a workbook given back with what is to be mended
mod biff; // records of .xls
pub mod cell; // a cell → the JSON of a member
mod cell_number; // numbers and days in cells
pub mod columns; // which column fills which member
mod companion; // names beside records
pub(crate) mod compound; // the container of .xls
pub mod context; // what is known from outside the sheet
pub mod convert; // rows → records
pub mod date; // dates as sheets hold them
pub mod day_order; // day or month first: judged by the column
pub mod decode; // bytes as sent → UTF-8
pub mod delimited; // CSV → rows
pub mod derive; // members that no single cell holds
pub mod enrolled; // a student's time in a class, by its state and by what is stored
mod escape; // characters that XML cannot hold
pub mod example; // the workbook that shows a layout
mod fill; // members that no column fills
mod foot; // rows that are no records
pub mod format; // what the format of a cell shows
pub mod head; // the rows of headings
pub mod heading; // the names of members in sheets
pub mod layout; // the forms that schools have, as data
mod leaf; // what columns may hold
mod legacy_outline; // where the cells of .xls stand
mod legacy_workbook; // .xls → rows
pub mod locate; // what labels above the headings say
mod lookup; // codes by their names
pub mod meaning; // what the headings over a column mean together
mod metered; // a file of which no more is read than may be
mod naming; // places and schools by their names
pub mod near; // a sheet that nearly is of a layout
mod node; // how a record is put together
pub mod number; // numbers as sheets hold them
mod package; // the parts of a workbook
mod parts; // the records that a row makes
pub mod plan; // which sheet of a workbook holds what
pub mod reading; // the layout that fits a sheet best
pub mod record; // a row → a record
pub mod comment_subject; // levels in columns of marks
pub mod template; // the workbook to fill in
pub mod source; // workbooks, whatever their form
pub mod said; // what titles and names of sheets and files say
mod spread; // a heading over several columns
pub mod row; // rows and cells
pub mod words; // the table of what people write
pub mod workbook; // XLSX → rows
