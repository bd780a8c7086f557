//! A database of an earlier schema, with all kinds of data in it, becomes one of today's (`stored/schema_470.sql`; the
//! people in it are invented).

use crate::common::{Gateway, TestDatabase};
use diesel::connection::SimpleConnection;
use school_gateway::change::keys::open;
use school_gateway::intake::chunk::Chunk;
use school_gateway::intake::record::RecordOperation;
use serde_json::json;
use std::sync::Arc;

const SCHOOL: &str = "38554534";

fn with_old_data() -> Arc<TestDatabase> {
    let database = TestDatabase::empty();
    database.connect().batch_execute(include_str!("stored/schema_470.sql")).unwrap();
    Arc::new(database)
}

#[tokio::test]
async fn what_was_stored_is_there_and_goes_on() {
    let database = with_old_data();
    let counted = "SELECT (SELECT count(*) FROM subject_results) || ' ' || (SELECT count(*) FROM students) || ' ' || (SELECT count(*) FROM history)
         || ' ' || (SELECT count(*) FROM findings) || ' ' || (SELECT count(*) FROM parked_records)";
    let before = database.value(counted);
    assert_eq!(before, "17 8 14 3 2");
    let gateway = Gateway::on(database, &[]);
    let database = gateway.database();
    assert_eq!(database.value(counted), before);
    // Every stored record stands in a block that says so.
    for table in school_gateway::store::table::tables() {
        let (name, number) = (table.spec.table, table.spec.number);
        let rows: usize = database.value(&format!("SELECT count(*) FROM {name}")).parse().unwrap();
        let encoded =
            database.column(&format!("SELECT encode(keys, 'hex') FROM change_blocks WHERE resource = {number}"));
        let bytes = |hex: &str| {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect::<Vec<u8>>()
        };
        let told: usize = encoded.iter().map(|hex| open(&bytes(hex)).unwrap().len()).sum();
        assert_eq!(told, rows, "{name}");
        let astray = format!(
            "SELECT count(*) FROM {name} t WHERE NOT EXISTS (SELECT 1 FROM change_blocks b WHERE b.id = t.block AND b.school_code = t.school_code AND b.resource = {number})"
        );
        assert_eq!(database.value(&astray), "0", "{name}");
    }
    let token = gateway.software_of_all().await;
    let student = gateway.get("/v1/students/3855434001", &token).await.1;
    // It was written singly, so that no submission brought it.
    assert_eq!((&student["meta"]["version"], &student["meta"]["submissionId"]), (&json!(3), &json!(null)), "{student}");
    let kept = "SELECT string_agg(version || operation || school_code || (valid_from < valid_to), ' ' ORDER BY version) FROM history WHERE resource = 5 AND key = '3855434001'";
    assert_eq!(database.value(kept), format!("1update{SCHOOL}true 2update{SCHOOL}true"));
    // It can be written to, and a deleted record comes back with the next number.
    let mut changed = student.clone();
    changed.as_object_mut().unwrap().remove("meta");
    changed["note"] = json!("Sau khi nâng cấp");
    let (status, answer) = gateway.put("/v1/students/3855434001", &token, &changed).await;
    assert_eq!((status, &answer["meta"]["version"]), (200, &json!(4)), "{answer}");
    let diploma = database.value("SELECT body FROM history WHERE resource = 11 AND operation = 'update'");
    let diploma: serde_json::Value = serde_json::from_str(&diploma).unwrap();
    let spec = school_gateway::model::find("diplomas").unwrap();
    let members = spec.fields.iter().filter(|field| !diploma[field.name].is_null());
    let diploma: serde_json::Value =
        members.map(|field| (field.json.to_owned(), diploma[field.name].clone())).collect();
    let (status, answer) =
        gateway.put(&format!("/v1/diplomas/{}", diploma["diplomaNumber"].as_str().unwrap()), &token, &diploma).await;
    assert_eq!((status, &answer["meta"]["version"]), (201, &json!(3)), "{answer}");
    // The parents of the parked come.
    let parents = database.column("SELECT DISTINCT w.key FROM parked_waits w WHERE w.resource = 'students' ORDER BY 1");
    assert_eq!(parents.len(), 2);
    for code in parents {
        let mut pupil = changed.clone();
        pupil["studentCode"] = json!(code);
        for member in ["citizenId", "healthInsuranceNumber"] {
            pupil.as_object_mut().unwrap().remove(member);
        }
        assert_eq!(gateway.put(&format!("/v1/students/{code}"), &token, &pupil).await.0, 201);
    }
    database.becomes("SELECT count(*) FROM parked_records", "0").await;
}

/// A chunk as it was stored before formats had a number.
#[test]
fn a_chunk_of_the_first_format_is_read() {
    let chunk = Chunk::open(include_bytes!("stored/chunk_unnumbered.bin"), 7).unwrap();
    let frames: Vec<_> = chunk.frames().collect();
    assert_eq!((frames.len(), frames[0].index, frames[0].operation), (1, 7, RecordOperation::Upsert));
    assert_eq!(frames[0].table.unwrap().spec.name, "students");
    let data: serde_json::Value = serde_json::from_str(frames[0].data()).unwrap();
    assert_eq!((&data["studentCode"], &data["birthDate"]), (&json!("3855453999"), &json!("2014-11-21")));
    assert!(Chunk::open(b"\x02rest", 0).is_err(), "a format of the future");
}
