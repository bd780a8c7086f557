//! Adding a resource takes one definition, one migration and one line. Here they are, for clubs that no other file has
//! heard of; every door must know them. A test binary of its own, because resources are added for a whole process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code, unused_imports)]
#[path = "it/common/mod.rs"]
mod common;

use actix_web::rt::System;
use common::TestDatabase;
use reqwest::Method;
use school_gateway::access::audit::Actor;
use school_gateway::access::clients;
use school_gateway::access::clients::NewClient;
use school_gateway::access::{Area, ClientKind};
use school_gateway::config::{Config, Secret};
use school_gateway::model;
use school_gateway::model::field::{Field, FieldType};
use school_gateway::model::issue::Text;
use school_gateway::model::rules::{no_check, no_judge};
use school_gateway::model::schema;
use school_gateway::model::spec::{Reference, Spec};
use school_gateway::store::Pools;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use tokio::sync::oneshot;

// The one file.

/// Who is asked about a club.
const CONTACT: &[Field] = &[
    Field::person_name(100).required().named("full_name", "fullName", "Name."),
    Field::phone().sensitive().named("phone", "phone", "Telephone."),
];

school_gateway::resource! {
    /// Câu lạc bộ: a club of a school.
    Club {
        /// Mã trường.
        school_code: identifier(8), required, filter;
        /// Mã câu lạc bộ, unique in the school.
        club_code: identifier(20), required;
        /// Tên câu lạc bộ.
        name: name(100), required, filter;
        /// Ngày thành lập.
        founded_on: date(), filter;
        /// Kinh phí: money a year, million đồng, two decimals.
        budget: decimal(2, 0, 10_000_000), filter;
        /// Môn học liên quan.
        subjects: codes(&FieldType::Code { list: "subjects" }), filter;
        /// Người liên hệ.
        contact: object(CONTACT);
    }
}

static SPEC: Spec = Spec {
    number: 1_000,
    name: "clubs",
    record: Club::NAME,
    table: "clubs",
    title: Text { vi: "Câu lạc bộ", en: "Clubs" },
    description: Club::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "clubCode": "ROBOT", "name": "Câu lạc bộ Robot", "foundedOn": "2024-09-05", "budget": 12.5,
    "subjects": ["TOAN"], "contact": { "fullName": "Trần Thị Thử", "phone": "0901234567" }
}"#,
    fields: Club::FIELDS,
    key: &["school_code", "club_code"],
    references: &[Reference { name: "school", fields: &["school_code"], to: "schools", fetch: &[] }],
    lookups: &[],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &["name"],
    consumer: false,
    check: no_check,
    judge: no_judge,
};

// The one migration.

const MIGRATION: &str = r#"create table clubs (
    school_code text collate "C" not null,
    club_code text collate "C" not null,
    name text collate "C" not null,
    founded_on date,
    budget numeric(8, 2),
    subjects text[] collate "C",
    contact jsonb,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    block bigint not null,
    changed_at timestamptz not null,
    submission_id uuid,
    client_id uuid not null,
    primary key (school_code, club_code)
)"#;

// The one line.

fn add() {
    assert!(model::extend(&[&SPEC]), "before anything else");
}

/// The server in this process, which alone has heard of clubs.
struct Server {
    url: String,
    http: reqwest::Client,
    pools: Pools,
    database: TestDatabase,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    fn start() -> Self {
        let database = TestDatabase::new();
        database.execute(MIGRATION);
        let config = Config { database_url: Some(Secret::new(&*database.url)), ..Config::from_environment().unwrap() };
        let pools = Pools::open(&config, &database.url, "public").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = pools.clone();
        let thread = thread::spawn(move || {
            let shutdown = async {
                let _ = stopped.await;
            };
            System::new().block_on(school_gateway::http::run(Arc::new(config), served, listener, shutdown)).unwrap();
        });
        let http = school_gateway::store::outbound::builder(&url).no_proxy().build().unwrap();
        Self { url, http, pools, database, stop: Some(stop), thread: Some(thread) }
    }

