//! `/docs` stands on its own: complete, and nothing from any other host.

use crate::common::Gateway;
use school_gateway::http::openapi;
use school_gateway::model::rules::catalogue;

/// The page, once its headers are seen to be strict.
async fn page(gateway: &Gateway, path: &str) -> String {
    let answer = gateway.request("GET", path, "").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "text/html; charset=utf-8")
    );
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
    answer.text().await.unwrap()
}

#[tokio::test]
async fn the_pages_show_everything_and_load_nothing() {
    let gateway = Gateway::start();
    let (api, rules) = (page(&gateway, "/docs").await, page(&gateway, "/docs/rules").await);
    for text in [&api, &rules] {
        for foreign in ["src=", "@import", " url(", "<link", "<iframe", "style=\"", "onclick"] {
            assert!(!text.contains(foreign), "the page holds {foreign}");
        }
    }
    let document = openapi::document();
    for (path, item) in &document.paths.paths {
        let operations = [&item.get, &item.post, &item.put, &item.delete];
        for operation in operations.into_iter().flatten() {
            let id = operation.operation_id.as_deref().unwrap();
            assert!(api.contains(&format!("id=\"{id}\"")), "{path}: {id} is not shown");
        }
    }
    for name in document.components.unwrap().schemas.keys() {
        assert!(api.contains(&format!("id=\"schema-{name}\"")), "the schema {name} is not shown");
    }
    for rule in catalogue::all() {
        let (_, card) =
            rules.split_once(&format!("id=\"{}\"", rule.code)).unwrap_or_else(|| panic!("{} is not shown", rule.code));
        let card = card.split("</article>").next().unwrap();
        assert!(
            card.contains("Vi phạm · Breaks") && card.contains("Đúng · Keeps"),
            "{} is shown without an example",
            rule.code
        );
    }
}

#[tokio::test]
async fn every_rule_is_answered_singly_and_in_the_list() {
    let gateway = Gateway::start();
    let (_, all) = gateway.get("/v1/rules", "").await;
    let items = all["items"].as_array().unwrap();
    assert_eq!(items.len(), catalogue::all().count());
    for item in items {
        let (status, single) = gateway.get(&format!("/v1/rules/{}", item["code"].as_str().unwrap()), "").await;
        assert_eq!((status, &single), (200, item));
        let example = &item["examples"];
        assert!(
            example["breaks"].is_object() && example["keeps"].is_object() && example["breaks"] != example["keeps"],
            "{item}"
        );
    }
    let (_, diplomas) = gateway.get("/v1/rules?resource=diplomas", "").await;
    let codes: Vec<&str> =
        diplomas["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"DP-001") && codes.contains(&"PT-012") && !codes.contains(&"MK-011"), "{codes:?}");
    assert_eq!(gateway.get("/v1/rules?resource=pupils", "").await.0, 400);
    assert_eq!(gateway.get("/v1/rules/XX-999", "").await.0, 404);
}
