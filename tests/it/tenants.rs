//! Provinces that share an installation never meet: whatever codes, keys and names they have in common.

use crate::common::records::{SCHOOL, counts, example, ordered, path, small_school, with};
use crate::common::{Client, Gateway, TestDatabase, answer, eventually, program, so};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::connection::SimpleConnection;
use school_gateway::http::{PAGES, ROUTES};
use school_gateway::store::migrations;
use serde_json::{Value, json};
use std::sync::Arc;

const OTHER: &str = "hai_phong";
/// What stands in a record of each tenant, and nowhere in the other.
const MARKS: [&str; 2] = ["Ghi cho tinh thu nhat", "Ghi cho tinh thu hai"];
const KEY: &str = "same-key-in-both";

/// A tenant's clients and what they pushed.
struct Side {
    staff: Client,
    software: String,
    staff_token: String,
    admin: String,
    admin_id: String,
    submission: String,
}

fn client(gateway: &Gateway, tenant: &str, kind: &str, grant: &[&str]) -> Client {
    let create = ["--tenant", tenant, "client", "create", "--name", "The same name", "--kind", kind];
    serde_json::from_str(&gateway.run(&[&create[..], grant].concat())).unwrap()
}

/// The school's records, with the mark of the tenant where there is room for it.
fn school(mark: &str) -> Vec<Value> {
    let marked = |record: Value| match record["resource"].as_str() {
        Some("students") => with(&record, json!({ "data": with(&record["data"], json!({ "note": mark })) })),
        Some("schools") => with(&record, json!({ "data": with(&record["data"], json!({ "name": mark })) })),
        _ => record,
    };
    small_school().into_iter().map(marked).collect()
}

async fn push(gateway: &Gateway, token: &str, records: &[Value]) -> Value {
    let body: String = records.iter().map(|record| format!("{record}\n")).collect();
    let request = gateway.request("POST", "/v1/submissions", token).header("idempotency-key", KEY);
    answer(request.header("content-type", "application/x-ndjson").body(body)).await.1
}

async fn side(gateway: &Gateway, tenant: &str, mark: &str) -> Side {
    let software = gateway.token(&client(gateway, tenant, "school-software", &["--school", SCHOOL])).await;
    let staff = client(gateway, tenant, "sector-staff", &["--all-schools", "--scope", "sensitive.read"]);
    let admin = client(gateway, tenant, "admin", &[]);
    let report = push(gateway, &software, &school(mark)).await;
    assert_eq!(counts(&report), "created 11", "{tenant}: {report}");
    Side {
        submission: report["id"].as_str().unwrap().to_owned(),
        staff_token: gateway.token(&staff).await,
        admin: gateway.token(&admin).await,
        admin_id: admin.client_id,
        software,
        staff,
    }
}

async fn both() -> (Gateway, [Side; 2]) {
    let gateway = Gateway::start();
    gateway.run(&["tenant", "create", OTHER]);
    let sides = [side(&gateway, "default", MARKS[0]).await, side(&gateway, OTHER, MARKS[1]).await];
    (gateway, sides)
}

#[tokio::test]
async fn the_same_codes_keys_and_names_never_meet() {
    let (gateway, [one, other]) = both().await;
    assert_ne!(one.submission, other.submission, "the same idempotency key is each tenant's own");
    for (side, mark) in [(&one, MARKS[0]), (&other, MARKS[1])] {
        let repeated = push(&gateway, &side.software, &school(mark)).await;
        assert_eq!(repeated["id"], side.submission.as_str(), "{repeated}");
    }
    // A write, a delete and a replacement in one leave the other as it was.
    let student = path("students", &example("students"));
    for spec in ordered() {
        let of = async |side: &Side| gateway.get(&path(spec.name, &example(spec.name)), &side.software).await;
        let ((status, mine), (status_there, theirs)) = (of(&one).await, of(&other).await);
        assert_eq!((status, status_there), (200, 200), "{}", spec.name);
        assert_ne!(mine["meta"]["submissionId"], theirs["meta"]["submissionId"], "{}", spec.name);
        let list = gateway.get(&format!("/v1/{}", spec.name), &other.staff_token).await.1;
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{}: {list}", spec.name);
    }
    let diploma = path("diplomas", &example("diplomas"));
    assert_eq!(gateway.delete(&diploma, &other.software).await.0, 204);
    assert_eq!(gateway.get(&diploma, &one.software).await.0, 200);
    let changed = with(&example("students"), json!({ "note": "changed" }));
    assert_eq!(gateway.put(&student, &other.software, &changed).await.0, 200);
    assert_eq!(gateway.get(&student, &one.software).await.1["note"], MARKS[0]);
    let periods = |token: &str| {
        let body = json!({ "name": "Học kỳ I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"], "opensOn": "2026-01-01", "closesOn": "2026-01-31" });
        answer(gateway.request("POST", "/v1/reporting-periods", token).json(&body))
    };
    assert_eq!(periods(&other.admin).await.0, 201);
    assert_eq!(gateway.get("/v1/reporting-periods", &one.admin).await.1["items"], json!([]));
}

