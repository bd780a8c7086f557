//! Every list of the API: the same page, and a `Link` that asks for the same with the cursor.

use crate::common::records::{example, small_school, upsert, with};
use crate::common::{Gateway, answer};
use crate::protocol::{patient, tokens};
use serde_json::{Value, json};

/// Goes through a list by `Link` alone; every page holds `limit` items but the last, and every address keeps the query.
async fn through(gateway: &Gateway, token: &str, path: &str, kept: &[&str]) -> Vec<Value> {
    let (mut next, mut items) = (Some(path.to_owned()), Vec::new());
    while let Some(path) = next {
        let response = gateway.request("GET", &path, token).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        let page: Value = response.json().await.unwrap();
        assert!(page.get("nextCursor").is_some(), "{path}: {page}");
        assert_eq!(page["nextCursor"].is_string(), link.is_some(), "{path}: Link and nextCursor belong together");
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        next = link.map(|link| {
            let address = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();
            kept.iter().for_each(|part| assert!(address.contains(part), "{address} lacks {part}"));
            address
        });
    }
    items
}

#[tokio::test]
async fn every_list_is_read_to_its_end_by_its_links() {
    let gateway = patient();
    let [software, staff, admin] = tokens(&gateway).await;
    gateway.submit("", &software, &small_school()).await;
    let strange = |code: usize| {
        upsert("students", &with(&example("students"), json!({ "studentCode": format!("x{code}"), "sex": "y" })))
    };
    let (_, report) = gateway.submit("", &software, &(0..4).map(strange).collect::<Vec<_>>()).await;
    let waiting = |at: usize| {
        let own = json!({ "studentCode": format!("31000409{at:02}"), "entryDate": "2025-09-05" });
        upsert("enrollments", &with(&example("enrollments"), own))
    };
    let (_, parked) = gateway.submit("", &software, &(0..4).map(waiting).collect::<Vec<_>>()).await;
    assert_eq!(parked["counts"]["parked"], json!(4), "{parked}");
    let year = |at: usize| {
        json!({ "name": format!("Kỳ {at}"), "schoolYear": "2025-2026", "phase": "CK1", "resources": ["subject-results"],
            "opensOn": "2026-01-01", "closesOn": "2026-01-31" })
    };
    for at in 0..3 {
        answer(gateway.request("POST", "/v1/reporting-periods", &admin).json(&year(at))).await;
    }
    let issues = report["links"]["issues"].as_str().unwrap();
    let parked = format!("{}/parked", parked["links"]["self"].as_str().unwrap());
    for (token, path, kept, least) in [
        (&software, "/v1/submissions?limit=1&status=completed".to_owned(), vec!["limit=1&", "status=completed&"], 3),
        (&software, format!("{issues}?limit=2"), vec!["limit=2&"], 4),
        (&software, format!("{parked}?limit=1"), vec!["limit=1&"], 4),
        (&admin, "/v1/clients?limit=1".to_owned(), vec!["limit=1&"], 3),
        (
            &admin,
            "/v1/reporting-periods?limit=1&schoolYear=2025-2026".to_owned(),
            vec!["limit=1&", "schoolYear=2025%2D2026&"],
            3,
        ),
        (
            &staff,
            "/v1/students?limit=3&sort=-studentCode&schoolCode=31000501".to_owned(),
            vec!["limit=3&", "sort=", "schoolCode="],
            1,
        ),
        (&staff, "/v1/findings?limit=1&status=all".to_owned(), vec!["limit=1&", "status=all&"], 0),
        (&staff, "/v1/rules".to_owned(), vec![], 50),
        (&staff, "/v1/code-lists".to_owned(), vec![], 20),
    ] {
        let items = through(&gateway, token, &path, &kept).await;
        assert!(items.len() >= least, "{path}: {} items", items.len());
    }
}

#[tokio::test]
async fn a_day_stands_for_the_day_in_vietnam() {
    let gateway = patient();
    let [software, ..] = tokens(&gateway).await;
    let (_, report) = gateway.submit("", &software, &small_school()).await;
    let id = report["id"].as_str().unwrap();
    gateway
        .database()
        .execute(&format!("UPDATE submissions SET received_at = '2026-03-01T16:59:59Z' WHERE id = '{id}'"));
    for (query, expected) in [
        ("receivedAt%5Bgte%5D=2026-03-01&receivedAt%5Blte%5D=2026-03-01", 1),
        ("receivedAt%5Bgte%5D=2026-03-02", 0),
        ("receivedAt%5Blte%5D=2026-02-28", 0),
        ("receivedAt%5Bgte%5D=2026-03-01T16:59:59Z&receivedAt%5Blte%5D=2026-03-01T16:59:59Z", 1),
        ("receivedAt%5Bgte%5D=2026-03-01T23:59:59%2B07:00", 1),
    ] {
        let (status, page) = gateway.get(&format!("/v1/submissions?{query}"), &software).await;
        assert_eq!((status, page["items"].as_array().map(Vec::len)), (200, Some(expected)), "{query}: {page}");
    }
    for query in ["since=2026-03-01", "since=2026-03-01T00:00:00Z"] {
        assert_eq!(gateway.get(&format!("/v1/findings?{query}"), &software).await.0, 200, "{query}");
    }
}
