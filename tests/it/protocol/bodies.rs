//! What a body is: its media type, charset and coding are taken by the letter, and server-made members that come back are passed over.

use crate::common::answer;
use crate::common::records::{example, small_school, upsert, with};
use crate::protocol::{patient, tokens};
use school_gateway::http::openapi;
use serde_json::{Value, json};

/// Media types and codings that no JSON body has.
const WRONG: [(&str, &str); 11] = [
    ("", ""),
    ("text/plain", ""),
    ("text/json", ""),
    ("application/xml", ""),
    ("application/x-www-form-urlencoded", ""),
    ("application/merge-patch+json", ""),
    ("application/json; charset=utf-16", ""),
    ("application/json; charset=\"windows-1258\"", ""),
    ("application/json;charset=ISO-8859-1", ""),
    ("application/json", "gzip"),
    ("application/json", "br"),
];

/// Every operation that takes JSON, with its path filled in.
fn takers() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(openapi::text()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation.pointer("/requestBody/content/application~1json").is_some() {
                found.push((method.to_uppercase(), path.clone(), operation["responses"].clone()));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_body_that_is_no_json_in_utf_8_is_a_415_that_the_document_knows() {
    let gateway = patient();
    let tokens = tokens(&gateway).await;
    for (method, path, answers) in takers() {
        assert!(
            answers.get("415").is_some() && answers.get("413").is_some(),
            "{method} {path} does not tell of 413 and 415"
        );
        let filled = path.replace("{id}", "01999f00-1b2c-7a33-8d44-5e55f6607788").replace(['{', '}'], "x");
        for (media, coding) in WRONG {
            // For submissions these are right.
            if path == "/v1/submissions" && coding == "gzip" {
                continue;
            }
            let mut told = (0, Value::Null);
            for token in &tokens {
                let mut request = gateway.request(&method, &filled, token).body("{}");
                for (name, value) in [("content-type", media), ("content-encoding", coding)] {
                    request = if value.is_empty() { request } else { request.header(name, value) };
                }
                told = answer(request).await;
                if told.0 != 403 {
                    break;
                }
            }
            assert_eq!(
                (told.0, &told.1["code"]),
                (415, &json!("unsupported-media-type")),
                "{method} {path} {media} {coding}: {}",
                told.1
            );
        }
    }
}

#[tokio::test]
async fn no_text_in_another_charset_is_stored() {
    let gateway = patient();
    let [software, ..] = tokens(&gateway).await;
    gateway.submit("", &software, &small_school()).await;
    let school = with(&example("schools"), json!({ "schoolCode": "31000501", "name": "Trường Tiểu học Hà Bắc" }));
    let latin: Vec<u8> =
        school.to_string().chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    for media in ["application/json", "application/json; charset=iso-8859-1"] {
        let request =
            gateway.request("PUT", "/v1/schools/31000501", &software).header("content-type", media).body(latin.clone());
        let status = answer(request).await.0;
        assert!([400, 415].contains(&status), "{media}: {status}");
    }
    let utf8 = gateway
        .request("PUT", "/v1/schools/31000501", &software)
        .header("content-type", "Application/JSON; Charset=\"UTF-8\"");
    assert_eq!(answer(utf8.body(school.to_string())).await.0, 200);
    for media in ["application/x-ndjson; charset=utf-16", "text/csv; charset=windows-1258"] {
        let request = gateway
            .request("POST", "/v1/submissions?resource=schools", &software)
            .header("content-type", media)
            .body("x");
        assert_eq!(answer(request).await.0, 415, "{media}");
    }
}

#[tokio::test]
async fn what_the_gateway_made_itself_may_come_back() {
    let gateway = patient();
    let [software, ..] = tokens(&gateway).await;
    gateway.submit("", &software, &small_school()).await;
    let path = "/v1/schools/31000501";
    let (_, stored) = gateway.get(path, &software).await;
    assert!(stored["meta"]["version"].is_number(), "{stored}");
    let (status, same) = gateway.put(path, &software, &stored).await;
    assert_eq!((status, &same["meta"]["version"]), (200, &stored["meta"]["version"]), "{same}");
    let (status, report) = gateway.submit("", &software, &[upsert("schools", &stored)]).await;
    assert_eq!((status, &report["counts"]["unchanged"]), (200, &json!(1)), "{report}");
    let mut odd = stored.clone();
    odd["meta"] = json!([{ "a": null }]);
    assert_eq!(gateway.put(path, &software, &odd).await.0, 200, "whatever it holds");
    odd["metta"] = json!(1);
    let (status, problem) = gateway.put(path, &software, &odd).await;
    assert_eq!(
        (status, &problem["issues"][0]["code"]),
        (422, &json!("PT-004")),
        "another member is none of ours: {problem}"
    );
}
