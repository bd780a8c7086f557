//! Records for the tests of the rules: a resource's example, changed where the test says so, among parents that are
//! examples too.

use crate::model::field::{Field, FieldType};
use crate::model::issue::Language;
use crate::model::lists::{Lists, Unit, UnitLevel, Units};
use crate::model::rules::ended::Ending;
use crate::model::rules::{Candidate, Holder, IssueSink, Parent, RuleContext};
use crate::model::schema;
use crate::model::spec::{Lookup, Spec};
use crate::model::value::{Row, Value};
use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use std::collections::HashSet;

/// What was raised: code and pointer.
pub type Raised = Vec<(&'static str, String)>;

/// The example of `spec` with the members of `changes` in place; `null` takes one out.
pub fn row(spec: &Spec, changes: &Json) -> Row {
    let mut record = schema::example(spec);
    for (name, value) in changes.as_object().into_iter().flatten() {
        assert!(spec.field_by_json(name).is_some(), "{} has no member {name}", spec.name);
        record[name] = value.clone();
    }
    object(spec.fields, &record)
}

/// What the resource's `check` raises for its example, changed.
pub fn check(spec: &'static Spec, changes: Json) -> Raised {
    let row = row(spec, &changes);
    let mut sink = IssueSink::new(spec.fields);
    (spec.check)(&Candidate { spec, row: &row, received: received(), lists: &lists() }, &mut sink);
    raised(sink)
}

/// What the rules that need parents raise for the example, changed. `parents` changes those by the name of the
/// reference (`"missing"`: not there); `stored` is the stored version.
pub fn judge(spec: &'static Spec, changes: Json, parents: Json, stored: Option<Json>) -> Raised {
    raised(RuleFixture { parents, stored, ..RuleFixture::of(spec) }.judged(changes))
}

/// What stands around a record: parents are examples too, lookups find nothing, unless the test says otherwise.
pub struct RuleFixture {
    spec: &'static Spec,
    parents: Json,
    stored: Option<Json>,
    found: Json,
    counted: Json,
    ending: Option<Ending>,
    replaced: HashSet<String>,
    successors: Vec<String>,
    name_beside: Option<String>,
}

impl RuleFixture {
    /// The sheet has this name beside the code.
    pub fn beside(mut self, name: &str) -> Self {
        self.name_beside = Some(name.to_owned());
        self
    }

    /// Around a record of `spec`.
    pub fn of(spec: &'static Spec) -> Self {
        Self {
            spec,
            parents: json!({}),
            stored: None,
            found: json!({}),
            counted: json!({}),
            ending: None,
            replaced: HashSet::new(),
            successors: Vec::new(),
            name_beside: None,
        }
    }
    /// The record's school ends with the submission that brings the record.
    pub fn ending(self, ending: Ending) -> Self {
        Self { ending: Some(ending), ..self }
    }
    /// This school ended, and another took its place.
    pub fn replaced(mut self, school: &str) -> Self {
        self.replaced.insert(school.to_owned());
        self
    }
    /// The school that has the record ended, and this one took its place.
    pub fn succeeded_by(mut self, school: &str) -> Self {
        self.successors.push(school.to_owned());
        self
    }
    /// The stored version is the example, changed.
    pub fn stored(mut self, changes: Json) -> Self {
        self.stored = Some(changes);
        self
    }
    /// Changes the parent of this name; `"missing"` takes it away.
    pub fn parent(mut self, name: &str, changes: Json) -> Self {
        assert!(self.spec.references.iter().any(|reference| reference.name == name), "no reference {name}");
        self.parents[name] = changes;
        self
    }
    /// Lets the lookup of this name find examples, changed.
    pub fn found(mut self, name: &str, changes: &[Json]) -> Self {
        assert!(self.spec.lookups.iter().any(|lookup| lookup.name == name), "no lookup {name}");
        self.found[name] = changes.into();
        self
    }
    /// Lets the count of this name come to a number.
    pub fn counted(mut self, name: &str, number: i64) -> Self {
        assert!(self.spec.counts.iter().any(|count| count.name == name), "no count {name}");
        self.counted[name] = number.into();
        self
    }
    /// Code and pointer of what is raised for the example, changed.
    pub fn judge(self, changes: Json) -> Raised {
        raised(self.judged(changes))
    }
    /// What is raised for the example, changed.
    pub fn judged(self, changes: Json) -> IssueSink {
        let spec = self.spec;
        let row = row(spec, &changes);
        let rows: Vec<Option<Row>> =
            spec.references.iter().map(|reference| parent(reference.to, &self.parents[reference.name])).collect();
        let given = |position: usize| {
            spec.references[position].fields.iter().all(|name| !row.is_absent(spec.position(name).unwrap()))
        };
        let parents = rows.iter().enumerate().map(|(position, parent)| match parent {
            _ if !given(position) => Parent::NotGiven,
            Some(row) => Parent::Found(row),
            None => Parent::Missing,
        });
        let stored = self.stored.as_ref().map(|changes| self::row(spec, changes));
        let looks = |lookup: &Lookup| lookup.needed.is_none_or(|needed| needed(&row));
        let around = |lookup: &Lookup| {
            if looks(lookup) { neighbours(lookup.from, &self.found[lookup.name]) } else { Vec::new() }
        };
        let found: Vec<Vec<Row>> = spec.lookups.iter().map(around).collect();
        let counted = spec.counts.iter().map(|count| self.counted[count.name].as_i64()).collect();
        let found = found.iter().map(Vec::as_slice).collect();
        let elsewhere = stored.as_ref().is_some_and(|stored| stored.text(spec.owner()) != row.text(spec.owner()));
        let holder = elsewhere.then_some(Holder { acts: false, successors: &self.successors });
        let (stored, parents) = (stored.as_ref(), parents.collect());
        let context = RuleContext {
            spec,
            stored,
            holder,
            name_beside: self.name_beside.as_deref(),
            ending: self.ending,
            replaced: &self.replaced,
            acts_for: &|_| false,
            parents,
            found,
            counted,
        };
        let mut sink = IssueSink::new(spec.fields);
        crate::model::rules::judge(
            &Candidate { spec, row: &row, received: received(), lists: &lists() },
            &context,
            &mut sink,
        );
        sink
    }
}

fn neighbours(resource: &str, changes: &Json) -> Vec<Row> {
    let spec = crate::model::find(resource).unwrap();
    changes.as_array().into_iter().flatten().map(|changes| row(spec, changes)).collect()
}

/// How grave what was raised is.
pub fn severities(sink: IssueSink) -> Vec<&'static str> {
    sink.issues.iter().map(|issue| issue.severity.as_str()).collect()
}

