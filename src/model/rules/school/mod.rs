//! The whole-school checks: what no single record shows. Each is a rule of the catalogue and one query that yields its
//! findings for many schools at once.
//!
//! A query reads from `asked` (a row for each school to be judged: `school_code`, `school_year`, and the check's limits
//! by their names) and from the sets that it names, and goes by way of `LATERAL` from each asked row into an index. It
//! yields `key`, `pointer`, `"values"`, `cause` and `others` beside the two columns that name school and year.

mod classes;
mod people;
mod results;
mod teaching;

use crate::model::issue::Rule;
use crate::model::lists::{Lists, SubjectKind};
use crate::model::rules::curriculum::grade;

/// A whole-school check.
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
    /// The query.
    pub sql: &'static str,
}

/// Part of a code list, as a table that a query can read.
#[derive(Debug)]
pub struct Set {
    /// Its name in the query.
    pub name: &'static str,
    /// Its columns, all of them text.
    pub columns: &'static [&'static str],
    /// Its rows.
    pub rows: fn(&Lists) -> Vec<Vec<String>>,
}

/// Every check.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    [classes::CHECKS, people::CHECKS, teaching::CHECKS, results::CHECKS].into_iter().flatten()
}

/// The check of this rule.
pub fn find(code: &str) -> Option<&'static Check> {
    checks().find(|check| check.rule.code == code)
}

/// States of staff that count as working.
static ACTIVE: Set = Set {
    name: "active",
    columns: &["status"],
    rows: |lists| {
        let codes = lists
            .list("staff-statuses")
            .map_or(&[][..], |list| list.entries.as_slice())
            .iter()
            .map(|entry| entry.code.clone());
        codes.filter(|code| lists.staff_status_active(code)).map(|code| vec![code]).collect()
    },
};

/// Grades and their levels.
static GRADES: Set = Set {
    name: "grades",
    columns: &["grade", "level"],
    rows: |lists| {
        grades(lists)
            .into_iter()
            .filter_map(|code| Some(vec![code.clone(), lists.grade(&code)?.level.to_string()]))
            .collect()
    },
};

/// Subjects that are given marks, by grade.
static SCORED: Set =
    Set { name: "scored", columns: &["grade", "subject"], rows: |lists| subjects(lists, |_, subject| subject.scored) };

/// Subjects that everyone in a grade takes, and the first school year in which that holds.
static COMPULSORY: Set = Set {
    name: "compulsory",
    columns: &["grade", "subject", "since"],
    rows: |lists| {
        let since = |row: &[String]| grade(lists, row.first()?)?.programme_since();
        let rows = subjects(lists, |grade, subject| subject.kind_in(grade) == SubjectKind::Compulsory).into_iter();
        rows.filter_map(|row| since(&row).map(|since| [row, vec![since]].concat())).collect()
    },
};

fn grades(lists: &Lists) -> Vec<String> {
    lists
        .list("grade-levels")
        .map_or(&[][..], |list| list.entries.as_slice())
        .iter()
        .map(|entry| entry.code.clone())
        .collect()
}

fn subjects(lists: &Lists, wanted: fn(&str, &crate::model::lists::Subject) -> bool) -> Vec<Vec<String>> {
    let of_grade = |grade: String| {
        let taught: Vec<String> = lists
            .subjects_of_grade(&grade)
            .filter(|subject| wanted(&grade, subject))
            .map(|subject| subject.code.clone())
            .collect();
        taught.into_iter().map(move |subject| vec![grade.clone(), subject]).collect::<Vec<_>>()
    };
    grades(lists).into_iter().flat_map(of_grade).collect()
}

/// The key of a class, from the aliases `a` (asked) and `c`.
macro_rules! class_key {
    () => {
        "jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'classCode', c.class_code)"
    };
}
/// The members that name a class's results in a subject and period, from the aliases `a` and `r`.
macro_rules! results_key {
    () => {
        "jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'period', r.period, 'classCode', r.class_code, 'subjectCode', r.subject_code)"
    };
}
/// Nobody else takes part.
macro_rules! alone {
    () => {
        "NULL::text AS cause, '{}'::text[] AS others"
    };
}
/// Is the pupil of the enrollment `e` in the class? Or was until the year was over?
macro_rules! attending {
    () => {
        "(e.exit_type IS NULL OR e.exit_type IN ('completed', 'graduated'))"
    };
}
/// The classes of the asked year as `c`, with the number of their pupils.
macro_rules! sized_classes {
    () => {
        concat!(
            "(SELECT c.class_code, c.name, c.grade, c.combined_with_class_code, coalesce(n.pupils, 0) AS pupils FROM classes c \
         LEFT JOIN (SELECT e.class_code, count(DISTINCT e.student_code) AS pupils FROM enrollments e \
         WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND ",
            attending!(),
            " GROUP BY e.class_code) n ON n.class_code = c.class_code \
         WHERE c.school_code = a.school_code AND c.school_year = a.school_year OFFSET 0) c"
        )
    };
}
use {alone, attending, class_key, results_key, sized_classes};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
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
}
