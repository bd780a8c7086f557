//! Records as JSON: cut out of a body, read by the fields of their resource.

pub mod crosswalk; // a client's own codes → the sector's
pub mod field_names; // names of members, and the nearest one
pub mod number_range; // numbers beyond the largest
pub mod object; // members of objects
pub mod parse; // the reader
pub mod split; // bytes → records
pub mod value_format; // dates, school years, and how a faulty value is shown
