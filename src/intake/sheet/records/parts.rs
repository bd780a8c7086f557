//! The records that a row of a sheet makes: one, one a subject and a period, or one of each resource.

use crate::intake::sheet::around::locate::lines;
use crate::intake::sheet::around::said::Said;
use crate::intake::sheet::file::row::SheetRow;
use crate::intake::sheet::headings::columns::{Columns, ValueSource};
use crate::intake::sheet::headings::head::Head;
use crate::intake::sheet::headings::heading::{Names, Target};
use crate::intake::sheet::headings::meaning::ColumnMeaning;
use crate::intake::sheet::headings::spread::spread;
use crate::intake::sheet::headings::words::{Aid, words};
use crate::intake::sheet::layouts::layout::Layout;
use crate::intake::sheet::records::reading::Vocabulary;
use std::sync::Arc;

/// What stands above the headings.
pub struct SheetTitles<'t> {
    /// What it says, and the names of sheet and file, and the parameters.
    pub said: Said,
    /// The rows.
    pub rows: &'t [SheetRow],
    /// The layout by which the sheet is read.
    pub layout: Option<&'t Layout>,
    /// The level of the class, where it is known.
    pub level: Option<char>,
}

/// A record of a row is told from the others by these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct PartKey {
    subject: Option<String>,
    period: Option<String>,
}

/// A column of a resource.
pub(crate) struct PartColumn {
    pub(crate) column: u32,
    pub(crate) row: u64,
    pub(crate) meaning: ColumnMeaning,
}

/// The columns of each record that a row makes.
pub(crate) fn of(
    names: &[Arc<Names>],
    head: &Head,
    meanings: &[Vec<ColumnMeaning>],
    titles: SheetTitles,
    vocabulary: &Vocabulary,
) -> Vec<Columns> {
    let mut parts = Vec::new();
    let is_wide = |meanings: &[ColumnMeaning]| meanings.iter().any(|meaning| meaning.subject.is_some());
    for (own, meanings) in names.iter().zip(meanings) {
        let columns: Vec<PartColumn> = head
            .columns
            .iter()
            .zip(meanings)
            .map(|(column, meaning)| PartColumn { column: column.column, row: column.row, meaning: meaning.clone() })
            .collect();
        let columns = spread(columns, own);
        let resource = Resource { names, own, head, titles: &titles, vocabulary, is_wide: is_wide(meanings) };
        parts.extend(resource.parts(columns, &parts));
    }
    tell_unknown(&mut parts, head, meanings, names, vocabulary);
    parts.into_iter().map(Columns::finish).collect()
}

/// What no record of the sheet takes is told by the first; the others need not know of it.
fn tell_unknown(
    parts: &mut [Columns],
    head: &Head,
    meanings: &[Vec<ColumnMeaning>],
    names: &[Arc<Names>],
    by: &Vocabulary,
) {
    let taken: Vec<u32> = parts.iter().flat_map(Columns::columns).collect();
    for (at, column) in head.columns.iter().enumerate() {
        if taken.contains(&column.column) {
            continue;
        }
        let of_column = || meanings.iter().filter_map(|meanings| meanings.get(at));
        let is_beside = of_column().any(|meaning| matches!(meaning.target, Target::Companion | Target::Aid(_)))
            || by.names_parent(names, &column.keys)
            || of_column().any(|meaning| matches!(meaning.target, Target::Member(..)));
        let target = if is_beside { Target::Companion } else { Target::Unknown };
        for columns in parts.iter_mut().take(if is_beside { usize::MAX } else { 1 }) {
            columns.add_column(&names[0], column.column, &column.heading(), target.clone());
        }
    }
}

/// A resource of a sheet, whose records are put together.
pub(crate) struct Resource<'r> {
    pub(crate) names: &'r [Arc<Names>],
    pub(crate) own: &'r Arc<Names>,
    pub(crate) head: &'r Head,
    pub(crate) titles: &'r SheetTitles<'r>,
    pub(crate) vocabulary: &'r Vocabulary<'r>,
    pub(crate) is_wide: bool,
}

