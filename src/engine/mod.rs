//! bytes → rows → check → merge → answer. Knows no resource by name: everything follows from its `Spec`.

pub mod alias; // provisional codes that gave way to official ones
pub mod batch; // a record on its way in, and what became of it
pub mod binary; // a value as bytes of PostgreSQL
pub mod codec; // a value as JSON, SQL text and hash
pub mod context; // parents and lookups of a batch, set-wise
pub mod decimal; // exact decimals
pub mod delete; // deletes of a batch
mod due; // reporting periods of a batch
pub mod form; // dates, school years, and how a faulty value is shown
mod found; // what a batch asks for, every key once
pub mod gate; // bytes → a record that is checked by itself
pub mod history; // how versions that hold no longer are kept
pub mod huge; // numbers beyond the largest
pub mod member; // names of members, and the nearest one
pub mod memory; // rows in memory, where there is no database
pub mod merge; // upserts of a batch
pub mod object; // members of objects
pub mod packed; // a value in few bytes
pub mod parse; // the reader
pub mod query; // reading: filters, pages, whole results
pub mod rename; // another code for a record, and all that names it
pub mod replace; // a whole set of a school's records
pub mod sheet; // CSV files and workbooks → records
pub mod scope; // the schools of a batch: locked, and in whose area
pub mod source; // where the rows come from that rules look at
pub mod state; // what a writer of a few records wants to know besides
pub mod stored; // what the database holds of a batch
pub mod table; // a resource's generated SQL
mod translate; // a client's own codes → the sector's
pub mod write; // new and changed rows into the table, replaced ones into history
pub mod workbook; // XLSX, row by row
