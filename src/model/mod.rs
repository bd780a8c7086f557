//! The records of the sector: one file a resource, and the rules that judge them.

pub mod decimal; // decimals as whole units of their last place
pub mod excerpt; // foreign text in messages and cells
pub mod field;
pub mod issue;
pub mod lists;
pub mod messages;
pub mod moment;
pub mod record_key; // keys as one text
#[macro_use]
pub mod resource;
pub mod rules;
pub mod schema;
pub mod spec;
pub mod value;
pub mod wording; // a rule's texts, for programs and for people with a sheet

pub mod academic_records;
pub mod campuses;
pub mod classes;
pub mod diplomas;
pub mod enrollments;
pub mod facility_returns;
pub mod schools;
pub mod staff;
pub mod students;
pub mod subject_results;
pub mod teaching_assignments;

use spec::Spec;
use std::sync::OnceLock;

/// Every resource. Adding one takes its file, its migration and its line here.
pub static ALL: &[&Spec] = &[
    &schools::SPEC,
    &campuses::SPEC,
    &staff::SPEC,
    &classes::SPEC,
    &students::SPEC,
    &enrollments::SPEC,
    &teaching_assignments::SPEC,
    &subject_results::SPEC,
    &academic_records::SPEC,
    &facility_returns::SPEC,
    &diplomas::SPEC,
];

static EXTENDED: OnceLock<Vec<&'static Spec>> = OnceLock::new();

/// Every resource, those added by [`extend`] included.
pub fn all() -> &'static [&'static Spec] {
    EXTENDED.get_or_init(|| ALL.to_vec())
}

/// Adds resources to [`ALL`] for a program of one's own; to be called before anything else. `false`: too late.
pub fn extend(more: &[&'static Spec]) -> bool {
    EXTENDED.set(ALL.iter().chain(more).copied().collect()).is_ok()
}

/// The resource of this name.
pub fn find(name: &str) -> Option<&'static Spec> {
    all().iter().find(|spec| spec.name == name).copied()
}
