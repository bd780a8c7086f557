//! A record after the gate: plain values in the order of its resource's fields.

use chrono::NaiveDate;
use compact_str::CompactString;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Absent.
    #[default]
    Null,
    /// Text, code or school year.
    Text(CompactString),
    /// Whole number.
    Integer(i64),
    /// Decimal in units of the field's last place: a mark of 8.5 is 85.
    Decimal(i64),
    /// Truth.
    Boolean(bool),
    /// Date.
    Date(NaiveDate),
    /// List.
    List(Vec<Value>),
    /// Object, in the order of its fields.
    Object(Row),
    /// Code and count, sorted by code.
    Counts(Vec<(CompactString, i64)>),
}

/// The values of one record (or of an object inside it) and which of them were unusable.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// In the order of the fields. A faulty value is [`Value::Null`].
    pub values: Vec<Value>,
    /// Bit *i*: field *i* was sent, but is unusable; rules do not take it for absent.
    pub faulty: u64,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}
impl Eq for Row {}
impl std::hash::Hash for Row {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.values.hash(state);
    }
}

/// What the accessors of a view give, by the name of the field's constructor.
#[allow(non_camel_case_types, missing_docs)]
pub mod access {
    use super::NaiveDate;
    use super::Row;
    use super::Value;
    use compact_str::CompactString;
    pub type text<'a> = Option<&'a str>;
    pub type identifier<'a> = Option<&'a str>;
    pub type person_code<'a> = Option<&'a str>;
    pub type name<'a> = Option<&'a str>;
    pub type person_name<'a> = Option<&'a str>;
    pub type phone<'a> = Option<&'a str>;
    pub type code<'a> = Option<&'a str>;
    pub type choice<'a> = Option<&'a str>;
    pub type school_year<'a> = Option<&'a str>;
    pub type integer<'a> = Option<i64>;
    pub type decimal<'a> = Option<i64>;
    pub type mark<'a> = Option<i64>;
    pub type boolean<'a> = Option<bool>;
    pub type date<'a> = Option<NaiveDate>;
    pub type codes<'a> = &'a [Value];
    pub type marks<'a> = &'a [Value];
    pub type objects<'a> = &'a [Value];
    pub type object<'a> = Option<&'a Row>;
    pub type counts<'a> = &'a [(CompactString, i64)];
}

impl Row {
    /// A row of `length` absent values.
    pub fn empty(length: usize) -> Self {
        Self { values: std::iter::repeat_with(Value::default).take(length).collect(), faulty: 0 }
    }
    /// The text at this place.
    pub fn text(&self, at: impl Into<usize>) -> Option<&str> {
        self.values.get(at.into()).and_then(Value::as_text)
    }
    /// The identifier at this place.
    pub fn identifier(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The code of a person at this place.
    pub fn person_code(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The name at this place.
    pub fn name(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The name of a person at this place.
    pub fn person_name(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The phone number at this place.
    pub fn phone(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The code at this place.
    pub fn code(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The choice at this place.
    pub fn choice(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    /// The school year at this place.
    pub fn school_year(&self, at: impl Into<usize>) -> Option<&str> {
        self.text(at)
    }
    fn list(&self, at: usize) -> &[Value] {
        self.values.get(at).map_or(&[], Value::as_list)
    }
    /// The codes at this place; empty when absent.
    pub fn codes(&self, at: impl Into<usize>) -> &[Value] {
        self.list(at.into())
    }
    /// The marks at this place; empty when absent.
    pub fn marks(&self, at: impl Into<usize>) -> &[Value] {
        self.list(at.into())
    }
    /// The objects at this place; empty when absent.
    pub fn objects(&self, at: impl Into<usize>) -> &[Value] {
        self.list(at.into())
    }
    /// The whole number at this place.
    pub fn integer(&self, at: impl Into<usize>) -> Option<i64> {
        match self.values.get(at.into()) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }
    /// The decimal at this place, in units of its last place.
    pub fn decimal(&self, at: impl Into<usize>) -> Option<i64> {
        match self.values.get(at.into()) {
            Some(Value::Decimal(units)) => Some(*units),
            _ => None,
        }
    }
    /// The mark at this place, in tenths.
    pub fn mark(&self, at: impl Into<usize>) -> Option<i64> {
        self.decimal(at)
    }
    /// The truth at this place.
    pub fn boolean(&self, at: impl Into<usize>) -> Option<bool> {
        match self.values.get(at.into()) {
            Some(Value::Boolean(truth)) => Some(*truth),
            _ => None,
        }
    }
    /// The date at this place.
    pub fn date(&self, at: impl Into<usize>) -> Option<NaiveDate> {
        match self.values.get(at.into()) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }
    /// The object at this place.
    pub fn object(&self, at: impl Into<usize>) -> Option<&Row> {
        match self.values.get(at.into()) {
            Some(Value::Object(row)) => Some(row),
            _ => None,
        }
    }
    /// The counts at this place; empty when absent.
    pub fn counts(&self, at: impl Into<usize>) -> &[(CompactString, i64)] {
        match self.values.get(at.into()) {
            Some(Value::Counts(counts)) => counts,
            _ => &[],
        }
    }
    /// Was a value sent here that cannot be used?
    pub fn is_faulty(&self, at: impl Into<usize>) -> bool {
        self.faulty >> at.into() & 1 == 1
    }
    /// Was nothing sent here? (A faulty value is not absent.)
    pub fn is_absent(&self, at: impl Into<usize>) -> bool {
        let at = at.into();
        !self.is_faulty(at) && matches!(self.values.get(at), None | Some(Value::Null))
    }
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The list, or an empty one.
    pub fn as_list(&self) -> &[Value] {
        match self {
            Value::List(list) => list,
            _ => &[],
        }
    }
    /// The units of a decimal, if it is one.
    pub fn as_decimal(&self) -> Option<i64> {
        match self {
            Value::Decimal(units) => Some(*units),
            _ => None,
        }
    }
    /// The object's row, if it is one.
    pub fn as_object(&self) -> Option<&Row> {
        match self {
            Value::Object(row) => Some(row),
            _ => None,
        }
    }
}
