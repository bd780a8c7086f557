//! Reading, from outside, for every resource: single records, filters, order, pages, whole results, masks and grants.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod filters;
mod fixture;
mod indexes;
mod pages;
mod sight;
mod single;
mod streams;
