//! Shapes of members and of plain values that a type alone does not say.

use crate::error::KINDS;
use crate::http::openapi::shape::{
    Shape, choice, count, date, instant, list, matching, named, object, or_null, text, uri,
};
use crate::http::request::body_schema::{COMMUNE_CODE, SCHOOL_CODE};
use crate::model;
use crate::submission::row;
use utoipa::openapi::schema::Object;

/// The code of a school.
pub fn school_code() -> Object {
    matching("The code of a school: eight digits.", SCHOOL_CODE)
}

/// The code of a commune.
pub fn commune_code() -> Object {
    matching("The code of a commune: five digits.", COMMUNE_CODE)
}

/// The name of a resource.
pub fn resource_name() -> Object {
    let names: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
    choice("The name of a resource.", &names)
}

/// A page of items of this shape.
pub fn page_of(item: &str) -> Shape {
    let next = "Where the next page begins: send it as `cursor`. `null`: this was the last page.";
    object("A page of a list.")
        .must("items", list("", named(item)))
        .must("nextCursor", or_null(text(next)))
        .may("total", count("How many there are in all, where `count=true` may be asked for and was."))
        .build()
}

/// A value of a code list.
pub fn code_value() -> Shape {
    object("A value. Some lists have further columns, such as `levels`; they are text.")
        .must("code", text("What records carry."))
        .may("nameVi", text("Vietnamese name."))
        .may("nameEn", text("English name."))
        .may("validFrom", date("First day on which it holds."))
        .may("validTo", date("Last day."))
        .further(text(""))
        .build()
}

/// Codes of problems.
pub fn problem_codes() -> Object {
    let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    choice("Stable code of the kind of problem, for programs.", &codes)
}

/// Codes of faults of the token endpoint.
pub fn token_faults() -> Object {
    let codes = ["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"];
    choice("Its code.", &codes)
}

/// States of a submission.
pub fn statuses() -> Object {
    choice("Where the work stands. `failed`: the body broke off; send it again.", row::STATUSES)
}

/// Outcomes of a submission.
pub fn results() -> Object {
    let about = "`accepted`: all kept; `partial`: some rejected; `rejected`: nothing kept. `null`: not done yet.";
    or_null(choice(about, row::RESULTS))
}

/// Modes of a submission.
pub fn modes() -> Object {
    choice("As asked.", &["commit", "validate"])
}

/// How records of a submission stand together.
pub fn atomicities() -> Object {
    choice("As asked.", &["record", "all"])
}

/// When the work on a submission was done.
pub fn completed_at() -> Object {
    or_null(instant("When the work was done."))
}

/// A path.
pub fn path() -> Object {
    uri("")
}