fn parent(resource: &str, changes: &Json) -> Option<Row> {
    match (changes, resource) {
        (Json::String(word), _) if word == "missing" => None,
        _ => crate::model::find(resource).map(|spec| row(spec, changes)),
    }
}

fn received() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 10, 1).unwrap()
}

/// The program's own lists, and the few communes of province 31 (and of 30, which went into it) that the tests speak
/// of.
fn lists() -> Lists {
    let (last_old, first_new) = (NaiveDate::from_ymd_opt(2025, 6, 30), NaiveDate::from_ymd_opt(2025, 7, 1));
    let commune = |code: &str, province: &str, valid_from, valid_to, successors: &[&str]| Unit {
        code: code.into(),
        name: format!("Xã {code}"),
        level: UnitLevel::Commune,
        province: province.into(),
        valid_from,
        valid_to,
        successors: successors.iter().map(ToString::to_string).collect(),
    };
    let units = [
        commune("10507", "30", None, last_old, &["10525"]),
        commune("10528", "30", None, last_old, &["10532"]),
        commune("10507", "31", first_new, None, &[]),
        commune("10532", "31", first_new, None, &[]),
    ];
    Lists::overlaid(Default::default(), Units::new(units))
}

fn raised(sink: IssueSink) -> Raised {
    for issue in &sink.issues {
        for language in [Language::Vietnamese, Language::English] {
            for (wording, told) in
                [(issue.rule.message, issue.message(language)), (issue.rule.hint, issue.hint(language))]
            {
                let gaps = |text: &str| text.matches('…').count();
                let template = wording.program.in_language(language);
                assert_eq!(gaps(&told), gaps(template), "{}: a placeholder is not filled: {told}", issue.rule.code);
                assert!(!told.contains('@'), "{}: no such phrase: {told}", issue.rule.code);
            }
        }
    }
    sink.issues.into_iter().map(|issue| (issue.rule.code, issue.pointer)).collect()
}

fn object(fields: &[Field], record: &Json) -> Row {
    Row { values: fields.iter().map(|field| value(&field.kind, &record[field.json])).collect(), faulty: 0 }
}

fn value(kind: &FieldType, given: &Json) -> Value {
    match (kind, given) {
        (_, Json::Null) => Value::Null,
        (FieldType::Date, Json::String(text)) => Value::Date(text.parse().unwrap()),
        (FieldType::Integer { .. }, _) => Value::Integer(given.as_i64().unwrap()),
        (FieldType::Decimal { scale, .. }, _) => {
            Value::Decimal((given.as_f64().unwrap() * 10_f64.powi(i32::from(*scale))).round() as i64)
        }
        (FieldType::Boolean, _) => Value::Boolean(given.as_bool().unwrap()),
        (FieldType::List(element), Json::Array(items)) => {
            Value::List(items.iter().map(|item| value(element, item)).collect())
        }
        (FieldType::Object(fields), _) => Value::Object(object(fields, given)),
        (FieldType::Counts { .. }, Json::Object(counts)) => {
            Value::Counts(counts.iter().map(|(code, count)| (code.as_str().into(), count.as_i64().unwrap())).collect())
        }
        (_, Json::String(text)) => Value::Text(text.as_str().into()),
        _ => panic!("{given} is no {kind:?}"),
    }
}

/// No changes.
pub fn unchanged() -> Json {
    json!({})
}
