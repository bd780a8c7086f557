//! What is known of a sheet from outside it: parameters of the request, the client's one school, what is stored.

use crate::intake::sheet::layouts::layout::Layout;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::rc::Rc;

/// What the parameters of a request say for every row, where neither a column nor a title does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Given {
    /// Code of the school.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_code: Option<String>,
    /// `2025-2026`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_year: Option<String>,
    /// `GK1`, `CK1`, `GK2`, `CK2`, `CN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Code of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    /// Code of the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_code: Option<String>,
    /// Name of the file: subject and term are often said there only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
}

impl Given {
    /// Is nothing given?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A stored school.
#[derive(Debug, Clone)]
pub struct SchoolFact {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Code of its commune; empty: not known.
    pub commune: String,
    /// Its level, of the list `school-levels`.
    pub level: String,
}

/// A stored class.
#[derive(Debug, Clone)]
pub struct ClassFact {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its school year.
    pub year: String,
    /// Its grade.
    pub grade: String,
}

/// A stored member of the staff.
#[derive(Debug, Clone)]
pub struct StaffFact {
    /// Its code.
    pub code: String,
    /// Its full name.
    pub name: String,
}

/// A student's stored time in a class.
#[derive(Debug, Clone)]
pub struct EnrollmentFact {
    /// The school year.
    pub year: String,
    /// The class.
    pub class: String,
    /// The first day, `YYYY-MM-DD`.
    pub entry_date: String,
    /// How it began.
    pub entry_type: String,
}

/// What is stored, as far as sheets leave it unsaid. Each is read when it is first asked for.
pub trait SheetFacts {
    /// All schools.
    fn schools(&self) -> Rc<Vec<SchoolFact>>;
    /// The classes of a school, of all years.
    fn classes_of(&self, school: &str) -> Rc<Vec<ClassFact>>;
    /// The staff of a school, where the client acts for it.
    fn staff_of(&self, school: &str) -> Rc<Vec<StaffFact>>;
    /// The enrollments at a school, by student.
    fn times_of_students(&self, school: &str) -> Rc<HashMap<String, Vec<EnrollmentFact>>>;
}

/// Nothing is stored: files are checked without a gateway.
pub struct NoFacts;

impl SheetFacts for NoFacts {
    fn schools(&self) -> Rc<Vec<SchoolFact>> {
        Rc::default()
    }
    fn classes_of(&self, _: &str) -> Rc<Vec<ClassFact>> {
        Rc::default()
    }
    fn staff_of(&self, _: &str) -> Rc<Vec<StaffFact>> {
        Rc::default()
    }
    fn times_of_students(&self, _: &str) -> Rc<HashMap<String, Vec<EnrollmentFact>>> {
        Rc::default()
    }
}

/// What is known of sheets from outside them.
#[derive(Clone, Copy)]
pub struct SheetContext<'c> {
    /// The parameters.
    pub given: &'c Given,
    /// The one school that the client acts for; `None`: it has several, or all.
    pub school: Option<&'c str>,
    /// What is stored.
    pub facts: &'c dyn SheetFacts,
    /// The layouts that are known besides those of the program.
    pub layouts: &'c [Layout],
}

impl SheetContext<'_> {
    /// The school that is given, or the client's one.
    pub fn school(&self) -> Option<&str> {
        self.given.school_code.as_deref().or(self.school)
    }
    /// The stored class of the school that is called so, in one spelling or another; its year may be known.
    pub fn classes_called(&self, class: &str, year: Option<&str>) -> Vec<ClassFact> {
        let Some(school) = self.school() else { return Vec::new() };
        let same = |text: &str| crate::intake::sheet::headings::heading::key(text);
        let wanted = same(class);
        let known = self.facts.classes_of(school);
        let is_meant = |found: &&ClassFact| year.is_none_or(|year| year == found.year) && same(&found.code) == wanted;
        known.iter().filter(is_meant).cloned().collect()
    }
}
