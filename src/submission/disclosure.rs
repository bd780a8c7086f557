//! What of an issue or a parked record may be seen by whom: one rule for every way out.
//!
//! Who may not see sensitive members sees of an issue at one what a record shows of the member: of a text that there is
//! one, of all else nothing, for that there is something to be said would tell. Who is concerned with some schools sees
//! what was said of their records, and of what other schools have only that it is not shown.

use crate::access::Area;
use crate::merge::locks::visible_schools;
use crate::model;
use crate::model::field::{Field, FieldType, Privacy};
use crate::model::issue::{Issue, Reader, of_school};
use crate::store::managed::managed_by_any_of;
use crate::store::pg::statement::{Argument, Statement, literal};
use crate::submission::issue_store::StoredIssue;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;
use uuid::Uuid;

/// Stands for what may not be seen.
const MASKED: &str = "***";

/// Who reads what was said of records.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// His language, and his right to sensitive members.
    pub reader: Reader,
    /// The schools he is concerned with.
    pub area: Area,
    /// Did he send the records himself? Then he knows them all.
    pub is_sender: bool,
}

impl Viewer {
    /// Sees he all that was said?
    pub fn sees_all(&self) -> bool {
        self.reader.sensitive && self.sees_all_records()
    }

    fn sees_all_records(&self) -> bool {
        self.is_sender || self.area.all()
    }

    /// Adds the conditions under which he sees a row of `i`, an issue.
    pub fn push_issues<'a>(&'a self, mut statement: Statement<'a>) -> Statement<'a> {
        if !self.reader.sensitive {
            statement.push(hidden_members());
        }
        self.push_records(statement)
    }

    /// Adds the conditions under which he sees a row of `i` that is about a record: its school is his, or, where it is
    /// not known, all schools of the submission are.
    pub fn push_records<'a>(&'a self, statement: Statement<'a>) -> Statement<'a> {
        if self.sees_all_records() {
            return statement;
        }
        let statement = self.push_school(statement.sql(" AND ("), "i.school_code").sql(
            " OR i.school_code IS NULL AND NOT EXISTS (SELECT 1 FROM submission_schools x \
             WHERE x.submission_id = i.submission_id AND NOT (",
        );
        self.push_school(statement, "x.school_code").sql(")))")
    }

    /// Those of the submissions that brought records of schools with which he is not concerned: their totals count more
    /// than he sees.
    ///
    /// # Errors
    /// Those of the database.
    pub fn beyond(
        &self,
        connection: &mut PgConnection,
        submissions: impl Iterator<Item = Uuid>,
    ) -> QueryResult<HashSet<Uuid>> {
        let mut beyond = HashSet::new();
        if self.sees_all_records() {
            return Ok(beyond);
        }
        let statement =
            Statement::new("SELECT DISTINCT x.submission_id FROM submission_schools x WHERE x.submission_id = ANY(");
        let statement = statement.bind(Argument::Texts(submissions.map(|id| id.to_string().into()).collect()));
        let statement = self.push_school(statement.sql("::uuid[]) AND NOT ("), "x.school_code").sql(")");
        statement.each(connection, |cells| {
            beyond.extend(cells.uuid(0));
            Ok(())
        })?;
        Ok(beyond)
    }

    /// The schools whose records each of the submissions brought, as far as he is concerned with them; sorted.
    ///
    /// # Errors
    /// Those of the database.
    pub fn schools(
        &self,
        connection: &mut PgConnection,
        submissions: impl Iterator<Item = Uuid>,
    ) -> QueryResult<HashMap<Uuid, Vec<String>>> {
        let mut schools: HashMap<Uuid, Vec<String>> = HashMap::new();
        let statement = Statement::new(
            "SELECT x.submission_id, x.school_code FROM submission_schools x WHERE x.submission_id = ANY(",
        );
        let statement = statement.bind(Argument::Texts(submissions.map(|id| id.to_string().into()).collect()));
        let mut statement = statement.sql("::uuid[])");
        if !self.sees_all_records() {
            statement = self.push_school(statement.sql(" AND "), "x.school_code");
        }
        statement.sql(" ORDER BY x.school_code").each(connection, |cells| {
            if let (Some(id), Some(school)) = (cells.uuid(0), cells.text(1)) {
                schools.entry(id).or_default().push(school.to_owned());
            }
            Ok(())
        })?;
        Ok(schools)
    }

