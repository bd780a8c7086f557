//! Moments at which something changes by itself: midnight in Vietnam, the first of August, the end of a year, closing
//! dates, the time of tokens and of what waits; and gateways whose clocks disagree.

use crate::common::records::{SCHOOL, counts, example, issues, path, small_school, upsert, with};
use crate::common::{Client, Folder, Gateway, TestClock, TestDatabase, answer, eventually, so};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::Arc;

/// A gateway on a clock, with the small school in it.
struct Ground {
    clock: TestClock,
    gateway: Gateway,
    software: Client,
    admin: Client,
}

impl Ground {
    async fn at(moment: &str) -> Self {
        let (clock, database) = (TestClock::at(moment), Arc::new(TestDatabase::new()));
        let gateway = Gateway::by_clock(database, &clock, &[]);
        let software = gateway.client("school-software", &["--all-schools"]);
        let ground = Self { clock, admin: gateway.client("admin", &[]), gateway, software };
        let report = ground.gateway.submit("", &ground.token().await, &small_school()).await.1;
        assert_eq!(report["result"], "accepted", "{report}");
        ground
    }

    /// A token, given at this moment.
    async fn token(&self) -> String {
        self.gateway.token(&self.software).await
    }

    /// A request of the administrator's.
    async fn administer(&self, method: &str, path: &str, body: &Value) -> Value {
        let token = self.gateway.token(&self.admin).await;
        let (status, answer) = answer(self.gateway.request(method, path, &token).json(body)).await;
        assert!(status < 300, "{status} {answer}");
        answer
    }

    /// Status and codes of errors of a change of an example, at a moment.
    async fn changed(&self, moment: &str, resource: &str, changes: Value) -> (u16, Vec<String>) {
        self.clock.set(moment);
        let data = with(&example(resource), changes);
        let (status, body) = self.gateway.put(&path(resource, &data), &self.token().await, &data).await;
        let issues = body["issues"].as_array().cloned().unwrap_or_default();
        (status, issues.iter().map(|issue| issue["code"].as_str().unwrap().to_owned()).collect())
    }
}

#[tokio::test]
async fn the_school_year_changes_at_midnight_in_vietnam_before_the_first_of_august() {
    let ground = Ground::at("2027-07-31T20:00:00+07:00").await;
    // A student has no school year: he counts to the one in which he comes, and of the next the window is not open.
    let window = json!({
        "name": "Đầu năm", "schoolYear": "2027-2028", "phase": "DAU_NAM", "resources": ["students"], "opensOn": "2027-08-15", "closesOn": "2027-09-30",
    });
    ground.administer("POST", "/v1/reporting-periods", &window).await;
    let note = |note: &str| json!({ "note": note });
    assert_eq!(ground.changed("2027-07-31T23:59:30+07:00", "students", note("một")).await, (200, vec![]));
    let (status, codes) = ground.changed("2027-08-01T00:00:00+07:00", "students", note("hai")).await;
    assert_eq!((status, codes), (422, vec!["PT-005".to_owned()]));
    assert_eq!(ground.changed("2027-08-15T00:00:00+07:00", "students", note("ba")).await, (200, vec![]));
}

#[tokio::test]
async fn a_window_opens_and_closes_at_midnight_in_vietnam_also_at_the_end_of_a_year() {
    let ground = Ground::at("2026-11-30T20:00:00+07:00").await;
    let window = json!({
        "name": "Cuối học kỳ I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"],
        "opensOn": "2026-12-01", "closesOn": "2026-12-31",
    });
    let made = ground.administer("POST", "/v1/reporting-periods", &window).await;
    let comment = |text: &str| json!({ "comment": text });
    let [early, closed] = ["PT-005", "MK-015"].map(|code| (422, vec![code.to_owned()]));
    let result = "subject-results";
    assert_eq!(ground.changed("2026-11-30T23:59:30+07:00", result, comment("một")).await, early);
    assert_eq!(ground.changed("2026-12-01T00:00:00+07:00", result, comment("hai")).await, (200, vec![]));
    assert_eq!(ground.changed("2026-12-31T23:59:30+07:00", result, comment("ba")).await, (200, vec![]));
    // By UTC it is still the old year.
    assert_eq!(ground.changed("2026-12-31T17:00:00Z", result, comment("bốn")).await, closed);
    let extension = format!("/v1/reporting-periods/{}/extensions/{SCHOOL}", made["id"].as_str().unwrap());
    ground.administer("PUT", &extension, &json!({ "until": "2027-01-02", "reason": "Lũ" })).await;
    assert_eq!(ground.changed("2027-01-02T23:59:30+07:00", result, comment("năm")).await, (200, vec![]));
    assert_eq!(ground.changed("2027-01-03T00:00:00+07:00", result, comment("sáu")).await, closed);
}

