//! The texts of the document in Vietnamese. Where they are made they are English; a file has each with its translation
//! below it, and a test holds that the page has no English left.

use crate::error::KINDS;
use crate::model;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A line of English, and below it, set in, its Vietnamese.
const FILE: &str = include_str!("document.vi.txt");

/// Phrases that stand behind many texts.
const ENDS: &[(&str, &str)] = &[
    (" For those who may see it.", " Dành cho người được xem."),
    (" Equal to this.", " Bằng đúng giá trị này."),
    (" Lists that hold this value.", " Danh sách có giá trị này."),
];

static TEXTS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines: Vec<&str> = FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    lines.chunks_exact(2).map(|pair| (pair[0], pair[1].trim_start())).collect()
});
/// Those with a place for a name: what stands before and behind it.
static WITH_NAMES: LazyLock<Vec<(&str, &str, &str)>> = LazyLock::new(|| {
    TEXTS
        .iter()
        .filter_map(|(text, said)| text.split_once("{}").map(|(before, behind)| (before, behind, *said)))
        .collect()
});

/// A text of the document; what has no translation is Vietnamese already.
pub fn text(english: &str) -> String {
    english.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n\n")
}

fn paragraph(english: &str) -> String {
    let english = english.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = TEXTS.get(english.as_str()).map(|said| (*said).to_owned());
    let known = known.or_else(|| with_name(&english)).or_else(|| with_end(&english));
    known.or_else(|| of_problem(&english)).or_else(|| of_tag(&english)).unwrap_or(english)
}

fn with_end(english: &str) -> Option<String> {
    let (rest, said) = ENDS.iter().find_map(|(end, said)| Some((english.strip_suffix(end)?, said)))?;
    Some(paragraph(rest) + said)
}

fn with_name(english: &str) -> Option<String> {
    WITH_NAMES.iter().find_map(|(before, behind, said)| {
        let name = english.strip_prefix(before)?.strip_suffix(behind)?;
        Some(said.replace("{}", title(name)))
    })
}

/// What a resource is called in Vietnamese; every other name stays.
fn title(name: &str) -> &str {
    let called = |spec: &&model::spec::Spec| spec.title.en.eq_ignore_ascii_case(name);
    model::all().iter().copied().find(|spec| called(spec)).map_or(name, |spec| spec.title.vi)
}

/// A kind of problem, which says itself in both languages.
fn of_problem(english: &str) -> Option<String> {
    let own = KINDS.iter().find(|kind| english.starts_with(kind.title) && english.contains(kind.title_vi))?;
    Some(format!("{}.", own.title_vi))
}

/// A chapter: its Vietnamese name, and what its resource is.
fn of_tag(english: &str) -> Option<String> {
    let (name, rest) = english.split_once(". ")?;
    let about = TEXTS.get(rest)?;
    Some(if about.starts_with(name) { (*about).to_owned() } else { format!("{name}. {about}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_put_together_as_they_are_in_english() {
        for (english, vietnamese) in [
            ("Last day.", "Ngày cuối."),
            ("Its key,\nparts joined by `/`.", "Khóa của nó, các phần nối bằng `/`."),
            ("List subject results", "Danh sách: Kết quả môn học"),
            (
                "`sex` is one of these, joined by commas, at most 500. For those who may see it.",
                "`sex` là một trong các giá trị này, cách nhau bằng dấu phẩy, tối đa 500. Dành cho người được xem.",
            ),
            ("Mã trường: the main employer. Equal to this.", "Mã trường: nơi làm việc chính. Bằng đúng giá trị này."),
            ("It is new.\n\nThe record.", "Mới được tạo.\n\nBản ghi."),
            ("Mã lớp.", "Mã lớp."),
        ] {
            assert_eq!(text(english), vietnamese);
        }
    }
}
