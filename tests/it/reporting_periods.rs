//! Reporting periods: outside of them no record that they cover is created, changed or deleted, on no way by which
//! records come in.

use crate::common::records::{SCHOOL, counts, deletion, example, issues, path, small_school, upsert, with};
use crate::common::{Gateway, answer};
use chrono::{Days, Utc};
use school_gateway::model::ALL;
use school_gateway::model::lists::Lists;
use school_gateway::model::moment::day_of;
use serde_json::{Value, json};

/// The school of a neighbour.
const OTHER: &str = "31000502";

/// A gateway with the small school in it, its administrator's token and that of the schools' software.
struct Ground {
    gateway: Gateway,
    admin: String,
    token: String,
}

/// A day so many days from today.
fn day(ahead: i64) -> String {
    let (today, away) = (day_of(Utc::now()), Days::new(ahead.unsigned_abs()));
    (if ahead < 0 { today - away } else { today + away }).to_string()
}

/// The same day as Vietnamese texts write it.
fn vietnamese(day: &str) -> String {
    day.split('-').rev().collect::<Vec<_>>().join("/")
}

/// A reporting period of results of the first term, with changes.
fn period(opens: i64, closes: i64, changes: Value) -> Value {
    let period = json!({
        "name": "Cuối học kỳ I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results", "academic-records"],
        "opensOn": day(opens), "closesOn": day(closes),
    });
    with(&period, changes)
}

impl Ground {
    async fn new() -> Self {
        let gateway = Gateway::start();
        let (admin, token) = (gateway.client("admin", &[]), gateway.client("school-software", &["--all-schools"]));
        let (admin, token) = (gateway.token(&admin).await, gateway.token(&token).await);
        let report = gateway.submit("", &token, &small_school()).await.1;
        assert_eq!(report["result"], "accepted", "{report}");
        Self { gateway, admin, token }
    }
    async fn post(&self, period: &Value) -> (u16, Value) {
        answer(
            self.gateway
                .request("POST", "/v1/reporting-periods", &self.admin)
                .header("accept-language", "en")
                .json(period),
        )
        .await
    }
    /// Its path.
    async fn set(&self, period: &Value) -> String {
        let (status, made) = self.post(period).await;
        assert_eq!(status, 201, "{made}");
        format!("/v1/reporting-periods/{}", made["id"].as_str().unwrap())
    }
    /// Counts and codes of errors of a submission.
    async fn told(&self, query: &str, records: &[Value]) -> (String, Vec<String>) {
        let report = self.gateway.submit(query, &self.token, records).await.1;
        let errors = report["issues"].as_array().unwrap().iter().filter(|issue| issue["severity"] == "error");
        let mut codes: Vec<String> = errors.map(|issue| issue["code"].as_str().unwrap().to_owned()).collect();
        codes.dedup();
        (counts(&report), codes)
    }
    /// May the comment of the stored result be changed?
    async fn is_open(&self, comment: &str) -> bool {
        self.told("?mode=validate", &[result(json!({ "comment": comment }))]).await.1.is_empty()
    }
}

/// The stored result of the small school, with changes.
fn result(changes: Value) -> Value {
    upsert("subject-results", &with(&example("subject-results"), changes))
}

