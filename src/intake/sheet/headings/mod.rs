//! The rows of headings → which column fills which member.

pub mod columns; // which column fills which member
pub(in crate::intake::sheet) mod divided_name; // a heading of names over two columns
pub mod head; // the rows of headings
pub mod heading; // the names of members in sheets
pub(in crate::intake) mod leaf; // what columns may hold
pub mod meaning; // what the headings over a column mean together
pub(in crate::intake::sheet) mod node; // how a record is put together
pub(in crate::intake::sheet) mod spread; // a heading over several columns
pub mod words; // the table of what people write
