//! Of every rule an example that breaks it, and one that keeps it. They are data, in a file a chapter: the
//! documentation shows them and `tests/it/rule_examples` sends each of them to a gateway.
//!
//! An example stands in a small school that holds the example record of every resource. Records say only what matters:
//! their members are laid over the record of the small school, `null` takes one out.

use crate::model;
use crate::model::schema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::LazyLock;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// The files, named as the chapters of the catalogue.
const FILES: &[&str] = &[
    include_str!("protocol.json"),
    include_str!("text.json"),
    include_str!("identity.json"),
    include_str!("results.json"),
    include_str!("schools.json"),
    include_str!("staff.json"),
    include_str!("enrollments.json"),
    include_str!("facilities.json"),
    include_str!("diplomas.json"),
    include_str!("whole_school.json"),
    include_str!("sheets.json"),
];

/// Where nothing else is said.
const SUBMISSION: &str = "POST /v1/submissions";

/// How a rule is broken and how it is kept, in a small school that holds the example record of every resource.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RuleExample)]
pub struct Example {
    /// The rule's code.
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub rule: String,
    /// Where it is told: JSON Pointer within the record; empty: of the whole record.
    #[serde(default)]
    pub pointer: String,
    /// What one has to know beside the records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<BilingualText>,
    /// Does it stand in the small primary school?
    #[serde(default)]
    pub primary: bool,
    /// Is it told as a finding of the school, after the records were taken?
    #[serde(default)]
    pub finding: bool,
    /// Schools that the client is granted; empty: all.
    #[serde(default)]
    pub grants: Vec<String>,
    /// Rules that are broken along with it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What was sent before.
    #[serde(default)]
    pub before: Vec<Sending>,
    /// Records that are sent along, whether it is broken or kept.
    #[serde(default)]
    pub beside: Vec<ExampleRecord>,
    /// What breaks it.
    pub breaks: Sending,
    /// What keeps it.
    pub keeps: Sending,
}

/// A text in both languages.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Texts)]
pub struct BilingualText {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// One request: of records, of lines as they stand, of a workbook or of any JSON.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ExampleRequest)]
pub struct Sending {
    /// Schools that the one who sends it is granted; empty: those of the example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// Method and path.
    #[serde(default = "submission")]
    pub request: String,
    /// Records of a submission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<ExampleRecord>,
    /// Lines as they stand: NDJSON, or CSV where the request names a resource or a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How the lines are encoded, where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Sheets of a workbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<ExampleSheet>,
    /// The body of another request.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

fn submission() -> String {
    SUBMISSION.to_owned()
}

impl Sending {
    /// Is it a submission without any parameter?
    pub fn is_plain(&self) -> bool {
        self.request == SUBMISSION
    }
}

/// A record, or several that are alike.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExampleRecord {
    /// Its resource.
    pub resource: String,
    /// `delete`; left out: `upsert`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The members that matter.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// Members that differ from record to record: a list of values, or codes from the first to the last
    /// (`3100020001…3100020012`).
    #[schema(value_type = Option<Object>)]
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub each: Map<String, Value>,
}

/// What stands in a cell.
struct ExampleCell;

impl PartialSchema for ExampleCell {
    fn schema() -> RefOr<Schema> {
        let kinds = SchemaType::from_iter([Type::String, Type::Number, Type::Object]);
        let said = "A text, a number, or a number in a format: `{\"number\": 46028, \"format\": \"d/m\"}`; \
            `{\"text\": 7}` is the eighth of the texts that the workbook shares.";
        ObjectBuilder::new().schema_type(kinds).description(Some(said)).into()
    }
}
impl ToSchema for ExampleCell {}

/// A sheet of a workbook; the first row has the headings.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExampleSheet {
    /// Its name.
    pub name: String,
    /// Its cells; `=C2` is a formula whose result is not in the file, `#N/A` an error of the spreadsheet.
    #[schema(value_type = Vec<Vec<ExampleCell>>)]
    pub rows: Vec<Vec<Value>>,
    /// Letters of hidden columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_columns: Vec<String>,
    /// Numbers of hidden rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_rows: Vec<u32>,
    /// Merged cells, such as `A2:A3`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
}

impl ExampleRecord {
    /// The records that it stands for: of each the members that matter.
    pub fn each_of(&self) -> Vec<Map<String, Value>> {
        let columns: Vec<(&String, Vec<Value>)> =
            self.each.iter().map(|(name, values)| (name, listed(values))).collect();
        let count = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
        let of = |at: usize| {
            columns.iter().filter_map(move |(name, values)| Some(((*name).clone(), values.get(at)?.clone())))
        };
        (0..count).map(|at| self.data.clone().into_iter().chain(of(at)).collect()).collect()
    }
}

/// The values of a list, or the codes from the first to the last.
fn listed(values: &Value) -> Vec<Value> {
    if let Value::Array(values) = values {
        return values.clone();
    }
    let ends = values.as_str().and_then(|text| text.split_once('…'));
    let numbers =
        ends.and_then(|(first, last)| Some((first.len(), first.parse::<u64>().ok()?..=last.parse::<u64>().ok()?)));
    numbers.map_or_else(Vec::new, |(width, numbers)| {
        numbers.map(|number| Value::from(format!("{number:0width$}"))).collect()
    })
}

static ALL: LazyLock<Vec<Example>> = LazyLock::new(|| {
    FILES.iter().flat_map(|file| serde_json::from_str::<Vec<Example>>(file).unwrap_or_default()).collect()
});

static PRIMARY: LazyLock<Vec<ExampleRecord>> =
    LazyLock::new(|| serde_json::from_str(include_str!("primary-school.json")).unwrap_or_default());

/// Every example.
pub fn all() -> &'static [Example] {
    &ALL
}

/// The example of a rule.
pub fn of(rule: &str) -> Option<&'static Example> {
    ALL.iter().find(|example| example.rule == rule)
}

/// The records of the small school: of each resource its name and `data`.
pub fn school(primary: bool) -> Vec<(&'static str, Value)> {
    if primary {
        return PRIMARY.iter().map(|record| (record.resource.as_str(), base(&record.resource, true))).collect();
    }
    model::ALL.iter().map(|spec| (spec.name, schema::example(spec))).collect()
}

/// The record of the small school that the members of an example are laid over.
pub fn base(resource: &str, primary: bool) -> Value {
    let example = model::find(resource).map(schema::example).unwrap_or_default();
    match PRIMARY.iter().find(|record| primary && record.resource == resource) {
        Some(record) => laid_over(&example, &record.data),
        None => example,
    }
}

/// A record with members changed; `null` takes one out.
pub fn laid_over(base: &Value, changes: &Map<String, Value>) -> Value {
    let mut members = base.as_object().cloned().unwrap_or_default();
    for (name, value) in changes {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    Value::Object(members)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Example;
    use super::ExampleRecord;
    use super::FILES;
    use super::listed;
    use serde_json::json;

    #[test]
    fn every_file_can_be_read() {
        for file in FILES {
            serde_json::from_str::<Vec<Example>>(file).unwrap();
        }
        serde_json::from_str::<Vec<ExampleRecord>>(include_str!("primary-school.json")).unwrap();
    }

    #[test]
    fn codes_go_from_the_first_to_the_last() {
        assert_eq!(listed(&json!("0098…0101")), [json!("0098"), json!("0099"), json!("0100"), json!("0101")]);
        assert_eq!(listed(&json!([6, 7.5])), [json!(6), json!(7.5)]);
    }
}