    fn client(&self, kind: ClientKind, area: Area) -> (String, String) {
        let client = NewClient::new("Test", kind, area, Vec::new()).unwrap();
        let (client, secret) =
            clients::create(&mut self.pools.write.get().unwrap(), &Actor::default(), &client).unwrap();
        (client.id.to_string(), secret)
    }

    async fn token(&self, (id, secret): (String, String)) -> String {
        let request = self.http.post(format!("{}/oauth/token", self.url)).basic_auth(id, Some(secret));
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body("grant_type=client_credentials");
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    fn request(&self, method: Method, path: &str, token: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(token)
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        common::answer(self.request(Method::GET, path, token)).await
    }

    async fn put(&self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        common::answer(self.request(Method::PUT, path, token).json(body)).await
    }

    async fn submit(&self, token: &str, records: &[Value]) -> (u16, Value) {
        let body: String = records.iter().map(|record| format!("{record}\n")).collect();
        let request =
            self.request(Method::POST, "/v1/submissions", token).header("content-type", "application/x-ndjson");
        common::answer(request.body(body)).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(thread::JoinHandle::join);
        assert!(thread::panicking() || matches!(ended, Some(Ok(()))), "the server ends in good order");
    }
}

fn club() -> Value {
    schema::example(&SPEC)
}

/// The school that the examples belong to.
fn school() -> Value {
    json!({ "resource": "schools", "data": schema::example(model::find("schools").unwrap()) })
}

fn without_meta(mut record: Value) -> Value {
    record.as_object_mut().unwrap().remove("meta");
    record
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_twelfth_resource_takes_a_definition_a_migration_and_a_line() {
    add();
    let server = Server::start();
    let software = server
        .token(server.client(ClientKind::SchoolSoftware, Area::of(false, vec!["31000501".into()], vec![]).unwrap()))
        .await;
    let staff = server.token(server.client(ClientKind::SectorStaff, Area::of(true, vec![], vec![]).unwrap())).await;

    waits_for_its_school_and_is_kept(&server, &software).await;
    is_written_and_read_alone(&server, &software).await;
    is_judged_by_its_definition(&server, &software).await;
    is_listed_and_masked(&server, &staff).await;
    leaves_history(&server, &software).await;
    stands_in_the_documents(&server).await;
}

async fn waits_for_its_school_and_is_kept(server: &Server, token: &str) {
    let (status, report) = server.submit(token, &[json!({ "resource": "clubs", "data": club() })]).await;
    assert_eq!((status, &report["byResource"]["clubs"]["parked"]), (200, &json!(1)), "{report}");
    let (status, report) = server.submit(token, &[school()]).await;
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(1)), "{report}");
    let mut read = server.get("/v1/clubs/31000501/ROBOT", token).await;
    // Whoever follows the change log applies it some moments after.
    for _ in 0..300 {
        if read.0 == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        read = server.get("/v1/clubs/31000501/ROBOT", token).await;
    }
    assert_eq!((read.0, without_meta(read.1)), (200, club()), "it is applied when its school comes");
    let (status, report) = server.submit(token, &[json!({ "resource": "clubs", "data": club() })]).await;
    assert_eq!((status, &report["byResource"]["clubs"]["unchanged"]), (200, &json!(1)), "{report}");
}

async fn is_written_and_read_alone(server: &Server, token: &str) {
    let chess = json!({ "schoolCode": "31000501", "clubCode": "CHESS", "name": "Cờ vua", "foundedOn": "2020-01-31", "budget": 3.255 });
    let (status, stored) = server.put("/v1/clubs/31000501/CHESS", token, &chess).await;
    assert_eq!((status, &stored["budget"], &stored["meta"]["version"]), (201, &json!(3.26), &json!(1)), "{stored}");
    let (status, again) = server.put("/v1/clubs/31000501/CHESS", token, &chess).await;
    assert_eq!((status, &again["meta"]["version"]), (200, &json!(1)), "{again}");
    assert_eq!(server.get("/v1/clubs/31000501/NONE", token).await.0, 404);
}

