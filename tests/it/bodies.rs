//! Bodies of the platform's own API: all faults of one are told at once, by their places, in both languages.

use crate::common::{Client, Gateway, answer};
use serde_json::{Value, json};

struct Office {
    gateway: Gateway,
    admin: String,
    vendor: Client,
}

impl Office {
    async fn new() -> Self {
        let gateway = Gateway::start();
        let admin = gateway.token(&gateway.client("admin", &[])).await;
        let vendor = gateway.client("school-software", &["--school", "31000501"]);
        Self { gateway, admin, vendor }
    }

    /// The faults that the administrator is told: pointer and detail of each.
    async fn faults(&self, method: &str, path: &str, language: &str, body: &Value) -> Vec<(String, String)> {
        let request = self.gateway.request(method, path, &self.admin).header("accept-language", language);
        let (status, problem) = answer(request.json(body)).await;
        assert_eq!((status, &problem["code"]), (400, &json!("bad-request")), "{method} {path} {body}: {problem}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let faults = problem["errors"].as_array().unwrap_or_else(|| panic!("{problem}"));
        let mut faults: Vec<_> = faults.iter().map(|fault| (text(&fault["pointer"]), text(&fault["detail"]))).collect();
        faults.sort();
        faults
    }
}

fn period() -> Value {
    json!({
        "name": "Cuối học kỳ I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"],
        "opensOn": "2099-01-05", "closesOn": "2099-01-15",
    })
}

fn with(mut body: Value, changes: Value) -> Value {
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn every_fault_is_told_at_once_in_both_languages() {
    let office = Office::new().await;
    let grants = json!({ "allSchools": "yes", "schools": ["31000501", "3100"], "communes": [7] });
    let client = json!({ "name": "A\u{7}", "kind": "teacher", "grants": grants, "scopes": ["all"], "colour": 1 });
    let entries =
        json!([{ "foreignCode": "1", "code": 1 }, { "code": "male", "validFrom": "1/8/2025", "until": "2025-08-01" }]);
    let wrong = with(
        period(),
        json!({ "name": 1, "schoolYear": "2025", "resources": ["pupils"], "opensOn": "soon", "scope": { "schools": "all" } }),
    );
    let crosswalk = format!("/v1/clients/{}/crosswalks/sexes", office.vendor.client_id);
    let some = "00000000-0000-7000-8000-000000000000";
    for (method, path, body, expected) in [
        (
            "POST",
            "/v1/clients".to_owned(),
            client,
            "/colour /grants/allSchools /grants/communes/0 /grants/schools/1 /kind /name /scopes/0",
        ),
        (
            "PUT",
            format!("/v1/clients/{some}/grants"),
            json!({ "schools": [null, "x"], "areas": [] }),
            "/areas /schools/0 /schools/1",
        ),
        ("POST", "/v1/reporting-periods".to_owned(), wrong, "/name /opensOn /resources/0 /schoolYear /scope/schools"),
        (
            "PUT",
            format!("/v1/reporting-periods/{some}/extensions/31000501"),
            json!({ "until": 1, "why": "x" }),
            "/reason /until /why",
        ),
        (
            "PUT",
            crosswalk,
            json!({ "entries": entries }),
            "/entries/0/code /entries/1/foreignCode /entries/1/until /entries/1/validFrom",
        ),
        ("POST", "/v1/clients".to_owned(), json!([]), ""),
    ] {
        let english = office.faults(method, &path, "en", &body).await;
        let vietnamese = office.faults(method, &path, "vi", &body).await;
        let places = |faults: &[(String, String)]| {
            faults.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((places(&english).as_str(), places(&vietnamese).as_str()), (expected, expected), "{english:?}");
        for ((pointer, english), (_, vietnamese)) in english.iter().zip(&vietnamese) {
            assert_ne!(english, vietnamese, "{pointer} has no Vietnamese");
        }
    }
    let names = office.gateway.database().column("SELECT name FROM clients WHERE name LIKE 'A%'");
    assert!(names.is_empty(), "{names:?} came to be");
}

#[tokio::test]
async fn members_that_depend_on_each_other_are_judged_together() {
    let office = Office::new().await;
    let places = async |changes: Value| -> Vec<String> {
        let faults = office.faults("POST", "/v1/reporting-periods", "en", &with(period(), changes)).await;
        faults.into_iter().map(|(pointer, _)| pointer).collect()
    };
    let several = json!({
        "name": " ", "schoolYear": "2025-2027", "periods": ["HK1", "CK1", "CK3"], "opensOn": "2099-02-01"
    });
    assert_eq!(places(several).await, ["/closesOn", "/name", "/periods/0", "/periods/2", "/schoolYear"]);
    assert_eq!(places(json!({ "resources": ["classes"], "periods": ["CK1"] })).await, ["/periods"]);
    assert_eq!(places(json!({ "phase": "CK3" })).await, ["/phase"]);
    let crosswalk = format!("/v1/clients/{}/crosswalks/sexes", office.vendor.client_id);
    let entries = json!([{ "foreignCode": "1", "code": "mael" }, { "foreignCode": "2", "code": "male" },
        { "foreignCode": " 3", "code": "female" }]);
    let faults = office.faults("PUT", &crosswalk, "en", &json!({ "entries": entries })).await;
    assert_eq!(faults.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>(), ["/entries/0", "/entries/2"]);
    assert!(faults[0].1.contains("the nearest is “male”"), "{faults:?}");
}

#[tokio::test]
async fn a_member_that_is_null_is_one_that_is_left_out() {
    let office = Office::new().await;
    let client = json!({ "name": "Phần mềm", "kind": "consumer", "grants": null, "scopes": null });
    let (status, made) = answer(office.gateway.request("POST", "/v1/clients", &office.admin).json(&client)).await;
    assert_eq!((status, &made["grants"]["allSchools"], &made["scopes"]), (201, &json!(false), &json!([])), "{made}");
    let body = with(period(), json!({ "periods": null, "scope": { "schools": null } }));
    let (status, made) =
        answer(office.gateway.request("POST", "/v1/reporting-periods", &office.admin).json(&body)).await;
    assert_eq!((status, &made["periods"], &made["scope"]["schools"]), (201, &json!(["CK1"]), &json!([])), "{made}");
}
