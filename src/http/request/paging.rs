//! Pages of lists: the answer with its `nextCursor` and its `Link`, the same for every list of the API. `limit` and the
//! form of cursors are those of [`query::paging`](crate::query::paging), which the lists of records use too.

use super::parameters::pairs;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::openapi::members;
use crate::model::messages::message;
use crate::model::moment::is_storable;
pub use crate::query::paging::Limit;
use crate::query::paging::{decode, encode};
use actix_web::http::header::LINK;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// What a list is ordered by, at one item. Clients may make cursors by hand: what cannot stand in the list is none.
pub trait ListPosition: Serialize + DeserializeOwned {
    /// Can it stand in the list?
    fn is_possible(&self) -> bool {
        true
    }
}
impl ListPosition for i64 {}
impl ListPosition for Uuid {}
/// A name; one that does not stand in the list has a place in its order all the same.
impl ListPosition for String {}
impl ListPosition for (DateTime<Utc>, Uuid) {
    fn is_possible(&self) -> bool {
        is_storable(self.0)
    }
}

/// The parameters of a list that has no others.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageParameters {
    /// Items of the page.
    pub limit: Limit,
    /// Where it begins.
    pub cursor: Option<Cursor>,
}

/// `cursor`, as it came.
#[derive(Debug, Clone, Deserialize)]
pub struct Cursor(String);

impl Cursor {
    /// The place that it names.
    ///
    /// # Errors
    /// A 400 when it is none of this list.
    pub fn place<K: ListPosition>(&self) -> Result<K> {
        let place = decode(&self.0).filter(K::is_possible);
        place.ok_or_else(|| Error::new(BAD_REQUEST, message("cursor-unknown")))
    }
}

/// The place of a cursor, if one was sent.
///
/// # Errors
/// A 400 when it is none of this list.
pub fn place<K: ListPosition>(cursor: Option<&Cursor>) -> Result<Option<K>> {
    cursor.map(Cursor::place).transpose()
}

/// A page of a list, as it is answered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// What is on it, in the order of the list.
    items: Vec<T>,
    /// Where the next one begins, if there is one.
    next_cursor: Option<String>,
    /// How many there are in all, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
}

impl<T> Page<T> {
    /// The first `limit` of what was found: one more was asked for, to know whether there are more.
    pub fn cut<K: ListPosition>(mut found: Vec<T>, limit: Limit, place: impl Fn(&T) -> K) -> Self {
        let more = found.len() > limit.items();
        found.truncate(limit.items());
        let next_cursor = found.last().filter(|_| more).map(|last| encode(&place(last)));
        Self { next_cursor, ..Self::whole(found) }
    }
    /// All there is, on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None, total: None }
    }
    /// Each item as `shown`.
    pub fn map<R>(self, shown: impl Fn(T) -> R) -> Page<R> {
        let Self { items, next_cursor, total } = self;
        Page { items: items.into_iter().map(shown).collect(), next_cursor, total }
    }
    /// What is on it, and the cursor of the next one.
    pub fn into_parts(self) -> (Vec<T>, Option<String>) {
        (self.items, self.next_cursor)
    }
    /// With the number of all items, where that was asked for.
    pub fn of_total(self, total: Option<i64>) -> Self {
        Self { total, ..self }
    }
}

impl<T: Serialize> Page<T> {
    /// The answer to this request.
    ///
    /// # Errors
    /// None for a request that was read already.
    pub fn answer(self, request: &HttpRequest) -> Result<HttpResponse> {
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.next_cursor {
            response.insert_header((LINK, link(request, next)?));
        }
        Ok(response.json(self))
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        members::page_of(&T::name())
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
    }
}

/// `Link` of the next page: the request's own query, with the cursor.
///
/// # Errors
/// Those of reading parameters.
pub fn link(request: &HttpRequest, next: &str) -> Result<String> {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let given = pairs(request.query_string())?;
    let kept = given
        .iter()
        .filter(|(name, _)| name != "cursor")
        .map(|(name, value)| format!("{}={}&", encoded(name), encoded(value)));
    Ok(format!("<{}?{}cursor={next}>; rel=\"next\"", request.uri().path(), kept.collect::<String>()))
}
