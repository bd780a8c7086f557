//! What is stored of a row's student and class, and what the state of a student makes of his time in the class.

use crate::intake::sheet::around::context::EnrollmentFact;
use crate::intake::sheet::around::derive::FoundName;
use crate::intake::sheet::cells::cell::CellReader;
use crate::intake::sheet::file::date;
use crate::intake::sheet::file::row::{Cell, SheetRow};
use crate::intake::sheet::headings::columns::{Columns, ValueSource};
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::headings::node::Node;
use crate::intake::sheet::headings::words::Aid;
use crate::intake::sheet::records::convert::shown;
use crate::model::lists::Lists;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The list of states.
const STATES: &str = "student-statuses";

/// A member of an enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrollmentMember {
    /// The first day.
    EntryDate,
    /// How it began.
    EntryType,
    /// The last day.
    ExitDate,
    /// How it ended.
    ExitType,
}

/// What a row says of a student, as far as other members are drawn from it.
#[derive(Debug, Default, Clone)]
pub struct RowFacts {
    student: String,
    class: String,
    /// The school year.
    pub(crate) year: String,
    /// The state as it is written.
    state: String,
    /// The event of the list that the state stands for; empty: none.
    event: String,
    date: Option<NaiveDate>,
}

impl RowFacts {
    /// Of a row.
    pub(crate) fn of(row: &SheetRow, columns: &Columns, reader: &mut CellReader) -> Self {
        let text = |name: &str| match columns.member(name) {
            Some(Node::Value { source: ValueSource::Column(column), .. }) => shown(row.cell(*column)),
            Some(Node::Value { source: ValueSource::Line { value, .. } | ValueSource::Said(value), .. }) => {
                Some(value.clone())
            }
            _ => None,
        };
        let cell = |aid| columns.aid(aid).map_or(Cell::Empty, |column| row.cell(column));
        let state = shown(cell(Aid::StudentStatus)).unwrap_or_default();
        let date = match cell(Aid::StatusDate) {
            Cell::Text(text) => date::of_text(text).map(|read| read.date),
            Cell::Date(day, _) => date::of_serial(day),
            Cell::Number(number, _) => date::of_plausible_serial(number).map(|read| read.date),
            _ => None,
        };
        let code = reader.lookup.index(reader.lists, STATES, reader.received).named(&state);
        let code = code.or_else(|| reader.lists.contains(STATES, &state, reader.received).then(|| state.clone()));
        let event = code.and_then(|code| reader.lists.attribute(STATES, &code, "event_type").map(str::to_owned));
        Self {
            student: text("student_code").unwrap_or_default(),
            class: text("class_code").unwrap_or_default(),
            year: text("school_year").unwrap_or_default(),
            state,
            event: event.unwrap_or_default(),
            date,
        }
    }

    /// What is stored of the student at the school.
    fn stored(reader: &CellReader) -> Vec<EnrollmentFact> {
        let Some((context, school)) = reader.context.and_then(|context| Some((context, context.school()?.to_owned())))
        else {
            return Vec::new();
        };
        let student = reader.row.student.as_str();
        let all = context.facts.times_of_students(&school);
        all.get(student).or_else(|| all.get(&format!("{student:0>10}"))).cloned().unwrap_or_default()
    }

    /// The school year: of the day that the row says, of the student's time in the class, of the class.
    pub(crate) fn year(reader: &CellReader) -> FoundName {
        let row = &reader.row;
        if let Some(date) = row.date {
            return FoundName::Code(Lists::school_year_of(date));
        }
        let class = key(&row.class);
        let stored = Self::stored(reader);
        let of_student = stored.iter().filter(|time| class.is_empty() || key(&time.class) == class);
        let years: BTreeSet<String> = of_student.map(|time| time.year.clone()).collect();
        if !years.is_empty() || class.is_empty() {
            return one(years);
        }
        let known = reader.context.map(|context| context.classes_called(&row.class, None)).unwrap_or_default();
        one(known.into_iter().map(|class| class.year).collect())
    }

