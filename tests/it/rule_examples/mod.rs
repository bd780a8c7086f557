//! Every rule has an example that breaks it alone and one that keeps it (`src/model/rules/examples/`); here each is
//! sent to a gateway as it stands in the documentation.

mod disclosure;
mod findings;
mod neighbour;
mod records;
mod school;
mod sending;
mod stored;
mod verdict;
pub mod words;
mod workbook;
