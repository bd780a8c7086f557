//! How the gateway answers for itself: problem documents, request ids, health, metrics, logs, and too much at once.

use crate::common::{Gateway, eventually, signal, so};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use serde_json::{Value, json};
use std::net::TcpListener;

/// Status, headers and problem document.
async fn problem(request: reqwest::RequestBuilder) -> (u16, reqwest::header::HeaderMap, Value) {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    assert_eq!(headers["content-type"], "application/problem+json");
    (status, headers, response.json().await.unwrap())
}

#[tokio::test]
async fn every_error_is_a_problem_document() {
    let gateway = Gateway::start();
    let admin = gateway.token_for("admin", &[]).await;
    let post = |body: &'static str, kind: &'static str| {
        gateway.request("POST", "/v1/clients", &admin).header("content-type", kind).body(body)
    };
    let cases = [
        (gateway.request("GET", "/nothing/here", ""), 404, "not-found"),
        (gateway.request("GET", "/v1/nothing/here", &admin), 404, "not-found"),
        (gateway.request("PATCH", "/v1/clients", &admin), 405, "method-not-allowed"),
        (gateway.request("BREW", "/health/live", ""), 405, "method-not-allowed"),
        (gateway.request("GET", "/v1/clients", ""), 401, "unauthenticated"),
        (gateway.request("GET", "/v1/clients?limit=many", &admin), 400, "bad-request"),
        (post("{\"name\":", "application/json"), 400, "bad-request"),
        (post("name=A", "application/x-www-form-urlencoded"), 415, "unsupported-media-type"),
        (
            gateway
                .request("POST", "/v1/clients", &admin)
                .header("content-type", "application/json")
                .body("x".repeat(2 << 20)),
            413,
            "too-large",
        ),
    ];
    for (request, status, code) in cases {
        let (answered, headers, document) = problem(request.header("accept-language", "en")).await;
        assert_eq!(
            (answered, &document["code"], &document["status"]),
            (status, &json!(code), &json!(status)),
            "{document}"
        );
        assert_eq!(document["type"], format!("/problems/{code}"));
        assert_eq!(headers["x-request-id"].to_str().unwrap(), document["requestId"]);
        let texts = [&document["title"], &document["detail"], &document["instance"]];
        assert!(texts.iter().all(|text| text.as_str().is_some_and(|text| !text.is_empty())), "{document}");
        let (explained, meaning) = gateway.get(document["type"].as_str().unwrap(), "").await;
        assert_eq!((explained, &meaning["title"]["en"]), (200, &document["title"]));
    }
}

#[tokio::test]
async fn problems_are_vietnamese_unless_english_is_asked_for() {
    let gateway = Gateway::start();
    let (_, _, vietnamese) = problem(gateway.request("GET", "/nothing", "")).await;
    let (_, _, english) =
        problem(gateway.request("GET", "/nothing", "").header("accept-language", "en-GB, vi;q=0.5")).await;
    assert_eq!((&vietnamese["title"], &english["title"]), (&json!("Không tìm thấy"), &json!("No such resource")));
    let details = [&vietnamese["detail"], &english["detail"]];
    let nothing = ["Không có gì ở đường dẫn này", "There is nothing at this path"];
    assert!(
        details.iter().zip(nothing).all(|(detail, begins)| detail.as_str().unwrap().starts_with(begins)),
        "{details:?}"
    );
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_allowed_methods_are_named() {
    let gateway = Gateway::start();
    let own = gateway.request("GET", "/health/live", "").header("x-request-id", "batch-17").send().await.unwrap();
    assert_eq!((own.status().as_u16(), own.headers()["x-request-id"].to_str().unwrap()), (200, "batch-17"));
    let insane = gateway.request("GET", "/health/live", "").header("x-request-id", "a b\"c").send().await.unwrap();
    assert_eq!(insane.headers()["x-request-id"].len(), 36);
    let (_, headers, _) = problem(gateway.request("PUT", "/v1/clients", "")).await;
    assert_eq!(headers["allow"], "GET, POST, HEAD, OPTIONS");
    let head = gateway.request("HEAD", "/.well-known/jwks.json", "").send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.headers()["content-type"].to_str().unwrap()), (200, "application/json"));
}

