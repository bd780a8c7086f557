//! Crosswalks: a client's own codes become the sector's before anything else looks at them, on every way by which
//! records come in.

use crate::common::records::{SCHOOL, counts, example, issues, path, small_school, upsert, with};
use crate::common::{Client, Gateway, answer};
use school_gateway::model::field::{Field, FieldType};
use school_gateway::model::lists::Lists;
use school_gateway::model::{ALL, find};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A gateway, its administrator's token, and the software of a school.
struct Ground {
    gateway: Gateway,
    admin: String,
    client: Client,
    token: String,
}

impl Ground {
    async fn new() -> Self {
        Self::on(Gateway::start()).await
    }
    async fn on(gateway: Gateway) -> Self {
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let (admin, token) = (gateway.token_for("admin", &[]).await, gateway.token(&client).await);
        Self { gateway, admin, client, token }
    }
    fn path(&self, list: &str) -> String {
        format!("/v1/clients/{}/crosswalks/{list}", self.client.client_id)
    }
    async fn put(&self, list: &str, entries: Value) -> (u16, Value) {
        let request = self.gateway.request("PUT", &self.path(list), &self.admin).header("accept-language", "en");
        answer(request.json(&json!({ "entries": entries }))).await
    }
    async fn set(&self, list: &str, pairs: &[(&str, &str)]) {
        let entries = pairs.iter().map(|(foreign, code)| json!({ "foreignCode": foreign, "code": code })).collect();
        let (status, answer) = self.put(list, entries).await;
        assert_eq!(status, 200, "{list}: {answer}");
    }
    async fn submit(&self, query: &str, records: &[Value]) -> Value {
        self.gateway.submit(query, &self.token, records).await.1
    }
}

/// Writes the codes of a record as the vendor does, with `v-` before each, and names their pointers.
fn foreign(fields: &[Field], value: &mut Value, place: &str, places: &mut Vec<String>) {
    for field in fields {
        let Some(member) = value.get_mut(field.json) else { continue };
        let place = format!("{place}/{}", field.json);
        let own = |code: &mut Value| *code = format!("v-{}", code.as_str().unwrap()).into();
        match (field.kind, field.code_list()) {
            (FieldType::Object(inner), _) => foreign(inner, member, &place, places),
            (FieldType::List(&FieldType::Object(inner)), _) => {
                for (at, item) in member.as_array_mut().unwrap().iter_mut().enumerate() {
                    foreign(inner, item, &format!("{place}/{at}"), places);
                }
            }
            (FieldType::List(_), Some(_)) => {
                for (at, item) in member.as_array_mut().unwrap().iter_mut().enumerate() {
                    own(item);
                    places.push(format!("{place}/{at}"));
                }
            }
            (FieldType::Counts { .. }, _) => {
                let counts = std::mem::take(member.as_object_mut().unwrap());
                places.extend(counts.keys().map(|code| format!("{place}/v-{code}")));
                *member = counts.into_iter().map(|(code, count)| (format!("v-{code}"), count)).collect();
            }
            (_, Some(_)) => {
                own(member);
                places.push(place);
            }
            _ => (),
        }
    }
}

/// Every list that a member names, each with the vendor's codes.
async fn translate_everything(ground: &Ground) {
    fn collect(fields: &[Field], lists: &mut BTreeSet<&'static str>) {
        for field in fields {
            lists.extend(field.code_list());
            if let FieldType::Object(inner) | FieldType::List(&FieldType::Object(inner)) = field.kind {
                collect(inner, lists);
            }
        }
    }
    let (mut lists, known) = (BTreeSet::new(), Lists::embedded());
    ALL.iter().for_each(|spec| collect(spec.fields, &mut lists));
    for list in lists {
        let codes: BTreeSet<&str> = known.list(list).unwrap().entries.iter().map(|entry| entry.code.as_str()).collect();
        let pairs: Vec<(String, &str)> = codes.into_iter().map(|code| (format!("v-{code}"), code)).collect();
        ground.set(list, &pairs.iter().map(|(foreign, code)| (foreign.as_str(), *code)).collect::<Vec<_>>()).await;
    }
}

