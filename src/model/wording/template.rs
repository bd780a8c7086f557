//! Templates: words, and the places of values.

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation<'t> {
    /// As it is.
    Plain,
    /// As it is, or nothing.
    Optional,
    /// As a number.
    Number,
    /// Bytes, as people say them: KB, MB.
    Size,
    /// The first for 1, else the second.
    Plural(&'t str, &'t str),
    /// As a member.
    Member,
    /// As a resource.
    Resource,
    /// As a code list.
    List,
    /// As the key of another record.
    Key,
    /// As a code of this list.
    Code(&'t str),
}

/// What stands between the braces of a template: a value's name, and how it is written.
pub fn placeholder(inside: &str) -> (&str, Notation<'_>) {
    if let Some((name, words)) = inside.split_once('?') {
        return (name, words.split_once(':').map_or(Notation::Optional, |(one, many)| Notation::Plural(one, many)));
    }
    match inside.split_once(':') {
        None => (inside, Notation::Plain),
        Some((name, "n")) => (name, Notation::Number),
        Some((name, "size")) => (name, Notation::Size),
        Some((name, "member")) => (name, Notation::Member),
        Some((name, "resource")) => (name, Notation::Resource),
        Some((name, "list")) => (name, Notation::List),
        Some((name, "key")) => (name, Notation::Key),
        Some((name, list)) => (name, Notation::Code(list)),
    }
}

/// A template for those who see no issue, such as readers of the catalogue: `{value}` in the place of each value.
pub fn outline(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    for piece in pieces(template) {
        match piece {
            TemplatePiece::Words(words) => text.push_str(words),
            TemplatePiece::Value(inside) if inside.starts_with('/') => text.push_str(inside.trim_start_matches('/')),
            TemplatePiece::Value(inside) => match placeholder(inside) {
                (_, Notation::Optional) => {}
                (_, Notation::Plural(_, many)) => text.push_str(many),
                (name, _) => text.extend(["{", name, "}"]),
            },
        }
    }
    text
}

/// A piece of a template.
pub enum TemplatePiece<'t> {
    /// What stands as it is.
    Words(&'t str),
    /// What stands between the braces.
    Value(&'t str),
}

/// The pieces of a template. Double braces stand for themselves, and so does one that opens nothing or closes nothing.
pub fn pieces(template: &str) -> impl Iterator<Item = TemplatePiece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = rest.find(['{', '}']).unwrap_or(rest.len());
        let brace = rest.get(at..=at);
        let is_double = brace.is_some_and(|brace| rest[at + 1..].starts_with(brace));
        let value = if brace == Some("{") && !is_double { rest[at..].find('}') } else { None };
        let (piece, end) = match value {
            Some(length) if at == 0 => (TemplatePiece::Value(&rest[1..length]), length + 1),
            Some(_) => (TemplatePiece::Words(&rest[..at]), at),
            None => {
                let end = (at + 1).min(rest.len());
                (TemplatePiece::Words(&rest[..end]), end + usize::from(is_double))
            }
        };
        rest = &rest[end..];
        Some(piece)
    })
}
