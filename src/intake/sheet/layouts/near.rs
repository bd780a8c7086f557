//! A sheet that nearly is of a layout: what of its headings is known, what not, and what lacks.

use crate::intake::sheet::headings::head::Head;
use crate::intake::sheet::headings::heading::{Names, Target};
use crate::intake::sheet::headings::meaning::ColumnMeaning;
use crate::intake::sheet::layouts::layout::Layout;
use crate::model::issue::Text;
use std::sync::Arc;

/// Headings that are told of each kind.
const TOLD: usize = 12;

/// Headings as a list: `“Mã HS”, “Lớp”`.
pub fn quoted(headings: &[String]) -> String {
    headings.iter().map(|heading| format!("“{heading}”")).collect::<Vec<_>>().join(", ")
}

/// What is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearSheet {
    /// What the layout, or the resource, is called.
    pub title: (String, String),
    /// Headings that are known.
    pub known: Vec<String>,
    /// Headings that are not.
    pub unknown: Vec<String>,
    /// What no record can do without: the titles of these members.
    pub lacking: Vec<String>,
    /// The row of the headings.
    pub row: u64,
}

impl NearSheet {
    /// Of headings that lack every column of the key.
    pub fn of(layout: Option<&Layout>, names: &[Arc<Names>], head: &Head, meanings: &[Vec<ColumnMeaning>]) -> Self {
        let is_of = |at: usize, wanted: &dyn Fn(&Target) -> bool| {
            meanings.iter().filter_map(|meanings| meanings.get(at)).any(|meaning| wanted(&meaning.target))
        };
        let listed = |wanted: &dyn Fn(usize) -> bool| -> Vec<String> {
            let columns = head.columns.iter().enumerate().filter(|(at, _)| wanted(*at));
            columns.map(|(_, column)| column.heading()).take(TOLD).collect()
        };
        let is_known =
            |at| is_of(at, &|target| matches!(target, Target::Member(..) | Target::Operation | Target::Aid(_)));
        let is_beside = |at| is_of(at, &|target| *target == Target::Companion);
        let titles = |text: Text| (text.vi.to_owned(), text.en.to_owned());
        let first = names.first().map(|names| names.spec);
        let lacking = first.map(|spec| {
            let of_rows = spec.key.iter().filter_map(|name| spec.position(name)).map(|at| &spec.fields[at]);
            of_rows.filter(|field| {
                field.json.ends_with("Code") && field.json != "schoolCode" && field.json != "subjectCode"
            })
        });
        Self {
            title: match (layout, first) {
                (Some(layout), _) => (layout.title.vi.clone(), layout.title.en.clone()),
                (None, Some(spec)) => titles(spec.title),
                (None, None) => Default::default(),
            },
            known: listed(&is_known),
            unknown: listed(&|at| !is_known(at) && !is_beside(at)),
            lacking: lacking.into_iter().flatten().map(|field| field.title().to_owned()).collect(),
            row: head.last_row,
        }
    }

    /// How many headings are known.
    pub fn known(&self) -> usize {
        self.known.len()
    }
}