/// A change of each resource's example that breaks no rule of its own.
const CHANGES: &[(&str, &str)] = &[
    ("schools", r#"{"address":"Số 9"}"#),
    ("campuses", r#"{"address":"Số 9"}"#),
    ("staff", r#"{"major":"Toán học"}"#),
    ("classes", r#"{"inclusive":true}"#),
    ("students", r#"{"note":"Khác"}"#),
    ("enrollments", r#"{"orderInClass":29}"#),
    ("teaching-assignments", r#"{"periodsPerWeek":3}"#),
    ("subject-results", r#"{"comment":"Khác"}"#),
    ("academic-records", r#"{"comment":"Khác"}"#),
    ("facility-returns", r#"{"wifi":null}"#),
    ("diplomas", r#"{"birthplace":"Khác"}"#),
];

#[tokio::test]
async fn in_a_closed_period_every_resource_stays_as_it_is() {
    let ground = Ground::new().await;
    let resources: Vec<&str> = ALL.iter().map(|spec| spec.name).collect();
    // Records without a school year count to the one in which they come.
    for year in ["2025-2026".to_owned(), Lists::school_year_of(day_of(Utc::now()))] {
        ground.set(&period(-9, -1, json!({ "schoolYear": year, "resources": resources }))).await;
    }
    let report = ground.gateway.submit("", &ground.token, &small_school()).await.1;
    assert_eq!((counts(&report), issues(&report).len()), (format!("unchanged {}", ALL.len()), 0), "{report}");
    assert_eq!(CHANGES.len(), ALL.len());
    for (resource, changes) in CHANGES {
        let code = if ["subject-results", "academic-records"].contains(resource) { "MK-015" } else { "PT-005" };
        let (stored, data) = (example(resource), with(&example(resource), serde_json::from_str(changes).unwrap()));
        for query in ["", "?mode=validate", "?atomicity=all"] {
            let found = ground.told(query, &[upsert(resource, &data)]).await;
            assert_eq!(found, ("rejected 1".into(), vec![code.to_owned()]), "{resource} {query}");
        }
        let (status, problem) = ground.gateway.put(&path(resource, &data), &ground.token, &data).await;
        assert_eq!((status, &problem["issues"][0]["code"]), (422, &json!(code)), "{resource}: {problem}");
        assert_eq!(
            ground.gateway.put(&path(resource, &stored), &ground.token, &stored).await.0,
            200,
            "{resource} is unchanged"
        );
        let (outcome, codes) = ground.told("", &[deletion(resource, &data)]).await;
        assert!(outcome == "rejected 1" && codes.contains(&code.to_owned()), "{resource}: {codes:?}");
        let (status, problem) = ground.gateway.delete(&path(resource, &data), &ground.token).await;
        let others_refer = codes.contains(&"PT-011".to_owned());
        assert_eq!(status, if others_refer { 409 } else { 422 }, "{resource}: {problem}");
        assert!(
            problem["issues"].as_array().unwrap().iter().any(|issue| issue["code"] == code),
            "{resource}: {problem}"
        );
        assert_eq!(
            ground.gateway.get(&path(resource, &stored), &ground.token).await.1["meta"]["version"],
            1,
            "{resource}"
        );
    }
    assert_eq!(ground.gateway.database().value("SELECT count(*) FROM history"), "0");
}

#[tokio::test]
async fn all_that_a_record_breaks_is_told_and_nothing_new_comes_in() {
    let ground = Ground::new().await;
    ground.set(&period(-9, -1, json!({ "resources": ["subject-results", "classes"], "periods": [] }))).await;
    let new = json!({ "subjectCode": "KHTN" });
    assert_eq!(ground.told("", &[result(new)]).await, ("rejected 1".into(), vec!["PT-005".into()]), "a new result");
    let (_, codes) = ground.told("", &[result(json!({ "average": 9.9, "classCode": "6A9" }))]).await;
    assert_eq!(codes, ["MK-015", "MK-007", "MK-017"], "not parked, and with its other faults");
    let report = ground.gateway.submit("", &ground.token, &[result(json!({ "comment": "Khác" }))]).await.1;
    let message = report["issues"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("Cuối học kỳ I") && message.contains("đã đóng") && message.contains(&vietnamese(&day(-1))),
        "{message}"
    );
    assert_eq!(report["issues"][0]["pointer"], "");
    assert_eq!(report["issueGroups"][0]["count"], 1);
}

#[tokio::test]
async fn only_what_is_covered_is_closed() {
    let ground = Ground::new().await;
    let closed = ground.set(&period(-9, -1, json!({}))).await;
    assert!(!ground.is_open("Khác").await);
    let free = [
        result(json!({ "period": "CK2" })),
        upsert("students", &with(&example("students"), json!({ "note": "Khác" }))),
        upsert("subject-results", &with(&example("subject-results"), json!({ "schoolYear": "2024-2025" }))),
    ];
    let (_, codes) = ground.told("?mode=validate", &free).await;
    assert!(!codes.contains(&"PT-005".to_owned()), "another period, resource and year: {codes:?}");
    // One that is open among those that cover it lets changes in.
    let open = ground.set(&period(-2, 2, json!({ "name": "Bổ sung" }))).await;
    assert!(ground.is_open("Khác").await);
    assert_eq!(ground.gateway.delete(&open, &ground.admin).await.0, 204);
    assert!(!ground.is_open("Khác").await);
    // Scopes: the small school's commune is stored, and is asked for.
    let commune = example("schools")["communeCode"].clone();
    for (scope, is_open) in [
        (json!({ "schools": [OTHER] }), true),
        (json!({ "schools": [SCHOOL] }), false),
        (json!({ "communes": ["00004"] }), true),
        (json!({ "communes": [commune], "schools": [OTHER] }), false),
    ] {
        let (status, changed) =
            ground.gateway.put(&closed, &ground.admin, &period(-9, -1, json!({ "scope": scope }))).await;
        assert_eq!(status, 200, "{changed}");
        assert_eq!(ground.is_open("Khác").await, is_open, "{scope}");
    }
}

#[tokio::test]
async fn before_it_opens_it_says_so() {
    let ground = Ground::new().await;
    ground.set(&period(3, 9, json!({}))).await;
    let request =
        ground.gateway.request("POST", "/v1/submissions", &ground.token).header("content-type", "application/x-ndjson");
    let body = result(json!({ "comment": "Khác" })).to_string();
    let (_, report) = answer(request.header("accept-language", "en").body(body)).await;
    assert_eq!((counts(&report), &report["issues"][0]["code"]), ("rejected 1".into(), &json!("PT-005")), "{report}");
    let message = report["issues"][0]["message"].as_str().unwrap();
    assert!(message.contains("is not open yet") && message.contains(&day(3)), "{message}");
}

#[tokio::test]
async fn a_school_is_given_more_time_and_other_gateways_know() {
    let ground = Ground::new().await;
    let beside = Gateway::on(ground.gateway.database.clone().unwrap(), &[]);
    let other = upsert("schools", &with(&example("schools"), json!({ "schoolCode": OTHER, "name": "Khác" })));
    beside.submit("", &ground.token, &[other]).await;
    let classes = |school: &str| {
        upsert(
            "classes",
            &json!({ "schoolCode": school, "schoolYear": "2025-2026", "classCode": "6Z", "name": "6Z", "grade": "06" }),
        )
    };
    let refused = async |gateway: &Gateway, school: &str| {
        counts(&gateway.submit("?mode=validate", &ground.token, &[classes(school)]).await.1) == "rejected 1"
    };
    let path = ground.set(&period(-9, -1, json!({ "resources": ["classes"] }))).await;
    assert!(refused(&ground.gateway, SCHOOL).await && refused(&beside, SCHOOL).await && refused(&beside, OTHER).await);
    let extension = format!("{path}/extensions/{SCHOOL}");
    let more = json!({ "until": day(2), "reason": "Mất điện" });
    let (status, given) = ground.gateway.put(&extension, &ground.admin, &more).await;
    assert_eq!((status, &given["schoolCode"], &given["until"]), (200, &json!(SCHOOL), &more["until"]), "{given}");
    assert!(
        !refused(&ground.gateway, SCHOOL).await && !refused(&beside, SCHOOL).await && refused(&beside, OTHER).await
    );
    assert_eq!(ground.gateway.delete(&extension, &ground.admin).await.0, 204);
    assert!(refused(&ground.gateway, SCHOOL).await && refused(&beside, SCHOOL).await);
    assert_eq!(ground.gateway.delete(&extension, &ground.admin).await.0, 404);
}

#[tokio::test]
async fn administrators_set_them_and_readers_of_submissions_see_them() {
    let ground = Ground::new().await;
    let gateway = &ground.gateway;
    let (first, second) = (
        ground.set(&period(-9, 3, json!({}))).await,
        ground.set(&period(-9, -1, json!({ "schoolYear": "2024-2025" }))).await,
    );
    let (status, read) = gateway.get(&first, &ground.token).await;
    assert_eq!(
        (status, &read["state"], &read["periods"], &read["closesOn"]),
        (200, &json!("open"), &json!(["CK1"]), &json!(day(3)))
    );
    for school in [SCHOOL, OTHER] {
        let more = json!({ "until": day(9), "reason": "Mất điện" });
        assert_eq!(gateway.put(&format!("{first}/extensions/{school}"), &ground.admin, &more).await.0, 200);
    }
    // Extensions of other schools are out of sight.
    let commune = example("schools")["communeCode"].as_str().unwrap().to_owned();
    for (kind, grants, seen) in [
        ("school-software", vec!["--school", SCHOOL], vec![SCHOOL]),
        ("sector-staff", vec!["--commune", &commune], vec![SCHOOL]),
        ("sector-staff", vec!["--all-schools"], vec![SCHOOL, OTHER]),
        ("school-software", vec![], vec![]),
        ("admin", vec![], vec![SCHOOL, OTHER]),
    ] {
        let token = gateway.token_for(kind, &grants).await;
        let (status, read) = gateway.get(&first, &token).await;
        let schools: Vec<&str> =
            read["extensions"].as_array().unwrap().iter().map(|more| more["schoolCode"].as_str().unwrap()).collect();
        assert_eq!((status, schools), (200, seen), "{kind} {grants:?}");
    }
    let ids = |page: &Value| {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| format!("/v1/reporting-periods/{}", item["id"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let (_, page) = gateway.get("/v1/reporting-periods?limit=1", &ground.token).await;
    let (_, next) = gateway
        .get(&format!("/v1/reporting-periods?limit=1&cursor={}", page["nextCursor"].as_str().unwrap()), &ground.token)
        .await;
    assert_eq!(
        (ids(&page), ids(&next), &next["nextCursor"]),
        (vec![first.clone()], vec![second.clone()], &Value::Null)
    );
    let (_, page) = gateway.get("/v1/reporting-periods?schoolYear=2024-2025", &ground.token).await;
    assert_eq!(ids(&page), [second.as_str()]);
    for wrong in ["limit=0", "cursor=x", "schoolYear=2024", "year=1"] {
        assert_eq!(gateway.get(&format!("/v1/reporting-periods?{wrong}"), &ground.token).await.0, 400, "{wrong}");
    }
    // One that has closed stays.
    assert_eq!(gateway.delete(&second, &ground.admin).await.0, 409);
    assert_eq!(gateway.delete(&first, &ground.admin).await.0, 204);
    assert_eq!(gateway.delete(&first, &ground.admin).await.0, 404);
    assert_eq!(gateway.put(&first, &ground.admin, &period(-9, 3, json!({}))).await.0, 404);
    let log = "SELECT DISTINCT action FROM audit_log WHERE action LIKE 'reporting-period.%' ORDER BY 1";
    assert_eq!(
        gateway.database().column(log),
        ["reporting-period.create", "reporting-period.delete", "reporting-period.extend"]
    );
}

#[tokio::test]
async fn faults_are_named_and_other_kinds_stay_out() {
    let ground = Ground::new().await;
    for (changes, part) in [
        (json!({ "name": " " }), "“name”"),
        (json!({ "schoolYear": "2025-2027" }), "“2025-2027” is no value of “/schoolYear”"),
        (json!({ "phase": "CK3" }), "“CK3” is no value of “/phase”"),
        (json!({ "resources": [] }), "“resources” names one at least"),
        (json!({ "resources": ["subject-result"] }), "“subject-results” was perhaps meant"),
        (json!({ "periods": ["HK1"] }), "“HK1” is no value of “/periods/0”: one of GK1, CK1, GK2, CK2, CN is expected"),
        (json!({ "resources": ["classes"], "periods": ["CK1"] }), "belongs to results"),
        (json!({ "opensOn": day(9), "closesOn": day(8) }), "must be later"),
        (json!({ "closesOn": "31/12/2099" }), "YYYY-MM-DD"),
        (json!({ "scope": { "schools": ["3100"] } }), "eight digits"),
        (json!({ "open": true }), "open"),
        (json!({ "phase": null }), "phase"),
    ] {
        let (status, problem) = ground.post(&period(-9, 9, changes.clone())).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().contains(part), "{changes}: {problem}");
    }
    let one = ground.set(&period(-9, 9, json!({}))).await;
    for (school, more, status) in [
        (SCHOOL, json!({ "until": day(9), "reason": "x" }), 400),
        (SCHOOL, json!({ "until": day(10), "reason": "" }), 400),
        ("3100", json!({ "until": day(10), "reason": "x" }), 400),
        (SCHOOL, json!({ "until": day(10), "reason": "x" }), 200),
    ] {
        let (found, problem) = ground.gateway.put(&format!("{one}/extensions/{school}"), &ground.admin, &more).await;
        assert_eq!(found, status, "{school} {more}: {problem}");
    }
    let extension = format!("{one}/extensions/{SCHOOL}");
    for (kind, reads, writes) in [
        ("", 401, 401),
        ("school-software", 200, 403),
        ("sector-staff", 200, 403),
        ("consumer", 403, 403),
        ("public-service", 403, 403),
    ] {
        let token = if kind.is_empty() { String::new() } else { ground.gateway.token_for(kind, &[]).await };
        for path in ["/v1/reporting-periods", &one] {
            assert_eq!(ground.gateway.get(path, &token).await.0, reads, "{kind} {path}");
        }
        for (method, path, body) in [
            ("POST", "/v1/reporting-periods", period(-9, 9, json!({}))),
            ("PUT", &one, period(-9, 9, json!({}))),
            ("DELETE", &one, Value::Null),
            ("PUT", &extension, json!({ "until": day(20), "reason": "x" })),
            ("DELETE", &extension, Value::Null),
        ] {
            assert_eq!(
                answer(ground.gateway.request(method, path, &token).json(&body)).await.0,
                writes,
                "{kind} {method} {path}"
            );
        }
    }
}
