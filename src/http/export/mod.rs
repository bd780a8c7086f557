//! Whole results on their way out, and the workbooks among them.

pub mod annotated_workbook; // a sheet given back with its issues
pub mod issues; // all issues of a submission
pub mod records; // whole results of records
pub mod workbook; // XLSX, row by row
