//! Reading, from outside, for every resource: single records, filters, order, pages, whole results, masks and grants.

mod filters;
mod fixture;
mod indexes;
mod pages;
mod sight;
mod single;
mod streams;
