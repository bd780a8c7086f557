//! One check for many schools: its query, and the difference between what it yields and what stands.

use crate::checks::check::Check;
use crate::checks::queue::MERGE;
use crate::model::lists::Lists;
use crate::model::moment::day_of;
use crate::store::pg::statement::{Argument, Statement};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// What is found, as it is kept: `found`.
const FOUND: (&str, &str) = (
    "found AS MATERIALIZED (SELECT DISTINCT ON (school_code, subject) * FROM (SELECT f.school_code, f.school_year, f.key, f.pointer, f.\"values\", f.cause, f.others, \
     f.school_year || ' ' || f.key::text || coalesce(' ' || f.cause, '') AS subject FROM (",
    ") f) f ORDER BY school_code, subject)",
);

/// Schools, with their years and limits, before a check.
pub struct Judged<'a> {
    check: &'static Check,
    schools: Vec<&'a str>,
    years: Vec<&'a str>,
    /// In the order of the check's limits, one for each school.
    limits: Vec<Vec<i64>>,
    lists: &'a Lists,
}

impl<'a> Judged<'a> {
    /// Looks up the limits. A year for which one is not set is not judged; checks without a year take those of
    /// `today`'s.
    pub fn of(check: &'static Check, asked: BTreeSet<(&'a str, &'a str)>, lists: &'a Lists, today: &str) -> Self {
        let mut judged =
            Self { check, schools: Vec::new(), years: Vec::new(), limits: vec![Vec::new(); check.limits.len()], lists };
        for (school, year) in asked {
            let holding = if year.is_empty() { today } else { year };
            let limits: Option<Vec<i64>> =
                check.limits.iter().map(|(_, parameter)| lists.parameter(parameter, holding)).collect();
            let Some(limits) = limits else { continue };
            judged.schools.push(school);
            judged.years.push(year);
            judged.limits.iter_mut().zip(limits).for_each(|(column, limit)| column.push(limit));
        }
        judged
    }

    /// Opens what is new, closes what no longer holds, and leaves the rest.
    pub fn compare(self, connection: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
        if self.schools.is_empty() {
            return Ok(());
        }
        self.difference(now)?.run(connection).map(|_| ())
    }

    /// `WITH asked AS (…), clock AS (…), …, found AS (…)`: the schools, what time it is, the sets, and what is found of
    /// them.
    ///
    /// # Errors
    /// Those of [`Check::query`].
    pub fn found(&self, now: DateTime<Utc>) -> QueryResult<Statement<'a>> {
        let texts = |column: &[&'a str]| Argument::Texts(column.iter().map(|text| (*text).into()).collect());
        let mut statement = Statement::new("WITH asked AS MATERIALIZED (SELECT * FROM unnest(");
        statement = statement.bind(texts(&self.schools)).sql("::text[], ").bind(texts(&self.years)).sql("::text[]");
        for limits in &self.limits {
            statement = statement.sql(", ").bind(Argument::Integers(limits.clone())).sql("::bigint[]");
        }
        let names: String = self.check.limits.iter().map(|(name, _)| format!(", {name}")).collect();
        statement.push(&format!(") AS asked(school_code, school_year{names})), clock AS MATERIALIZED (SELECT "));
        statement = statement.bind(Argument::Instant(now)).sql("::timestamptz AS now, ");
        statement = statement.bind(Argument::Text(day_of(now).to_string().into())).sql("::date AS today), ");
        for set in self.check.sets {
            let rows = (set.rows)(self.lists);
            statement.push(&format!("{} AS MATERIALIZED (SELECT * FROM unnest(", set.name));
            for column in 0..set.columns.len() {
                let values = rows.iter().filter_map(|row| Some(row.get(column)?.clone().into())).collect();
                statement =
                    statement.sql(if column == 0 { "" } else { ", " }).bind(Argument::Texts(values)).sql("::text[]");
            }
            statement.push(&format!(") AS {}({})), ", set.name, set.columns.join(", ")));
        }
        Ok(statement.sql(FOUND.0).sql(self.check.query()?).sql(FOUND.1))
    }

    /// All of it as one statement, on one view of the data.
    fn difference(&self, now: DateTime<Utc>) -> QueryResult<Statement<'a>> {
        let text = |text: &'static str| Argument::Text(text.into());
        let rule = self.check.rule;
        let statement = self
            .found(now)?
            .sql(", look AS MATERIALIZED (SELECT ")
            .bind(text(rule.code))
            .sql("::text AS code, ")
            .bind(Argument::Integer(rule.severity as i64))
            .sql("::bigint::smallint AS severity, ")
            .bind(text(self.check.resource))
            .sql("::text AS resource, ")
            .bind(Argument::Instant(now))
            .sql("::timestamptz AS at), ")
            .sql(
                "opened AS (INSERT INTO findings AS s (school_code, school_year, code, severity, resource, key, pointer, subject, \"values\", cause, others, opened_at, changed_at) \
                 SELECT f.school_code, f.school_year, l.code, l.severity, l.resource, f.key, f.pointer, f.subject, f.\"values\", f.cause, f.others, l.at, l.at FROM found f, look l \
                 WHERE NOT EXISTS (SELECT 1 FROM findings d WHERE d.code = l.code AND d.cause = f.cause AND d.decision = 'distinct' AND d.subject <> f.subject) \
                 ON CONFLICT (school_code, code, subject) WHERE standing OR decision = 'distinct' DO UPDATE \
                 SET pointer = excluded.pointer, \"values\" = excluded.\"values\", others = excluded.others, standing = true, changed_at = excluded.changed_at \
                 WHERE NOT s.standing OR (s.pointer, s.\"values\", s.others) IS DISTINCT FROM (excluded.pointer, excluded.\"values\", excluded.others) \
                 RETURNING s.school_year, s.others, s.resource, s.opened_at = s.changed_at AS is_new), ",
            )
            .sql(
                "closed AS (UPDATE findings s SET standing = false, closed_at = coalesce(s.closed_at, l.at), changed_at = l.at FROM asked a, look l \
                 WHERE s.school_code = a.school_code AND s.school_year = a.school_year AND s.code = l.code AND s.standing \
                 AND NOT EXISTS (SELECT 1 FROM found f WHERE f.school_code = s.school_code AND f.subject = s.subject)) ",
            )
            // The other school learns of its half.
            .sql(
                "INSERT INTO recheck_queue AS q SELECT e.*, true, c.at, c.at FROM (SELECT DISTINCT o.school_code, n.school_year, n.resource \
                 FROM opened n, unnest(n.others) AS o(school_code) WHERE n.is_new) e, (SELECT clock_timestamp() AS at OFFSET 0) c",
            )
            .sql(MERGE);
        Ok(statement)
    }
}
