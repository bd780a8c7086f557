//! The files in `schemas/` say what the definitions say, and every example keeps its schema. `UPDATE_SCHEMAS=1`
//! rewrites the files.

use school_gateway::model::field::{Field, FieldType};
use school_gateway::model::{ALL, schema};
use serde_json::Value;

fn path(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(format!("{name}.schema.json"))
}

#[test]
fn the_files_are_fresh() {
    for spec in ALL {
        let expected = schema::document(spec);
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(path(spec.name), &expected).unwrap();
        }
        let found = std::fs::read_to_string(path(spec.name)).unwrap_or_default();
        assert!(
            found == expected,
            "schemas/{}.schema.json is stale: UPDATE_SCHEMAS=1 cargo test --test it schemas",
            spec.name
        );
    }
    let files = std::fs::read_dir(path("x").parent().unwrap()).unwrap().flatten();
    let schemas = files.filter(|file| file.file_name().to_string_lossy().ends_with(".schema.json")).count();
    assert_eq!(schemas, ALL.len(), "schemas/ holds a file that no resource has");
}

#[test]
fn every_example_keeps_its_fields() {
    for spec in ALL {
        check_object(spec.fields, &schema::example(spec), spec.name);
    }
}

fn check_object(fields: &[Field], value: &Value, place: &str) {
    let object = value.as_object().unwrap_or_else(|| panic!("{place}: no object"));
    for name in object.keys() {
        assert!(fields.iter().any(|field| field.json == name), "{place} has no member {name}");
    }
    for field in fields {
        match object.get(field.json) {
            Some(value) => check(&field.kind, value, &format!("{place}.{}", field.json)),
            None => assert!(!field.required, "{place} lacks {}", field.json),
        }
    }
}

fn check(kind: &FieldType, value: &Value, place: &str) {
    let text = value.as_str().unwrap_or_default();
    let sound = match kind {
        FieldType::Text { max, .. } => !text.is_empty() && text.chars().count() <= *max,
        FieldType::Code { .. } => !text.is_empty(),
        FieldType::Choice { values } => values.contains(&text),
        FieldType::Integer { min, max } => value.as_i64().is_some_and(|number| (*min..=*max).contains(&number)),
        FieldType::Decimal { scale, min, max, .. } => {
            let units = value.as_f64().unwrap_or(f64::NAN) * 10_f64.powi(i32::from(*scale));
            (units - units.round()).abs() < 1e-6 && units >= *min as f64 && units <= *max as f64
        }
        FieldType::Boolean => value.is_boolean(),
        FieldType::Date => text.parse::<chrono::NaiveDate>().is_ok(),
        FieldType::SchoolYear => text.len() == 9,
        FieldType::List(element) => {
            value.as_array().unwrap().iter().for_each(|item| check(element, item, place));
            true
        }
        FieldType::Object(fields) => {
            check_object(fields, value, place);
            true
        }
        FieldType::Counts { .. } => value.as_object().unwrap().values().all(Value::is_u64),
    };
    assert!(sound, "{place}: {value}");
}

#[test]
fn a_schema_says_what_its_fields_say() {
    let students = schema::document(school_gateway::model::find("students").unwrap());
    let schema: Value = serde_json::from_str(&students).unwrap();
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
    assert_eq!(schema["properties"]["citizenId"]["x-sensitive"], Value::Bool(true));
    assert_eq!(schema["properties"]["sex"]["x-code-list"], "sexes");
    assert_eq!(schema["properties"]["boarding"]["enum"], serde_json::json!(["none", "semi", "full", null]));
    assert_eq!(schema["properties"]["contacts"]["items"]["required"], serde_json::json!(["relationship", "fullName"]));
    assert!(schema["required"].as_array().unwrap().contains(&"birthDate".into()));
}
