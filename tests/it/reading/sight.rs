//! Who sees what.

use super::fixture::{by_key, commune, filled, items, path, rows, school, text};
use crate::common::Gateway;
use school_gateway::model::all;
use school_gateway::model::field::{Field, FieldType, Privacy};
use serde_json::{Map, Value};

async fn token(gateway: &Gateway, kind: &str, arguments: &[&str]) -> String {
    gateway.token_for(kind, arguments).await
}

/// What the record becomes for those who may not see sensitive members.
fn masked(fields: &[Field], record: &Value) -> Value {
    let mut shown = Map::new();
    for field in fields {
        let value = &record[field.json];
        let masked = match (field.privacy, &field.kind) {
            _ if value.is_null() => continue,
            (Privacy::Sensitive, FieldType::Text { .. }) => "***".into(),
            (Privacy::Sensitive, _) => continue,
            (_, FieldType::Object(inner)) => masked(inner, value),
            (_, FieldType::List(FieldType::Object(inner))) => {
                value.as_array().unwrap().iter().map(|item| masked(inner, item)).collect()
            }
            _ => value.clone(),
        };
        shown.insert(field.json.to_owned(), masked);
    }
    Value::Object(shown)
}

#[tokio::test]
async fn sensitive_members_are_masked_for_those_without_the_right() {
    let (gateway, _) = filled().await;
    for (kind, arguments, sees) in [
        ("school-software", &["--all-schools"][..], true),
        ("sector-staff", &["--all-schools", "--scope", "sensitive.read"], true),
        ("sector-staff", &["--all-schools"], false),
        ("consumer", &["--all-schools"], false),
    ] {
        let token = token(&gateway, kind, arguments).await;
        for spec in all().iter().filter(|spec| kind != "consumer" || spec.consumer) {
            let rows = by_key(spec, rows(spec));
            let expected: Vec<Value> =
                rows.iter().map(|row| if sees { row.clone() } else { masked(spec.fields, row) }).collect();
            assert_eq!(items(&gateway, &token, &format!("/v1/{}", spec.name)).await, expected, "{kind} {}", spec.name);
            let (status, one) = gateway.get(&path(spec, &rows[0]), &token).await;
            assert_eq!((status, super::fixture::bare(one)), (200, expected[0].clone()), "{kind} {}", spec.name);
            let body =
                gateway.request("GET", &format!("/v1/{}", spec.name), &token).header("accept", "application/x-ndjson");
            let lines = body.send().await.unwrap().text().await.unwrap();
            let lines: Vec<Value> =
                lines.lines().map(|line| super::fixture::bare(serde_json::from_str(line).unwrap())).collect();
            assert_eq!(lines, expected, "{kind} {}", spec.name);
        }
    }
}

#[tokio::test]
async fn sensitive_members_neither_filter_nor_sort_without_the_right() {
    let (gateway, sighted) = filled().await;
    let blind = token(&gateway, "sector-staff", &["--all-schools"]).await;
    let consumer = token(&gateway, "consumer", &["--all-schools"]).await;
    let mut asked = 0;
    for spec in all() {
        for field in spec.fields.iter().filter(|field| field.filter && field.privacy == Privacy::Sensitive) {
            let row = rows(spec).into_iter().find(|row| !row[field.json].is_null()).unwrap();
            let value = row[field.json].as_array().map_or_else(|| text(&row[field.json]), |items| text(&items[0]));
            let mut queries = vec![format!("{}={value}", field.json), format!("{}[in]={value}", field.json)];
            if !matches!(field.kind, FieldType::List(_)) {
                queries.push(format!("sort=-{}", field.json));
            }
            for query in queries {
                let path = format!("/v1/{}?{query}", spec.name);
                assert_eq!(gateway.get(&path, &sighted).await.0, 200, "{path}");
                assert_eq!(gateway.get(&path, &blind).await.0, 403, "{path}");
                assert_eq!(gateway.get(&path, &consumer).await.0, 403, "{path}");
                asked += 1;
            }
        }
    }
    assert!(asked >= 10);
    let (status, page) = gateway.get("/v1/students?fields=citizenId,heightCm&limit=1", &blind).await;
    assert!(status == 200 && !page.to_string().contains("k0"), "{page}");
}

