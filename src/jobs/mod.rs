//! What runs by itself, beside the requests: the threads that take submissions, housekeeping.

pub mod housekeeping; // what is removed in time
pub mod queue; // the threads that take submissions
