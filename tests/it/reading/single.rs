//! One record by its key.

use super::fixture::{bare, filled, path, rows};
use crate::common::{Gateway, answer};
use school_gateway::model::all;
use serde_json::{Value, json};

#[tokio::test]
async fn every_record_is_given_by_its_key_with_its_version() {
    let (gateway, token) = filled().await;
    for spec in all() {
        for (at, record) in rows(spec).into_iter().enumerate() {
            let response = gateway.request("GET", &path(spec, &record), &token).send().await.unwrap();
            assert_eq!(response.status(), 200, "{}", path(spec, &record));
            assert_eq!(response.headers()["etag"], format!("\"{}\"", at + 1));
            let body: Value = response.json().await.unwrap();
            let origin = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
            let meta = json!({"version": at + 1, "changedAt": "2025-09-05T01:02:03.000004Z", "submissionId": origin[0], "clientId": origin[1]});
            assert_eq!(body["meta"], meta);
            assert_eq!(bare(body), record, "{}", spec.name);
        }
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let (gateway, token) = filled().await;
    for (sent, status) in [("\"1\"", 304), ("\"7\", W/\"1\"", 304), ("*", 304), ("\"2\"", 200)] {
        let response =
            gateway.request("GET", "/v1/schools/01000000", &token).header("if-none-match", sent).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), response.headers()["etag"].to_str().unwrap()),
            (status, "\"1\""),
            "{sent}"
        );
        assert_eq!(response.bytes().await.unwrap().is_empty(), status == 304);
    }
    let bare = gateway.request("GET", "/v1/schools/01000000", &token).header("if-none-match", "1");
    assert_eq!(bare.send().await.unwrap().status().as_u16(), 400, "a tag without its quotes is none");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (gateway, token) = filled().await;
    let hostile = ["%27%3B%20DROP%20TABLE%20schools", "%2F", "2025-13-45", &"x".repeat(5000)];
    for spec in all() {
        for part in hostile {
            let path = format!("/v1/{}/{}", spec.name, vec![part; spec.key.len()].join("/"));
            let (status, problem) = gateway.get(&path, &token).await;
            assert_eq!((status, &problem["code"]), (404, &json!("not-found")), "{path}: {problem}");
        }
    }
    for path in ["/v1/pupils", "/v1/pupils/1", "/v1/schools/01000000/more", "/v1/campuses/01000000"] {
        assert_eq!(gateway.get(path, &token).await.0, 404, "{path}");
    }
    for path in ["/v1/schools/%FF", "/v1/schools/%00"] {
        assert_eq!(gateway.get(path, &token).await.0, 400, "{path}");
    }
    let (status, problem) = gateway.get("/v1/schools/01000000?feilds=name", &token).await;
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("feilds"), "{problem}");
}

/// Numbers by their worth: a decimal 8 is stored as 8.0.
fn floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(floats).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), floats(member))).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn what_is_written_is_read_back() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let examples: Vec<(_, Value)> =
        all().iter().map(|spec| (spec, serde_json::from_str(spec.example).unwrap())).collect();
    let records: Vec<Value> = examples
        .iter()
        .map(|(spec, data)| json!({"resource": spec.name, "operation": "upsert", "data": data}))
        .collect();
    let (status, report) = gateway.submit("", &token, &records).await;
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(records.len())), "{report}");
    for (spec, data) in &examples {
        let (status, body) = gateway.get(&path(spec, data), &token).await;
        assert_eq!((status, &body["meta"]["submissionId"]), (200, &report["id"]), "{body}");
        let body = bare(body);
        for field in spec.fields.iter().filter(|field| !data[field.json].is_null()) {
            assert_eq!(floats(&body[field.json]), floats(&data[field.json]), "{} {}", spec.name, field.json);
        }
        let (_, list) = gateway.get(&format!("/v1/{}", spec.name), &token).await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(bare(list["items"][0].clone()), body);
    }
    let deleted = gateway.delete(&path(examples[10].0, &examples[10].1), &token).await;
    assert_eq!(deleted.0, 204);
    assert_eq!(gateway.get(&path(examples[10].0, &examples[10].1), &token).await.0, 404);
}

#[tokio::test]
async fn the_paths_take_their_methods_and_media_types_only() {
    let (gateway, token) = filled().await;
    assert_eq!(gateway.delete("/v1/schools", &token).await.0, 405);
    let (status, problem) = answer(gateway.request("GET", "/v1/schools", &token).header("accept", "image/png")).await;
    assert_eq!((status, &problem["code"]), (406, &json!("not-acceptable")));
    assert_eq!(
        answer(gateway.request("GET", "/v1/schools/01000000", &token).header("accept", "text/csv")).await.0,
        406
    );
    assert_eq!(gateway.get("/v1/schools", "").await.0, 401);
    let head = gateway.request("HEAD", "/v1/schools/01000000", &token).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.headers()["etag"].to_str().unwrap()), (200, "\"1\""));
}
