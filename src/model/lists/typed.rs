//! What rules ask of single lists, in the words of the sector.

use crate::model::lists::list::{List, ListEntry};
use std::collections::HashMap;

/// A grade of the list `grade-levels`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// `01` to `12`; `13` to `18` before school.
    pub code: String,
    /// Its level among `school-levels`: `1` primary, `2` lower, `3` upper secondary, `4` crèche, `5` kindergarten.
    pub level: char,
    /// Age in calendar years of a student who came at the usual time.
    pub age: i32,
    /// Age above which one wonders.
    pub maximum_age: i32,
}

/// Who takes a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// Everyone.
    Compulsory,
    /// Who chose it among the electives of upper secondary school.
    Choice,
    /// Who wishes.
    Optional,
    /// A part of a subject that some schools assess apart; it does not count by itself.
    Strand,
}

/// A subject of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// E.g. `NGUVAN`.
    pub code: String,
    /// `1`, `2` or `3`.
    pub level: char,
    /// Assessed by scores too; else by comments only.
    pub scored: bool,
    /// Who takes it, in the grades where it is not optional.
    pub kind: SubjectKind,
    /// Periods a year by number of the grade.
    periods: Vec<(u8, u16)>,
    /// The same, in grades where it is taught to those who wish.
    optional: Vec<(u8, u16)>,
}

impl Subject {
    /// Periods a year in this grade (`06`); `None`: it is not taught there.
    pub fn periods(&self, grade: &str) -> Option<u16> {
        let number: u8 = grade.parse().ok()?;
        self.periods.iter().chain(&self.optional).find(|(known, _)| *known == number).map(|(_, periods)| *periods)
    }
    /// Has it no periods in any grade?
    pub fn is_nowhere_taught(&self) -> bool {
        self.periods.is_empty() && self.optional.is_empty()
    }
    /// Who takes it in this grade.
    pub fn kind_in(&self, grade: &str) -> SubjectKind {
        let is_optional = grade.parse().is_ok_and(|number: u8| self.optional.iter().any(|(known, _)| *known == number));
        if is_optional { SubjectKind::Optional } else { self.kind }
    }
}

/// `TH`, `THCS`, `THPT` as the list of subjects has them; single levels of schools stand for themselves.
pub fn level(name: &str) -> Option<char> {
    Some(match name {
        "TH" | "1" => '1',
        "THCS" | "2" => '2',
        "THPT" | "3" => '3',
        "4" => '4',
        "5" => '5',
        _ => return None,
    })
}

/// The grades by code. An entry that lacks its level or ages is no grade.
pub fn grades(list: &List) -> HashMap<String, Grade> {
    let grade = |entry: &ListEntry| {
        let number = |heading| entry.column(heading)?.parse().ok();
        Some(Grade {
            code: entry.code.clone(),
            level: level(entry.column("level")?)?,
            age: number("nominal_age_calendar_year")?,
            maximum_age: number("max_age_warn")?,
        })
    };
    list.entries.iter().filter_map(grade).map(|grade| (grade.code.clone(), grade)).collect()
}

/// The subjects, in the order of the list.
pub fn subjects(list: &List) -> Vec<Subject> {
    list.entries.iter().filter_map(subject).collect()
}

/// The subjects, then those strands that are none of them at their level.
pub fn subjects_and_strands(list: &List, strands: &List) -> Vec<Subject> {
    let mut all = subjects(list);
    for strand in subjects(strands) {
        if !all.iter().any(|known| known.code == strand.code && known.level == strand.level) {
            all.push(strand);
        }
    }
    all
}

fn subject(entry: &ListEntry) -> Option<Subject> {
    let kind = match entry.column("kind")? {
        "B" => SubjectKind::Compulsory,
        "C" => SubjectKind::Choice,
        "O" => SubjectKind::Optional,
        "S" => SubjectKind::Strand,
        _ => return None,
    };
    Some(Subject {
        code: entry.code.clone(),
        level: level(entry.column("level")?)?,
        scored: entry.column("assessment_mode")? == "SCORE",
        kind,
        periods: by_grade(entry.column("periods_per_year_by_grade")),
        optional: by_grade(entry.column("optional_periods_by_grade")),
    })
}

/// `6:140 7:140`.
fn by_grade(cell: Option<&str>) -> Vec<(u8, u16)> {
    let pair = |pair: &str| {
        let (grade, periods) = pair.split_once(':')?;
        Some((grade.parse().ok()?, periods.parse().ok()?))
    };
    cell.unwrap_or_default().split_whitespace().filter_map(pair).collect()
}

/// The single levels of every school level: 1, 2 and 3 of `123`.
pub fn combined_levels(list: &List) -> HashMap<String, Vec<char>> {
    let single = |entry: &ListEntry| match (entry.column("combines"), entry.code.as_str()) {
        (Some(levels), _) => levels.split_whitespace().filter_map(level).collect(),
        // Continuing education teaches the programmes of lower and upper secondary school.
        (None, "6") => vec!['2', '3'],
        (None, code) => level(code).into_iter().collect(),
    };
    list.entries.iter().map(|entry| (entry.code.clone(), single(entry))).collect()
}
