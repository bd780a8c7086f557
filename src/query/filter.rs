//! Conditions on members: `grade=10`, `birthDate[gte]=2012-01-01`, `period[in]=CK1,CK2`.

use crate::error::{BAD_REQUEST, Error, FORBIDDEN, Result};
use crate::intake::json::field_names::{nearest, one_of};
use crate::model::excerpt::clip;
use crate::model::field::{Field, FieldType, Privacy, Style};
use crate::model::lists::Lists;
use crate::model::messages::{Message, message};
use crate::model::moment;
use crate::model::rules::text::normalise;
use crate::query::Visibility;
use crate::store::pg::statement::{Argument, Statement};
use crate::store::table::{Table, quoted, sql_type};
use std::borrow::Cow;

/// Values that one `[in]` may name.
const MOST_VALUES: usize = 500;

/// How a member is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// `=`; a list holds the value.
    Equal,
    /// `[gte]`
    AtLeast,
    /// `[lte]`
    AtMost,
    /// `[in]`; a list holds one of the values.
    Among,
}

/// A condition whose values are right for their column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Filter {
    /// Place of the field.
    pub place: usize,
    /// How it is compared.
    pub test: Test,
    /// As PostgreSQL reads them; one but for `[in]`.
    pub values: Vec<String>,
}

impl Filter {
    /// Reads the parameter `name`.
    ///
    /// # Errors
    /// A 400 that names what is wrong, a 403 for a sensitive member out of the reader's sight.
    pub fn read(table: &Table, visibility: &Visibility, lists: &Lists, name: &str, given: &str) -> Result<Self> {
        let (member, operator) = match name.split_once('[') {
            Some((member, rest)) => (member, Some(rest.strip_suffix(']').ok_or_else(|| unknown(table, name))?)),
            None => (name, None),
        };
        let place =
            table.spec.fields.iter().position(|field| field.json == member).ok_or_else(|| unknown(table, name))?;
        let field = &table.spec.fields[place];
        allowed(field, visibility, message("filter-by"))?;
        if !field.filter {
            let detail = message("member-no-filter")
                .with("member", member)
                .with("resource", table.spec.name)
                .with("takes", known(table));
            return Err(Error::new(BAD_REQUEST, detail));
        }
        let test = test(field, operator)?;
        let texts: Vec<&str> = if test == Test::Among { given.split(',').collect() } else { vec![given] };
        if texts.len() > MOST_VALUES {
            return Err(Error::new(
                BAD_REQUEST,
                message("too-many-values").with("name", name).with("most", MOST_VALUES),
            ));
        }
        let value = |text: &&str| {
            let fault = |expected| Error::no_value(name, text, expected);
            known_value(element(&field.kind), text, lists).map_err(fault)
        };
        Ok(Self { place, test, values: texts.iter().map(value).collect::<Result<_>>()? })
    }

    /// Adds the condition on `t`.
    pub fn push<'a>(&'a self, statement: &mut Statement<'a>, table: &Table) {
        let field = &table.spec.fields[self.place];
        let (column, kind) = (format!("t.{}", quoted(field.name)), sql_type(element(&field.kind)));
        let is_list = matches!(field.kind, FieldType::List(_));
        let (before, after) = match (self.test, is_list) {
            (Test::Equal, false) => (format!("{column} = "), cast(kind, "")),
            (Test::Equal, true) | (Test::Among, true) => {
                (format!("{column} {} ", if self.test == Test::Equal { "@>" } else { "&&" }), cast(kind, "[]"))
            }
            (Test::AtLeast, _) => (format!("{column} >= "), cast(kind, "")),
            (Test::AtMost, _) => (format!("{column} <= "), cast(kind, "")),
            (Test::Among, false) => (format!("{column} = ANY("), cast(kind, "[]") + ")"),
        };
        statement.push(&before);
        statement.push_bind(match self.values.as_slice() {
            [only] if self.test != Test::Among && !is_list => Argument::Text(Cow::Borrowed(only)),
            all => Argument::Texts(all.iter().map(|value| Cow::Borrowed(value.as_str())).collect()),
        });
        statement.push(&after);
    }
}

/// Values are bound as text; PostgreSQL reads them as the column's type.
pub fn cast(kind: &str, dimension: &str) -> String {
    if kind == "text" { String::new() } else { format!("::{kind}{dimension}") }
}

/// Lets the reader use the member for what `purpose` says.
///
/// # Errors
/// A 403 for a sensitive member out of the reader's sight: the answer would tell what masking hides.
pub fn allowed(field: &Field, visibility: &Visibility, purpose: Message) -> Result<()> {
    if field.privacy == Privacy::Sensitive && !visibility.sensitive {
        return Err(Error::new(
            FORBIDDEN,
            message("member-sensitive").with("purpose", purpose).with("member", field.json),
        ));
    }
    Ok(())
}

fn test(field: &Field, operator: Option<&str>) -> Result<Test> {
    let ordered = matches!(
        field.kind,
        FieldType::Integer { .. } | FieldType::Decimal { .. } | FieldType::Date | FieldType::SchoolYear
    );
    match operator {
        None => Ok(Test::Equal),
        Some("in") => Ok(Test::Among),
        Some("gte") if ordered => Ok(Test::AtLeast),
        Some("lte") if ordered => Ok(Test::AtMost),
        Some(other) => {
            let takes = if ordered { message("comparisons-of-ordered") } else { message("comparisons-of-others") };
            Err(Error::new(
                BAD_REQUEST,
                message("comparison-unknown")
                    .with("member", field.json)
                    .with("comparison", clip(other))
                    .with("takes", takes),
            ))
        }
    }
}

fn element(kind: &FieldType) -> &FieldType {
    if let FieldType::List(element) = kind { element } else { kind }
}