#[tokio::test]
async fn a_code_ends_with_the_last_day_of_the_year_in_vietnam() {
    let ground = Ground::at("2026-12-31T20:00:00+07:00").await;
    let folder = Folder::new();
    let file = folder.file("regions.csv", "code,name_vi,valid_to\n01,Biên giới,2026-12-31\n02,Đô thị,\n");
    ground.gateway.run(&["reference", "load", file.to_str().unwrap()]);
    let region = |code: &str, address: &str| json!({ "region": code, "address": address });
    assert_eq!(ground.changed("2026-12-31T23:59:30+07:00", "schools", region("01", "Số 1")).await, (200, vec![]));
    let (status, codes) = ground.changed("2027-01-01T00:00:00+07:00", "schools", region("01", "Số 2")).await;
    assert_eq!((status, codes), (422, vec!["PT-014".to_owned()]));
    assert_eq!(ground.changed("2027-01-01T00:00:30+07:00", "schools", region("02", "Số 2")).await, (200, vec![]));
}

#[tokio::test]
async fn what_came_in_time_is_in_time_however_late_it_is_worked_on() {
    let ground = Ground::at("2026-01-15T23:30:00+07:00").await;
    let (gateway, token) = (&ground.gateway, ground.token().await);
    let window = json!({
        "name": "Cuối học kỳ I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"],
        "opensOn": "2026-01-05", "closesOn": "2026-01-15",
    });
    ground.administer("POST", "/v1/reporting-periods", &window).await;
    let result = |changes: Value| upsert("subject-results", &with(&example("subject-results"), changes));
    // A result whose pupil comes after the close, and one that waits behind another writer of the school until then.
    let late = json!({ "studentCode": "3100012399" });
    let parked = gateway.submit("", &token, &[result(late.clone())]).await.1;
    assert_eq!(counts(&parked), "parked 1", "{parked}");
    let writer = gateway.database().hold_school(SCHOOL);
    let request = gateway.request("POST", "/v1/submissions", &token).header("content-type", "application/x-ndjson");
    let request = request.header("prefer", "respond-async").body(result(json!({ "comment": "Kịp" })).to_string());
    let (status, queued) = answer(request).await;
    assert_eq!(status, 202, "{queued}");
    ground.clock.set("2026-01-16T00:00:00+07:00");
    drop(writer);
    let report = gateway.submit("", &token, &[result(json!({ "comment": "Trễ" }))]).await.1;
    assert_eq!((counts(&report), issues(&report)), ("rejected 1".into(), vec!["0 MK-015 ".into()]), "{report}");
    let student = with(&example("students"), with(&late, json!({ "citizenId": "031214000999" })));
    let enrollment = with(&example("enrollments"), late);
    let records = [upsert("students", &student), upsert("enrollments", &enrollment)];
    assert_eq!(gateway.submit("", &token, &records).await.1["counts"]["created"], 2);
    for (report, outcome) in [(&queued, "updated 1"), (&parked, "created 1")] {
        gateway.counted(&token, report, outcome).await;
    }
    let stored = gateway.get(&path("subject-results", &example("subject-results")), &token).await.1;
    assert_eq!(stored["comment"], "Kịp");
}

#[tokio::test]
async fn a_token_ends_with_its_time_and_not_before() {
    let ground = Ground::at("2026-12-31T23:00:00+07:00").await;
    let token = ground.token().await;
    ground.clock.set("2026-12-31T23:59:30+07:00");
    assert_eq!(ground.gateway.get("/v1/schools", &token).await.0, 200, "an hour has not passed, whatever the year");
    ground.clock.set("2027-01-01T00:00:30+07:00");
    let request = ground.gateway.request("GET", "/v1/schools", &token).header("accept-language", "en");
    let (status, problem) = answer(request).await;
    assert!(status == 401 && problem["detail"].as_str().unwrap().contains("expired"), "{status} {problem}");
    assert_eq!(ground.gateway.get("/v1/schools", &ground.token().await).await.0, 200);
}

#[tokio::test]
async fn what_waits_is_given_up_after_thirty_days() {
    let (clock, database) = (TestClock::at("2026-12-15T08:00:00+07:00"), Arc::new(TestDatabase::new()));
    let start = || Gateway::by_clock(database.clone(), &clock, &["--retention-days", "60"]);
    let mut gateway = start();
    let client = gateway.client("school-software", &["--school", SCHOOL]);
    let token = gateway.token(&client).await;
    let first = gateway.submit("", &token, &small_school()[1..3]).await.1;
    assert_eq!(counts(&first), "parked 2");
    for (moment, outcome) in [("2027-01-14T07:59:00+07:00", "parked 2"), ("2027-01-14T08:01:00+07:00", "rejected 2")] {
        // A gateway that starts looks at once for what is past its time, before it looks at what was sent meanwhile.
        clock.set(moment);
        gateway.kill();
        gateway = start();
        let token = gateway.token(&client).await;
        let later = gateway.submit("", &token, &small_school()[3..4]).await.1;
        database.becomes("SELECT count(*) FROM submissions WHERE completed_at IS NULL", "0").await;
        let report = gateway.counted(&token, &first, outcome).await;
        let severity = if outcome.starts_with("parked") { "info" } else { "error" };
        assert_eq!(report["issues"][0]["code"], "PT-015", "{report}");
        assert!((severity == "error") == (report["issues"][0]["severity"] == "error"), "{report}");
        drop(later);
    }
}

