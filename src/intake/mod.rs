//! Bytes → rows: records of JSON and of sheets, read, normalised and checked by themselves. No database here.

pub mod chunk; // a chunk of a body: frames, compressed
pub mod encoding; // how a body is compressed
pub mod envelope; // a record in a chunk
pub mod gate; // bytes → a record that is checked by itself
pub mod json; // records as JSON: cut out of a body, read by the fields of their resource
pub mod named_members; // members for which a sheet has columns
pub mod notes; // what was said of a row while its record was made
pub mod record; // a record on its way in
pub mod sheet; // CSV files and workbooks → records
pub mod sniff; // what the bytes of a file are
