//! Sheets: the rows of CSV files and workbooks become the very records that NDJSON would bring, so that one path serves
//! every write. Knows no resource by name: members, headings and the forms of values follow from the `Spec`.

pub mod annotate; // a workbook given back with what is to be mended
pub mod around; // what is said around the rows: titles, names, parameters, the client's school, what is stored
pub mod cells; // a cell → the JSON of a member, by what it shows
pub mod file; // the bytes of a sheet file → rows of cells
pub mod headings; // the rows of headings → which column fills which member
pub mod layouts; // the forms that schools have, as data; templates and examples
pub mod records; // rows → records
