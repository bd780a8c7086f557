//! Whole-school checks, from outside: every rule opens a finding, which closes by itself when the data are mended; who
//! sees them; and what survives.

mod fixture;
mod indexes;
mod lasting;
mod parents;
mod reading;
mod results;
mod rules;
mod sample;