    fn push_school<'a>(&'a self, statement: Statement<'a>, column: &str) -> Statement<'a> {
        let texts =
            |texts: &'a BTreeSet<String>| Argument::Texts(texts.iter().map(|text| text.as_str().into()).collect());
        let statement = statement.sql(&format!("coalesce({column} = ANY(")).bind(texts(self.area.schools()));
        let statement = statement.sql(&format!(
            "::text[]) OR EXISTS (SELECT 1 FROM schools y WHERE y.school_code = {column} AND {}",
            managed_by_any_of("y")
        ));
        statement.bind(texts(self.area.communes())).sql("::text[])), false)")
    }

    /// Takes out of issues that he sees what he may not.
    ///
    /// # Errors
    /// Those of the database.
    pub fn disclose(&self, connection: &mut PgConnection, entries: &mut [StoredIssue]) -> QueryResult<()> {
        let named = entries.iter().flat_map(|entry| &entry.values).filter_map(|(_, value)| of_school(value));
        let schools: BTreeSet<&str> = named.map(|(school, ..)| school).collect();
        let known = match schools.is_empty() || self.area.all() {
            true => HashSet::new(),
            false => visible_schools(connection, schools, &self.area)?,
        };
        let sees = |school: &str| self.area.all() || known.contains(school);
        for entry in entries {
            let resource = entry.resource.as_deref();
            let is_masked = !self.reader.sensitive && is_sensitive(resource, &entry.pointer);
            entry.values.iter_mut().for_each(|(_, value)| shown(value, is_masked, &sees));
        }
        Ok(())
    }

    /// What he may see of issues of a record that he has just sent.
    pub fn disclosed(&self, issues: &[Issue]) -> Vec<Issue> {
        let sees = |school: &str| self.area.allows_school_by_grant(school);
        let mut issues = issues.to_vec();
        issues.iter_mut().flat_map(|issue| &mut issue.values).for_each(|(_, value)| shown(value, false, &sees));
        issues
    }
}

/// Changes a value to what is shown of it.
fn shown(value: &mut String, is_masked: bool, sees: &dyn Fn(&str) -> bool) {
    let told = of_school(value).map(|(school, told, phrase)| if sees(school) { told } else { phrase }.to_owned());
    if let Some(told) = told {
        *value = told;
    }
    // A phrase is none of the record's values.
    if is_masked && !value.starts_with('@') {
        *value = MASKED.to_owned();
    }
}

/// Is the member at the pointer, or what it stands in, a sensitive one?
fn is_sensitive(resource: Option<&str>, pointer: &str) -> bool {
    let mut fields = resource.and_then(model::find).map_or(&[][..], |spec| spec.fields);
    for part in pointer.split('/').skip(1) {
        let Some(field) = fields.iter().find(|field| field.json == part) else { continue };
        if field.privacy == Privacy::Sensitive {
            return true;
        }
        fields = inner(field);
    }
    false
}

fn inner(field: &Field) -> &'static [Field] {
    match field.kind {
        FieldType::Object(inner) => inner,
        FieldType::List(FieldType::Object(inner)) => inner,
        _ => &[],
    }
}

/// The condition that leaves out issues at sensitive members that are no texts.
fn hidden_members() -> &'static str {
    static CONDITION: OnceLock<String> = OnceLock::new();
    CONDITION.get_or_init(|| {
        let hidden: Vec<String> =
            hidden().map(|(of, member)| format!("({}, {})", literal(of), literal(member))).collect();
        format!(
            " AND (i.resource IS NULL OR (i.resource, split_part(i.pointer, '/', 2)) NOT IN ({}))",
            hidden.join(", ")
        )
    })
}

/// Sensitive members that are no texts, each with its resource.
fn hidden() -> impl Iterator<Item = (&'static str, &'static str)> {
    let hidden = |field: &&Field| field.privacy == Privacy::Sensitive && !matches!(field.kind, FieldType::Text { .. });
    model::all().iter().flat_map(move |spec| spec.fields.iter().filter(hidden).map(|field| (spec.name, field.json)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sensitive_members_within_others_are_texts() {
        // Else the condition on the first part of a pointer would not do.
        for spec in model::all() {
            for field in spec.fields.iter().flat_map(inner).filter(|field| field.privacy == Privacy::Sensitive) {
                assert!(matches!(field.kind, FieldType::Text { .. }), "{} {}", spec.name, field.json);
            }
        }
        assert!(
            hidden().any(|one| one == ("students", "disability")) && !hidden().any(|(_, name)| name == "citizenId")
        );
    }

    #[test]
    fn a_pointer_leads_to_its_member() {
        assert!(is_sensitive(Some("students"), "/contacts/0/citizenId") && is_sensitive(Some("staff"), "/citizenId"));
        assert!(!is_sensitive(Some("students"), "/contacts/0/fullName") && !is_sensitive(None, "/citizenId"));
        assert!(is_sensitive(Some("students"), "/policyGroups/2") && !is_sensitive(Some("students"), ""));
    }
}
