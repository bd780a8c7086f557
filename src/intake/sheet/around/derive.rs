//! Members that no single cell holds: names in parts, places and schools by their names, a student's time in a class by
//! its state, a class or a year by what is stored.

use crate::intake::sheet::around::enrolled::{EnrollmentMember, RowFacts};
use crate::intake::sheet::cells::cell::{CellReader, CellRef};
use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::{Columns, ValueSource};
use crate::intake::sheet::headings::node::Node;
use crate::intake::sheet::headings::words::{Aid, words};
use crate::intake::sheet::records::convert::shown;
use crate::model::rules::catalogue as rule;
use crate::model::spec::Spec;

/// How a member is made of several cells, or of what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// The texts of these columns, with a space between.
    Joined(Vec<u32>),
    /// A mark in this column says female, none male.
    Female(u32),
    /// The name of a province.
    Province(u32),
    /// The name of a commune, and the column of its province.
    Commune(u32, Option<u32>),
    /// The name of a school, and the column of the commune that manages it.
    School(u32, Option<u32>),
    /// The name of a member of the school's staff.
    Staff(u32),
    /// The group of the position in one of these columns, or as the first of them names it; the list of positions.
    PositionGroup(Vec<u32>, &'static str),
    /// Of a student's time in a class, by the columns of its state and of the day of that.
    Enrollment(EnrollmentMember, Vec<u32>),
    /// The school year in which the row's student is in the row's class.
    Year,
    /// The class of the row's student in the year.
    Class,
    /// The code of the class that this column names.
    ClassCode(u32),
    /// The name of the class that this column has the code or the name of.
    ClassName(u32),
}

/// What a name stands for.
pub(crate) enum FoundName {
    /// This code.
    Code(String),
    /// One of these, which cannot be told apart.
    Several(Vec<String>),
    /// Nothing that is known.
    Nothing,
    /// The list of such names was not loaded.
    Untold,
}

impl Drawn {
    /// The columns that it is made of; the first is where a fault stands.
    pub fn columns(&self) -> Vec<u32> {
        match self {
            Self::Joined(columns) | Self::PositionGroup(columns, _) | Self::Enrollment(_, columns) => columns.clone(),
            Self::Female(column)
            | Self::Province(column)
            | Self::Commune(column, _)
            | Self::School(column, _)
            | Self::Staff(column)
            | Self::ClassCode(column)
            | Self::ClassName(column) => vec![*column],
            Self::Year | Self::Class => Vec::new(),
        }
    }
}

impl Columns {
    /// Makes members of several columns where headings name the parts, and reads names of places and schools as codes.
    pub(crate) fn draw(&mut self) {
        let aid = |columns: &Self, aid| columns.aid(aid);
        let commune = aid(self, Aid::ManagingCommune);
        let Node::Object(members) = &mut self.root else { return };
        let column_of = |members: &[(String, Node)], name: &str| {
            members.iter().find(|(known, _)| known == name).and_then(|(_, node)| match node {
                Node::Value { source: ValueSource::Column(column), .. } => Some(*column),
                Node::Value { source: ValueSource::Drawn(Drawn::Province(column)), .. } => Some(*column),
                _ => None,
            })
        };
        // Where no column names the classes, their codes may be their names.
        let is_class_name =
            |node: &Node| matches!(node, Node::Value { source: ValueSource::Drawn(Drawn::ClassName(_)), .. });
        let is_class = members.iter().any(|(_, node)| is_class_name(node));
        let places: Vec<Option<Drawn>> = members
            .iter()
            .map(|(name, _)| {
                let column = column_of(members, name)?;
                if let Some(of) = name.strip_suffix("CommuneCode") {
                    return Some(Drawn::Commune(column, column_of(members, &format!("{of}ProvinceCode"))));
                }
                if refers_to_colleague(self.spec, name) {
                    return Some(Drawn::Staff(column));
                }
                match name.as_str() {
                    "schoolCode" => Some(Drawn::School(column, commune)),
                    "classCode" if is_class => Some(Drawn::ClassCode(column)),
                    "communeCode" => Some(Drawn::Commune(column, column_of(members, "provinceCode"))),
                    name if name == "provinceCode" || name.ends_with("ProvinceCode") => Some(Drawn::Province(column)),
                    _ => None,
                }
            })
            .collect();
        for ((_, node), drawn) in members.iter_mut().zip(places) {
            if let (Node::Value { source, .. }, Some(drawn)) = (node, drawn) {
                for filled in self.filled.iter_mut().filter(|filled| filled.source == *source) {
                    filled.source = ValueSource::Drawn(drawn.clone());
                }
                *source = ValueSource::Drawn(drawn);
            }
        }
    }
}

