//! What a check is, and which there are.

use crate::checks::definitions::CHECKS;
use crate::checks::sets::Set;
use crate::model::issue::Rule;
use diesel::result::{Error, QueryResult};
use std::sync::LazyLock;

/// A whole-school check: what no single record shows. It is a rule of the catalogue, and one query that yields its
/// findings for many schools at once.
#[derive(Debug)]
pub struct Check {
    /// What it finds.
    pub rule: &'static Rule,
    /// The resource that its findings point at.
    pub resource: &'static str,
    /// Does it judge a school year? Others are judged once a school.
    pub yearly: bool,
    /// Resources whose records it looks at, `resource` among them.
    pub reads: &'static [&'static str],
    /// Limits: their name in the query, and in the list `rule-parameters`. Not judged in years for which one is not
    /// set.
    pub limits: &'static [(&'static str, &'static str)],
    /// Code lists that the query looks at.
    pub sets: &'static [&'static Set],
    /// May the sector dismiss a finding of it?
    pub decidable: bool,
    /// The query of its file in `sql/`, or what is wrong with the file.
    pub(super) sql: LazyLock<Result<String, String>>,
}

impl Check {
    /// Its query.
    ///
    /// # Errors
    /// The file names a fragment that there is not.
    pub fn query(&self) -> QueryResult<&str> {
        let fault = |fault: &String| Error::QueryBuilderError(format!("{}: {fault}", self.rule.code).into());
        self.sql.as_deref().map_err(fault)
    }
}

/// Every check.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter()
}

/// The check of this rule.
pub fn find(code: &str) -> Option<&'static Check> {
    checks().find(|check| check.rule.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::model::lists::Lists;
    use std::collections::BTreeSet;

    #[test]
    fn a_check_names_what_there_is() {
        let lists = Lists::embedded();
        let mut codes = BTreeSet::new();
        for check in checks() {
            let code = check.rule.code;
            assert!(codes.insert(code), "{code} stands twice");
            assert!(check.rule.resources.contains(&check.resource), "{code} points at {}", check.resource);
            let known = check.reads.iter().all(|name| model::find(name).is_some());
            assert!(known && check.reads.contains(&check.resource), "{code} reads {:?}", check.reads);
            for (_, name) in check.limits {
                assert!(lists.parameter(name, "2025-2026").is_some(), "{code}: no parameter {name}");
            }
            for set in check.sets {
                let rows = (set.rows)(&lists);
                assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == set.columns.len()), "{}", set.name);
            }
        }
        assert!(find("CL-003").is_some() && find("ID-004").is_none());
    }

    #[test]
    fn a_check_has_the_query_of_its_own_file_and_all_of_it() {
        for check in checks() {
            let file = format!("{}/src/checks/sql/{}.sql", env!("CARGO_MANIFEST_DIR"), check.rule.code);
            let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_eq!(check.query().unwrap(), crate::checks::fragments::expand(&text).unwrap(), "{file}");
        }
        let files = std::fs::read_dir(format!("{}/src/checks/sql", env!("CARGO_MANIFEST_DIR"))).unwrap().flatten();
        let queries = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "sql"));
        assert_eq!(queries.count(), checks().count(), "a file in src/checks/sql that no check has");
    }
}
