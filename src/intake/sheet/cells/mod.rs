//! A cell → the JSON of a member, by what it shows.

pub mod cell; // a cell → the JSON of a member
pub(in crate::intake::sheet) mod cell_number; // numbers and days in cells
pub mod comment_subject; // levels in columns of marks
pub(in crate::intake::sheet) mod companion; // names beside records
pub mod day_order; // day or month first: judged by the column
pub(in crate::intake::sheet) mod lookup; // codes by their names
pub(in crate::intake::sheet) mod naming; // places and schools by their names
pub mod number; // numbers as sheets hold them
