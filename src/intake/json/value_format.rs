//! The forms of single values: dates, school years, and how a faulty one is shown.

use crate::intake::json::parse::PathStep;
use crate::model::value::Value;
use compact_str::CompactString;
use std::fmt::Write as _;

/// The place of a fault of JSON, without the words of the record and without those of the library.
pub(crate) fn fault_of_json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => "@json-ends-early".into(),
        _ => format!("JSON, {}:{}", error.line(), error.column()),
    }
}

/// A member's name as a JSON pointer writes it.
pub(crate) fn escaped(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

/// The JSON pointer of a path.
pub(crate) fn pointer_of(path: &[PathStep]) -> String {
    let mut pointer = String::new();
    for step in path {
        let _ = match step {
            PathStep::Member(name) => write!(pointer, "/{name}"),
            PathStep::Index(index) => write!(pointer, "/{index}"),
            PathStep::Code(code) => write!(pointer, "/{}", escaped(code)),
        };
    }
    pointer
}

/// An empty text is none.
pub(crate) fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(CompactString::new(text)) }
}
