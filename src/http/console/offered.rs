//! What may be said beside a file, where its sheets do not say it themselves: parameters of a submission, as fields.

use crate::http::console::words::Words;
use crate::model::issue::Text;
use crate::model::lists::Lists;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Something that may be said, by the name of the parameter.
pub struct OfferedField {
    /// Of the parameter.
    pub name: &'static str,
    title: Text,
    kind: FieldKind,
}

enum FieldKind {
    /// Written by hand: an example, and how many letters it has at most.
    Written(&'static str, u8),
    /// One of the periods of results.
    Period,
    /// One of the subjects.
    Subject,
}

const fn offered(name: &'static str, vi: &'static str, en: &'static str, kind: FieldKind) -> OfferedField {
    OfferedField { name, title: Text { vi, en }, kind }
}

/// All of them.
pub const OFFERED: &[OfferedField] = &[
    offered("schoolCode", "Mã trường", "School code", FieldKind::Written("31000501", 8)),
    offered("schoolYear", "Năm học", "School year", FieldKind::Written("2026-2027", 9)),
    offered("period", "Kì đánh giá", "Period", FieldKind::Period),
    offered("subjectCode", "Môn học", "Subject", FieldKind::Subject),
    offered("classCode", "Lớp", "Class", FieldKind::Written("6A1", 20)),
];

/// The periods of results.
const PERIODS: &[(&str, Text)] = &[
    ("GK1", Text { vi: "Giữa học kì I", en: "Middle of the first term" }),
    ("CK1", Text { vi: "Cuối học kì I", en: "End of the first term" }),
    ("GK2", Text { vi: "Giữa học kì II", en: "Middle of the second term" }),
    ("CK2", Text { vi: "Cuối học kì II", en: "End of the second term" }),
    ("CN", Text { vi: "Cả năm", en: "Whole year" }),
];

/// Names of subjects by their codes, each once although several levels have it.
static SUBJECTS: LazyLock<BTreeMap<String, (String, String)>> = LazyLock::new(|| {
    let lists = Lists::embedded();
    let entries = lists.list("subjects").map_or(&[][..], |list| &list.entries);
    entries.iter().map(|entry| (entry.code.clone(), (entry.name_vi.clone(), entry.name_en.clone()))).collect()
});

/// The field, with what was said before.
pub fn field(words: Words, offered: &OfferedField, said: &str) -> Markup {
    let name = offered.name;
    html! {
        div {
            label for=(name) { (offered.title.in_language(words.0)) }
            @match offered.kind {
                FieldKind::Written(example, longest) => input id=(name) name=(name) value=(said) maxlength=(longest) placeholder=(example) autocomplete="off";,
                FieldKind::Period => (choice(words, name, said, PERIODS.iter().map(|(code, text)| (*code, text.in_language(words.0))))),
                FieldKind::Subject => (choice(words, name, said, subjects(words))),
            }
        }
    }
}

fn choice<'t>(words: Words, name: &str, said: &str, offers: impl Iterator<Item = (&'t str, &'t str)>) -> Markup {
    html! {
        select id=(name) name=(name) {
            option value="" { (words.of("Tệp đã ghi", "The file says it")) }
            @for (code, text) in offers { option value=(code) selected[code == said] { (text) } }
        }
    }
}

/// In the order of their names.
fn subjects(words: Words) -> impl Iterator<Item = (&'static str, &'static str)> {
    let named = SUBJECTS.iter().map(|(code, (vi, en))| {
        let text = if en.is_empty() { vi } else { words.of(vi, en) };
        (code.as_str(), text)
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(_, text)| *text);
    named.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::model::field::FieldType;

    #[test]
    fn every_period_of_results_is_offered() {
        let results = model::find("subject-results").unwrap();
        let kind = &results.fields[results.position("period").unwrap()].kind;
        let FieldType::Choice { values } = kind else { panic!("{kind:?}") };
        assert_eq!(PERIODS.iter().map(|(code, _)| *code).collect::<Vec<_>>(), *values);
        assert!(SUBJECTS.len() > 10);
    }
}
