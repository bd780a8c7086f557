//! `/docs` stands on its own: complete, and nothing from any other host.

use crate::common::Gateway;
use school_gateway::http::docs::guides::GUIDES;
use school_gateway::http::docs::samples::SAMPLES;
use school_gateway::http::openapi;
use school_gateway::model::rules::catalogue;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// What would be fetched from elsewhere, or run against the policy.
const FOREIGN: [&str; 7] = ["src=", "@import", " url(", "<link", "<iframe", "style=\"", "onclick"];

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
    let (api, english) = (page(&gateway, "/docs").await, page(&gateway, "/docs/api/en").await);
    let (rules, english_rules) = (page(&gateway, "/docs/rules").await, page(&gateway, "/docs/rules/en").await);
    for text in [&api, &english, &rules, &english_rules] {
        for foreign in FOREIGN {
            assert!(!text.contains(foreign), "the page holds {foreign}");
        }
    }
    let document = openapi::document();
    for (path, item) in &document.paths.paths {
        let operations = [&item.get, &item.post, &item.put, &item.delete];
        for operation in operations.into_iter().flatten() {
            let id = operation.operation_id.as_deref().unwrap();
            let is_shown = |page: &str| page.contains(&format!("id=\"{id}\""));
            assert!(is_shown(&api) && is_shown(&english), "{path}: {id} is not shown");
        }
    }
    for name in document.components.unwrap().schemas.keys() {
        assert!(api.contains(&format!("id=\"schema-{name}\"")), "the schema {name} is not shown");
    }
    for (page, breaks, keeps) in [(&rules, "Vi phạm", "Đúng"), (&english_rules, "Breaks", "Keeps")] {
        for rule in catalogue::all() {
            let (_, card) = page
                .split_once(&format!("id=\"{}\"", rule.code))
                .unwrap_or_else(|| panic!("{} is not shown", rule.code));
            let card = card.split("</article>").next().unwrap();
            let has = |title: &str| card.contains(&format!(">{title}</h4>"));
            assert!(has(breaks) && has(keeps), "{} is shown without an example", rule.code);
        }
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

/// The values of an attribute in a page.
fn values<'a>(page: &'a str, attribute: &str) -> BTreeSet<&'a str> {
    let mark = format!(" {attribute}=\"");
    page.split(mark.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The pages that people read, by their addresses.
async fn pages(gateway: &Gateway) -> HashMap<String, String> {
    let mut pages = HashMap::new();
    let fixed =
        ["/docs", "/docs/api/vi", "/docs/api/en", "/docs/rules", "/docs/rules/vi", "/docs/rules/en", "/docs/samples"]
            .map(str::to_owned);
    for address in fixed.into_iter().chain(GUIDES.iter().map(|guide| guide.address())) {
        let text = page(gateway, &address).await;
        pages.insert(address, text);
    }
    pages
}

#[tokio::test]
async fn the_guides_are_pages_whose_links_lead_to_what_is_served() {
    let gateway = Gateway::start();
    let pages = pages(&gateway).await;
    for (address, text) in &pages {
        let strange: Vec<_> = FOREIGN.iter().filter(|foreign| text.contains(**foreign)).collect();
        assert!(strange.is_empty(), "{address} holds {strange:?}");
        for link in values(text, "href").into_iter().filter(|link| !link.contains("://")) {
            let (path, place) = link.split_once('#').unwrap_or((link, ""));
            let path = if path.is_empty() { address } else { path };
            let found = match pages.get(path) {
                Some(found) => found.clone(),
                None => {
                    let answer = gateway.request("GET", path, "").send().await.unwrap();
                    assert_eq!(answer.status().as_u16(), 200, "{address} leads to {link}");
                    answer.text().await.unwrap()
                }
            };
            assert!(place.is_empty() || values(&found, "id").contains(place), "{address} leads to {link}");
        }
    }
    let guide = &pages["/docs/guide/en"];
    assert!(guide.contains("id=\"find\"") && guide.contains("data-language=\"sh\""), "no search or no code");
}

#[tokio::test]
async fn a_guide_is_read_in_the_language_that_is_preferred() {
    let gateway = Gateway::start();
    for (path, preferred, expected) in [
        ("/docs/guide", "en-GB,en;q=0.8", "en"),
        ("/docs/guide", "vi,en;q=0.8", "vi"),
        ("/docs/guide", "fr", "vi"),
        ("/docs/staff", "en", "vi"),
        ("/docs/operators", "vi", "en"),
        ("/docs/api/vi", "en", "vi"),
        ("/docs/api/en", "vi", "en"),
        ("/docs/guide/en", "vi", "en"),
        ("/docs/guide/vi", "en", "vi"),
    ] {
        let answer = gateway.request("GET", path, "").header("accept-language", preferred).send().await.unwrap();
        let headers = answer.headers().clone();
        let vary: Vec<&str> = headers.get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
        assert_eq!(vary.join(", ").contains("Accept-Language"), path.matches('/').count() == 2, "{path}: {vary:?}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(&format!("<html lang=\"{expected}\">")), "{path} for {preferred}");
    }
    for path in ["/docs/none", "/docs/staff/en", "/docs/guide/fr", "/docs/api/fr", "/docs/api", "/docs/samples/none.py"]
    {
        assert_eq!(gateway.get(path, "").await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn samples_are_given_as_they_stand() {
    let gateway = Gateway::start();
    let shown = page(&gateway, "/docs/samples").await;
    for sample in SAMPLES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample.name);
        let answer = gateway.request("GET", &format!("/docs/samples/{}", sample.name), "").send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(answer.text().await.unwrap(), std::fs::read_to_string(path).unwrap(), "{}", sample.name);
        assert!(shown.contains(&format!("id=\"{}\"", sample.name)), "{} is not shown", sample.name);
    }
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")).unwrap();
    assert_eq!(files.count(), SAMPLES.len(), "a file of samples/ is not served");
}

