//! What the gateway answers is what the OpenAPI document promises: status, media type, members and their types.

use crate::common::Gateway;
use school_gateway::http::openapi;
use school_gateway::model;
use school_gateway::model::schema;
use serde_json::{Value, json};

struct Document(Value);

impl Document {
    fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        node["$ref"].as_str().map_or(node, |reference| self.0.pointer(reference.trim_start_matches('#')).unwrap())
    }

    /// A shape made of parts as one, and of a choice of one and `null` the one that the value takes.
    fn whole(&self, shape: &Value, value: &Value) -> Value {
        if let Some(choices) = shape["oneOf"].as_array() {
            let chosen = choices.iter().find(|choice| (choice["type"] == "null") == value.is_null()).unwrap();
            return self.whole(self.resolve(chosen), value);
        }
        let Some(parts) = shape["allOf"].as_array() else { return shape.clone() };
        let mut whole = json!({ "type": "object", "properties": {}, "required": [] });
        for part in parts.iter().map(|part| self.whole(self.resolve(part), value)) {
            whole["properties"].as_object_mut().unwrap().extend(part["properties"].as_object().unwrap().clone());
            whole["required"]
                .as_array_mut()
                .unwrap()
                .extend(part["required"].as_array().into_iter().flatten().cloned());
        }
        whole
    }

    /// Faults of a value: its type, its members, its words.
    fn faults(&self, value: &Value, shape: &Value, place: &str, faults: &mut Vec<String>) {
        let shape = &self.whole(self.resolve(shape), value);
        let name = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let is = |kind: &Value| kind == name || (kind == "number" && name == "integer");
        if !shape["type"].as_array().map_or_else(|| is(&shape["type"]), |kinds| kinds.iter().any(is)) {
            faults.push(format!("{place}: {name} instead of {}", shape["type"]));
        }
        if shape["enum"].as_array().is_some_and(|words| !words.contains(value)) {
            faults.push(format!("{place}: {value} is none of {}", shape["enum"]));
        }
        for (at, item) in value.as_array().into_iter().flatten().enumerate() {
            self.faults(item, &shape["items"], &format!("{place}/{at}"), faults);
        }
        let Some(members) = value.as_object() else { return };
        for required in shape["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|name| !members.contains_key(name.as_str().unwrap()))
        {
            faults.push(format!("{place} lacks {required}"));
        }
        // An object of which no member is described may have any.
        let described =
            members.iter().filter(|_| shape["properties"].is_object() || !shape["additionalProperties"].is_null());
        for (name, member) in described {
            match (&shape["properties"][name], &shape["additionalProperties"]) {
                (Value::Null, Value::Bool(true)) => {}
                (Value::Null, Value::Object(_)) => {
                    self.faults(member, &shape["additionalProperties"], &format!("{place}/{name}"), faults)
                }
                (Value::Null, _) => faults.push(format!("{place}: {name} is not described")),
                (described, _) => self.faults(member, described, &format!("{place}/{name}"), faults),
            }
        }
    }
}

/// A request to a path of the document, with its parameters filled in, and the status expected.
struct Asked<'a> {
    method: &'a str,
    template: &'a str,
    path: String,
    body: Option<Value>,
    status: u16,
}

async fn hold(gateway: &Gateway, document: &Document, token: &str, asked: Asked<'_>) -> Value {
    let Asked { method, template, path, body, status } = asked;
    let place = format!("{method} {path}");
    let request = gateway.request(method, &path, token).header("accept-language", "en");
    let answer = body.map_or(request.try_clone().unwrap(), |body| request.json(&body)).send().await.unwrap();
    let (found, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    assert_eq!(found, status, "{place}: {text}");
    let operation = &document.0["paths"][template][method.to_lowercase()];
    let response = document.resolve(&operation["responses"][status.to_string()]);
    assert!(response.is_object(), "{place}: {status} is not described");
    for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        let optional = ["Link", "Idempotency-Replayed", "Content-Location"].contains(&name.as_str());
        assert!(optional || headers.contains_key(name.as_str()), "{place} answers without {name}");
    }
    let media = headers.get("content-type").map(|media| media.to_str().unwrap().split(';').next().unwrap().to_owned());
    let Some(media) = media else { return Value::Null };
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{place}: {text}"));
    let mut faults = Vec::new();
    let described = &response["content"][&media]["schema"];
    assert!(described.is_object(), "{place}: {media} is not described");
    document.faults(&value, described, "", &mut faults);
    assert!(faults.is_empty(), "{place}: {}\n{value:#}", faults.join("\n"));
    value
}

fn get(template: &str, path: impl Into<String>) -> Asked<'_> {
    Asked { method: "GET", template, path: path.into(), body: None, status: 200 }
}