impl CellReader<'_> {
    /// Appends a member that is drawn from the row; `false`: there is nothing of it.
    pub(crate) fn drawn(&mut self, out: &mut String, row: &SheetRow, drawn: &Drawn, place: CellRef) -> bool {
        match drawn {
            Drawn::Joined(columns) => {
                let parts: Vec<String> = columns.iter().filter_map(|column| shown(row.cell(*column))).collect();
                self.push(out, Cell::Text(&parts.join(" ")), place)
            }
            Drawn::Female(column) => {
                let text = shown(row.cell(*column)).unwrap_or_default();
                let sex = match text.to_lowercase().as_str() {
                    "" | "nam" => "male",
                    _ => "female",
                };
                self.push(out, Cell::Text(sex), place)
            }
            Drawn::Province(column) => self.name(out, row, *column, place, |reader, name| reader.province(name)),
            Drawn::Commune(column, province) => {
                let province = province.and_then(|column| shown(row.cell(column)));
                self.name(out, row, *column, place, |reader, name| reader.commune(name, province.as_deref()))
            }
            Drawn::School(column, commune) => {
                let commune = commune.and_then(|column| shown(row.cell(column)));
                self.name(out, row, *column, place, |reader, name| reader.school(name, commune.as_deref()))
            }
            Drawn::Staff(column) => match row.cell(*column) {
                Cell::Text(text) if is_name(text) => {
                    self.name(out, row, *column, place, |reader, name| reader.staff_member(name))
                }
                cell => self.push(out, cell, place),
            },
            Drawn::ClassCode(column) => match row.cell(*column) {
                Cell::Text(text) => {
                    let found = self.class_code(text.trim());
                    self.found(out, found, place, text)
                }
                cell => self.push(out, cell, place),
            },
            Drawn::ClassName(column) => match row.cell(*column) {
                Cell::Text(text) => {
                    let name = self.class_name(text.trim());
                    self.push(out, Cell::Text(&name), place)
                }
                cell => self.push(out, cell, place),
            },
            Drawn::PositionGroup(columns, positions) => {
                let of = |column: &u32| shown(row.cell(*column));
                let found = columns.iter().filter_map(of).find_map(|text| self.position_group(&text, positions, place));
                found.is_some_and(|group| self.push(out, Cell::Text(&group), place))
            }
            Drawn::Enrollment(member, _) => {
                let Some(value) = RowFacts::enrollment(self, *member) else { return false };
                self.push(out, Cell::Text(&value), place)
            }
            Drawn::Year => {
                let found = RowFacts::year(self);
                self.stored(out, found, place)
            }
            Drawn::Class => {
                let found = RowFacts::class(self);
                self.stored(out, found, place)
            }
        }
    }

    /// The group that a text names, or to which the position belongs that it names.
    fn position_group(&mut self, text: &str, positions: &'static str, place: CellRef) -> Option<String> {
        let (lists, on) = (self.lists, self.received);
        if let Some(group) = self.lookup.index(lists, place.field.code_list()?, on).named(text) {
            return Some(group);
        }
        let named = self.lookup.index(lists, positions, on).named(text);
        let position = named.or_else(|| words().value("position", text).map(str::to_owned));
        lists.attribute(positions, position.as_deref().unwrap_or(text), "group").map(str::to_owned)
    }

    /// What is stored of the row, if it is one thing.
    fn stored(&mut self, out: &mut String, found: FoundName, place: CellRef) -> bool {
        match found {
            FoundName::Code(code) => self.push(out, Cell::Text(&code), place),
            FoundName::Several(several) => {
                self.raise(&rule::SH_019, place, &[("value", "?"), ("candidates", &several.join(", "))]);
                false
            }
            FoundName::Nothing | FoundName::Untold => false,
        }
    }

    /// A cell that holds a code, or the name of what has one.
    fn name(
        &mut self,
        out: &mut String,
        row: &SheetRow,
        column: u32,
        place: CellRef,
        find: impl FnOnce(&mut Self, &str) -> FoundName,
    ) -> bool {
        let cell = row.cell(column);
        let text = match cell {
            Cell::Text(text) if !is_code(text) => text.trim(),
            cell => return self.push(out, cell, place),
        };
        if text.is_empty() {
            return false;
        }
        let found = find(self, text);
        self.found(out, found, place, text)
    }

    /// Appends what a name stands for, or says why it stands for nothing.
    fn found(&mut self, out: &mut String, found: FoundName, place: CellRef, text: &str) -> bool {
        match found {
            FoundName::Code(code) => self.push(out, Cell::Text(&code), place),
            FoundName::Several(several) => {
                self.refuse(out, &rule::SH_019, place, text, &[("candidates", &several.join("; "))]);
                true
            }
            FoundName::Nothing => {
                self.refuse(out, &rule::SH_020, place, text, &[]);
                true
            }
            FoundName::Untold => {
                self.raise(&rule::SH_021, place, &[("value", text)]);
                false
            }
        }
    }
}

/// Is a member, by its API name, the code of a colleague whom the record refers to?
fn refers_to_colleague(spec: &Spec, json: &str) -> bool {
    let is_it = |name: &str| spec.position(name).is_some_and(|at| spec.fields[at].json == json);
    spec.references.iter().any(|one| matches!(one.fields, [name] if name.ends_with("staff_code") && is_it(name)))
}

/// Two words or more, and no digit: codes have none of the former and some of the latter.
fn is_name(text: &str) -> bool {
    text.split_whitespace().count() > 1 && !text.chars().any(|letter| letter.is_ascii_digit())
}

/// Digits, perhaps before the name as drop-downs show them.
fn is_code(text: &str) -> bool {
    let text = text.trim().trim_start_matches('\'');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && text[digits..].chars().next().is_none_or(|next| !next.is_alphanumeric())
}
