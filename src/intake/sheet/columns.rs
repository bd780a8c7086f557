//! The columns of one sheet: which member each fills, and how a record is put together from them.

use crate::intake::sheet::heading::{HeadingStep, Leaf, Names, Target};
use crate::intake::sheet::row::{Cell, SheetRow, letters};
use crate::model::field::{Field, FieldType};
use crate::model::lists::Lists;
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

/// How the value of a member is put together.
#[derive(Debug)]
pub(crate) enum Node {
    Value {
        source: ValueSource,
        kind: FieldType,
        field: &'static Field,
        pointer: String,
    },
    Object(Vec<(String, Node)>),
    /// Elements by their numbers; `required`: an empty one is said.
    List {
        items: Vec<(u32, Node)>,
        required: bool,
    },
}

impl Node {
    /// Every value in it: where it stands, and its type.
    fn each_value(&self, take: &mut dyn FnMut(&ValueSource, &FieldType)) {
        match self {
            Self::Value { source, kind, .. } => take(source, kind),
            Self::Object(members) => members.iter().for_each(|(_, node)| node.each_value(take)),
            Self::List { items, .. } => items.iter().for_each(|(_, node)| node.each_value(take)),
        }
    }
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
    /// Columns that fill a member that another fills: the first, the second, and the pointer.
    pub(crate) twice: Vec<(u32, u32, String)>,
    pub(crate) operation: Option<u32>,
    pub(crate) root: Node,
    /// Every column that has a heading.
    headed: Vec<u32>,
    /// Rows that belong to the headings: the last of them.
    pub last_heading: u64,
}

impl Columns {
    /// What the row of headings says; `None`: it is none of this resource. `below` is the row after it.
    pub fn of(names: &Names, headings: &SheetRow, below: Option<&SheetRow>, lists: &Lists) -> Option<Self> {
        let cells = spread(headings, names, lists);
        let (mut known, mut beside) = (0, 0);
        for (_, _, target) in &cells {
            match target {
                Target::Member(..) | Target::Operation => known += 1,
                Target::Companion => beside += 1,
                Target::Unknown => (),
            }
        }
        if known == 0 || (known < 2 && cells.len() > 1) || 2 * (known + beside) <= cells.len() {
            return None;
        }
        let mut columns = Self {
            spec: names.spec,
            filled: Vec::new(),
            unknown: Vec::new(),
            beside: Vec::new(),
            twice: Vec::new(),
            operation: None,
            root: Node::Object(Vec::new()),
            headed: cells.iter().map(|(column, ..)| *column).collect(),
            last_heading: headings.number,
        };
        for (column, heading, target) in cells {
            columns.add(names, ValueSource::Column(column), heading, target);
        }
        if below.is_some_and(|below| columns.continues_headings(below, names, lists)) {
            columns.last_heading = below.map_or(columns.last_heading, |below| below.number);
        }
        Some(columns)
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
        self
    }

