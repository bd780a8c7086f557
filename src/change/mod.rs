//! The change log: what each transaction changed, in an order that readers can follow. Who writes here knows nobody who reads.

pub mod block; // the blocks of a batch, as they are written
pub mod keys; // which records a block changed
pub mod log; // reading blocks, and how far each reader has come