    /// The class of the student in the year.
    pub(crate) fn class(reader: &CellReader) -> FoundName {
        let year = match reader.row.year.as_str() {
            "" => match Self::year(reader) {
                FoundName::Code(year) => year,
                other => return other,
            },
            year => year.to_owned(),
        };
        let stored = Self::stored(reader);
        one(stored.into_iter().filter(|time| time.year == year).map(|time| time.class).collect())
    }

    /// A member of the student's time in the class; `None`: it is left out.
    pub(crate) fn enrollment(reader: &CellReader, member: EnrollmentMember) -> Option<String> {
        let row = &reader.row;
        let has_ended = matches!(row.event.as_str(), "transfer_out" | "dropout");
        let year = match (row.year.as_str(), Self::year(reader)) {
            ("", FoundName::Code(year)) => year,
            (year, _) => year.to_owned(),
        };
        let class = key(&row.class);
        let stored = Self::stored(reader);
        let known = stored
            .iter()
            .filter(|time| time.year == year && key(&time.class) == class)
            .max_by_key(|time| &time.entry_date);
        let said = row.date.filter(|_| !has_ended).map(|date| date.to_string());
        let opening = || Some(format!("{}-09-05", year.split('-').next().filter(|year| year.len() == 4)?));
        let begun = || said.clone().or_else(|| known.map(|time| time.entry_date.clone())).or_else(opening);
        match member {
            EnrollmentMember::EntryDate => begun(),
            EnrollmentMember::EntryType => match row.event.as_str() {
                "transfer_in" => Some("transfer-in".to_owned()),
                "return" => Some("return".to_owned()),
                // What the list does not know is for the gate to name.
                "" if !row.state.is_empty() => Some(row.state.clone()),
                _ => known
                    .filter(|time| Some(&time.entry_date) == begun().as_ref())
                    .map(|time| time.entry_type.clone())
                    .or_else(|| Some(Self::usual_entry(reader, &year).to_owned())),
            },
            EnrollmentMember::ExitDate => row.date.filter(|_| has_ended).map(|date| date.to_string()),
            EnrollmentMember::ExitType => match row.event.as_str() {
                "transfer_out" => Some("transfer-out".to_owned()),
                "dropout" => Some("dropout".to_owned()),
                _ => None,
            },
        }
    }

    /// Who is in the first grade of a level is new at the school, others come up from the grade below.
    fn usual_entry(reader: &CellReader, year: &str) -> &'static str {
        let grade = reader.grade_of(&reader.row.class, Some(year));
        let level = |number: u32| reader.lists.grade(&format!("{number:02}")).map(|grade| grade.level);
        match grade.and_then(|grade| grade.parse::<u32>().ok()) {
            Some(grade) if grade > 1 && level(grade) == level(grade - 1) => "promoted",
            _ => "new",
        }
    }
}

impl CellReader<'_> {
    /// The grade of a class: as it is stored, else as its code begins.
    pub(crate) fn grade_of(&self, class: &str, year: Option<&str>) -> Option<String> {
        grade_of(class, year, self)
    }
}

fn grade_of(class: &str, year: Option<&str>, reader: &CellReader) -> Option<String> {
    let stored = reader.context.map(|context| context.classes_called(class, year)).unwrap_or_default();
    stored.into_iter().next().map(|class| class.grade).or_else(|| grade_by_code(class))
}

/// The grade with which the code of a class begins.
pub(crate) fn grade_by_code(class: &str) -> Option<String> {
    let digits: String = class.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<u32>().ok().filter(|grade| (1..=12).contains(grade)).map(|grade| format!("{grade:02}"))
}

fn one(mut values: BTreeSet<String>) -> FoundName {
    match values.len() {
        0 => FoundName::Nothing,
        1 => values.pop_first().map_or(FoundName::Nothing, FoundName::Code),
        _ => FoundName::Several(values.into_iter().collect()),
    }
}
