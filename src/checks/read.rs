//! What stands open or was closed, for readers, and what the sector decides of it.

use crate::model::issue::{Reader, Rule, Severity, of_school};
use crate::model::rules::catalogue;
use crate::model::wording::{IssuePlace, Wording, fill};
use crate::store::managed::managed_by_any_of;
use crate::store::pg::statement::{Argument, Cells, Statement};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

/// A finding as stored.
#[derive(Debug)]
pub struct Finding {
    /// Its id.
    pub id: Uuid,
    /// The school.
    pub school: String,
    /// The school year judged, if any.
    pub school_year: Option<String>,
    /// The rule.
    pub rule: &'static Rule,
    /// Severity.
    pub severity: Severity,
    /// The resource at fault.
    pub resource: String,
    /// The record, or the members that name its class and subject.
    pub key: serde_json::Value,
    /// JSON pointer relative to `data`.
    pub pointer: String,
    /// When it appeared.
    pub opened_at: DateTime<Utc>,
    /// When it was opened, changed, decided or closed last.
    pub changed_at: DateTime<Utc>,
    /// When it was mended or dismissed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What the sector decided.
    pub decision: Option<Decision>,
    /// Is the reader concerned with every school whose records take part? Else nothing is told of the others'.
    pub is_whole: bool,
    values: Vec<(String, String)>,
}

/// What the sector decided of a likely duplicate.
#[derive(Debug, Clone)]
pub struct Decision {
    /// `distinct` (dismissed) or `duplicate`.
    pub decision: String,
    /// Why.
    pub note: Option<String>,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By which client.
    pub decided_by: Uuid,
}

/// Are two records alike of one person?
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// They are two people: the finding is dismissed and does not come back.
    Distinct,
    /// One person: the finding stays open until the data are mended.
    Duplicate,
}

impl Verdict {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Distinct => "distinct",
            Verdict::Duplicate => "duplicate",
        }
    }
}

const COLUMNS: &str = "f.id, f.school_code, nullif(f.school_year, ''), f.code, f.severity::bigint, f.resource, f.key::text, f.pointer, f.opened_at, f.changed_at, \
     f.closed_at, f.decision, f.note, f.decided_at, f.decided_by, f.\"values\"::text";

fn read(cells: &Cells) -> Option<Finding> {
    let text = |at| cells.text(at).map(str::to_owned);
    let decision = |word: String| {
        Some(Decision { decision: word, note: text(12), decided_at: cells.instant(13)?, decided_by: cells.uuid(14)? })
    };
    let values: HashMap<String, String> = serde_json::from_str(cells.text(15)?).unwrap_or_default();
    Some(Finding {
        id: cells.uuid(0)?,
        school: text(1)?,
        school_year: text(2),
        rule: catalogue::find(cells.text(3)?)?,
        severity: [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .find(|one| Some(*one as i64) == cells.integer(4))?,
        resource: text(5)?,
        key: serde_json::from_str(cells.text(6)?).ok()?,
        pointer: text(7)?,
        opened_at: cells.instant(8)?,
        changed_at: cells.instant(9)?,
        closed_at: cells.instant(10),
        decision: text(11).and_then(decision),
        is_whole: cells.boolean(16)?,
        values: values.into_iter().collect(),
    })
}

impl Finding {
    fn text(&self, wording: &Wording, reader: Reader) -> String {
        let shown = |value: &str| match of_school(value) {
            Some((_, told, phrase)) => if self.is_whole { told } else { phrase }.to_owned(),
            None => value.to_owned(),
        };
        let values: Vec<(&str, String)> =
            self.values.iter().map(|(name, value)| (name.as_str(), shown(value))).collect();
        let place = IssuePlace { resource: Some(&self.resource), pointer: &self.pointer, ..IssuePlace::default() };
        fill(wording, &values, reader, &place)
    }
    /// The message.
    pub fn message(&self, reader: Reader) -> String {
        self.text(&self.rule.message, reader)
    }
    /// What to do.
    pub fn hint(&self, reader: Reader) -> String {
        self.text(&self.rule.hint, reader)
    }
    /// Its place in the order of lists.
    pub fn place(&self) -> FindingPosition {
        (self.opened_at, self.id)
    }
}

/// A place in the order of lists: newest first.
pub type FindingPosition = (DateTime<Utc>, Uuid);

/// Which findings a list shows.
#[derive(Debug, Default, Clone)]
pub struct FindingFilter {
    /// Of this school.
    pub school: Option<String>,
    /// Of this rule.
    pub code: Option<String>,
    /// Pointing at this resource.
    pub resource: Option<String>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Open ones (`true`), closed ones, or both.
    pub open: Option<bool>,
    /// Changed at or after.
    pub since: Option<DateTime<Utc>>,
    /// Of these schools or communes; `None`: all.
    pub area: Option<(Vec<String>, Vec<String>)>,
}

impl FindingFilter {
    /// Adds the conditions on `f`.
    fn push<'a>(&'a self, mut sql: Statement<'a>) -> Statement<'a> {
        for (column, value) in [("school_code", &self.school), ("code", &self.code), ("resource", &self.resource)] {
            if let Some(value) = value {
                sql = sql.sql(&format!(" AND f.{column} = ")).bind(Argument::Text(value.into()));
            }
        }
        if let Some(severity) = self.severity {
            sql = sql.sql(" AND f.severity = ").bind(Argument::Integer(severity as i64));
        }
        if let Some(open) = self.open {
            sql.push(if open { " AND f.closed_at IS NULL" } else { " AND f.closed_at IS NOT NULL" });
        }
        if let Some(since) = self.since {
            sql = sql.sql(" AND f.changed_at >= ").bind(Argument::Instant(since));
        }
        match &self.area {
            Some(area) => in_area(sql, area),
            None => sql,
        }
    }
}

/// `SELECT` of the columns, and whether the area holds all schools that take part.
fn select(area: Option<&(Vec<String>, Vec<String>)>) -> Statement<'_> {
    let Some((schools, communes)) = area else {
        return Statement::new(format!("SELECT {COLUMNS}, true FROM findings f"));
    };
    Statement::new(format!("SELECT {COLUMNS}, NOT EXISTS (SELECT 1 FROM unnest(f.others) o WHERE NOT o = ANY("))
        .bind(crate::checks::texts(schools))
        .sql("::text[]) AND NOT EXISTS (SELECT 1 FROM schools y WHERE y.school_code = o AND ")
        .sql(&managed_by_any_of("y"))
        .bind(crate::checks::texts(communes))
        .sql("::text[]))) FROM findings f")
}

