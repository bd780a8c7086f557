//! The records of the sector: one file a resource, and the rules that judge them.

pub mod field;
pub mod issue;
pub mod lists;
#[macro_use]
pub mod resource;
pub mod rules;
pub mod spec;
pub mod value;

pub mod classes;
pub mod schools;
pub mod students;
pub mod subject_results;

use spec::Spec;

/// Every resource. Adding one takes its file, its migration and its line here.
pub static ALL: &[&Spec] = &[&schools::SPEC, &classes::SPEC, &students::SPEC, &subject_results::SPEC];

/// The resource of this name.
pub fn find(name: &str) -> Option<&'static Spec> {
    ALL.iter().find(|spec| spec.name == name).copied()
}
