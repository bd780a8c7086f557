//! The area of a client: every school, or certain schools and communes.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::lists::SameCommunes;
use crate::model::messages::{Message, message};
use std::collections::BTreeSet;

/// Which schools' records a client is concerned with. A commune stands for the schools that it manages as they are
/// *stored*; for a school that is not stored yet, what is sent of it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Area {
    all: bool,
    schools: BTreeSet<String>,
    granted_communes: BTreeSet<String>,
    /// The communes granted, those of today into which they went, and those that went into them.
    communes: BTreeSet<String>,
}

impl Area {
    /// Every school.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Certain schools and communes.
    ///
    /// # Errors
    /// A 400 that names the code that is none.
    pub fn of(
        all: bool,
        schools: impl IntoIterator<Item = String>,
        communes: impl IntoIterator<Item = String>,
    ) -> Result<Self> {
        let schools = schools.into_iter().map(|code| digits(code, 8, message("school"))).collect::<Result<_>>()?;
        let communes: BTreeSet<String> =
            communes.into_iter().map(|code| digits(code, 5, message("commune"))).collect::<Result<_>>()?;
        Ok(Self { all, schools, granted_communes: communes.clone(), communes })
    }

    /// Adds one stored grant.
    pub(super) fn grant(&mut self, kind: &str, code: String) {
        match kind {
            "school" => drop(self.schools.insert(code)),
            "commune" => {
                self.communes.insert(code.clone());
                self.granted_communes.insert(code);
            }
            _ => self.all = true,
        }
    }

    /// Covers what the communes are called at other times: before 1 July 2025 they had other codes.
    pub(super) fn resolve(&mut self, communes: &SameCommunes) {
        self.communes = self.granted_communes.iter().flat_map(|code| communes.of(code)).collect();
    }

    /// Is every school in it?
    pub fn all(&self) -> bool {
        self.all
    }
    /// Schools granted by their code.
    pub fn schools(&self) -> &BTreeSet<String> {
        &self.schools
    }
    /// Communes granted by their code.
    pub fn granted_communes(&self) -> &BTreeSet<String> {
        &self.granted_communes
    }
    /// All codes of the communes granted, those of other times with them.
    pub fn communes(&self) -> &BTreeSet<String> {
        &self.communes
    }
    /// Is nothing in it?
    pub fn is_empty(&self) -> bool {
        !self.all && self.schools.is_empty() && self.granted_communes.is_empty()
    }
    /// Is the school in it whatever its commune?
    pub fn allows_school_by_grant(&self, school: &str) -> bool {
        self.all || self.schools.contains(school)
    }
    /// Is the school in it, this commune managing it (as stored; for a new school as sent)?
    pub fn allows(&self, school: &str, commune: Option<&str>) -> bool {
        self.allows_school_by_grant(school) || commune.is_some_and(|commune| self.communes.contains(commune))
    }

    /// The grants as `(kind, code)`, as they are stored.
    pub(super) fn grants(&self) -> Vec<(&'static str, &str)> {
        let schools = self.schools.iter().map(|code| ("school", code.as_str()));
        let communes = self.granted_communes.iter().map(|code| ("commune", code.as_str()));
        self.all.then_some(("all", "")).into_iter().chain(schools).chain(communes).collect()
    }
}

fn digits(code: String, length: usize, what: Message) -> Result<String> {
    if code.len() == length && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(code);
    }
    let shown: String = code.chars().take(20).flat_map(char::escape_debug).collect();
    Err(Error::new(
        BAD_REQUEST,
        message("area-code-malformed").with("what", what).with("length", length).with("value", shown),
    ))
}

#[cfg(test)]
mod tests {
    use super::Area;

    #[test]
    fn codes_are_checked() {
        assert!(Area::of(false, ["1234567".to_owned()], []).unwrap_err().to_string().contains("8 digits"));
        assert!(Area::of(false, [], ["0001x".to_owned()]).unwrap_err().to_string().contains("5 digits"));
    }

    #[test]
    fn a_school_is_in_by_its_code_or_its_commune() {
        let area = Area::of(false, ["01000101".to_owned()], ["00004".to_owned()]).unwrap();
        assert!(area.allows("01000101", None) && area.allows("01000102", Some("00004")));
        assert!(!area.allows("01000102", None) && !area.allows("01000102", Some("00005")));
        assert!(Area::everything().allows("01000102", None) && !Area::default().allows("01000102", Some("00004")));
    }
}