#[tokio::test]
async fn kinds_that_never_read_are_refused() {
    let (gateway, _) = filled().await;
    for kind in ["public-service", "admin", "consumer"] {
        let token = token(&gateway, kind, &["--all-schools"]).await;
        for spec in all().iter().filter(|spec| kind != "consumer" || !spec.consumer) {
            let record = &rows(spec)[0];
            for path in [format!("/v1/{}", spec.name), path(spec, record), path(spec, record) + "x"] {
                let (status, problem) = gateway.get(&path, &token).await;
                assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{kind} {path}");
            }
        }
    }
}

/// Exactly the records whose school `sees` lets through are there, in lists, by key, by filter and in the count.
async fn sees_only(gateway: &Gateway, token: &str, sees: impl Fn(&str) -> bool) {
    for spec in all() {
        let rows = by_key(spec, rows(spec));
        let expected: Vec<Value> = rows.iter().filter(|row| sees(&text(&row["schoolCode"]))).cloned().collect();
        assert_eq!(items(gateway, token, &format!("/v1/{}?limit=2", spec.name)).await, expected, "{}", spec.name);
        let (_, counted) = gateway.get(&format!("/v1/{}?count=true&limit=1", spec.name), token).await;
        assert_eq!(counted["total"], expected.len());
        for row in &rows {
            let code = text(&row["schoolCode"]);
            let status = if sees(&code) { 200 } else { 404 };
            assert_eq!(gateway.get(&path(spec, row), token).await.0, status, "{} of {code}", spec.name);
            let (listed, page) = gateway.get(&format!("/v1/{}?schoolCode={code}", spec.name), token).await;
            assert_eq!(
                (listed, page["items"].as_array().unwrap().is_empty()),
                (200, !sees(&code)),
                "{} of {code}",
                spec.name
            );
        }
    }
}

#[tokio::test]
async fn an_area_of_schools_and_communes_is_all_that_is_seen() {
    let (gateway, _) = filled().await;
    let sensitive = ["--scope", "sensitive.read"];
    let staff = |grants: &'static [&'static str]| [grants, &sensitive].concat();
    let of_one = token(&gateway, "school-software", &["--school", "01000001"]).await;
    sees_only(&gateway, &of_one, |code| code == "01000001").await;
    let of_two = token(&gateway, "sector-staff", &staff(&["--school", "01000001", "--school", "01000002"])).await;
    sees_only(&gateway, &of_two, |code| ["01000001", "01000002"].contains(&code)).await;
    let of_commune = token(&gateway, "sector-staff", &staff(&["--commune", "00002"])).await;
    sees_only(&gateway, &of_commune, |code| commune(code) == "00002").await;
    let of_both = token(&gateway, "sector-staff", &staff(&["--commune", "00001", "--school", "01000002"])).await;
    sees_only(&gateway, &of_both, |code| ["01000000", "01000002"].contains(&code)).await;
    let of_none = token(&gateway, "school-software", &[]).await;
    sees_only(&gateway, &of_none, |_| false).await;
    assert_eq!(school(4), "01000001");
}

#[tokio::test]
async fn a_commune_follows_the_stored_school() {
    let (gateway, _) = filled().await;
    let token = token(&gateway, "sector-staff", &["--commune", "00001"]).await;
    assert_eq!(items(&gateway, &token, "/v1/students").await.len(), 3);
    gateway.database().execute("UPDATE schools SET commune_code = '00001' WHERE school_code = '01000001'");
    assert_eq!(items(&gateway, &token, "/v1/students").await.len(), 6);
    gateway.database().execute("UPDATE schools SET commune_code = '00009'");
    assert!(items(&gateway, &token, "/v1/students").await.is_empty());
}
