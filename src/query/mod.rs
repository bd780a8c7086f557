//! Reading: filters, sorting, keyset pages, and whole results as one snapshot. Every value is bound, none is spliced
//! into SQL.

mod cursor; // a place in a list
mod filter; // conditions on members
pub mod paging; // `limit` and `cursor`
mod question; // parameters → a question
mod list; // a question → SQL → rows
mod search; // names by their words
mod shape; // which members are shown, and how a row is written
mod writer; // the rows of a whole result as bytes

pub use filter::checked;
pub use list::{RecordPage, count, export, one, page, statement};
pub use question::question;
pub use search::LONGEST as LONGEST_SEARCH;
pub use shape::OutputFormat;

use crate::access::Area;
use crate::merge::alias;
use crate::model::field::{FieldType, Style};
use crate::model::rules::identity::is_provisional;
use crate::store::table::{Table, quoted};
use diesel::{PgConnection, QueryResult};
use filter::Filter;
use shape::ResultShape;

/// What the reader may see.
#[derive(Debug, Clone)]
pub struct Visibility {
    /// Whose records.
    pub area: Area,
    /// Sensitive members too?
    pub sensitive: bool,
}

/// A question that is checked through: only the database is still to be asked.
#[derive(Debug)]
pub struct Question {
    table: &'static Table,
    visibility: Visibility,
    filters: Vec<Filter>,
    /// The words of `q`, folded.
    words: Vec<String>,
    order: Vec<Order>,
    after: Option<Vec<Option<String>>>,
    /// Items of a page, if said.
    pub limit: Option<paging::Limit>,
    /// Is the number of all matches wanted?
    pub count: bool,
    shape: ResultShape,
    /// Does its SQL come again often enough to be kept prepared?
    common: bool,
    /// What a cursor belongs to: resource, filters, search and order.
    fingerprint: u64,
}

/// One column of the order. Nulls come last, and first when descending, as in PostgreSQL's indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    place: usize,
    descending: bool,
}

impl Order {
    /// What is compared: the value, given as SQL, or for names what sorts as Vietnamese sorts them.
    fn compared(self, table: &Table, value: &str) -> String {
        match table.spec.fields[self.place].kind {
            FieldType::Text { style: Style::PersonName | Style::Name, .. } => format!("vietnamese_order({value})"),
            _ => value.to_owned(),
        }
    }
    /// The column that is compared.
    fn column(self, table: &Table) -> String {
        self.compared(table, &format!("t.{}", quoted(table.spec.fields[self.place].name)))
    }
}

impl Question {
    /// The resource.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// The same, asking for the official codes where it names provisional ones that gave way to them.
    pub fn official(mut self, connection: &mut PgConnection) -> QueryResult<Self> {
        let places = alias::coded(self.table);
        let resource = |place: usize| places.iter().find(|(coded, _)| *coded == place).map(|(_, resource)| *resource);
        let coded = self.filters.iter_mut().filter_map(|filter| Some((resource(filter.place)?, filter)));
        let mut values: Vec<(&'static str, &mut String)> = coded
            .flat_map(|(resource, filter)| filter.values.iter_mut().map(move |value| (resource, value)))
            .filter(|(_, value)| is_provisional(value))
            .collect();
        let codes = values.iter().map(|(resource, value)| (*resource, (*value).clone())).collect();
        let known = alias::official(connection, &codes)?;
        for (resource, value) in &mut values {
            if let Some(new) = known.get(&(*resource, (*value).clone())) {
                **value = new.clone();
            }
        }
        Ok(self)
    }
}
