//! Phrases that fill a placeholder in the reader's language: an issue's value `@name` names one.

use crate::model::issue::Text;

/// `(name, text)`, sorted by name.
const PHRASES: &[(&str, Text)] = &[
    ("array", Text { vi: "danh sách", en: "an array" }),
    ("boolean", Text { vi: "true hoặc false", en: "true or false" }),
    ("closed", Text { vi: "đóng cửa", en: "closed" }),
    ("merged", Text { vi: "sáp nhập", en: "merged" }),
    ("null", Text { vi: "null", en: "null" }),
    ("number", Text { vi: "số", en: "a number" }),
    ("object", Text { vi: "đối tượng", en: "an object" }),
    ("operation", Text { vi: "thao tác", en: "operation" }),
    ("resource", Text { vi: "loại dữ liệu", en: "resource" }),
    ("text", Text { vi: "chuỗi ký tự", en: "text" }),
    ("whole-number", Text { vi: "số nguyên", en: "a whole number" }),
];

/// The phrase of this name.
pub fn phrase(name: &str) -> Option<&'static Text> {
    PHRASES.iter().find(|(known, _)| *known == name).map(|(_, text)| text)
}