impl Resource<'_> {
    fn parts(&self, columns: Vec<PartColumn>, before: &[Columns]) -> Vec<Columns> {
        let has_period_column = columns.iter().any(|column| self.is_plain(column, "period"));
        let key_of = |column: &PartColumn| PartKey {
            subject: column.meaning.subject.clone(),
            period: column.meaning.period.clone().filter(|_| !has_period_column),
        };
        let said = self.titles.said.period.as_ref().map(|period| period.value.clone());
        let main = said.or_else(|| self.only_term(&columns));
        let mut keys: Vec<PartKey> = Vec::new();
        for column in columns.iter().filter(|column| self.is_own(column, before)) {
            let mut key = key_of(column);
            key.period = key.period.filter(|period| Some(period) != main.as_ref());
            if (!self.is_wide || key.subject.is_some()) && !keys.contains(&key) {
                keys.push(key);
            }
        }
        if keys.is_empty() && self.names.len() == 1 {
            keys.push(PartKey::default());
        }
        // Marks of a term with averages of others beside them: those would stand for whole records. What is said of a
        // student beside the subjects, of each term, is such a record.
        let has_subjects = self.own.spec.comment_subjects.is_some();
        let has_marks = has_subjects && keys.contains(&PartKey::default()) && keys.len() > 1;
        keys.retain(|key| !has_marks || key.period.as_deref().is_none_or(|period| period == "CN"));
        let is_single = keys.len() == 1 && self.names.len() == 1 && !self.is_wide;
        let part = |key: PartKey| {
            let all = self.head.columns.iter().map(|one| one.column).chain(columns.iter().map(|one| one.column));
            let mut part = Columns::begin(self.own.spec, self.head.last_row, all.collect());
            for column in &columns {
                let mut own_key = key_of(column);
                own_key.period = own_key.period.filter(|period| Some(period) != main.as_ref());
                let is_shared = !self.is_own(column, before);
                let is_foreign = is_shared && self.is_claimed(column, before);
                if is_foreign || !(own_key == key || (is_shared && own_key == PartKey::default())) {
                    continue;
                }
                if matches!(column.meaning.target, Target::Member(..) | Target::Aid(_) | Target::Operation) {
                    part.add_column(self.own, column.column, &column.meaning.heading, column.meaning.target.clone());
                    if !is_single && !is_shared {
                        part.own.push(column.column);
                    }
                }
            }
            self.complete(&mut part, &key, main.as_deref(), &columns);
            part
        };
        keys.into_iter().map(part).collect()
    }

    /// Does the column fill this member?
    fn is_plain(&self, column: &PartColumn, name: &str) -> bool {
        matches!(&column.meaning.target, Target::Member(at, _) if self.own.leaves.get(*at).is_some_and(|leaf| leaf.steps.len() == 1 && leaf.field.name == name))
    }

    /// The top member that a column fills.
    fn member(&self, column: &PartColumn) -> Option<&'static str> {
        match &column.meaning.target {
            Target::Member(at, _) => self.own.leaves.get(*at).and_then(|leaf| match leaf.steps.first() {
                Some(crate::intake::sheet::headings::heading::HeadingStep::Member(json)) => Some(*json),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Does it make a record of this resource: is it no member that records of others have too?
    fn is_own(&self, column: &PartColumn, before: &[Columns]) -> bool {
        if column.meaning.subject.is_some() {
            return matches!(column.meaning.target, Target::Member(..));
        }
        match (&column.meaning.target, self.member(column)) {
            (Target::Aid(aid), _) => {
                matches!(aid, Aid::StudentStatus | Aid::StatusDate | Aid::FamilyName | Aid::GivenName)
            }
            (_, Some(json)) => !self.is_common(json) && !self.is_claimed(column, before),
            _ => false,
        }
    }

    /// Is it a member of the key, or of every resource of the sheet?
    fn is_common(&self, json: &str) -> bool {
        let spec = self.own.spec;
        let is_key = spec.key.iter().any(|name| spec.position(name).is_some_and(|at| spec.fields[at].json == json));
        is_key
            || (self.names.len() > 1 && self.names.iter().all(|names| names.spec.field_by_json(json).is_some()))
                && !matches!(json, "comment" | "note")
    }

    /// Does a record of another resource take what is in the column?
    fn is_claimed(&self, column: &PartColumn, before: &[Columns]) -> bool {
        let Some(json) = self.member(column) else { return false };
        !self.is_common(json) && before.iter().any(|columns| columns.columns().any(|known| known == column.column))
    }

    /// The one term that headings name, of a sheet of marks.
    fn only_term(&self, columns: &[PartColumn]) -> Option<String> {
        let fixed = self.titles.layout.and_then(|layout| layout.fixed.get("period"));
        if let Some(period) = fixed {
            return Some(period.clone());
        }
        let mut terms: Vec<&String> = columns.iter().filter_map(|column| column.meaning.period.as_ref()).collect();
        terms.retain(|term| *term != "CN");
        terms.dedup();
        let has_marks = columns.iter().any(|column| self.is_mark(column));
        match terms.as_slice() {
            [term] if has_marks || self.own.spec.comment_subjects.is_none() => Some((*term).clone()),
            _ if self.is_of_the_year(columns) => Some("CN".to_owned()),
            _ => None,
        }
    }

    fn is_mark(&self, column: &PartColumn) -> bool {
        let subjects = self.own.spec.comment_subjects.as_ref();
        let marks = subjects.map_or(&[][..], |subjects| subjects.marks);
        self.member(column)
            .is_some_and(|json| self.own.spec.field_by_json(json).is_some_and(|field| marks.contains(&field.name)))
    }

    /// Is there a member, in any record of the sheet, that only a year has?
    fn is_of_the_year(&self, _: &[PartColumn]) -> bool {
        let key_of_year = |key: &String| {
            self.names.iter().any(|names| match names.member(key, self.vocabulary.lists) {
                Some(Target::Member(at, _)) => {
                    words().of_the_year.iter().any(|json| json == names.leaves[at].field.json)
                }
                _ => false,
            })
        };
        self.own.spec.position("period").is_some()
            && self.head.columns.iter().any(|column| column.keys.iter().any(key_of_year))
    }

    /// Fills what no column does: by the part, by titles and parameters, by the client's school, by what is stored.
    fn complete(&self, part: &mut Columns, key: &PartKey, main: Option<&str>, columns: &[PartColumn]) {
        let heading_of = |wanted: &dyn Fn(&PartColumn) -> bool| {
            columns
                .iter()
                .find(|column| wanted(column))
                .map(|column| (column.row, column.column, column.meaning.heading.clone()))
        };
        if let Some(subject) = &key.subject
            && let Some((row, column, heading)) = heading_of(&|column| column.meaning.subject.as_ref() == Some(subject))
        {
            let source = ValueSource::Line { row, column, value: subject.clone() };
            part.fill(self.own, "subject_code", &heading, source);
        }
        if let Some(period) = &key.period
            && let Some((row, column, heading)) = heading_of(&|column| column.meaning.period.as_ref() == Some(period))
        {
            part.fill(self.own, "period", &heading, ValueSource::Line { row, column, value: period.clone() });
        }
        self.draw(part);
        self.say(part, main);
        self.say_teachers(part);
        for row in self.titles.rows {
            lines(row, self.own, self.vocabulary.lists, part);
        }
        self.look_up(part);
        self.name_class(part);
        part.draw();
    }
}
