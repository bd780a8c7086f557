use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn file(text: &'static str) -> BTreeMap<&'static str, &'static str> {
    entries(text).collect()
}

fn places(text: &str) -> BTreeSet<&str> {
    pieces(text)
        .filter_map(|piece| if let TemplatePiece::Value(inside) = piece { Some(placeholder(inside).0) } else { None })
        .collect()
}

#[test]
fn values_stand_at_their_places() {
    let detail = message("no-value").with("value", "many").with("name", "limit");
    let detail = detail.with("expected", message("number-up-to-expected").with("most", 1000));
    assert_eq!(
        detail.in_language(Language::English),
        "“many” is no value of “limit”: a whole number from 1 to 1000 is expected."
    );
    assert_eq!(
        detail.in_language(Language::Vietnamese),
        "“many” không phải là giá trị của “limit”: cần một số nguyên từ 1 đến 1000."
    );
}

#[test]
fn of_what_is_absent_not_even_the_space_is_left() {
    let detail = |meant: Option<Message>| {
        let detail = message("field-unknown").with("name", "nam").with("resource", "classes").maybe("meant", meant);
        detail.in_language(Language::English)
    };
    assert_eq!(detail(None), "“fields” names “nam”, which classes does not have.");
    let meant = message("perhaps-meant").with("value", "name");
    assert_eq!(detail(Some(meant)), "“fields” names “nam”, which classes does not have. “name” was perhaps meant.");
}

#[test]
fn a_person_with_a_sheet_is_told_of_sheets() {
    let told = |form| message("body-too-large").with("limit", 1_048_576).in_form(Language::Vietnamese, form);
    assert_eq!(told(BodyForm::Program), "Nội dung dài hơn 1.048.576 byte.");
    assert_eq!(told(BodyForm::Sheet), "Tệp lớn hơn 1 MB; hãy chia thành nhiều tệp nhỏ hơn.");
}

#[test]
fn what_was_expected_comes_through_a_library_that_knows_texts_only() {
    let expected = message("number-up-to-expected").with("most", 1000);
    assert_eq!(named(&Expected(expected.clone()).to_string()), Some(expected));
    assert_eq!(named("invalid length 3"), None);
}

#[test]
fn braces_stand_for_themselves_when_they_are_double() {
    let detail = message("headings-of-no-resource").with("known", "classes").in_language(Language::English);
    assert!(detail.ends_with("Templates: /v1/templates/{resource}.xlsx."), "{detail}");
}

#[test]
fn the_files_say_the_same_of_the_same() {
    let (vietnamese, english) = (file(VIETNAMESE), file(ENGLISH));
    assert_eq!(
        vietnamese.keys().collect::<Vec<_>>(),
        english.keys().collect::<Vec<_>>(),
        "the files have the same ids"
    );
    for (text, entries) in [(VIETNAMESE, &vietnamese), (ENGLISH, &english)] {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).count();
        assert_eq!(lines, entries.len(), "each line is an entry, and no id stands twice");
    }
    for (id, english) in english {
        assert!(!english.trim().is_empty() && !vietnamese[id].trim().is_empty(), "{id}");
        assert_eq!(places(english), places(vietnamese[id]), "{id}");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let inside = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    entries.flatten().flat_map(|entry| inside(entry.path())).collect()
}

/// The messages that the source makes: each id with the places that are filled where it is made.
fn made() -> Vec<(String, BTreeSet<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_code = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "rs") && !path.starts_with(root.join("model/messages"))
    };
    let mut made = Vec::new();
    for path in sources(&root).into_iter().filter(is_code) {
        let code = std::fs::read_to_string(path).unwrap();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.collect::<Vec<_>>().join("\n");
        for call in code.split("message(").skip(1) {
            let Some((id, rest)) = call.trim_start().strip_prefix('"').and_then(|call| call.split_once('"')) else {
                continue;
            };
            let rest = rest.trim_start().trim_start_matches(',').trim_start();
            made.push((id.to_owned(), rest.strip_prefix(')').map(filled).unwrap_or_default()));
        }
    }
    made
}

/// The places that the calls of `with` and `maybe` fill with which the code begins.
fn filled(code: &str) -> BTreeSet<String> {
    let (mut places, mut rest) = (BTreeSet::new(), code.trim_start());
    while let Some(call) = rest.strip_prefix(".with(").or_else(|| rest.strip_prefix(".maybe(")) {
        let Some(place) = call.trim_start().strip_prefix('"').and_then(|call| call.split('"').next()) else { break };
        places.insert(place.to_owned());
        rest = after_the_call(call).trim_start();
    }
    places
}

/// What follows the parenthesis that closes a call.
fn after_the_call(code: &str) -> &str {
    let (mut open, mut is_text, mut is_escaped) = (1, false, false);
    for (at, letter) in code.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_text = !is_text,
            '(' if !is_text => open += 1,
            ')' if !is_text => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &code[at + 1..];
        }
    }
    ""
}

#[test]
fn every_message_that_is_made_has_its_texts_and_every_text_is_said() {
    let (made, english) = (made(), file(ENGLISH));
    let ids: BTreeSet<&str> = made.iter().map(|(id, _)| id.as_str()).collect();
    // What people with a sheet are told is said wherever the other is.
    let texts: BTreeSet<&str> = english.keys().map(|id| id.strip_suffix(OF_SHEETS).unwrap_or(id)).collect();
    let lacking: Vec<&&str> = ids.difference(&texts).collect();
    assert!(lacking.is_empty(), "src/model/messages/*.txt lack {lacking:?}");
    let unsaid: Vec<&&str> = texts.difference(&ids).collect();
    assert!(unsaid.is_empty(), "nobody says {unsaid:?}");
    for (id, filled) in &made {
        let of_sheets = english.get(format!("{id}{OF_SHEETS}").as_str()).copied().unwrap_or_default();
        let places = places(english[id.as_str()]).into_iter().chain(places(of_sheets)).map(str::to_owned);
        assert_eq!(*filled, places.collect(), "the places of {id} are filled where it is made");
    }
}
