//! Parameters → a question that is checked through.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::intake::json::field_names::nearest;
use crate::model::excerpt::clip;
use crate::model::field::FieldType;
use crate::model::lists::Lists;
use crate::model::messages::message;
use crate::query::filter::{Filter, Test, allowed};
use crate::query::paging::Limit;
use crate::query::shape::ResultShape;
use crate::query::{Order, Question, Visibility, cursor, search};
use crate::store::table::Table;
use std::collections::HashSet;

/// Parameters of every list beside its filters.
pub const PARAMETERS: [&str; 6] = ["limit", "cursor", "q", "fields", "sort", "count"];

/// What was asked for by `parameters` (decoded names and values).
///
/// # Errors
/// A 400 that names the unknown parameter, field or value; a 403 for a filter or an order by what the reader may not
/// see.
pub fn question(
    table: &'static Table,
    visibility: Visibility,
    lists: &Lists,
    parameters: &[(String, String)],
) -> Result<Question> {
    let mut seen = HashSet::new();
    if let Some((twice, _)) = parameters.iter().find(|(name, _)| !seen.insert(name)) {
        return Err(Error::new(BAD_REQUEST, message("given-twice").with("name", clip(twice))));
    }
    let given = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let others = parameters.iter().filter(|(name, _)| !PARAMETERS.contains(&name.as_str()));
    let mut filters: Vec<Filter> =
        others.map(|(name, value)| Filter::read(table, &visibility, lists, name, value)).collect::<Result<_>>()?;
    // The same filters make the same SQL, in whatever order they come.
    filters.sort_unstable();
    let order = order(table, &visibility, given("sort"))?;
    let shape = ResultShape::of(table, &visibility, given("fields"), &order)?;
    let words = given("q").map_or(Ok(Vec::new()), |text| search::words(table, text))?;
    let common = given("fields").is_none() && filters.len() < 3 && given("sort").is_none_or(|sort| !sort.contains(','));
    let fingerprint = fingerprint(table, &filters, &words, &order);
    let mut question = Question {
        table,
        visibility,
        filters,
        words,
        order,
        after: None,
        limit: None,
        count: false,
        shape,
        common,
        fingerprint,
    };
    question.limit = given("limit").map(limit).transpose()?;
    question.count = given("count").map_or(Ok(false), truth)?;
    question.after = given("cursor").map(|text| cursor::read(text, &question)).transpose()?;
    Ok(question)
}

fn fingerprint(table: &Table, filters: &[Filter], words: &[String], order: &[Order]) -> u64 {
    let filters: Vec<(usize, Test, &Vec<String>)> =
        filters.iter().map(|filter| (filter.place, filter.test, &filter.values)).collect();
    xxhash_rust::xxh3::xxh3_64(format!("{} {filters:?} {words:?} {order:?}", table.spec.name).as_bytes())
}

fn limit(text: &str) -> Result<Limit> {
    Limit::try_from(text).map_err(|expected| Error::no_value("limit", text, expected.0))
}

fn truth(text: &str) -> Result<bool> {
    text.parse().map_err(|_| Error::no_value("count", text, message("truth-expected")))
}

/// The columns of `sort`, then those of the key that are not among them, in the direction of the last: then one
/// comparison of rows finds the next page.
fn order(table: &Table, visibility: &Visibility, sort: Option<&str>) -> Result<Vec<Order>> {
    let mut order = Vec::new();
    for name in sort.into_iter().flat_map(|sort| sort.split(',')) {
        let (name, descending) = name.strip_prefix('-').map_or((name, false), |name| (name, true));
        let place = sortable(table, visibility, name)?;
        if order.iter().any(|known: &Order| known.place == place) {
            return Err(Error::new(BAD_REQUEST, message("sort-twice").with("name", name)));
        }
        order.push(Order { place, descending });
    }
    let descending = order.last().is_some_and(|last| last.descending);
    for place in &table.key {
        if !order.iter().any(|known| known.place == *place) {
            order.push(Order { place: *place, descending });
        }
    }
    Ok(order)
}

fn sortable(table: &Table, visibility: &Visibility, name: &str) -> Result<usize> {
    let fields = table.spec.fields;
    let may = |place: &usize| {
        let field = &fields[*place];
        (field.filter || table.key.contains(place))
            && !matches!(field.kind, FieldType::List(_) | FieldType::Object(_) | FieldType::Counts { .. })
    };
    if let Some(field) = fields.iter().find(|field| field.json == name) {
        allowed(field, visibility, message("sort-by"))?;
    }
    let place = fields.iter().position(|field| field.json == name).filter(may);
    place.ok_or_else(|| {
        let names: Vec<&str> = (0..fields.len()).filter(may).map(|place| fields[place].json).collect();
        let meant = nearest(name, names.iter().copied()).map(|near| message("perhaps-meant").with("value", near));
        let detail = message("sort-unknown")
            .with("resource", table.spec.name)
            .with("name", clip(name))
            .maybe("meant", meant)
            .with("members", names.join(", "));
        Error::new(BAD_REQUEST, detail)
    })
}