#[tokio::test]
async fn every_coded_member_of_every_resource_is_translated() {
    let ground = Ground::new().await;
    translate_everything(&ground).await;
    let (mut records, mut expected) = (small_school(), BTreeSet::new());
    for (index, record) in records.iter_mut().enumerate() {
        let spec = find(record["resource"].as_str().unwrap()).unwrap();
        let mut places = Vec::new();
        foreign(spec.fields, &mut record["data"], "", &mut places);
        expected.extend(places.into_iter().map(|place| (index, place)));
    }
    assert!(expected.len() > 25, "{expected:?}");
    let total = records.len();
    for outcome in ["created", "unchanged"] {
        let report = ground.submit("", &records).await;
        assert_eq!(counts(&report), format!("{outcome} {total}"), "{report}");
        let path = format!("{}?limit=1000", report["links"]["issues"].as_str().unwrap());
        let issues = ground.gateway.get(&path, &ground.token).await.1;
        let told: BTreeSet<(usize, String)> = issues["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|issue| issue["code"] == "PT-019" && issue["severity"] == "info")
            .map(|issue| (issue["index"].as_u64().unwrap() as usize, issue["pointer"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(told, expected, "{outcome}");
    }
    // What is stored are the sector's codes: who sends those changes nothing.
    let other = ground.gateway.software(SCHOOL).await;
    let report = ground.gateway.submit("", &other, &small_school()).await.1;
    assert_eq!(counts(&report), format!("unchanged {total}"), "{report}");
}

#[tokio::test]
async fn what_is_not_mapped_is_refused_even_if_it_looks_like_a_code() {
    let ground = Ground::new().await;
    ground.set("sexes", &[("1", "male"), ("0", "female"), ("female", "female")]).await;
    ground.submit("", &small_school()[..1]).await;
    let student = |sex: &str| upsert("students", &with(&example("students"), json!({ "sex": sex })));
    for query in ["", "?mode=validate", "?atomicity=all"] {
        let report = ground.gateway.submit(query, &ground.token, &[student("2")]).await.1;
        assert_eq!(
            (counts(&report), issues(&report)),
            ("rejected 1".into(), vec!["0 PT-019 /sex".into()]),
            "{query} {report}"
        );
        let message = report["issues"][0]["message"].as_str().unwrap();
        for part in ["“2”", "sexes", "Test", &ground.client.client_id] {
            assert!(message.contains(part), "{message} does not name {part}");
        }
    }
    let report = ground.submit("", &[student("male")]).await;
    assert_eq!(
        (counts(&report), issues(&report)),
        ("rejected 1".into(), vec!["0 PT-019 /sex".into()]),
        "another vendor's code, perhaps"
    );
    let path = path("students", &example("students"));
    let (status, problem) = ground.gateway.put(&path, &ground.token, &student("2")["data"]).await;
    assert_eq!((status, &problem["issues"][0]["code"]), (422, &json!("PT-019")), "{problem}");
    let (status, stored) = ground.gateway.put(&path, &ground.token, &student("1")["data"]).await;
    assert_eq!((status, &stored["sex"]), (201, &json!("male")), "{stored}");
    let report = ground.submit("", &[student("female")]).await;
    assert_eq!(
        (counts(&report), issues(&report)),
        ("rejected 1".into(), vec!["0 ID-003 /citizenId".into()]),
        "the rules judge the sector's code"
    );
    assert_eq!(ground.gateway.delete(&path, &ground.token).await.0, 204);
}

#[tokio::test]
async fn an_entry_holds_for_its_time() {
    let ground = Ground::new().await;
    let line = |foreign: &str, code: &str, from: Value, to: Value| json!({ "foreignCode": foreign, "code": code, "validFrom": from, "validTo": to });
    let past = line("1", "female", Value::Null, json!("2020-07-31"));
    let student = |sex: &str| upsert("students", &with(&example("students"), json!({ "sex": sex })));
    let told = async |sex: &str| {
        let report = ground.submit("?mode=validate", &[student(sex)]).await;
        report["issues"]
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| issue["code"].as_str().unwrap().to_owned())
            .find(|code| code != "PT-015")
    };
    // Neither what has ended nor what is to come is in force: codes stand for themselves.
    ground.put("sexes", json!([past, line("7", "male", json!("2099-01-01"), Value::Null)])).await;
    assert_eq!((told("male").await, told("1").await), (None, Some("PT-014".into())));
    ground.put("sexes", json!([past, line("1", "male", json!("2020-08-01"), Value::Null)])).await;
    assert_eq!((told("1").await, told("male").await), (Some("PT-019".into()), Some("PT-019".into())));
    ground.submit("", &[small_school()[0].clone(), student("1")]).await;
    assert_eq!(
        ground.gateway.get("/v1/students/3100012345", &ground.token).await.1["sex"],
        "male",
        "the line of today"
    );
}

#[tokio::test]
async fn parked_records_are_translated_when_their_parent_comes() {
    let ground = Ground::new().await;
    ground.set("enrollment-entry-types", &[("E1", example("enrollments")["entryType"].as_str().unwrap())]).await;
    let mut records = small_school();
    let place = records.iter().position(|record| record["resource"] == "enrollments").unwrap();
    let mut child = records.remove(place);
    child["data"]["entryType"] = json!("E1");
    let report = ground.submit("", &[child]).await;
    assert_eq!(counts(&report), "parked 1", "{report}");
    assert!(issues(&report).contains(&"0 PT-019 /entryType".to_owned()), "{report}");
    let parents: Vec<Value> = records
        .into_iter()
        .filter(|record| !["subject-results", "academic-records"].contains(&record["resource"].as_str().unwrap()))
        .collect();
    ground.submit("", &parents).await;
    let path = path("enrollments", &example("enrollments"));
    let report = ground.gateway.counted(&ground.token, &report, "created 1").await;
    assert_eq!(ground.gateway.get(&path, &ground.token).await.1["entryType"], example("enrollments")["entryType"]);
    assert_eq!(issues(&report), ["0 PT-019 /entryType"], "{report}");
}

#[tokio::test]
async fn a_key_is_translated_in_a_body_and_stands_as_stored_in_a_path() {
    let ground = Ground::new().await;
    ground.submit("", &small_school()).await;
    ground.set("subjects", &[("M1", "TOAN"), ("M2", "TOAN"), ("V1", "NGUVAN")]).await;
    let result = |subject: &str, comment: &str| {
        with(&example("subject-results"), json!({ "subjectCode": subject, "comment": comment }))
    };
    // Two codes of the vendor are one subject: one key, of which the last stands.
    let records = [upsert("subject-results", &result("M1", "Một")), upsert("subject-results", &result("M2", "Hai"))];
    let report = ground.submit("", &records).await;
    assert_eq!(counts(&report), "updated 1, unchanged 1, warnings 1", "{report}");
    assert!(issues(&report).contains(&"0 PT-010 ".to_owned()), "{report}");
    let stored = path("subject-results", &example("subject-results"));
    let (_, found) = ground.gateway.get(&stored, &ground.token).await;
    assert_eq!((&found["subjectCode"], &found["comment"]), (&json!("TOAN"), &json!("Hai")));
    // So far apart that they are worked on one after the other, the last stands all the same.
    let between = "x\n".repeat(6_000);
    let ends = ["Đầu", "Cuối"]
        .map(|comment| upsert("subject-results", &result(if comment == "Đầu" { "M1" } else { "M2" }, comment)));
    let request =
        ground.gateway.request("POST", "/v1/submissions", &ground.token).header("content-type", "application/x-ndjson");
    let (_, report) = answer(request.body(format!("{}\n{between}{}\n", ends[0], ends[1]))).await;
    assert_eq!(counts(&report), "updated 2, rejected 6000", "{}", report["counts"]);
    assert_eq!(ground.gateway.get(&stored, &ground.token).await.1["comment"], "Cuối");
    let (status, answered) = ground.gateway.put(&stored, &ground.token, &result("M1", "Ba")).await;
    assert_eq!(
        (status, &answered["subjectCode"], &answered["comment"]),
        (200, &json!("TOAN"), &json!("Ba")),
        "{answered}"
    );
    let foreign = path("subject-results", &result("M1", ""));
    assert_eq!(
        ground.gateway.put(&foreign, &ground.token, &result("M1", "Ba")).await.0,
        400,
        "a path names what is stored"
    );
    // What a code means now holds from the next write on, also where the key of body and path would differ by what it
    // meant before.
    ground.set("subjects", &[("M1", "NGUVAN"), ("M2", "TOAN")]).await;
    let other = path("subject-results", &result("NGUVAN", ""));
    let (status, answered) = ground.gateway.put(&other, &ground.token, &result("M1", "Ba")).await;
    assert_eq!((status, &answered["subjectCode"]), (201, &json!("NGUVAN")), "{answered}");
    let deletion = json!({ "resource": "subject-results", "operation": "delete", "data": result("M2", "") });
    let report = ground.submit("", &[deletion]).await;
    assert_eq!(counts(&report), "deleted 1", "{report}");
}

#[tokio::test]
async fn sensitive_codes_are_not_told_to_those_who_may_not_see_them() {
    let ground = Ground::new().await;
    ground.set("religions", &[("r7", "01")]).await;
    let student = with(&example("students"), json!({ "religion": "r7" }));
    let report = ground.submit("", &[small_school()[0].clone(), upsert("students", &student)]).await;
    let message = |report: &Value| {
        let told = report["issues"]
            .as_array()
            .unwrap()
            .iter()
            .find(|issue| issue["code"] == "PT-019" && issue["pointer"] == "/religion");
        told.unwrap_or_else(|| panic!("{report}"))["message"].as_str().unwrap().to_owned()
    };
    assert!(message(&report).contains("“r7”") && message(&report).contains("“01”"), "{}", message(&report));
    let staff = ground.gateway.token_for("sector-staff", &["--all-schools"]).await;
    let seen = ground.gateway.get(report["links"]["self"].as_str().unwrap(), &staff).await.1;
    // Not even that the pupil has a religion.
    assert_eq!((&seen["issues"], &seen["issueGroups"]), (&json!([]), &json!([])), "{seen}");
}

#[tokio::test]
async fn administrators_set_them_and_every_gateway_uses_them_from_the_next_submission_on() {
    let ground = Ground::new().await;
    let beside = Gateway::on(ground.gateway.database.clone().unwrap(), &[]);
    beside.submit("", &ground.token, &small_school()[..1]).await;
    let student = |sex: &str| [upsert("students", &with(&example("students"), json!({ "sex": sex })))];
    let refused = async |gateway: &Gateway| {
        counts(&gateway.submit("?mode=validate", &ground.token, &student("x")).await.1) == "rejected 1"
    };
    assert!(refused(&ground.gateway).await && refused(&beside).await);
    let (status, set) =
        ground.put("sexes", json!([{ "foreignCode": "x", "code": "male", "validFrom": "2020-08-01" }])).await;
    let shown = json!({ "list": "sexes", "appliesTo": ["staff.sex", "students.sex", "diplomas.sex"],
        "entries": [{ "foreignCode": "x", "code": "male", "validFrom": "2020-08-01", "validTo": null }] });
    assert_eq!((status, &set), (200, &shown));
    assert!(!refused(&ground.gateway).await && !refused(&beside).await, "without a restart");
    let other = ground.gateway.software(SCHOOL).await;
    assert_eq!(
        counts(&ground.gateway.submit("?mode=validate", &other, &student("x")).await.1),
        "rejected 1",
        "of this client alone"
    );
    let list = format!("/v1/clients/{}/crosswalks", ground.client.client_id);
    assert_eq!(ground.gateway.get(&list, &ground.admin).await, (200, json!({ "items": [shown], "nextCursor": null })));
    assert_eq!(beside.get(&ground.path("sexes"), &ground.admin).await, (200, shown));
    assert_eq!(ground.gateway.delete(&ground.path("sexes"), &ground.admin).await.0, 204);
    assert!(refused(&ground.gateway).await && refused(&beside).await);
    for method in ["GET", "DELETE"] {
        assert_eq!(
            answer(ground.gateway.request(method, &ground.path("sexes"), &ground.admin)).await.0,
            404,
            "{method}"
        );
    }
    let log =
        "SELECT action || ' ' || split_part(target, '/', 2) FROM audit_log WHERE action LIKE 'crosswalk.%' ORDER BY id";
    assert_eq!(ground.gateway.database().column(log), ["crosswalk.replace sexes", "crosswalk.delete sexes"]);
}

#[tokio::test]
async fn faults_are_named_and_other_kinds_stay_out() {
    let ground = Ground::new().await;
    let sound = json!([{ "foreignCode": "1", "code": "male" }]);
    for (entries, part) in [
        (json!([{ "foreignCode": "1", "code": "mael" }]), "“mael”"),
        (json!([]), "without entries"),
        (json!([{ "foreignCode": "1", "code": "male" }, { "foreignCode": "1", "code": "female" }]), "stands twice"),
        (
            json!([{ "foreignCode": "1", "code": "male", "validFrom": "2025-08-01", "validTo": "2025-07-01" }]),
            "before it begins",
        ),
        (json!([{ "foreignCode": "1", "code": "male", "validFrom": "1/8/2025" }]), "“/entries/0/validFrom”"),
        (json!([{ "foreignCode": "1", "code": "male", "until": "2025-08-01" }]), "until"),
    ] {
        let (status, problem) = ground.put("sexes", entries.clone()).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().contains(part), "{entries}: {problem}");
    }
    assert_eq!(ground.put("no-such-list", sound.clone()).await.0, 404);
    let body = json!({ "entries": sound });
    let unknown = "/v1/clients/00000000-0000-7000-8000-000000000000/crosswalks/sexes";
    assert_eq!(ground.gateway.put(unknown, &ground.admin, &body).await.0, 404);
    let staff = ground.gateway.client("sector-staff", &["--all-schools"]);
    let of_staff = format!("/v1/clients/{}/crosswalks/sexes", staff.client_id);
    assert_eq!(ground.gateway.put(&of_staff, &ground.admin, &body).await.0, 400, "it sends no records");
    let path = ground.path("sexes");
    for (kind, status) in
        [("", 401), ("school-software", 403), ("sector-staff", 403), ("consumer", 403), ("public-service", 403)]
    {
        let token = if kind.is_empty() { String::new() } else { ground.gateway.token_for(kind, &[]).await };
        assert_eq!(ground.gateway.put(&path, &token, &body).await.0, status, "{kind}");
        for (method, path) in [("GET", path.as_str()), ("DELETE", &path), ("GET", path.strip_suffix("/sexes").unwrap())]
        {
            assert_eq!(answer(ground.gateway.request(method, path, &token)).await.0, status, "{kind} {method} {path}");
        }
    }
    assert_eq!(ground.gateway.database().value("SELECT count(*) FROM client_crosswalks"), "0");
}
