//! The schools whose records a submission brought: written down with the step that brought the first.

use crate::store::pg::statement::{Argument, Statement};
use diesel::prelude::*;
use std::collections::HashSet;
use uuid::Uuid;

/// The schools of a submission.
#[derive(Clone, Default)]
pub(crate) struct Schools {
    saved: HashSet<String>,
    new: HashSet<String>,
}

impl Schools {
    /// A record of this school came.
    pub(crate) fn note(&mut self, school: &str) {
        if !self.saved.contains(school) && !self.new.contains(school) {
            self.new.insert(school.to_owned());
        }
    }

    /// Writes down those that are new.
    pub(crate) fn save(&mut self, connection: &mut PgConnection, submission: Uuid) -> QueryResult<()> {
        if self.new.is_empty() {
            return Ok(());
        }
        let sql = "INSERT INTO submission_schools (submission_id, school_code) SELECT $1, s FROM unnest($2::text[]) s ON CONFLICT DO NOTHING";
        let schools = self.new.iter().map(|school| school.as_str().into()).collect();
        Statement::with(sql, vec![Argument::Uuid(submission), Argument::Texts(schools)]).run(connection)?;
        self.saved.extend(self.new.drain());
        Ok(())
    }

    /// The transaction in which some were written down did not stand.
    pub(crate) fn rolled_back(&mut self) {
        self.new.extend(self.saved.drain());
    }

    /// Takes in those of another lane.
    pub(crate) fn join(&mut self, other: Self) {
        self.saved.extend(other.saved);
        other.new.iter().for_each(|school| self.note(school));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(schools: &Schools) -> Vec<&str> {
        let mut new: Vec<&str> = schools.new.iter().map(String::as_str).collect();
        new.sort_unstable();
        new
    }

    #[test]
    fn a_school_is_new_once_until_it_is_rolled_back() {
        let mut schools = Schools { saved: ["a".to_owned()].into(), new: HashSet::new() };
        ["a", "b", "b"].iter().for_each(|school| schools.note(school));
        assert_eq!(new(&schools), ["b"]);
        schools.join(Schools { saved: ["c".to_owned()].into(), new: ["a".to_owned(), "d".to_owned()].into() });
        assert_eq!(new(&schools), ["b", "d"]);
        schools.note("c");
        assert_eq!(new(&schools), ["b", "d"]);
        schools.rolled_back();
        assert_eq!(new(&schools), ["a", "b", "c", "d"]);
    }
}