#[tokio::test]
async fn answers_about_the_service_and_clients_are_as_described() {
    let (gateway, document) = (Gateway::start(), Document(serde_json::from_str(openapi::text()).unwrap()));
    let admin = gateway.token_for("admin", &[]).await;
    for path in [
        "/health/live",
        "/health/ready",
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/v1/rules",
        "/v1/code-lists",
    ] {
        hold(&gateway, &document, "", get(path, path)).await;
    }
    hold(&gateway, &document, "", get("/v1/rules/{code}", "/v1/rules/ID-004")).await;
    hold(&gateway, &document, "", get("/v1/code-lists/{name}", "/v1/code-lists/subjects")).await;
    hold(&gateway, &document, "", get("/problems/{code}", "/problems/invalid")).await;
    hold(&gateway, &document, "", Asked { status: 404, ..get("/v1/rules/{code}", "/v1/rules/XX-1") }).await;
    hold(&gateway, &document, "", Asked { status: 401, ..get("/v1/clients", "/v1/clients") }).await;
    let new = json!({ "name": "A", "kind": "school-software", "grants": { "schools": ["31000501"] } });
    let make =
        Asked { method: "POST", template: "/v1/clients", path: "/v1/clients".into(), body: Some(new), status: 201 };
    let made = hold(&gateway, &document, &admin, make).await;
    let path = format!("/v1/clients/{}", made["clientId"].as_str().unwrap());
    hold(&gateway, &document, &admin, get("/v1/clients", "/v1/clients?limit=1")).await;
    hold(&gateway, &document, &admin, get("/v1/clients/{id}", path.clone())).await;
    hold(&gateway, &document, &admin, get("/v1/clients/{id}/grants", format!("{path}/grants"))).await;
    let grants = Some(json!({ "allSchools": true }));
    let set = Asked {
        method: "PUT",
        template: "/v1/clients/{id}/grants",
        path: format!("{path}/grants"),
        body: grants,
        status: 200,
    };
    hold(&gateway, &document, &admin, set).await;
    let rotate = Asked {
        method: "POST",
        template: "/v1/clients/{id}/secret",
        path: format!("{path}/secret"),
        body: None,
        status: 200,
    };
    hold(&gateway, &document, &admin, rotate).await;
    hold(
        &gateway,
        &document,
        &admin,
        Asked { method: "DELETE", template: "/v1/clients/{id}", path, body: None, status: 204 },
    )
    .await;
}

#[tokio::test]
async fn answers_about_crosswalks_and_reporting_periods_are_as_described() {
    let (gateway, document) = (Gateway::start(), Document(serde_json::from_str(openapi::text()).unwrap()));
    let (admin, client) = (gateway.token_for("admin", &[]).await, gateway.client("school-software", &[]).client_id);
    let asked =
        |method, template, path: &str, body, status| Asked { method, template, path: path.to_owned(), body, status };
    let (all, one) = ("/v1/clients/{id}/crosswalks", "/v1/clients/{id}/crosswalks/{list}");
    let path = format!("/v1/clients/{client}/crosswalks/sexes");
    let entries = json!({ "entries": [{ "foreignCode": "1", "code": "male", "validTo": "2099-01-01" }] });
    hold(&gateway, &document, &admin, asked("PUT", one, &path, Some(entries), 200)).await;
    hold(&gateway, &document, &admin, asked("PUT", one, &path, Some(json!({ "entries": [] })), 400)).await;
    hold(&gateway, &document, &admin, get(one, path.clone())).await;
    hold(&gateway, &document, &admin, get(all, format!("/v1/clients/{client}/crosswalks"))).await;
    hold(&gateway, &document, &admin, asked("DELETE", one, &path, None, 204)).await;
    hold(&gateway, &document, &admin, asked("DELETE", one, &path, None, 404)).await;
    let (all, one) = ("/v1/reporting-periods", "/v1/reporting-periods/{id}");
    let new = json!({
        "name": "Cuối học kỳ I", "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"], "opensOn": "2026-01-05",
        "closesOn": "2026-01-15T10:30:00Z",
    });
    let made = hold(&gateway, &document, &admin, asked("POST", all, all, Some(new.clone()), 201)).await;
    let path = format!("{all}/{}", made["id"].as_str().unwrap());
    hold(&gateway, &document, &admin, asked("POST", all, all, Some(json!({})), 400)).await;
    let (more, school) =
        (json!({ "until": "2099-01-01", "reason": "Mất điện" }), format!("{path}/extensions/31000501"));
    let extension = "/v1/reporting-periods/{id}/extensions/{schoolCode}";
    hold(&gateway, &document, &admin, asked("PUT", extension, &school, Some(more), 200)).await;
    hold(&gateway, &document, &admin, asked("PUT", one, &path, Some(new), 200)).await;
    hold(&gateway, &document, &admin, get(one, path.clone())).await;
    hold(&gateway, &document, &admin, get(all, format!("{all}?schoolYear=2025-2026&limit=1"))).await;
    hold(&gateway, &document, &admin, asked("DELETE", extension, &school, None, 204)).await;
    hold(&gateway, &document, &admin, asked("DELETE", one, &path, None, 409)).await;
    hold(&gateway, &document, "", asked("GET", one, &path, None, 401)).await;
}