#[tokio::test]
async fn readiness_follows_the_schema_and_the_database() {
    let gateway = Gateway::start();
    assert_eq!(gateway.get("/health/ready", "").await, (200, json!({ "status": "ready" })));
    let database = gateway.database();
    database.execute(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
    );
    let (status, headers, document) =
        problem(gateway.request("GET", "/health/ready", "").header("accept-language", "en")).await;
    assert!(
        status == 503 && headers.contains_key("retry-after") && document["detail"].as_str().unwrap().contains("schema"),
        "{document}"
    );

    let name = database.value("SELECT current_database()");
    let mut outside = PgConnection::establish(&database.url.replace(&name, "postgres")).unwrap();
    let cut = format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    outside.batch_execute(&cut).unwrap();
    let (status, _, document) =
        problem(gateway.request("GET", "/health/ready", "").header("accept-language", "en")).await;
    assert!(status == 503 && document["detail"].as_str().unwrap().contains("out of reach"), "{document}");
    assert_eq!(gateway.get("/health/live", "").await.0, 200, "it lives all the same");
    outside.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).unwrap();
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let gateway = Gateway::start_with(&["--metrics-listen", &address]);
    let admin = gateway.token_for("admin", &[]).await;
    assert_eq!(gateway.get("/v1/clients", &admin).await.0, 200);
    assert_eq!(gateway.get("/v1/students/0123456789", "").await.0 / 100, 4);
    assert_eq!(gateway.get("/metrics", "").await.0, 404);
    let text = gateway.http.get(format!("http://{address}/metrics")).send().await.unwrap().text().await.unwrap();
    for line in [
        "school_gateway_requests_total{method=\"GET\",route=\"/v1/clients\",status=\"200\"} 1",
        "school_gateway_database_seconds_count{what=\"clients\"} 1",
        "school_gateway_pool_connections{pool=\"read\",state=\"used\"}",
        "school_gateway_queue_depth",
        "school_gateway_waiting_requests 0",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("0123456789"), "codes of people must not become labels");
}

#[tokio::test]
async fn logs_tell_patterns_not_people_or_secrets() {
    let gateway = Gateway::start();
    let client = gateway.client("admin", &[]);
    let token = gateway.token(&client).await;
    gateway.get("/v1/students/0123456789?q=Nguyen", &token).await;
    gateway.get(&format!("/v1/clients/{}", client.client_id), &token).await;
    let log = gateway.log();
    assert!(
        log.contains("/v1/clients/{id}") && log.contains("/oauth/token") && log.contains(&client.client_id),
        "{log}"
    );
    for private in [&client.client_secret, &token, "0123456789", "Nguyen"] {
        assert!(!log.contains(private), "{private} is in\n{log}");
    }
}

#[tokio::test]
async fn more_requests_than_may_wait_are_refused_early() {
    let gateway = Gateway::start_with(&["--pool-size", "4", "--max-waiting-requests", "2"]);
    let admins = [gateway.token_for("admin", &[]).await, gateway.token_for("admin", &[]).await];
    let blocker = gateway.database().hold_table("clients");
    let request = |number: usize| {
        let request = gateway.request("GET", "/v1/clients", &admins[number % 2]);
        tokio::spawn(async move { request.send().await.unwrap() })
    };
    // Of each client one has a connection and one waits, and one is too many.
    let mut waiting: Vec<_> = (0..6).map(request).collect();
    let mut refused = 0;
    eventually("the refusal of one of each client", async || {
        let finished = waiting.iter().filter(|request| request.is_finished()).count();
        so(finished >= 2, finished)
    })
    .await;
    for finished in waiting.extract_if(.., |request| request.is_finished()) {
        let response = finished.await.unwrap();
        assert_eq!(response.status(), 503);
        assert!(response.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "unavailable");
        refused += 1;
    }
    assert_eq!(refused, 2);
    assert_eq!(gateway.get("/health/live", "").await.0, 200);
    drop(blocker);
    for request in waiting {
        assert_eq!(request.await.unwrap().status(), 200, "those that waited are served");
    }
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_runs() {
    let mut gateway = Gateway::start();
    let admin = gateway.token_for("admin", &[]).await;
    let blocker = gateway.database().hold_table("clients");
    let request = gateway.request("GET", "/v1/clients", &admin);
    let running = tokio::spawn(async move { request.send().await.unwrap().status() });
    gateway.database().waiters(1).await;
    signal("TERM", gateway.pid());
    eventually("a closed door", async || {
        let answer = gateway.http.get(format!("{}/health/live", gateway.url)).send().await;
        so(answer.is_err(), "something new is taken")
    })
    .await;
    drop(blocker);
    assert_eq!(running.await.unwrap(), 200);
    assert_eq!(gateway.wait().code(), Some(0));
}
