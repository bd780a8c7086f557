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
    pieces(template, |piece| match piece {
        TemplatePiece::Words(words) => text.push_str(words),
        TemplatePiece::Value(inside) if inside.starts_with('/') => text.push_str(inside.trim_start_matches('/')),
        TemplatePiece::Value(inside) => match placeholder(inside) {
            (_, Notation::Optional) => {}
            (_, Notation::Plural(_, many)) => text.push_str(many),
            (name, _) => text.extend(["{", name, "}"]),
        },
    });
    text
}

/// A piece of a template.
pub(super) enum TemplatePiece<'t> {
    /// What stands as it is.
    Words(&'t str),
    /// What stands between the braces.
    Value(&'t str),
}

/// Hands out the pieces of a template.
pub(super) fn pieces<'t>(template: &'t str, mut take: impl FnMut(TemplatePiece<'t>)) {
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        take(TemplatePiece::Words(&rest[..open]));
        let Some(length) = rest[open..].find('}') else { return };
        take(TemplatePiece::Value(&rest[open + 1..open + length]));
        rest = &rest[open + length + 1..];
    }
    take(TemplatePiece::Words(rest));
}