    fn add(&mut self, names: &Names, source: ValueSource, heading: String, target: Target) {
        match (target, &source) {
            (Target::Member(at, number), _) => {
                let Some(leaf) = names.leaves.get(at) else { return };
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
        let of = |filled: &&Filled| filled.source == ValueSource::Column(column);
        self.filled.iter().find(of).map_or_else(|| letters(column), |filled| filled.heading.clone())
    }

    /// A second row of headings: numbers under a heading that stands over several columns, or the same headings in
    /// other words, as templates have them.
    fn continues_headings(&self, below: &SheetRow, names: &Names, lists: &Lists) -> bool {
        let mut repeated = 0;
        for (column, cell) in below.cells() {
            match cell {
                Cell::Text(text)
                    if self.is_headed(column)
                        && matches!(names.find(text, lists), Some(Target::Member(..) | Target::Operation)) =>
                {
                    repeated += 1
                }
                _ if self.is_element(column) => (),
                _ => return false,
            }
        }
        repeated > 1 || (repeated == 0 && !below.is_empty())
    }

    fn is_element(&self, column: u32) -> bool {
        let Node::Object(members) = &self.root else { return false };
        let of = |node: &Node| matches!(node, Node::Value { source: ValueSource::Column(at), .. } if *at == column);
        members
            .iter()
            .any(|(_, node)| matches!(node, Node::List { items, .. } if items.len() > 1 && items.iter().any(|(_, item)| of(item))))
    }
}

/// The headings with what they name. One that names a list and stands over several columns (the others are empty) heads
/// its elements.
fn spread(headings: &SheetRow, names: &Names, lists: &Lists) -> Vec<(u32, String, Target)> {
    let texts: Vec<(u32, &str)> = headings
        .cells()
        .map(|(column, cell)| (column, if let Cell::Text(text) = cell { text.trim() } else { "" }))
        .collect();
    let mut spread = Vec::with_capacity(texts.len());
    for (at, (column, text)) in texts.iter().enumerate() {
        let target = names.find(text, lists).unwrap_or(Target::Unknown);
        let next = texts.get(at + 1).map_or(*column + 1, |(next, _)| *next);
        let element = match &target {
            Target::Member(leaf, _) => element_of(names, *leaf).filter(|_| next - column > 1 && next - column <= 12),
            _ => None,
        };
        match element {
            Some(leaf) => spread.extend((*column..next).zip(1..).map(|(column, number)| {
                (column, format!("{text} {number}"), Target::Member(leaf, number.to_string()))
            })),
            None => spread.push((*column, (*text).to_owned(), target)),
        }
    }
    spread
}

/// The leaf of a single element, for the leaf of a whole list of plain values.
fn element_of(names: &Names, whole: usize) -> Option<usize> {
    let steps = &names.leaves.get(whole)?.steps;
    names.leaves.iter().position(|leaf| {
        leaf.steps.len() == steps.len() + 1
            && leaf.steps.starts_with(steps)
            && leaf.steps.last() == Some(&HeadingStep::Item)
    })
}

/// Puts a value in its place; the column that is there already, if one is.
fn insert(root: &mut Node, leaf: &Leaf, number: &str, source: &ValueSource) -> Option<u32> {
    let mut node = root;
    let required = leaf.field.required;
    for (at, step) in leaf.steps.iter().enumerate() {
        let rest = &leaf.steps[at + 1..];
        let fresh = || match rest.first() {
            None => Node::Value { source: source.clone(), kind: leaf.kind, field: leaf.field, pointer: String::new() },
            Some(HeadingStep::Item) => Node::List { items: Vec::new(), required },
            Some(_) => Node::Object(Vec::new()),
        };
        let (place, is_new) = match (node, step) {
            (Node::Object(members), HeadingStep::Member(name)) => child(members, (*name).to_owned(), fresh),
            (Node::Object(members), HeadingStep::Code(_)) => child(members, number.to_owned(), fresh),
            (Node::List { items, .. }, HeadingStep::Item) => child(items, number.parse().unwrap_or(u32::MAX), fresh),
            (taken, _) => return first_column(taken),
        };
        if rest.is_empty() && !is_new {
            return first_column(place);
        }
        node = place;
    }
    None
}

fn child<K: PartialEq>(children: &mut Vec<(K, Node)>, name: K, fresh: impl FnOnce() -> Node) -> (&mut Node, bool) {
    match children.iter().position(|(known, _)| *known == name) {
        Some(at) => (&mut children[at].1, false),
        None => {
            children.push((name, fresh()));
            let last = children.len() - 1;
            (&mut children[last].1, true)
        }
    }
}

fn first_column(node: &Node) -> Option<u32> {
    match node {
        Node::Value { source: ValueSource::Column(column), .. } => Some(*column),
        // A line above says the same as a column: the column is closer.
        Node::Value { .. } => None,
        Node::Object(members) => members.iter().find_map(|(_, node)| first_column(node)),
        Node::List { items, .. } => items.iter().find_map(|(_, node)| first_column(node)),
    }
}

/// Sorts the elements of lists by their numbers and tells every value its pointer.
fn settle(node: &mut Node, path: &mut String, filled: &mut [Filled]) {
    let length = path.len();
    match node {
        Node::Value { source, pointer, .. } => {
            *pointer = path.clone();
            filled
                .iter_mut()
                .filter(|filled| filled.source == *source)
                .for_each(|filled| filled.pointer.clone_from(path));
        }
        Node::Object(members) => {
            for (name, member) in members {
                path.push('/');
                path.push_str(name);
                settle(member, path, filled);
                path.truncate(length);
            }
        }
        Node::List { items, .. } => {
            items.sort_by_key(|(number, _)| *number);
            for (at, (_, item)) in items.iter_mut().enumerate() {
                path.push_str(&format!("/{at}"));
                settle(item, path, filled);
                path.truncate(length);
            }
        }
    }
}
