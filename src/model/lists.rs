//! Code lists, administrative units and rule parameters, as one immutable snapshot that a submission is judged by.

/// The snapshot.
#[derive(Debug, Default)]
pub struct Lists {}
