//! School Gateway: takes the records of schools over HTTP, judges them by the sector's rules, keeps them in PostgreSQL and serves them.
//!
//! The floors, top down; each uses only those below it (kept by `tests/floors.rs`).

pub mod cli; // the doors: command line
pub mod http; // the doors: routes, problems, health, metrics
pub mod work; // what runs by itself: submissions, parked records, single writes
pub mod engine; // bytes → rows → check → merge → answer; knows no resource by name
pub mod access; // clients, grants, tokens, limits, audit
pub mod store; // the database: private PostgreSQL, pool, generated statements
pub mod config; // every setting once
pub mod error; // every problem a request can meet
pub mod sample; // invented schools, for the demonstration and for trying software
pub mod model; // the records of the sector, their rules and code lists
pub mod metrics; // what is counted
