//! School Gateway: takes the records of schools over HTTP, judges them by the sector's rules, keeps them in PostgreSQL
//! and serves them.
//!
//! The floors, top down; each uses only those below it (kept by `tests/it/floors.rs`).

pub mod cli; // entry points: command line
pub mod http; // entry points: routes, problems, health, metrics
pub mod jobs; // what runs by itself: workers, housekeeping
pub mod submission; // many records in one request, and single writes: from the body to the report
pub mod checks; // whole-school checks and their findings
pub mod query; // reading: filters, pages, whole results
pub mod merge; // checked rows → the database
pub mod change; // the change log: what each transaction changed, and its readers
pub mod intake; // bytes → checked rows, without a database; knows no resource by name
pub mod access; // clients, grants, tokens, limits, audit
pub mod store; // the database: private PostgreSQL, pools, statements, a resource's table
pub mod config; // every setting once
pub mod error; // every problem a request can meet
pub mod sample; // invented schools, for the demonstration and for trying software
pub mod model; // the records of the sector, their rules and code lists
pub mod metrics; // what is counted
pub mod panics; // where panics end
pub mod clock; // what time it is