#[tokio::test]
async fn the_sector_has_thirty_days_to_find_the_school_a_pupil_left() {
    let ground = Ground::at("2025-10-01T08:00:00+07:00").await;
    let staff = ground.gateway.client("sector-staff", &["--all-schools"]);
    let transfer = json!({ "entryType": "transfer-in", "entryDate": "2025-09-20", "fromSchoolCode": null });
    let enrollment =
        upsert("enrollments", &with(&with(&example("enrollments"), transfer), json!({ "exitDate": null })));
    let other =
        upsert("students", &with(&example("students"), json!({ "studentCode": "3100012399", "citizenId": null })));
    let enrollment = upsert("enrollments", &with(&enrollment["data"], json!({ "studentCode": "3100012399" })));
    let report = ground.gateway.submit("", &ground.token().await, &[other, enrollment]).await.1;
    assert_eq!(report["counts"]["created"], 2, "{report}");
    let found = async || {
        let token = ground.gateway.token(&staff).await;
        let (_, page) = ground.gateway.get("/v1/findings?code=ST-007", &token).await;
        page["items"].as_array().unwrap().len()
    };
    ground.gateway.database().judged().await;
    assert_eq!(found().await, 0, "the other school has time to tell of it");
    // The night after the thirtieth day judges all schools, an hour after midnight in Vietnam.
    ground.clock.set("2025-10-20T01:00:00+07:00");
    eventually("the finding", async || so(found().await == 1, "none")).await;
}

/// Versions of a record in the order of their numbers never begin before the one before them.
fn assert_forwards(database: &TestDatabase) {
    let intervals = "SELECT version || ' ' || (valid_from <= valid_to) FROM history ORDER BY version";
    let seen = database.column(intervals);
    assert!(!seen.is_empty() && seen.iter().all(|interval| interval.ends_with("true")), "{seen:?}");
    let gaps = "SELECT count(*) FROM (SELECT valid_to, lead(valid_from) OVER (ORDER BY version) AS next FROM history) x \
                WHERE next IS NOT NULL AND next <> valid_to";
    assert_eq!(database.value(gaps), "0", "an interval begins where the one before it ends");
}

#[tokio::test]
async fn between_gateways_whose_clocks_disagree_nothing_runs_backwards() {
    for skew in [TimeDelta::milliseconds(100), TimeDelta::hours(1)] {
        let database = Arc::new(TestDatabase::new());
        let (fast, slow) = (TestClock::ahead(skew), TestClock::ahead(-skew));
        let gateways = [&fast, &slow].map(|clock| Gateway::by_clock(database.clone(), clock, &[]));
        let client = gateways[0].client("school-software", &["--all-schools"]);
        let mut tokens = Vec::new();
        for gateway in &gateways {
            tokens.push(gateway.token(&client).await);
        }
        let school = example("schools");
        let (path, mut last) = (path("schools", &school), DateTime::UNIX_EPOCH);
        for round in 0..6 {
            let (gateway, token) = (&gateways[round % 2], &tokens[round % 2]);
            let data = with(&school, json!({ "address": format!("Số {round}") }));
            let (status, stored) = gateway.put(&path, token, &data).await;
            assert_eq!((status / 100, &stored["meta"]["version"]), (2, &json!(round + 1)), "{stored}");
            let changed_at = stored["meta"]["changedAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
            assert!(last < changed_at, "{skew}: version {} is of {changed_at}, the one before of {last}", round + 1);
            last = changed_at;
        }
        assert_forwards(&database);
    }
}

#[tokio::test]
async fn a_token_is_taken_at_once_by_a_gateway_whose_clock_is_a_little_behind() {
    let database = Arc::new(TestDatabase::new());
    let (fast, slow) =
        (TestClock::ahead(TimeDelta::milliseconds(100)), TestClock::ahead(TimeDelta::milliseconds(-900)));
    let (giver, taker) = (Gateway::by_clock(database.clone(), &fast, &[]), Gateway::by_clock(database, &slow, &[]));
    let client = giver.client("sector-staff", &["--all-schools"]);
    // The taker knows the client before it sees the token.
    taker.token(&client).await;
    let token = giver.token(&client).await;
    assert_eq!(taker.get("/v1/schools", &token).await.0, 200);
}