/// The value as PostgreSQL reads it, known to be of a list if it is a code. An error says what was expected.
fn known_value(kind: &FieldType, text: &str, lists: &Lists) -> Result<String, Message> {
    let value = checked(kind, text)?;
    match kind {
        FieldType::Code { list } if lists.list(list).is_some() && lists.entry(list, &value).is_none() => {
            Err(match lists.nearest(list, &value) {
                Some(nearest) => message("code-expected-near").with("list", list).with("nearest", nearest),
                None => message("code-expected").with("list", list),
            })
        }
        _ => Ok(value),
    }
}

/// The value as PostgreSQL reads it, right for the column whatever the code lists say. An error says what was expected.
pub fn checked(kind: &FieldType, text: &str) -> Result<String, Message> {
    if text.is_empty() {
        return Err(message("value-expected"));
    }
    if text.contains('\0') {
        return Err(message("nul-not-stored"));
    }
    let right = match kind {
        FieldType::Text { style: Style::Identifier | Style::PersonCode, .. } | FieldType::Code { .. }
            if text.chars().any(is_foreign_digit) =>
        {
            return Err(message("digits-expected"));
        }
        FieldType::Text { max, style } => {
            let text = normalise(*style, text).text;
            let most = style.limit(&text, *max);
            return fitting(text, most);
        }
        FieldType::Code { .. } => return fitting(Cow::Borrowed(text), 100),
        FieldType::Choice { values } => return chosen(values, text),
        FieldType::Integer { .. } => !text.starts_with('+') && text.parse::<i32>().is_ok(),
        FieldType::Decimal { .. } => is_decimal(text),
        FieldType::Boolean => matches!(text, "true" | "false"),
        FieldType::Date => crate::model::moment::date(text).is_some() && !text.starts_with("0000"),
        FieldType::SchoolYear => moment::school_year(text),
        FieldType::List(_) | FieldType::Object(_) | FieldType::Counts { .. } => false,
    };
    if right { Ok(text.to_owned()) } else { Err(expectation(kind)) }
}

/// A digit of another script, or of another width.
fn is_foreign_digit(letter: char) -> bool {
    letter.is_numeric() && !letter.is_ascii()
}

fn expectation(kind: &FieldType) -> Message {
    match kind {
        FieldType::Integer { .. } => message("whole-number-expected"),
        FieldType::Decimal { .. } => message("decimal-expected"),
        FieldType::Boolean => message("truth-expected"),
        FieldType::Date => message("date-expected"),
        FieldType::SchoolYear => message("school-year-expected"),
        _ => message("not-comparable"),
    }
}

fn fitting(text: Cow<str>, max: usize) -> Result<String, Message> {
    if text.chars().count() > max {
        return Err(message("text-longer-than-stored").with("most", max));
    }
    Ok(text.into_owned())
}

fn chosen(values: &[&str], text: &str) -> Result<String, Message> {
    if values.contains(&text) { Ok(text.to_owned()) } else { Err(one_of(text, values)) }
}

/// Fifteen digits at most before and after the point, so that no column overflows.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| (1..=15).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    text.split_once('.').map_or_else(|| digits(text), |(whole, fraction)| digits(whole) && digits(fraction))
}

/// The error for a parameter that there is not.
fn unknown(table: &Table, name: &str) -> Error {
    let names = crate::query::question::PARAMETERS.iter().copied().chain(filters(table));
    let base = name.split('[').next().unwrap_or_default();
    let meant = nearest(base, names).map(|near| message("perhaps-meant").with("value", near));
    Error::new(
        BAD_REQUEST,
        message("list-parameter-unknown")
            .with("name", clip(name))
            .with("resource", table.spec.name)
            .maybe("meant", meant)
            .with("takes", known(table)),
    )
}

fn filters(table: &Table) -> impl Iterator<Item = &'static str> + use<> {
    table.spec.fields.iter().filter(|field| field.filter).map(|field| field.json)
}

fn known(table: &Table) -> Message {
    let (parameters, filters) =
        (crate::query::question::PARAMETERS.join(", "), filters(table).collect::<Vec<_>>().join(", "));
    message("list-takes").with("parameters", parameters).with("filters", filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_column_can_hold_passes() {
        for (kind, right, wrong) in [
            (FieldType::Date, vec!["2024-02-29"], vec!["2023-02-29", "0000-01-01", "2024-2-9", "now"]),
            (FieldType::Integer { min: 0, max: 9 }, vec!["7", "-1"], vec!["2147483648", "1e3", "x", "+7", "٧"]),
            (
                FieldType::Decimal { scale: 1, min: 0, max: 100, exact: true },
                vec!["8.5", "-3"],
                vec!["NaN", "1e9", ".5", "5.", "1234567890123456"],
            ),
            (FieldType::Boolean, vec!["true"], vec!["TRUE", "1", "yes"]),
            (FieldType::SchoolYear, vec!["2025-2026"], vec!["2025-2027", "2025"]),
            (FieldType::Text { max: 3, style: Style::Free }, vec!["abc", "'%_"], vec!["abcd", "a\0", ""]),
        ] {
            right.iter().for_each(|text| assert!(checked(&kind, text).is_ok(), "{kind:?} {text}"));
            wrong.iter().for_each(|text| assert!(checked(&kind, text).is_err(), "{kind:?} {text}"));
        }
    }
    #[test]
    fn a_name_is_compared_as_it_is_stored() {
        let decomposed = "Nguye\u{302}\u{303}n  Va\u{306}n";
        assert_eq!(checked(&FieldType::Text { max: 20, style: Style::PersonName }, decomposed).unwrap(), "Nguyễn Văn");
    }
}
