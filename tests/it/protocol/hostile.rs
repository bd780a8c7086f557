//! No value of any parameter of any route makes the gateway fail; what is refused is refused by name.

use crate::common::{Gateway, answer};
use crate::protocol::{patient, tokens};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::HeaderValue;
use school_gateway::http::openapi;
use serde_json::{Value, json};

/// Values as they stand in an address.
const HOSTILE: [&str; 22] = [
    "%00",
    "a%00b",
    "%FF",
    "%ED%A0%80",
    "-5000-01-01T00:00:00Z",
    "-5000-01-01",
    "%2B12026-01-01",
    "%2B262142-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "0000-01-01",
    "99999999999999999999999999",
    "-9223372036854775808",
    "1e5",
    "%2B7",
    "%D9%A1%D9%A2%D9%A3",
    "%EF%BC%91%EF%BC%92",
    "%E2%80%AE%EF%BF%BF",
    "%F0%9F%98%80",
    "'%22%3B--%5C",
    "null",
    "[]",
    "{x}",
];
/// What stands for a part of the path that is not tried just now.
const ID: &str = "01999f00-1b2c-7a33-8d44-5e55f6607788";

struct Parameter {
    method: String,
    path: String,
    name: String,
    place: String,
}

/// Every parameter of every operation, as the document names them.
fn parameters() -> Vec<Parameter> {
    let document: Value = serde_json::from_str(openapi::text()).unwrap();
    let resolved = |parameter: &Value| match parameter["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap().clone(),
        None => parameter.clone(),
    };
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for parameter in operation["parameters"].as_array().into_iter().flatten().map(resolved) {
                let text = |member: &str| parameter[member].as_str().unwrap().to_owned();
                found.push(Parameter {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    name: text("name"),
                    place: text("in"),
                });
            }
        }
    }
    found
}

fn sound(name: &str) -> &'static str {
    match name {
        "id" => ID,
        "schoolCode" => "31000501",
        "schoolYear" => "2025-2026",
        "list" | "name" => "sexes",
        _ => "x",
    }
}