async fn is_judged_by_its_definition(server: &Server, token: &str) {
    let wrong = json!({
        "schoolCode": "31000501", "clubCode": "WRONG", "name": "Sai", "foundedOn": "2020-02-30", "budget": -1, "subjects": ["NOTHING"],
        "contact": { "phone": "0901234567" }, "colour": "red"
    });
    let (status, problem) = server.put("/v1/clubs/31000501/WRONG", token, &wrong).await;
    assert_eq!(status, 422, "{problem}");
    let mut found: Vec<_> =
        problem["issues"].as_array().unwrap().iter().map(|issue| (&issue["pointer"], &issue["code"])).collect();
    found.sort_by_key(|(pointer, _)| pointer.as_str());
    let pointers: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str().unwrap()).collect();
    assert_eq!(pointers, ["/budget", "/colour", "/contact/fullName", "/foundedOn", "/subjects/0"], "{problem}");
}

async fn is_listed_and_masked(server: &Server, token: &str) {
    for (query, codes) in [
        ("", vec!["CHESS", "ROBOT"]),
        ("?foundedOn[gte]=2024-01-01", vec!["ROBOT"]),
        ("?budget[lte]=3.26", vec!["CHESS"]),
        ("?subjects=TOAN", vec!["ROBOT"]),
        ("?q=co%20vua", vec!["CHESS"]),
        ("?sort=-budget", vec!["ROBOT", "CHESS"]),
        ("?schoolCode=31000502", vec![]),
    ] {
        let (status, page) = server.get(&format!("/v1/clubs{query}"), token).await;
        assert_eq!(status, 200, "{query}: {page}");
        let found: Vec<_> =
            page["items"].as_array().unwrap().iter().map(|club| club["clubCode"].as_str().unwrap()).collect();
        assert_eq!(found, codes, "{query}");
    }
    let (_, robot) = server.get("/v1/clubs/31000501/ROBOT", token).await;
    assert_eq!(robot["contact"], json!({ "fullName": "Trần Thị Thử", "phone": "***" }));
    let (status, problem) = server.get("/v1/clubs?clubCode=ROBOT", token).await;
    assert_eq!(status, 400, "no filter: {problem}");
}

async fn leaves_history(server: &Server, token: &str) {
    let mut dearer = club();
    dearer["budget"] = json!(20);
    let (status, stored) = server.put("/v1/clubs/31000501/ROBOT", token, &dearer).await;
    assert_eq!((status, &stored["meta"]["version"]), (200, &json!(2)), "{stored}");
    let request = server.request(Method::DELETE, "/v1/clubs/31000501/CHESS", token);
    assert_eq!(common::answer(request).await.0, 204);
    let versions = server.database.column(
        "SELECT concat_ws(' ', split_part(key, E'\\x1f', 2), version, operation, body->>'budget') FROM history WHERE resource = 1000 ORDER BY key, version",
    );
    assert_eq!(versions, ["CHESS 1 update 3.26", "CHESS 2 delete", "ROBOT 1 update 12.50"]);
}

async fn stands_in_the_documents(server: &Server) {
    let (status, document) = common::answer(server.http.get(format!("{}/openapi.json", server.url))).await;
    assert_eq!(status, 200);
    let one = &document["paths"]["/v1/clubs/{schoolCode}/{clubCode}"];
    assert!(one["get"].is_object() && one["put"].is_object() && one["delete"].is_object(), "{one}");
    assert!(document["paths"]["/v1/clubs"]["get"].is_object());
    let described = json!(schema::data(&SPEC));
    assert_eq!(described["required"], json!(["schoolCode", "clubCode", "name"]));
    assert_eq!(described["properties"]["budget"]["maximum"], json!(100_000));
    assert_eq!(described["properties"]["contact"]["properties"]["phone"]["x-sensitive"], json!(true));
}
