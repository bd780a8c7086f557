//! The columns of one sheet: which member each fills, and how a record is put together from them.

use crate::intake::sheet::around::derive::Drawn;
use crate::intake::sheet::cells::comment_subject::beside_marks;
use crate::intake::sheet::file::row::letters;
use crate::intake::sheet::headings::heading::{HeadingStep, Leaf, Names, Target};
use crate::intake::sheet::headings::node::{Node, add_paths, choose, first_column, insert, settle};
use crate::intake::sheet::headings::words::Aid;
use crate::model::field::FieldType;
use crate::model::spec::Spec;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// A column, from 0.
    Column(u32),
    /// A line above the headings, which says it for every row.
    Line {
        /// Row of the line.
        row: u64,
        /// Column of the cell, from 0.
        column: u32,
        /// The value.
        value: String,
    },
    /// No cell: it is said for all rows by the name of the sheet, a parameter or the client's grant.
    Said(String),
    /// Several cells, or what is stored.
    Drawn(Drawn),
}

impl ValueSource {
    /// The columns below the headings that it is made of; the first is where a fault stands.
    pub(crate) fn columns(&self) -> Vec<u32> {
        match self {
            Self::Column(column) => vec![*column],
            Self::Drawn(drawn) => drawn.columns(),
            // A line above says the same as a column: the column is closer.
            Self::Line { .. } | Self::Said(_) => Vec::new(),
        }
    }
    /// The first of them.
    pub(crate) fn first_column(&self) -> Option<u32> {
        self.columns().first().copied()
    }
}

/// A member that the sheet fills.
#[derive(Debug, Clone)]
pub struct Filled {
    /// JSON pointer relative to `data`.
    pub pointer: String,
    /// The heading or label.
    pub heading: String,
    /// Where its value stands.
    pub source: ValueSource,
}

/// A name above the headings that is not one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnsettledName {
    /// Row and column of its cell.
    pub(crate) at: (u64, u32),
    pub(crate) name: String,
    /// Who may be meant; empty: nobody is called so.
    pub(crate) candidates: Vec<String>,
}

/// The columns of a sheet.
#[derive(Debug)]
pub struct Columns {
    /// Whose records they are.
    pub spec: &'static Spec,
    /// The members that are filled, for reports.
    pub filled: Vec<Filled>,
    /// Columns whose heading is no member, with it and the nearest name.
    pub unknown: Vec<(u32, String, Option<&'static str>)>,
    /// Columns that are not read: those of people, and the unknown ones.
    pub beside: Vec<(u32, String)>,
    /// Columns that help to make a member.
    pub(crate) aids: Vec<(Aid, u32)>,
    /// Columns of which one must hold something in a row that makes such a record; empty: any.
    pub own: Vec<u32>,
    /// What stands is looked up by the row's student and class.
    pub(crate) looks_up: bool,
    /// Columns that fill a member that another fills: the first, the second, and the pointer.
    pub(crate) twice: Vec<(u32, u32, String)>,
    pub(crate) operation: Option<u32>,
    /// Names above the headings that are not one person's.
    pub(crate) unsettled: Vec<UnsettledName>,
    pub(crate) root: Node,
    /// The paths of the members that it fills, with spaces between (see
    /// [`NamedMembers`](crate::intake::named_members::NamedMembers)); empty: all of them.
    pub named: String,
    /// Every column that has a heading.
    headed: Vec<u32>,
    /// Rows that belong to the headings: the last of them.
    pub last_heading: u64,
}

impl Columns {
    /// Of which none is known yet; `headed` are those with a heading.
    pub fn begin(spec: &'static Spec, last_heading: u64, headed: Vec<u32>) -> Self {
        Self {
            spec,
            filled: Vec::new(),
            unknown: Vec::new(),
            beside: Vec::new(),
            aids: Vec::new(),
            own: Vec::new(),
            looks_up: false,
            twice: Vec::new(),
            operation: None,
            unsettled: Vec::new(),
            root: Node::Object(Vec::new()),
            named: String::new(),
            headed,
            last_heading,
        }
    }

    /// Takes a column under its heading.
    pub fn add_column(&mut self, names: &Names, column: u32, heading: &str, target: Target) {
        self.add(names, ValueSource::Column(column), heading.to_owned(), target);
    }

    /// Fills a member, by its snake_case name, unless something fills it.
    pub fn fill(&mut self, names: &Names, name: &str, heading: &str, source: ValueSource) {
        let Some(at) = names.spec.position(name) else { return };
        let json = names.spec.fields[at].json;
        let leaf = names.leaves.iter().position(|leaf| leaf.steps == [HeadingStep::Member(json)]);
        if let Some(leaf) = leaf.filter(|leaf| !self.fills(names, *leaf)) {
            self.add(names, source, heading.to_owned(), Target::Member(leaf, String::new()));
        }
    }

    /// The column of an aid.
    pub(crate) fn aid(&self, aid: Aid) -> Option<u32> {
        self.aids.iter().find(|(known, _)| *known == aid).map(|(_, column)| *column)
    }

    /// Takes a value that a line above the headings says for every row.
    pub fn add_line(&mut self, names: &Names, at: (u64, u32), label: &str, target: Target, value: String) {
        let (row, column) = at;
        self.add(names, ValueSource::Line { row, column, value }, label.to_owned(), target);
    }