#[tokio::test]
async fn who_tries_a_submission_keeps_nothing_and_may_send_a_file() {
    let gateway = Gateway::start();
    let api = page(&gateway, "/docs").await;
    let (_, form) =
        api.split_once("data-method=\"POST\" data-path=\"/v1/submissions\"").expect("a form for submissions");
    let form = form.split("</form>").next().unwrap();
    assert!(form.contains("<option selected>validate</option>"), "{form}");
    assert!(form.contains("type=\"file\""), "{form}");
    let (_, form) = api.split_once("data-method=\"POST\" data-path=\"/v1/clients\"").expect("a form for clients");
    assert!(!form.split("</form>").next().unwrap().contains("type=\"file\""));
}

#[tokio::test]
async fn every_kind_of_problem_has_a_page_that_says_why_and_what_to_do() {
    let gateway = Gateway::start();
    for kind in school_gateway::error::KINDS {
        let path = format!("/problems/{}", kind.code);
        let told = gateway.get(&path, "").await.1;
        for (language, other) in [("vi", "en"), ("en", "vi")] {
            let text = |part: &str, language: &str| told[part][language].as_str().unwrap().replace('"', "&quot;");
            let asked = gateway.request("GET", &path, "").header("accept", "text/html,*/*;q=0.8");
            let preferred = asked.header("accept-language", language).send().await.unwrap();
            let exactly = gateway.request("GET", &format!("{path}/{language}"), "").send().await.unwrap();
            for page in [preferred, exactly] {
                assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
                assert_eq!(page.headers()["content-language"], language, "{path}");
                let page = page.text().await.unwrap();
                for part in ["title", "cause", "remedy"] {
                    let own = text(part, language);
                    assert!(own.chars().count() > 5 && page.contains(&own), "{path} {part} {language}: {told}");
                    assert!(part == "title" || !page.contains(&text(part, other)), "{path} speaks {other} too");
                }
                assert!(page.contains(&format!("href=\"{path}/{other}\"")), "{path} leads to {other}");
            }
        }
    }
    let (status, _) = gateway.get("/problems/invalid/fr", "").await;
    assert_eq!(status, 404);
}
