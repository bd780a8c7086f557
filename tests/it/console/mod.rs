//! The pages for people at `/console`: who gets in and stays in, what may be sent from where, what is shown to whom, and
//! that nothing that anybody sends becomes a part of a page.

mod browser;
mod files;
mod sessions;

use self::browser::Browser;
use crate::common::Gateway;
use school_gateway::http::PAGES;

#[tokio::test]
async fn every_page_tells_the_browser_to_be_strict_and_keeps_nothing() {
    let gateway = Gateway::start();
    let client = gateway.client("school-software", &["--school", "31000501"]);
    let browser = Browser::signed_in(&gateway, &client).await;
    for path in ["/console", "/console/submissions", "/console/findings", "/console/submissions/none", "/console/else"]
    {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        for part in ["script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        let told = ["content-type", "cache-control", "x-content-type-options", "x-frame-options", "referrer-policy"];
        let expected = ["text/html; charset=utf-8", "no-store", "nosniff", "DENY", "same-origin"];
        assert_eq!(told.map(|name| page.header(name)), expected, "{path}");
        for foreign in ["http://", "https://", "@import", " url(", "<iframe", " style=\"", "onclick", "javascript:"] {
            assert!(!page.holds(foreign), "{path} holds {foreign}");
        }
        assert_eq!(
            page.text.matches("<script").count(),
            page.text.matches("<script src=\"/console/script.js\"").count()
        );
    }
    let script = browser.get("/console/script.js").await;
    assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
}

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in() {
    let gateway = Gateway::start();
    let stranger = Browser::new(&gateway);
    let id = "01890000-0000-7000-8000-000000000000";
    let mut seen = 0;
    for (patterns, methods) in PAGES {
        let path = patterns[0].replace("{id}", id).replace("{resource}", "classes");
        if ["/console/sign-in", "/console/script.js", "/console/language"].contains(&path.as_str()) {
            continue;
        }
        for method in *methods {
            let page = stranger.send(stranger.request(&method.to_uppercase(), &path)).await;
            assert_eq!((page.status, page.location()), (303, "/console/sign-in"), "{method} {path}: {}", page.text);
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
    let (status, _) = gateway.get("/v1/submissions", "").await;
    assert_eq!(status, 401, "the API goes on answering programs");
}

#[tokio::test]
async fn each_kind_of_client_sees_what_the_api_grants_it() {
    let gateway = Gateway::start();
    let sees = [
        ("school-software", &["--school", "31000501"][..], [200, 200], true),
        ("sector-staff", &["--all-schools"], [200, 200], false),
        ("admin", &[], [403, 403], false),
        ("public-service", &[], [403, 403], false),
        ("consumer", &["--all-schools"], [403, 403], false),
    ];
    for (kind, arguments, statuses, sends) in sees {
        let browser = Browser::signed_in(&gateway, &gateway.client(kind, arguments)).await;
        let home = browser.get("/console").await;
        assert_eq!((home.status, home.holds("type=\"file\"")), (200, sends), "{kind}");
        for (path, status) in ["/console/submissions", "/console/findings"].into_iter().zip(statuses) {
            assert_eq!(browser.get(path).await.status, status, "{kind} {path}");
            assert_eq!(home.holds(&format!("<a href=\"{path}\"")), status == 200, "{kind} {path} in the bar");
        }
        if !sends {
            let refused = browser.upload(&[], "a.xlsx", b"PK\x03\x04").await;
            assert_eq!(refused.status, 403, "{kind}: {}", refused.text);
        }
    }
}

#[tokio::test]
async fn pages_are_vietnamese_until_english_is_chosen() {
    let gateway = Gateway::start();
    let client = gateway.client("school-software", &["--school", "31000501"]);
    let browser = Browser::new(&gateway);
    let asked = browser.request("GET", "/console/sign-in").header("accept-language", "en");
    let page = browser.send(asked).await;
    assert!(page.holds("<html lang=\"vi\">") && page.holds("Đăng nhập"), "{}", page.text);
    let form = page.form_token();
    let switched =
        browser.post("/console/language", &[("form", &form), ("language", "en"), ("back", "/console/sign-in")]).await;
    assert_eq!((switched.status, switched.location()), (303, "/console/sign-in"));
    let page = browser.sign_in(&client.client_id, "wrong").await;
    assert!(page.holds("<html lang=\"en\">") && page.holds("The client id or its secret is wrong"), "{}", page.text);
    browser.sign_in(&client.client_id, &client.client_secret).await;
    let unknown = browser.get("/console/submissions/none").await;
    assert!(unknown.status == 404 && unknown.holds("There is no such submission"), "{}", unknown.text);
    let form = browser.get("/console").await.form_token();
    for back in ["https://evil.example/", "//evil.example", "/console/..//evil.example", "/docs", ""] {
        let fields = [("form", form.as_str()), ("language", "vi"), ("back", back)];
        assert_eq!(browser.post("/console/language", &fields).await.location(), "/console", "{back}");
    }
    assert!(browser.get("/console").await.holds("<html lang=\"vi\">"));
}
