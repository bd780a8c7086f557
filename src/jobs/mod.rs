//! What runs by itself, beside the requests: the threads that take submissions, housekeeping.

pub mod housekeeping; // what is removed in time
pub mod queue; // the threads that take submissions
pub mod watchers; // who watches submissions come along
