//! Sheets from outside: CSV and workbooks give what NDJSON gives, and what a spreadsheet does to data is handled or
//! named.

mod annotated;
mod class_form;
mod classes;
mod equal;
pub mod fixture;
mod foot;
mod forms;
mod fuzz;
mod layout_routes;
mod layouts;
mod legacy;
mod legacy_file;
mod names;
mod oddities;
mod offline;
mod partial;
mod shown;
mod templates;
mod terms;
