//! What a problem says, in the language asked for. Details are written in English where they arise, with their values
//! in them; the Vietnamese is found by the pattern of the English, as translators' catalogues do it, so that no floor
//! below needs to know who will read.

use crate::http::problem::vietnamese::TEXTS;
use crate::model::issue::Language;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    /// A place for a value, by what stands between the braces.
    Value(String),
}

struct Entry {
    english: Vec<Piece>,
    vietnamese: Vec<Piece>,
    /// Letters that do not change: of several patterns that fit the closest is taken.
    closeness: usize,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entry = |(english, vietnamese): &(&str, &str)| {
        let english = pieces(english);
        let words = english.iter().map(|piece| if let Piece::Words(words) = piece { words.len() } else { 0 });
        Entry { closeness: words.sum(), english, vietnamese: pieces(vietnamese) }
    };
    TEXTS.iter().map(entry).collect()
});

/// The detail as this reader gets it; English where the catalogue has no pattern for it.
pub fn in_language(english: &str, language: Language) -> Cow<'_, str> {
    match language {
        Language::English => Cow::Borrowed(english),
        Language::Vietnamese => translated(english).map_or(Cow::Borrowed(english), Cow::Owned),
    }
}

fn translated(english: &str) -> Option<String> {
    let fits = ENTRIES.iter().filter_map(|entry| Some((entry, values(&entry.english, english)?)));
    let (entry, values) = fits.max_by_key(|(entry, _)| entry.closeness)?;
    let value = |name: &str| {
        name.parse::<usize>().ok().and_then(|number| values.get(number.checked_sub(1)?).copied()).unwrap_or_default()
    };
    let shown = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        // A value may be a phrase itself.
        Piece::Value(name) => translated(value(name)).unwrap_or_else(|| value(name).to_owned()),
    };
    Some(entry.vietnamese.iter().map(shown).collect())
}

