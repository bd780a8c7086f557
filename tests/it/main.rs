//! The tests from outside, in one program: one PostgreSQL for all of them (`common/database.rs`), a database for each,
//! the real gateway on a free port.
//!
//! `cargo test --test it` runs all, `cargo test --test it sheets::` those of one module.
//!
//! `SCHOOL_GATEWAY_TEST_DATABASE_URL` names a server to use instead (`postgresql://user@127.0.0.1:5432/postgres`, a role
//! that may make databases and take some hundreds of connections): each test has a database of its own there, dropped at
//! its end. `SCHOOL_GATEWAY_TEST_DATABASE_SETUP` is a command for the shell that is run with `create URL` for each of
//! these databases when it is new and empty, and with `drop URL` before it goes: whatever makes it a coordinator of a
//! distributed one. Tests that start, stop or kill a PostgreSQL themselves say that they are skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines)]

mod access;
mod bodies;
mod bombs;
mod bounds;
mod catalogue;
mod change_log;
#[cfg(debug_assertions)] // A release build has no clock that can be set.
mod clock;
mod common;
mod concurrency;
mod conformance;
mod console;
mod consumers;
mod crosswalks;
mod database_failures;
mod demo;
mod disclosure;
mod docs;
mod events;
mod dry_runs;
mod examples;
mod failover;
mod fairness;
mod findings;
mod floors;
mod foreign;
mod guide;
mod hostile;
mod housekeeping;
mod identify;
mod interrupted;
mod kills;
mod letters;
mod likeness;
mod lookups;
mod mergers;
mod old_schema;
mod openapi;
mod operations;
mod operators;
mod ownership;
mod panics;
mod parked;
mod patience;
mod planted;
mod planted_years;
mod pooler;
mod pools;
mod private_database;
mod protocol;
mod program;
mod push;
mod reach;
mod reading;
mod reference;
mod replacements;
mod reporting_periods;
mod reports;
mod rule_examples;
mod rule_parameters;
mod sample;
mod schema;
mod schemas;
mod school_locks;
mod sheets;
mod slow_clients;
mod sound_lives;
mod submissions;
mod tables;
mod tenants;
mod validate;
mod vietnamese;
mod writing;
