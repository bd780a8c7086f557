//! Headers of requests and answers, by the letter of RFC 9110, 9111 and 7240.

use crate::common::records::{example, lines, small_school};
use crate::common::{Gateway, answer};
use crate::protocol::{patient, tokens};
use reqwest::Response;
use reqwest::header::HeaderValue;
use serde_json::Value;

const SCHOOL: &str = "/v1/schools/31000501";

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn with_school(gateway: &Gateway) -> [String; 3] {
    let tokens = tokens(gateway).await;
    let (_, report) = gateway.submit("", &tokens[0], &small_school()).await;
    assert_eq!(report["result"], "accepted", "{report}");
    tokens
}

#[tokio::test]
async fn nothing_personal_is_kept_by_caches_and_nothing_is_sniffed() {
    let gateway = patient();
    let [software, staff, admin] = with_school(&gateway).await;
    let id = gateway.get("/v1/submissions", &software).await.1["items"][0]["id"].as_str().unwrap().to_owned();
    for (token, path) in [
        (&software, SCHOOL.to_owned()),
        (&staff, "/v1/students".to_owned()),
        (&software, "/v1/submissions".to_owned()),
        (&software, format!("/v1/submissions/{id}")),
        (&software, format!("/v1/submissions/{id}/issues")),
        (&software, format!("/v1/submissions/{id}/rejected")),
        (&software, format!("/v1/submissions/{id}/events")),
        (&staff, "/v1/findings".to_owned()),
        (&admin, "/v1/clients".to_owned()),
        (&software, "/v1/students/3100000000".to_owned()),
        (&String::new(), "/v1/students".to_owned()),
    ] {
        let response = gateway.request("GET", &path, token).send().await.unwrap();
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
    }
    let csv = gateway.request("GET", "/v1/students", &staff).header("accept", "text/csv").send().await.unwrap();
    assert_eq!(header(&csv, "cache-control"), "no-store");
    let written = gateway.request("PUT", SCHOOL, &software).json(&example("schools")).send().await.unwrap();
    assert_eq!(header(&written, "cache-control"), "no-store");
    for path in ["/docs", "/docs/rules", "/openapi.json", "/v1/rules", "/v1/code-lists", "/health/live", "/nothing"] {
        let response = gateway.request("GET", path, "").send().await.unwrap();
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
    }
    for path in ["/docs", "/docs/rules"] {
        let response = gateway.request("GET", path, "").send().await.unwrap();
        let policy = header(&response, "content-security-policy");
        assert!(
            policy.contains("default-src 'none'")
                && policy.contains("frame-ancestors 'none'")
                && !policy.contains("unsafe"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn answers_say_their_language_and_what_they_depend_on() {
    let gateway = patient();
    let [software, staff, _] = with_school(&gateway).await;
    let id = gateway.get("/v1/submissions", &software).await.1["items"][0]["id"].as_str().unwrap().to_owned();
    for (asked, said) in
        [("", "vi"), ("en-GB, vi;q=0.5", "en"), ("fr", "vi"), ("vi;q=0.1, en;q=0", "vi"), ("EN;q=0.9, vi;q=0.8", "en")]
    {
        for (token, path) in [
            (&software, "/v1/students/3100000000".to_owned()),
            (&software, format!("/v1/submissions/{id}")),
            (&software, format!("/v1/submissions/{id}/issues")),
            (&staff, "/v1/findings".to_owned()),
            (&staff, "/v1/nothing".to_owned()),
            (&String::new(), "/v1/students".to_owned()),
        ] {
            let request = gateway.request("GET", &path, token);
            let response =
                if asked.is_empty() { request } else { request.header("accept-language", asked) }.send().await.unwrap();
            assert_eq!(header(&response, "content-language"), said, "{path} {asked}");
            assert!(header(&response, "vary").contains("Accept-Language"), "{path}: {}", header(&response, "vary"));
        }
    }
}

#[tokio::test]
async fn each_coding_has_a_tag_of_its_own() {
    let gateway = patient();
    let get = |coding: &'static str| gateway.request("GET", "/openapi.json", "").header("accept-encoding", coding);
    let (plain, packed) = (get("identity").send().await.unwrap(), get("gzip").send().await.unwrap());
    assert_eq!((header(&plain, "content-encoding"), header(&packed, "content-encoding")), ("", "gzip"));
    let (plain, packed) = (header(&plain, "etag").to_owned(), header(&packed, "etag").to_owned());
    assert_ne!(plain, packed);
    for (coding, known, status) in [
        ("identity", plain.clone(), 304),
        ("gzip", packed.clone(), 304),
        ("identity", packed.clone(), 200),
        ("gzip", format!("\"x\", W/{packed}"), 304),
        ("gzip;q=0, identity", plain, 304),
        ("gzip", "*".to_owned(), 304),
        ("gzip", "x".to_owned(), 400),
    ] {
        let response = get(coding).header("if-none-match", &known).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{coding} {known}");
    }
}

async fn put(gateway: &Gateway, token: &str, phone: &str, conditions: &[(&str, &[u8])]) -> (u16, Value) {
    let mut school = example("schools");
    school["phone"] = phone.into();
    let mut request = gateway.request("PUT", SCHOOL, token).header("accept-language", "en").json(&school);
    for (name, value) in conditions {
        request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
    }
    answer(request).await
}

#[tokio::test]
async fn conditions_are_weighed_by_the_letter() {
    let gateway = patient();
    let [software, ..] = with_school(&gateway).await;
    let version = || async { gateway.get(SCHOOL, &software).await.1["meta"]["version"].as_i64().unwrap() };
    let mut phones = (1000..).map(|number| format!("024350{number}"));
    for (name, pattern, expected) in [
        ("if-match", "\"{now}\"", 200),
        ("if-match", "\"x\", \"{now}\"", 200),
        ("if-match", "*", 200),
        ("if-match", "W/\"{now}\"", 412),
        ("if-match", "\"x\"", 412),
        ("if-match", "\"0{now}\"", 412),
        ("if-match", "{now}", 400),
        ("if-match", "\"{now}", 400),
        ("if-match", "\"{now}\", é", 400),
        ("if-match", "", 400),
        ("if-none-match", "*", 412),
        ("if-none-match", "\"{now}\"", 412),
        ("if-none-match", "\"x\", W/\"{now}\"", 412),
        ("if-none-match", "\"x\"", 200),
        ("if-none-match", "nothing", 400),
        ("if-none-match", "\"ệ\"", 400),
    ] {
        let value = pattern.replace("{now}", &version().await.to_string());
        let (status, problem) = put(&gateway, &software, &phones.next().unwrap(), &[(name, value.as_bytes())]).await;
        assert_eq!(status, expected, "{name}: {value}: {problem}");
        if status == 400 {
            assert!(problem["detail"].as_str().unwrap().to_lowercase().contains(name), "{problem}");
        }
        let before = version().await.to_string();
        let (read, _) = answer(
            gateway
                .request("GET", SCHOOL, &software)
                .header(name, HeaderValue::from_bytes(pattern.replace("{now}", &before).as_bytes()).unwrap()),
        )
        .await;
        let as_read = match (name, expected) {
            ("if-none-match", 412) => 304,
            _ => expected,
        };
        assert_eq!(read, as_read, "GET with {name}: {pattern}");
    }
    let deleted = gateway.request("DELETE", "/v1/students/3100000001", &software).header("if-match", "W/\"1\"");
    assert_eq!(answer(deleted).await.0, 412);
}

#[tokio::test]
async fn a_key_or_a_preference_that_cannot_be_read_is_never_passed_over() {
    let gateway = patient();
    let [software, ..] = tokens(&gateway).await;
    let body = lines(&small_school());
    let push = |name: &'static str, value: &'static str| {
        let request =
            gateway.request("POST", "/v1/submissions", &software).header("content-type", "application/x-ndjson");
        let request =
            request.header("accept-language", "en").header(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        answer(request.body(body.clone()))
    };
    for (name, value) in [
        ("idempotency-key", "khóa-1"),
        ("idempotency-key", "a\tb"),
        ("idempotency-key", ""),
        ("prefer", "đợi"),
        ("prefer", "respond async"),
    ] {
        let (status, problem) = push(name, value).await;
        assert!(
            status == 400 && problem["detail"].as_str().unwrap().to_lowercase().contains(name),
            "{name} {value}: {status} {problem}"
        );
    }
    assert_eq!(gateway.database().value("SELECT count(*) FROM submissions"), "0");
    for value in ["Respond-Async", "wait=10, RESPOND-ASYNC; x=1", "return=minimal,respond-async"] {
        assert_eq!(push("prefer", value).await.0, 202, "{value}");
    }
    for value in ["respond-asynchronously", "foo=\"respond-async\"", "wait=5"] {
        assert_eq!(push("prefer", value).await.0, 200, "{value}");
    }
}

#[tokio::test]
async fn methods_and_challenges_are_told() {
    let gateway = patient();
    let [_, staff, _] = tokens(&gateway).await;
    for (path, allowed) in [
        ("/v1/submissions", "GET, HEAD, OPTIONS, POST"),
        (SCHOOL, "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/oauth/token", "OPTIONS, POST"),
    ] {
        for (method, status) in [("PATCH", 405), ("OPTIONS", 204), ("TRACE", 405)] {
            let response = gateway.request(method, path, &staff).send().await.unwrap();
            let mut told: Vec<&str> = header(&response, "allow").split(", ").collect();
            told.sort_unstable();
            assert_eq!((response.status().as_u16(), told.join(", ").as_str()), (status, allowed), "{method} {path}");
        }
    }
    let (get, head) = (gateway.request("GET", "/v1/rules", ""), gateway.request("HEAD", "/v1/rules", ""));
    let (get, head) = (get.send().await.unwrap(), head.send().await.unwrap());
    assert_eq!((head.status(), header(&head, "content-type")), (get.status(), header(&get, "content-type")));
    assert_eq!(head.bytes().await.unwrap().len(), 0);
    for (sent, challenge) in [
        (None, "Bearer realm=\"school-gateway\""),
        (Some("Basic YTpi"), "Bearer realm=\"school-gateway\""),
        (Some("Bearer nonsense"), "Bearer realm=\"school-gateway\", error=\"invalid_token\""),
        (Some("bearer nonsense"), "Bearer realm=\"school-gateway\", error=\"invalid_token\""),
    ] {
        let request = gateway.request("GET", "/v1/students", "");
        let response =
            if let Some(sent) = sent { request.header("authorization", sent) } else { request }.send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "www-authenticate")), (401, challenge), "{sent:?}");
    }
    let pages = gateway.request("GET", "/", "").send().await.unwrap();
    assert_eq!((pages.status().as_u16(), pages.url().path()), (200, "/docs"), "a browser is led to the pages");
}

#[tokio::test]
async fn what_accept_wishes_for_is_given_or_refused() {
    let gateway = patient();
    let [software, staff, _] = with_school(&gateway).await;
    let id = gateway.get("/v1/submissions", &software).await.1["items"][0]["id"].as_str().unwrap().to_owned();
    let issues = format!("/v1/submissions/{id}/issues");
    for (token, path, accept, expected) in [
        (&staff, "/v1/students", "application/json;q=0.5, text/csv", "text/csv"),
        (&staff, "/v1/students", "TEXT/CSV;Q=0.4, application/x-ndjson;q=0.6", "application/x-ndjson"),
        (&staff, "/v1/students", "text/html, */*;q=0.1", "application/json"),
        (&staff, "/v1/students", "image/png", "406"),
        (&staff, "/v1/findings", "text/csv;q=0, */*", "application/json"),
        (&staff, "/v1/findings", "image/png", "406"),
        (&software, issues.as_str(), "text/csv;q=0.5, application/x-ndjson", "application/x-ndjson"),
        (&software, issues.as_str(), "image/png", "406"),
        (&software, SCHOOL, "text/csv", "406"),
        (&software, SCHOOL, "application/*", "application/json"),
    ] {
        let response = gateway.request("GET", path, token).header("accept", accept).send().await.unwrap();
        let media = header(&response, "content-type").split(';').next().unwrap().to_owned();
        let told = if response.status().as_u16() == 200 { media } else { response.status().as_str().to_owned() };
        assert_eq!(told, expected, "{path} {accept}");
    }
}