/// Words and places of a text with `{…}`; double braces stand for themselves.
fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut words, mut rest) = (Vec::new(), String::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        words.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            words.push_str(&rest[..1]);
            rest = &rest[2..];
        } else {
            let (name, after) = rest[1..].split_once('}').unwrap_or((&rest[1..], ""));
            if !words.is_empty() {
                pieces.push(Piece::Words(std::mem::take(&mut words)));
            }
            pieces.push(Piece::Value(name.to_owned()));
            rest = after;
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// What stands at the places of the pattern, if the text is of it.
fn values<'t>(pattern: &[Piece], text: &'t str) -> Option<Vec<&'t str>> {
    let (mut values, mut rest) = (Vec::new(), text);
    for (at, piece) in pattern.iter().enumerate() {
        match (piece, pattern.get(at + 1)) {
            (Piece::Words(words), None) if at > 0 => return (rest == words).then_some(values),
            (Piece::Words(words), _) => rest = rest.strip_prefix(words.as_str())?,
            (Piece::Value(_), Some(Piece::Words(next))) => {
                let is_last = at + 2 == pattern.len();
                let end = if is_last { rest.strip_suffix(next.as_str())?.len() } else { rest.find(next.as_str())? };
                values.push(&rest[..end]);
                rest = &rest[end..];
            }
            (Piece::Value(_), _) => {
                values.push(rest);
                rest = "";
            }
        }
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    fn vietnamese(english: &str) -> String {
        in_language(english, Language::Vietnamese).into_owned()
    }

    #[test]
    fn values_find_their_places() {
        assert_eq!(
            vietnamese("“many” is no value of “limit”: a whole number from 1 to 1000 is expected."),
            "“many” không phải là giá trị của “limit”: cần một số nguyên từ 1 đến 1000."
        );
        assert_eq!(vietnamese("“mode” is commit or validate."), "“mode” là commit hoặc validate.");
        assert_eq!(vietnamese("Nobody has written this."), "Nobody has written this.");
        assert_eq!(in_language("“mode” is commit or validate.", Language::English), "“mode” is commit or validate.");
    }

    #[test]
    fn phrases_among_the_values_are_put_into_words_too() {
        let detail =
            "A client of the kind consumer may not read students; ask the department for a client of another kind.";
        assert_eq!(
            vietnamese(detail),
            "Ứng dụng loại consumer không được đọc students; đề nghị sở cấp ứng dụng loại khác."
        );
        let meant = "There is no parameter “grad” for classes. “grade” was perhaps meant. It takes limit, cursor and the filters grade, name.";
        let expected = "Không có tham số “grad” cho classes. Có lẽ ý là “grade”. Các tham số: limit, cursor; các điều kiện lọc: grade, name.";
        assert_eq!(vietnamese(meant).replace("  ", " "), expected);
        let code =
            "“99” is no value of “ethnicity”: a code of the list ethnic-groups is expected; “09” was perhaps meant.";
        assert!(
            vietnamese(code).ends_with("cần một mã trong danh mục ethnic-groups; có lẽ ý là “09”."),
            "{}",
            vietnamese(code)
        );
    }

    #[test]
    fn both_languages_have_the_same_places() {
        for (english, vietnamese) in TEXTS {
            let count = pieces(english).iter().filter(|piece| matches!(piece, Piece::Value(_))).count();
            let mut named: Vec<String> = pieces(vietnamese)
                .into_iter()
                .filter_map(|piece| if let Piece::Value(name) = piece { Some(name) } else { None })
                .collect();
            named.sort();
            assert_eq!(named, (1..=count).map(|number| number.to_string()).collect::<Vec<_>>(), "{english}");
        }
    }

    /// Floors and files that make details. Elsewhere sentences are for the operator, or not of problems.
    const SPEAKING: &[&str] =
        &["access", "http", "intake", "merge", "query", "checks", "jobs", "submission", "store/reference", "error.rs"];
    /// A template explains itself on a sheet of its own, in both languages at once: that is text of the workbook.
    const SILENT: &[&str] = &[
        "http/openapi",
        "http/docs",
        "http/problem/vietnamese.rs",
        "http/serve.rs",
        "submission/offline",
        "intake/sheet/template.rs",
    ];

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let inside = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
        let Ok(entries) = std::fs::read_dir(folder) else { return vec![folder.to_owned()] };
        entries.flatten().flat_map(|entry| inside(entry.path())).collect()
    }

    /// The string literals of a file that are sentences, outside comments and tests.
    fn sentences(code: &str) -> Vec<String> {
        let code = code.split("\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let text = lines.replace("'\"'", "''").replace("\\\"", "\u{1}");
        let joined: Vec<String> = text
            .split('"')
            .skip(1)
            .step_by(2)
            .map(|literal| {
                literal
                    .split("\\\n")
                    .enumerate()
                    .map(|(at, line)| if at == 0 { line } else { line.trim_start() })
                    .collect()
            })
            .map(|literal: String| literal.replace('\u{1}', "\""))
            .collect();
        let begins = |text: &str| text.starts_with(|first: char| first.is_uppercase() || "“{".contains(first));
        let ends =
            |text: &str| text.ends_with('.') || (text.ends_with('}') && (text.contains(".{") || text.contains(". {")));
        joined
            .into_iter()
            .filter(|text| begins(text) && ends(text) && !text.starts_with("SELECT ") && text.matches(' ').count() > 1)
            .collect()
    }

    #[test]
    fn every_detail_has_its_vietnamese() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let silent = |path: &PathBuf| SILENT.iter().any(|silent| path.starts_with(root.join(silent)));
        let mut lacking = Vec::new();
        for path in SPEAKING.iter().flat_map(|place| sources(&root.join(place))).filter(|path| !silent(path)) {
            let code = std::fs::read_to_string(&path).unwrap();
            // The protocol of tokens has its own answers, which are ASCII (RFC 6749, section 5.2).
            let of_tokens = |line: &&str| path.ends_with("oauth.rs") && line.contains("fault(");
            let code: String = code.lines().filter(|line| !of_tokens(line)).map(|line| format!("{line}\n")).collect();
            lacking
                .extend(sentences(&code).into_iter().filter(|text| !TEXTS.iter().any(|(english, _)| english == text)));
        }
        assert!(lacking.is_empty(), "src/http/problem/vietnamese.rs lacks: {lacking:#?}");
    }

    #[test]
    fn nothing_is_left_of_texts_that_are_gone() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let files = sources(&root).into_iter().filter(|path| !path.ends_with("vietnamese.rs"));
        let code: String = files.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
        // Line ends within a literal are the only difference between the file and the text.
        let flat = |text: &str| {
            text.replace("\\\"", "\"").split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ")
        };
        let code = flat(&code);
        let whole = TEXTS.iter().take_while(|(english, _)| *english != "write records").map(|(english, _)| *english);
        let gone: Vec<&str> = whole.filter(|english| !code.contains(&flat(english))).collect();
        assert!(gone.is_empty(), "nobody says these any more: {gone:#?}");
    }
}