#[tokio::test]
async fn answers_about_records_are_as_described() {
    let (gateway, document) = (Gateway::start(), Document(serde_json::from_str(openapi::text()).unwrap()));
    let school = gateway.software_of_all().await;
    let staff = gateway.token_for("sector-staff", &["--all-schools"]).await;
    for spec in model::ALL {
        let example = schema::example(spec);
        let members = spec.key.iter().map(|name| spec.fields[spec.position(name).unwrap()].json);
        let (mut template, mut path) = (format!("/v1/{}", spec.name), format!("/v1/{}", spec.name));
        for member in members {
            template += &format!("/{{{member}}}");
            path += &format!("/{}", example[member].as_str().unwrap());
        }
        let put = |body: &Value, status| Asked {
            method: "PUT",
            template: &template,
            path: path.clone(),
            body: Some(body.clone()),
            status,
        };
        hold(&gateway, &document, &school, put(&example, 201)).await;
        hold(&gateway, &document, &school, put(&example, 200)).await;
        let mut wrong = example.clone();
        wrong["noSuchMember"] = json!(1);
        hold(&gateway, &document, &school, put(&wrong, 422)).await;
        hold(&gateway, &document, &school, get(&template, path.clone())).await;
        // Masked for those who may not see what is sensitive.
        hold(&gateway, &document, &staff, get(&template, path.clone())).await;
        let list = format!("/v1/{}", spec.name);
        hold(&gateway, &document, &staff, get(&list, format!("{list}?count=true&limit=1"))).await;
        hold(&gateway, &document, &staff, get(&list, format!("{list}?fields=schoolCode"))).await;
        hold(&gateway, &document, &staff, Asked { status: 400, ..get(&list, format!("{list}?noSuchFilter=1")) }).await;
        hold(
            &gateway,
            &document,
            &staff,
            Asked { method: "DELETE", template: &template, path: path.clone(), body: None, status: 403 },
        )
        .await;
    }
}

#[tokio::test]
async fn answers_about_submissions_are_as_described() {
    let (gateway, document) = (Gateway::start(), Document(serde_json::from_str(openapi::text()).unwrap()));
    let token = gateway.software_of_all().await;
    let example = |name: &str| schema::example(model::find(name).unwrap());
    let parked = json!({ "resource": "enrollments", "data": example("enrollments") });
    let records =
        json!([{ "resource": "schools", "data": example("schools") }, { "resource": "pupils", "data": {} }, parked]);
    let post = |query: &str, body: &Value, status| Asked {
        method: "POST",
        template: "/v1/submissions",
        path: format!("/v1/submissions{query}"),
        body: Some(body.clone()),
        status,
    };
    let report = hold(&gateway, &document, &token, post("", &records, 200)).await;
    assert_eq!(report["counts"]["parked"], 1, "{report}");
    hold(&gateway, &document, &token, post("?atomicity=all", &records, 422)).await;
    hold(&gateway, &document, &token, post("?mode=perhaps", &records, 400)).await;
    let school = json!([{ "resource": "schools", "data": example("schools") }]);
    hold(&gateway, &document, &token, post("?replace=schools&schoolCode=31000501&confirmRemovals=0", &school, 200))
        .await;
    hold(&gateway, &document, &token, post("?replace=schools&schoolCode=31000501&confirmRemovals=1", &school, 422))
        .await;
    hold(&gateway, &document, &token, post("?replace=schools", &school, 400)).await;
    let mut pupil = example("students");
    pupil["studentCode"] = json!("TAM-001");
    hold(&gateway, &document, &token, post("", &json!([{ "resource": "students", "data": pupil }]), 200)).await;
    let identify = |code: &str, status| Asked {
        method: "POST",
        template: "/v1/students/{code}/identify",
        path: "/v1/students/TAM-001/identify".into(),
        body: Some(json!({ "studentCode": code })),
        status,
    };
    hold(&gateway, &document, &token, identify("310001", 422)).await;
    hold(&gateway, &document, &token, identify("3100012345", 200)).await;
    hold(&gateway, &document, &token, identify("3100012346", 409)).await;
    hold(&gateway, &document, &token, get("/v1/students/{studentCode}", "/v1/students/TAM-001")).await;
    hold(&gateway, &document, &token, get("/v1/submissions", "/v1/submissions")).await;
    let path = format!("/v1/submissions/{}", report["id"].as_str().unwrap());
    hold(&gateway, &document, &token, get("/v1/submissions/{id}", path.clone())).await;
    hold(&gateway, &document, &token, get("/v1/submissions/{id}/issues", format!("{path}/issues"))).await;
    hold(&gateway, &document, &token, get("/v1/submissions/{id}/parked", format!("{path}/parked"))).await;
    let unknown = "/v1/submissions/00000000-0000-7000-8000-000000000000";
    hold(&gateway, &document, &token, Asked { status: 404, ..get("/v1/submissions/{id}", unknown) }).await;
}