fn in_area<'a>(sql: Statement<'a>, (schools, communes): &'a (Vec<String>, Vec<String>)) -> Statement<'a> {
    let sql = sql.sql(" AND (f.school_code = ANY(").bind(crate::checks::texts(schools)).sql("::text[])");
    if communes.is_empty() {
        return sql.sql(")");
    }
    sql.sql(" OR f.school_code IN (SELECT y.school_code FROM schools y WHERE ")
        .sql(&managed_by_any_of("y"))
        .bind(crate::checks::texts(communes))
        .sql("::text[])))")
}

/// Newest first, after a place, at most `limit`.
pub fn list(
    connection: &mut PgConnection,
    wanted: &FindingFilter,
    after: Option<FindingPosition>,
    limit: i64,
) -> QueryResult<Vec<Finding>> {
    let mut sql = wanted.push(select(wanted.area.as_ref()).sql(" WHERE true"));
    if let Some((at, id)) = after {
        sql = sql
            .sql(" AND (f.opened_at, f.id) < (")
            .bind(Argument::Instant(at))
            .sql(", ")
            .bind(Argument::Uuid(id))
            .sql(")");
    }
    let mut found = Vec::new();
    sql.sql(" ORDER BY f.opened_at DESC, f.id DESC LIMIT ").bind(Argument::Integer(limit)).each(
        connection,
        |cells| {
            found.extend(read(&cells));
            Ok(())
        },
    )?;
    Ok(found)
}

/// How many there are in all.
pub fn total(connection: &mut PgConnection, wanted: &FindingFilter) -> QueryResult<i64> {
    let found = wanted.push(Statement::new("SELECT count(*) FROM findings f WHERE true")).first_row(connection)?;
    Ok(found.and_then(|cells| cells.integer(0)).unwrap_or_default())
}

/// The finding with this id, if it is in the area.
pub fn find(
    connection: &mut PgConnection,
    id: Uuid,
    area: Option<&(Vec<String>, Vec<String>)>,
) -> QueryResult<Option<Finding>> {
    let sql = select(area).sql(" WHERE f.id = ").bind(Argument::Uuid(id));
    let sql = match area {
        Some(area) => in_area(sql, area),
        None => sql,
    };
    Ok(sql.first_row(connection)?.as_ref().and_then(read))
}

/// Keeps what the sector decided, for all findings of the same cause that stand: a pair of students is one matter,
/// whichever of their schools is looked at. `distinct` dismisses it for as long as it is kept; `duplicate` leaves it
/// open until the data are mended.
pub fn decide(
    connection: &mut PgConnection,
    id: Uuid,
    decision: &str,
    note: Option<&str>,
    client: Uuid,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let sql = "WITH d AS (SELECT $1::text AS decision, nullif($2::text, '') AS note, $3::uuid AS client, $4::timestamptz AS at) \
         UPDATE findings f SET decision = d.decision, note = d.note, decided_by = d.client, decided_at = d.at, changed_at = d.at, \
         closed_at = CASE WHEN d.decision = 'distinct' OR NOT f.standing THEN coalesce(f.closed_at, d.at) END \
         FROM d, findings g WHERE g.id = $5 AND (f.id = g.id OR f.code = g.code AND f.cause = g.cause AND f.standing)";
    let arguments = vec![
        Argument::Text(decision.into()),
        Argument::Text(note.unwrap_or_default().into()),
        Argument::Uuid(client),
        Argument::Instant(now),
        Argument::Uuid(id),
    ];
    Statement::with(sql, arguments).run(connection).map(|_| ())
}

/// Removes findings that were closed before an instant, so many at most.
pub const PURGE: &str = "DELETE FROM findings WHERE id = ANY(ARRAY(SELECT id FROM findings \
     WHERE NOT standing AND changed_at < $1 LIMIT $2))";