/// The path with `value` in the place of `{name}`.
fn filled(path: &str, name: &str, value: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{').and_then(|part| part.split_once('}')) {
        Some((own, rest)) => format!("{}{rest}", if own == name { value } else { sound(own) }),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

impl Parameter {
    fn request(&self, gateway: &Gateway, token: &str, value: &str) -> reqwest::RequestBuilder {
        let own = if self.place == "path" { self.name.as_str() } else { "" };
        let mut path = filled(&self.path, own, value);
        if self.place == "query" {
            path = format!("{path}?{}={value}", self.name.replace('[', "%5B").replace(']', "%5D"));
        }
        let request = gateway.request(&self.method, &path, token).header("accept-language", "en");
        if self.place == "header" {
            let bytes: Vec<u8> = percent_encoding::percent_decode_str(value).filter(|byte| *byte >= 0x20).collect();
            return request.header(&self.name, HeaderValue::from_bytes(&bytes).unwrap());
        }
        request
    }
    /// Of the clients the first that may do this.
    async fn ask(&self, gateway: &Gateway, tokens: &[String], value: &str) -> (u16, Value) {
        let mut last = (0, Value::Null);
        for token in tokens {
            last = answer(self.request(gateway, token, value)).await;
            if last.0 != 403 {
                break;
            }
        }
        last
    }
    fn is_named_by(&self, problem: &Value) -> bool {
        let detail = problem["detail"].as_str().unwrap_or_default().to_lowercase();
        match self.place.as_str() {
            "path" => detail.contains("path") || detail.contains(&self.name.to_lowercase()),
            _ => detail.contains(&self.name.to_lowercase()),
        }
    }
}

#[tokio::test]
async fn no_value_of_any_parameter_fails_and_what_is_refused_is_named() {
    let gateway = patient();
    let tokens = tokens(&gateway).await;
    let mut wrong = Vec::new();
    for parameter in parameters() {
        for value in HOSTILE {
            let (status, problem) = parameter.ask(&gateway, &tokens, value).await;
            let told = status != 400 || parameter.is_named_by(&problem);
            // The token endpoint answers in a form of its own.
            if status == 0 || status >= 500 || (!told && parameter.path != "/oauth/token") {
                wrong.push(format!(
                    "{} {} {}={value}: {status} {}",
                    parameter.method, parameter.path, parameter.name, problem["detail"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

/// Every operation of the API that no parameter stands behind `?` for, with its path filled in.
fn without_parameters() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(openapi::text()).unwrap();
    let taking: Vec<Parameter> = parameters().into_iter().filter(|parameter| parameter.place == "query").collect();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let own = ["/v1/", "/problems/"].iter().any(|begin| path.starts_with(begin));
        for method in item.as_object().unwrap().keys().map(|method| method.to_uppercase()).filter(|_| own) {
            if !taking.iter().any(|parameter| parameter.path == *path && parameter.method == method) {
                found.push((method, filled(path, "", "")));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_parameter_where_none_is_taken_is_refused_by_name() {
    let gateway = patient();
    let [software, ..] = tokens(&gateway).await;
    let operations = without_parameters();
    assert!(operations.len() > 50, "only {} operations", operations.len());
    for (method, path) in operations {
        let request = gateway.request(&method, &format!("{path}?colour=red"), &software);
        let (status, problem) = answer(request.header("accept-language", "en")).await;
        let expected = "There is no parameter “colour” here; none is taken.";
        assert_eq!((status, &problem["detail"]), (400, &json!(expected)), "{method} {path}");
    }
    // Probes, browsers and libraries of OAuth may add what they like.
    for path in ["/health/live", "/docs", "/openapi.json", "/.well-known/jwks.json"] {
        let answer = gateway.request("GET", &format!("{path}?colour=red"), "").send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

/// A cursor made by hand.
fn cursor(place: Value) -> String {
    URL_SAFE_NO_PAD.encode(place.to_string())
}

#[tokio::test]
async fn what_can_be_no_value_is_a_400_that_says_which_parameter() {
    let gateway = patient();
    let [software, _, admin] = tokens(&gateway).await;
    let early = cursor(json!(["-5000-01-01T00:00:00Z", ID]));
    let late = cursor(json!(["+262142-12-31T23:59:59Z", ID]));
    let pointer = cursor(json!({ "index": 0, "severity": 0, "pointer": "\0", "ordinal": 0 }));
    let (_, report) = gateway.submit("", &software, &crate::common::records::small_school()).await;
    let issues = report["links"]["issues"].as_str().unwrap().to_owned();
    for (token, path) in [
        (&software, "/v1/submissions?schoolCode=%00".to_owned()),
        (&software, "/v1/submissions?schoolCode=%EF%BC%93%EF%BC%911000501".to_owned()),
        (&software, "/v1/submissions?receivedAt%5Bgte%5D=-5000-01-01T00:00:00Z".to_owned()),
        (&software, "/v1/submissions?receivedAt%5Blte%5D=%2B262142-12-31T23:59:59Z".to_owned()),
        (&software, "/v1/submissions?limit=%D9%A1%D9%A0".to_owned()),
        (&software, "/v1/submissions?clientId=x".to_owned()),
        (&software, format!("/v1/submissions?cursor={early}")),
        (&software, format!("/v1/submissions?cursor={late}")),
        (&software, format!("{issues}?cursor={pointer}")),
        (&software, "/v1/findings?schoolCode=%00".to_owned()),
        (&software, "/v1/findings?since=-5000-01-01T00:00:00Z".to_owned()),
        (&software, format!("/v1/findings?cursor={early}")),
        (&software, "/v1/students?limit=%EF%BC%95".to_owned()),
        (&software, "/v1/students?schoolCode=%EF%BC%93%EF%BC%911000501".to_owned()),
        (&software, "/v1/classes?grade=%D9%A1".to_owned()),
        (&software, "/v1/code-lists/sexes?asOf=%2B12026-01-01".to_owned()),
        (&software, "/v1/code-lists/sexes?asOf=2026-1-1".to_owned()),
        (&admin, "/v1/clients?limit=0".to_owned()),
        (&admin, "/v1/clients?cursor=e30".to_owned()),
        (&admin, "/v1/reporting-periods?schoolYear=2025-2027".to_owned()),
    ] {
        let (status, problem) = answer(gateway.request("GET", &path, token).header("accept-language", "en")).await;
        let name = path.split_once('?').unwrap().1.split('=').next().unwrap().replace("%5B", "[").replace("%5D", "]");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(status == 400 && detail.contains(&format!("“{name}”")), "{path}: {status} {problem}");
    }
}

/// Bodies of the administrators' API with a value that cannot be stored, and the member that is at fault.
fn bodies(client: &str, period: &str) -> Vec<(&'static str, String, Value, &'static str)> {
    let (clients, periods) = (format!("/v1/clients/{client}"), format!("/v1/reporting-periods/{period}"));
    let crosswalk = |member: &str, value: Value| {
        let mut entry = json!({ "foreignCode": "1", "code": "male" });
        entry[member] = value;
        json!({ "entries": [entry] })
    };
    let reporting = |member: &str, value: Value| {
        let mut period = json!({ "name": "CK1", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"],
            "opensOn": "2026-01-01", "closesOn": "2026-01-31" });
        period[member] = value;
        period
    };
    let list = format!("{clients}/crosswalks/sexes");
    vec![
        ("POST", "/v1/clients".into(), json!({ "name": "a\0b", "kind": "consumer" }), "/name"),
        ("POST", "/v1/clients".into(), json!({ "name": "a", "kind": "\0" }), "/kind"),
        ("POST", "/v1/clients".into(), json!({ "name": "a", "kind": "consumer", "scopes": ["\0"] }), "/scopes/0"),
        (
            "POST",
            "/v1/clients".into(),
            json!({ "name": "a", "kind": "consumer", "grants": { "schools": [7] } }),
            "/grants/schools/0",
        ),
        ("PUT", format!("{clients}/grants"), json!({ "schools": ["\0"] }), "/schools/0"),
        ("PUT", format!("{clients}/grants"), json!({ "allSchools": "yes" }), "/allSchools"),
        ("PUT", list.clone(), crosswalk("validFrom", "-5000-01-01".into()), "/entries/0/validFrom"),
        ("PUT", list.clone(), crosswalk("validTo", "+262142-12-31".into()), "/entries/0/validTo"),
        ("PUT", list.clone(), crosswalk("foreignCode", "\0".into()), "/entries/0/foreignCode"),
        ("PUT", list.clone(), crosswalk("code", "\0".into()), "/entries/0/code"),
        ("PUT", list, crosswalk("validfrom", "2026-01-01".into()), "/entries/0/validfrom"),
        ("POST", "/v1/reporting-periods".into(), reporting("opensOn", "-5000-01-01".into()), "/opensOn"),
        ("POST", "/v1/reporting-periods".into(), reporting("closesOn", "+262142-12-31T00:00:00Z".into()), "/closesOn"),
        ("POST", "/v1/reporting-periods".into(), reporting("name", "a\0".into()), "/name"),
        (
            "POST",
            "/v1/reporting-periods".into(),
            reporting("schoolYear", "２０２５-２０２６".into()),
            "２０２５-２０２６",
        ),
        ("POST", "/v1/reporting-periods".into(), reporting("scope", json!({ "schools": ["３1000501"] })), "３1000501"),
        ("PUT", format!("{periods}/extensions/31000501"), json!({ "until": "0000-01-01", "reason": "a" }), "/until"),
        ("PUT", format!("{periods}/extensions/31000501"), json!({ "until": "2026-02-01", "reason": "\0" }), "/reason"),
        ("PUT", format!("{periods}/extensions/31000501"), json!({ "until": "2026-02-01" }), "/reason"),
    ]
}

#[tokio::test]
async fn what_a_body_cannot_hold_is_a_400_that_says_which_member() {
    let gateway = patient();
    let [software, _, admin] = tokens(&gateway).await;
    let client = gateway.client("school-software", &["--school", "31000501"]).client_id;
    let period = json!({ "name": "CK1", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"],
        "opensOn": "2026-01-01", "closesOn": "2026-01-31" });
    let (_, period) = answer(gateway.request("POST", "/v1/reporting-periods", &admin).json(&period)).await;
    for (method, path, body, named) in bodies(&client, period["id"].as_str().unwrap()) {
        let (status, problem) =
            answer(gateway.request(method, &path, &admin).header("accept-language", "en").json(&body)).await;
        assert!(
            status == 400 && problem["detail"].as_str().unwrap().contains(named),
            "{method} {path} {body}: {status} {problem}"
        );
        let (_, problem) = answer(gateway.request(method, &path, &admin).json(&body)).await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains(named) && !detail.contains("expected") && !detail.contains("body"),
            "in Vietnamese: {detail}"
        );
    }
    for path in ["/v1/reference?file=a%00.csv", "/v1/reference?file="] {
        let request =
            gateway.request("POST", path, &admin).header("content-type", "text/csv").body("code,name_vi\n1,a\n");
        let (status, problem) = answer(request).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().contains("“file”"), "{path}: {status} {problem}");
    }
    let (status, problem) =
        answer(gateway.request("POST", "/v1/students/%00/identify", &software).json(&json!({ "studentCode": "\0" })))
            .await;
    assert_eq!(status, 400, "{problem}");
}
