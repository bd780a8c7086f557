//! What a member of a record is: its name, its kind and who may see it. Everything that knows a resource's members
//! (parser, tables, filters, JSON Schema, OpenAPI, masking) reads it here.

use crate::model::issue::Rule;
use crate::model::rules::catalogue as rule;

/// How a text is treated: which characters it may hold and what is normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A code or number that identifies something.
    Identifier,
    /// The code of a person: [`OFFICIAL_CODE`] digits, or a provisional one, which may be longer.
    PersonCode,
    /// A person's name.
    PersonName,
    /// The name of a thing: a school, a class.
    Name,
    /// A telephone number: spaces go, `+84` becomes `0`.
    Phone,
    /// Free text.
    Free,
}

/// Digits of a person's official code.
pub const OFFICIAL_CODE: usize = 10;
/// Begins the code that a school gives a person until the sector gives the official one.
pub const PROVISIONAL: &str = "TAM-";

impl Style {
    /// Characters that this text may have at most, where the member holds `max`.
    pub fn limit(self, text: &str, max: usize) -> usize {
        if self == Self::PersonCode && !text.starts_with(PROVISIONAL) { OFFICIAL_CODE } else { max }
    }
}

/// The type of a member's value.
#[derive(Debug, Clone, Copy)]
pub enum FieldType {
    /// Text of at most `max` characters.
    Text { max: usize, style: Style },
    /// A value of the named code list.
    Code { list: &'static str },
    /// One of the values given.
    Choice { values: &'static [&'static str] },
    /// A whole number in `min..=max`.
    Integer { min: i64, max: i64 },
    /// A decimal of `scale` places in `min..=max`, both in units of the last place. `exact`: finer values are a fault,
    /// else rounded half up.
    Decimal { scale: u8, min: i64, max: i64, exact: bool },
    /// `true` or `false`.
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-YYYY`, consecutive.
    SchoolYear,
    /// A list of values of one kind.
    List(&'static FieldType),
    /// An object with members of its own, stored as `jsonb`.
    Object(&'static [Field]),
    /// An object from a code of the list to a count, stored as `jsonb`.
    Counts { list: &'static str },
}

/// Who may see a member, and where it may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privacy {
    /// Anyone who may read the record.
    Open,
    /// Personal data: never in logs.
    Personal,
    /// Masked to all but the school's own software and holders of `sensitive.read`.
    Sensitive,
}

/// The codes under which faults of a member are reported; a specific code stands instead of the general one.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// Wrong JSON type (PT-013).
    pub kind: &'static Rule,
    /// Not a value of the list (PT-014).
    pub unknown: &'static Rule,
    /// Out of range (PT-018).
    pub range: &'static Rule,
}

/// One member of a resource or of an object inside it.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// snake_case: the column.
    pub name: &'static str,
    /// camelCase: the JSON member.
    pub json: &'static str,
    /// Docstring: meaning, unit, source.
    pub description: &'static str,
    /// Type.
    pub kind: FieldType,
    /// Must be present and not null.
    pub required: bool,
    /// Who may see it.
    pub privacy: Privacy,
    /// May be filtered by in lists.
    pub filter: bool,
    /// Codes of its faults.
    pub faults: Faults,
    /// The code list whose codes it carries, where the kind does not say it.
    pub list: Option<&'static str>,
    /// Headings of sheets besides the name and the [`title`](Field::title): what grade books call it.
    pub headings: &'static [&'static str],
    /// What people write in sheets for its values: value and word. A template shows the first word of each.
    pub labels: &'static [(&'static str, &'static str)],
    /// It is a number of as many digits as it may have characters (a person's code: of [`OFFICIAL_CODE`]), and a spreadsheet may have taken so many zeros from
    /// its beginning.
    pub zeros: usize,
    /// It came after records had been stored: a record without it is hashed as it was before.
    pub added: bool,
    /// What is said when they are put back.
    pub zero_rule: &'static Rule,
}

const MARK: FieldType = FieldType::Decimal { scale: 1, min: 0, max: 100, exact: true };

impl Field {
    const fn of(kind: FieldType) -> Self {
        Self {
            name: "",
            json: "",
            description: "",
            kind,
            required: false,
            privacy: Privacy::Open,
            filter: false,
            faults: Faults { kind: &rule::PT_013, unknown: &rule::PT_014, range: &rule::PT_018 },
            list: None,
            headings: &[],
            labels: &[],
            zeros: 0,
            added: false,
            zero_rule: &rule::SH_002,
        }
    }
    const fn styled(max: usize, style: Style) -> Self {
        Self::of(FieldType::Text { max, style })
    }
    /// Free text of at most `max` characters.
    pub const fn text(max: usize) -> Self {
        Self::styled(max, Style::Free)
    }
    /// A code or number of at most `max` characters.
    pub const fn identifier(max: usize) -> Self {
        Self::styled(max, Style::Identifier)
    }
    /// The code of a person: ten digits, or a provisional one of at most `max` characters.
    pub const fn person_code(max: usize) -> Self {
        Self::styled(max, Style::PersonCode)
    }
    /// The name of a thing.
    pub const fn name(max: usize) -> Self {
        Self::styled(max, Style::Name)
    }
    /// A person's name.
    pub const fn person_name(max: usize) -> Self {
        Self::styled(max, Style::PersonName)
    }
    /// A telephone number, normalised to the national form.
    pub const fn phone() -> Self {
        Self::styled(15, Style::Phone)
    }
    /// A value of the code list.
    pub const fn code(list: &'static str) -> Self {
        Self::of(FieldType::Code { list })
    }
    /// A list of values of the code list named in `kind`, e.g. `&FieldType::Code { list: "subjects" }`.
    pub const fn codes(kind: &'static FieldType) -> Self {
        Self::of(FieldType::List(kind))
    }
    /// One of the values.
    pub const fn choice(values: &'static [&'static str]) -> Self {
        Self::of(FieldType::Choice { values })
    }
    /// A whole number in `min..=max`.
    pub const fn integer(min: i64, max: i64) -> Self {
        Self::of(FieldType::Integer { min, max })
    }
    /// A decimal of `scale` places; `min` and `max` in units of the last place.
    pub const fn decimal(scale: u8, min: i64, max: i64) -> Self {
        Self::of(FieldType::Decimal { scale, min, max, exact: false })
    }
    /// A mark: 0 to 10, one decimal, in tenths.
    pub const fn mark() -> Self {
        Self { faults: Faults { range: &rule::MK_001, ..Self::of(MARK).faults }, ..Self::of(MARK) }
    }
    /// A list of marks.
    pub const fn marks() -> Self {
        Self { kind: FieldType::List(&MARK), ..Self::mark() }
    }
    /// `true` or `false`.
    pub const fn boolean() -> Self {
        Self::of(FieldType::Boolean)
    }
    /// A date.
    pub const fn date() -> Self {
        Self { faults: Faults { kind: &rule::DT_001, ..Self::of(FieldType::Date).faults }, ..Self::of(FieldType::Date) }
    }
    /// A school year.
    pub const fn school_year() -> Self {
        Self::of(FieldType::SchoolYear)
    }
    /// An object with members of its own.
    pub const fn object(fields: &'static [Field]) -> Self {
        Self::of(FieldType::Object(fields))
    }
    /// A list of objects; `kind` is a `&FieldType::Object(..)`.
    pub const fn objects(kind: &'static FieldType) -> Self {
        Self::of(FieldType::List(kind))
    }
    /// Counts by code of the list.
    pub const fn counts(list: &'static str) -> Self {
        Self::of(FieldType::Counts { list })
    }

    /// Must be present.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Personal data.
    pub const fn personal(mut self) -> Self {
        self.privacy = Privacy::Personal;
        self
    }
    /// Sensitive data.
    pub const fn sensitive(mut self) -> Self {
        self.privacy = Privacy::Sensitive;
        self
    }
    /// May be filtered by.
    pub const fn filter(mut self) -> Self {
        self.filter = true;
        self
    }
    /// Carries codes of this list, of which a rule says which may stand; crosswalks of the list translate it.
    pub const fn of_list(mut self, list: &'static str) -> Self {
        self.list = Some(list);
        self
    }
    /// The code list whose codes it carries, alone or in a list, if it does.
    pub fn code_list(&self) -> Option<&'static str> {
        match self.kind {
            FieldType::Code { list } | FieldType::List(&FieldType::Code { list }) | FieldType::Counts { list } => {
                Some(list)
            }
            _ => self.list,
        }
    }
    /// Reports a value of the wrong type or out of range as `rule`.
    pub const fn value_fault(mut self, rule: &'static Rule) -> Self {
        self.faults = Faults { kind: rule, range: rule, unknown: rule };
        self
    }
    /// Reports a value that the list does not have as `rule`.
    pub const fn unknown_fault(mut self, rule: &'static Rule) -> Self {
        self.faults.unknown = rule;
        self
    }
    /// Reports a value out of range as `rule`.
    pub const fn range_fault(mut self, rule: &'static Rule) -> Self {
        self.faults.range = rule;
        self
    }
    /// Further headings of sheets.
    pub const fn headings(mut self, headings: &'static [&'static str]) -> Self {
        self.headings = headings;
        self
    }
    /// What people write for its values: value and word.
    pub const fn labels(mut self, labels: &'static [(&'static str, &'static str)]) -> Self {
        self.labels = labels;
        self
    }
    /// A spreadsheet may have taken up to `zeros` zeros from its beginning.
    pub const fn zeros(mut self, zeros: usize) -> Self {
        self.zeros = zeros;
        self
    }
    /// Came after records had been stored.
    pub const fn added(mut self) -> Self {
        self.added = true;
        self
    }
    /// What is said when zeros are put back.
    pub const fn zero_rule(mut self, rule: &'static Rule) -> Self {
        self.zero_rule = rule;
        self
    }
    /// Gives the names; called by [`resource!`](crate::resource).
    pub const fn named(mut self, name: &'static str, json: &'static str, description: &'static str) -> Self {
        self.name = name;
        self.json = json;
        self.description = description;
        self
    }
    /// Its Vietnamese name, with which the docstring begins.
    pub fn title(&self) -> &'static str {
        let end = self.description.find([':', ';', '.', '(']).unwrap_or(self.description.len());
        self.description[..end].trim()
    }
    /// Is any part of the member sensitive?
    pub fn holds_sensitive(&self) -> bool {
        let inner = match self.kind {
            FieldType::Object(fields) | FieldType::List(&FieldType::Object(fields)) => fields,
            _ => &[],
        };
        self.privacy == Privacy::Sensitive || inner.iter().any(Field::holds_sensitive)
    }
}

/// Length of `name` in camelCase.
pub const fn camel_length(name: &str) -> usize {
    let bytes = name.as_bytes();
    let (mut at, mut length) = (raw_prefix(bytes), 0);
    while at < bytes.len() {
        if bytes[at] != b'_' {
            length += 1;
        }
        at += 1;
    }
    length
}

/// `school_code` → `schoolCode`: the one mechanical map between SQL and JSON names.
pub const fn camel<const N: usize>(name: &str) -> [u8; N] {
    let bytes = name.as_bytes();
    let (mut out, mut from, mut to, mut upper) = ([0; N], raw_prefix(bytes), 0, false);
    while from < bytes.len() {
        if bytes[from] == b'_' {
            upper = true;
        } else {
            out[to] = if upper { bytes[from].to_ascii_uppercase() } else { bytes[from] };
            to += 1;
            upper = false;
        }
        from += 1;
    }
    out
}

/// `r#type` is written so in Rust only.
const fn raw_prefix(bytes: &[u8]) -> usize {
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { 2 } else { 0 }
}

/// The name without Rust's `r#`.
pub const fn plain(name: &str) -> &str {
    name.split_at(raw_prefix(name.as_bytes())).1
}
