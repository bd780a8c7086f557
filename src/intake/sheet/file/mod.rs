//! The bytes of a sheet file → rows of cells.

pub(in crate::intake::sheet) mod biff; // records of .xls
pub(crate) mod compound; // the container of .xls
pub mod date; // dates as sheets hold them
pub mod decode; // bytes as sent → UTF-8
pub mod delimited; // CSV → rows
pub(in crate::intake::sheet) mod escape; // characters that XML cannot hold
pub mod format; // what the format of a cell shows
pub(in crate::intake::sheet) mod legacy_outline; // where the cells of .xls stand
pub(in crate::intake::sheet) mod legacy_workbook; // .xls → rows
pub(in crate::intake::sheet) mod metered; // a file of which no more is read than may be
pub(in crate::intake::sheet) mod package; // the parts of a workbook
pub mod row; // rows and cells
pub mod source; // workbooks, whatever their form
pub mod workbook; // XLSX → rows
pub(in crate::intake::sheet) mod worded_format; // formats with words among the digits