    /// Gives every member its place, once all columns are known.
    pub fn finish(mut self) -> Self {
        let mut filled = std::mem::take(&mut self.filled);
        settle(&mut self.root, &mut String::new(), &mut filled);
        self.filled = filled;
        self.named = self.named_paths();
        self
    }

    fn named_paths(&self) -> String {
        let mut paths = Vec::new();
        if let Node::Object(members) = &self.root {
            add_paths(members, self.spec.fields, "", &mut paths);
        }
        paths.extend(beside_marks(self).map(str::to_owned));
        let is_whole = self.spec.fields.iter().all(|field| paths.iter().any(|path| path == field.json));
        if is_whole { String::new() } else { paths.join(" ") }
    }

    fn add(&mut self, names: &Names, source: ValueSource, heading: String, target: Target) {
        match (target, &source) {
            (Target::Member(at, number), _) => {
                let Some(leaf) = names.leaves.get(at) else { return };
                choose(&mut self.root, leaf, &number);
                if let (Some(first), ValueSource::Column(second)) =
                    (insert(&mut self.root, leaf, &number, &source), &source)
                {
                    let pointer = leaf
                        .steps
                        .iter()
                        .find_map(|step| if let HeadingStep::Member(name) = step { Some(*name) } else { None });
                    self.twice.push((first, *second, format!("/{}", pointer.unwrap_or_default())));
                    return;
                }
                self.filled.push(Filled { pointer: String::new(), heading, source });
            }
            (Target::Operation, ValueSource::Column(column)) => self.operation = Some(*column),
            (Target::Aid(aid), ValueSource::Column(column)) => self.aids.push((aid, *column)),
            (Target::Unknown, ValueSource::Column(column)) => {
                let nearest = names.nearest(&heading);
                self.beside.push((*column, heading.clone()));
                self.unknown.push((*column, heading, nearest));
            }
            (Target::Companion, ValueSource::Column(column)) => self.beside.push((*column, heading)),
            _ => (),
        }
    }

    /// Does the sheet fill this member already?
    pub fn fills(&self, names: &Names, at: usize) -> bool {
        let Some(Leaf { steps, .. }) = names.leaves.get(at) else { return false };
        let (Node::Object(members), Some(HeadingStep::Member(name))) = (&self.root, steps.first()) else {
            return false;
        };
        members.iter().any(|(known, _)| known == name)
    }

    /// What fills a member, by its snake_case name.
    pub(crate) fn member(&self, name: &str) -> Option<&Node> {
        let json = self.spec.position(name).map(|at| self.spec.fields[at].json)?;
        let Node::Object(members) = &self.root else { return None };
        members.iter().find(|(known, _)| known == json).map(|(_, node)| node)
    }

    /// The column that fills a member, by its snake_case name.
    pub(crate) fn member_column(&self, name: &str) -> Option<u32> {
        first_column(self.member(name)?)
    }

    /// Does the sheet fill every member of the key?
    pub fn has_key(&self) -> bool {
        self.spec.key.iter().all(|name| self.member(name).is_some())
    }

    /// The columns that fill members of the key; what a line above the headings fills has none.
    pub fn key_columns(&self) -> Vec<u32> {
        self.spec.key.iter().filter_map(|name| first_column(self.member(name)?)).collect()
    }

    /// The columns that fill a member of dates.
    pub fn date_columns(&self) -> Vec<u32> {
        let mut found = Vec::new();
        self.root.each_value(&mut |source, kind| {
            if let (ValueSource::Column(column), FieldType::Date) = (source, kind) {
                found.push(*column);
            }
        });
        found
    }

    /// How many of its members the sheet fills.
    pub fn known(&self) -> usize {
        self.filled.len()
    }

    /// The columns that it is made of.
    pub fn columns(&self) -> impl Iterator<Item = u32> {
        let filled = self.filled.iter().flat_map(|filled| filled.source.columns());
        let twice = self.twice.iter().map(|(_, second, _)| *second);
        filled.chain(twice).chain(self.aids.iter().map(|(_, column)| *column)).chain(self.operation)
    }

    /// Is a member of it drawn from what is stored?
    pub(crate) fn is_drawn(&self) -> bool {
        let of = |source: &ValueSource| {
            matches!(source, ValueSource::Drawn(Drawn::Enrollment(..) | Drawn::Year | Drawn::Class))
        };
        self.filled.iter().any(|filled| of(&filled.source))
    }

    /// Does the column stand under a heading?
    pub fn is_headed(&self, column: u32) -> bool {
        self.headed.contains(&column)
    }

    /// Is it a column of people, which no record needs?
    pub fn is_companion(&self, column: u32) -> bool {
        self.beside.iter().any(|(known, _)| *known == column)
            && !self.unknown.iter().any(|(known, ..)| *known == column)
    }

    /// The heading of a column, for people.
    pub fn heading(&self, column: u32) -> String {
        let of = |filled: &&Filled| filled.source.first_column() == Some(column);
        self.filled.iter().find(of).map_or_else(|| letters(column), |filled| filled.heading.clone())
    }
}

/// The leaf of a single element, for the leaf of a whole list of plain values.
pub(crate) fn element_of(names: &Names, whole: usize) -> Option<usize> {
    let steps = &names.leaves.get(whole)?.steps;
    names.leaves.iter().position(|leaf| {
        leaf.steps.len() == steps.len() + 1
            && leaf.steps.starts_with(steps)
            && leaf.steps.last() == Some(&HeadingStep::Item)
    })
}
