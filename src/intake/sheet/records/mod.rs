//! Rows → records.

pub mod convert; // rows → records
pub(in crate::intake::sheet) mod foot; // rows that are no records
pub mod of_sheet; // what is said of a whole sheet
pub(in crate::intake::sheet) mod parts; // the records that a row makes
pub mod plan; // which sheet of a workbook holds what
pub mod reading; // the layout that fits a sheet best
pub mod record; // a row → a record