/// The places of a pattern, filled with what belongs to this side.
fn filled(pattern: &str, side: &Side, cursor: &str) -> String {
    let id = match pattern {
        _ if pattern.contains("/clients/") => &side.admin_id,
        _ => &side.submission,
    };
    let student = path("students", &example("students"));
    pattern
        .replace("/v1/{resource}/{key:.+}", &student)
        .replace("/v1/{resource}", &format!("/v1/students?cursor={cursor}"))
        .replace("{id}", id)
        .replace("{code}", example("students")["studentCode"].as_str().unwrap())
        .replace("{schoolCode}", SCHOOL)
        .replace("{list}", "periods")
        .replace("{name}", "periods")
        .replace("{resource}", "students")
}

#[tokio::test]
async fn no_route_tells_of_another_tenant() {
    let (gateway, [one, other]) = both().await;
    let sides = [(&one, &other, MARKS[0]), (&other, &one, MARKS[1])];
    let mut tried = 0;
    for (stranger, owner, hidden) in [(sides[1].0, sides[0].0, MARKS[0]), (sides[0].0, sides[1].0, MARKS[1])] {
        let page = gateway.get("/v1/students?limit=1", &owner.staff_token).await.1;
        let cursor = page["next"].as_str().and_then(|next| next.split("cursor=").nth(1)).unwrap_or_default().to_owned();
        for (patterns, methods) in ROUTES.iter().chain(PAGES) {
            for pattern in patterns.iter().filter(|_| methods.contains(&"get")) {
                let path = filled(pattern, owner, &cursor);
                for token in [&stranger.software, &stranger.staff_token, &stranger.admin, &String::new()] {
                    let request = gateway.request("GET", &path, token);
                    let Ok(response) = request.timeout(std::time::Duration::from_secs(20)).send().await else {
                        panic!("{path} does not answer");
                    };
                    let status = response.status().as_u16();
                    let text = String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned();
                    for secret in [hidden, &owner.submission, &owner.admin_id, &owner.staff.client_id] {
                        let is_own_path = path.contains(secret) && status >= 400;
                        assert!(is_own_path || !text.contains(secret), "{path} tells {secret}: {text}");
                    }
                    if pattern.contains("{id}") && pattern.starts_with("/v1/") {
                        assert!([401, 403, 404].contains(&status), "{path}: {status} {text}");
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

#[tokio::test]
async fn no_write_reaches_another_tenant() {
    let (gateway, [one, other]) = both().await;
    let mut tried = 0;
    for (stranger, owner) in [(&one, &other), (&other, &one)] {
        for (patterns, methods) in ROUTES {
            for pattern in patterns.iter().filter(|pattern| pattern.contains("{id}")) {
                for method in methods.iter().filter(|method| **method != "get") {
                    let path = filled(pattern, owner, "");
                    for token in [&stranger.software, &stranger.staff_token, &stranger.admin] {
                        let request = gateway.request(&method.to_uppercase(), &path, token).json(&json!({}));
                        let (status, answer) = crate::common::answer(request).await;
                        assert!((400..500).contains(&status), "{method} {path}: {status} {answer}");
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried >= 50, "{tried}");
    for (side, mark) in [(&one, MARKS[0]), (&other, MARKS[1])] {
        let own = gateway.get(&format!("/v1/clients/{}", side.admin_id), &side.admin).await;
        assert_eq!((own.0, &own.1["revokedAt"]), (200, &json!(null)), "{}", own.1);
        let student = gateway.get(&path("students", &example("students")), &side.software).await.1;
        assert_eq!((&student["note"], &student["meta"]["version"]), (&json!(mark), &json!(1)), "{student}");
        // No secret was changed either.
        gateway.token(&side.staff).await;
    }
}

#[tokio::test]
async fn a_token_is_worth_something_in_its_own_tenant_only() {
    let (gateway, [one, other]) = both().await;
    let parts: Vec<&str> = other.software.split('.').collect();
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    assert_eq!(claims["tenant"], OTHER);
    for tenant in [json!("default"), json!("nowhere"), json!(null), json!(7)] {
        claims["tenant"] = tenant.clone();
        let forged = format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2]);
        assert_eq!(gateway.get("/v1/students", &forged).await.0, 401, "{tenant}");
    }
    // An administrator's reach ends with the tenant, over the API and on the command line.
    for id in [&one.admin_id, &one.staff.client_id] {
        assert_eq!(gateway.delete(&format!("/v1/clients/{id}"), &other.admin).await.0, 404);
        let revoke = ["--tenant", OTHER, "client", "revoke", id, "--database-url", &gateway.database().url];
        assert!(!program().args(revoke).output().unwrap().status.success());
    }
    assert_eq!(gateway.get("/v1/students", &one.staff_token).await.0, 200);
    // Whoever checks a receipt finds the key of either tenant.
    let keys = gateway.get("/.well-known/jwks.json", "").await.1;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    // And what was given by one gateway is taken by another on the same database.
    let second = Gateway::on(gateway.database.clone().unwrap(), &[]);
    assert_eq!(second.get("/v1/students", &other.staff_token).await.0, 200);
}

/// What the tenant's software is answered, if it is this.
async fn status(gateway: &Gateway, side: &Side, expected: u16) -> Result<(), String> {
    let (status, answer) = gateway.get("/v1/students", &side.software).await;
    so(status == expected, format!("{status} {answer}"))
}

#[tokio::test]
async fn a_tenant_is_suspended_served_again_and_dropped_while_gateways_run() {
    let (gateway, [one, other]) = both().await;
    let drop = ["tenant", "drop", OTHER, "--database-url", &gateway.database().url];
    let refused = program().args(drop).output().unwrap();
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("suspend"));
    gateway.run(&["tenant", "suspend", OTHER]);
    eventually("suspended", async || status(&gateway, &other, 403).await).await;
    let problem = gateway.get("/v1/students", &other.software).await.1;
    assert_eq!(
        problem["detail"],
        "Tỉnh của ứng dụng hiện tạm ngừng được phục vụ; hãy hỏi đơn vị vận hành hệ thống khi nào mở lại."
    );
    // Who is none of its clients learns nothing of it.
    let forged = format!("{}x", other.software);
    assert_eq!(gateway.get("/v1/students", &forged).await.0, 401);
    assert_eq!(gateway.get("/v1/students", &one.software).await.0, 200);
    let restarted = Gateway::on(gateway.database.clone().unwrap(), &[]);
    assert_eq!(restarted.get("/v1/students", &other.software).await.0, 403, "after a start too");
    gateway.run(&["tenant", "resume", OTHER]);
    for gateway in [&gateway, &restarted] {
        eventually("served again", async || status(gateway, &other, 200).await).await;
    }
    gateway.run(&["tenant", "suspend", OTHER]);
    gateway.run(&["tenant", "drop", OTHER]);
    eventually("gone", async || status(&gateway, &other, 401).await).await;
    assert!(!gateway.run(&["tenant", "list"]).contains(OTHER));
    assert_eq!(gateway.get("/v1/students", &one.software).await.0, 200);
    let left = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'";
    assert_eq!(gateway.database().value(left), "0");
}

#[test]
fn names_that_cannot_be_tenants_are_refused_with_what_can() {
    let database = TestDatabase::new();
    let create = |name: &str| {
        let output = program().args(["tenant", "create", name, "--database-url", &database.url]).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (done, said) = create("Hải Phòng");
    assert!(!done && said.contains("hai_phong"), "{said}");
    assert!(create(OTHER).0);
    let (done, said) = create(OTHER);
    assert!(!done && said.contains("already"), "{said}");
    for command in [["tenant", "suspend", "default"], ["tenant", "drop", "default"], ["tenant", "drop", "nowhere"]] {
        let output = program().args(command).args(["--database-url", &database.url]).output().unwrap();
        assert!(!output.status.success(), "{command:?}");
    }
}

#[tokio::test]
async fn a_tenant_that_cannot_be_brought_up_to_date_is_named_and_holds_up_no_other() {
    let database = Arc::new(TestDatabase::new());
    for name in ["an_giang", "bac_ninh", "ca_mau"] {
        let made = program().args(["tenant", "create", name, "--database-url", &database.url]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    // All are one migration behind; in one of them what it makes is there already.
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/tenant")).unwrap();
    let newest = folders.map(|folder| folder.unwrap().path()).max().unwrap();
    let down = std::fs::read_to_string(newest.join("down.sql")).unwrap();
    let version = newest.file_name().unwrap().to_str().unwrap().split('_').next().unwrap().to_owned();
    let forget = format!("DELETE FROM __diesel_schema_migrations WHERE version = '{version}'");
    for (name, down) in [("an_giang", down.as_str()), ("bac_ninh", ""), ("ca_mau", &down)] {
        database.connect().batch_execute(&format!("SET search_path TO t_{name}; {down}; {forget}")).unwrap();
    }
    let stored = |name: &str| database.value(&format!("SELECT max(version) FROM t_{name}.__diesel_schema_migrations"));
    let before = stored("an_giang");
    let migrated = program().args(["migrate", "--database-url", &database.url]).output().unwrap();
    let said = String::from_utf8_lossy(&migrated.stderr);
    let said = said.lines().last().unwrap_or_default();
    assert!(!migrated.status.success() && said.contains("bac_ninh") && !said.contains("ca_mau"), "{said}");
    assert!(stored("an_giang") > before && stored("ca_mau") > before && stored("bac_ninh") == before);
    // A gateway serves those that can be served.
    let gateway = Gateway::on(database.clone(), &[]);
    let token = gateway.token(&client(&gateway, "ca_mau", "sector-staff", &["--all-schools"])).await;
    assert_eq!(gateway.get("/v1/students", &token).await.0, 200);
    drop(gateway);
    database.execute(&format!("INSERT INTO t_bac_ninh.__diesel_schema_migrations (version) VALUES ('{version}')"));
    assert!(program().args(["migrate", "--database-url", &database.url]).output().unwrap().status.success());
    assert_eq!(stored("bac_ninh"), stored("ca_mau"));
    assert!(migrations::is_current(&mut database.connect()).unwrap());
}
