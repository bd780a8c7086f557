//! Sessions: how they are opened, what ends them, and what is no way in.

use super::browser::{Browser, SESSION, VISIT};
#[cfg(debug_assertions)]
use crate::common::TestClock;
use crate::common::{Client, Gateway, so, within};
use serde_json::Value;
use std::time::Duration;

/// Ten times the second within which every gateway is to know what another process has changed.
const SOON: Duration = Duration::from_secs(10);

fn software(gateway: &Gateway) -> Client {
    gateway.client("school-software", &["--school", "31000501"])
}

/// Waits until the first page leads to the form to sign in.
async fn ended(browser: &Browser) {
    within(SOON, "the end of the session", async || {
        let page = browser.get("/console").await;
        so(page.status == 303 && page.location() == "/console/sign-in", page.status)
    })
    .await;
}

#[tokio::test]
async fn a_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let gateway = Gateway::start();
    let client = software(&gateway);
    let browser = Browser::new(&gateway);
    let page = browser.get("/console/sign-in").await;
    let visit = page.cookie(VISIT).unwrap();
    let opened = browser.sign_in(&client.client_id, &client.client_secret).await.cookie(SESSION).unwrap();
    for cookie in [&visit, &opened] {
        let parts: Vec<&str> = cookie.split("; ").skip(1).collect();
        assert_eq!(parts, ["Path=/console", "HttpOnly", "SameSite=Lax"], "{cookie}");
    }
    assert!(!opened.contains(&client.client_secret));
    for (name, value) in [("x-forwarded-proto", "https"), ("forwarded", "for=1.2.3.4;proto=https")] {
        let request = Browser::new(&gateway).request("GET", "/console/sign-in").header(name, value);
        let secure = browser.send(request).await.cookie(VISIT).unwrap();
        assert!(secure.ends_with("; Secure"), "{secure}");
    }
    let behind = Gateway::start_with(&["--public-url", "https://gateway.example.vn"]);
    assert!(Browser::new(&behind).get("/console/sign-in").await.cookie(VISIT).unwrap().ends_with("; Secure"));
}

#[tokio::test]
async fn signing_in_opens_a_session_of_its_own_and_signing_out_ends_it() {
    let gateway = Gateway::start();
    let client = software(&gateway);
    let browser = Browser::signed_in(&gateway, &client).await;
    let first = browser.cookies.borrow()[SESSION].clone();
    assert_eq!(browser.get("/console/sign-in").await.location(), "/console", "he is in already");
    let again = Browser::signed_in(&gateway, &client).await;
    assert_ne!(again.cookies.borrow()[SESSION], first);
    let stored = gateway.database().value("SELECT string_agg(encode(digest, 'escape'), '') FROM console_sessions");
    assert!(!stored.contains(first.split('.').nth(1).unwrap()), "what the browser holds is not kept");
    let form = browser.get("/console").await.form_token();
    let out = browser.post("/console/sign-out", &[("form", &form)]).await;
    assert_eq!((out.status, out.location()), (303, "/console/sign-in"));
    browser.cookies.borrow_mut().insert(SESSION.to_owned(), first);
    let page = browser.get("/console").await;
    assert_eq!((page.status, page.location()), (303, "/console/sign-in"), "the old cookie opens nothing");
    assert!(browser.get("/console/sign-in").await.holds("Phiên làm việc trước đã hết"));
    assert_eq!(again.get("/console").await.status, 200, "the other session goes on");
}

#[tokio::test]
async fn a_session_holds_on_every_gateway_and_over_a_restart() {
    let mut gateway = Gateway::start();
    let browser = Browser::signed_in(&gateway, &software(&gateway)).await;
    let database = gateway.database.clone().unwrap();
    let beside = Gateway::on(database.clone(), &[]);
    assert_eq!(browser.at(&beside).get("/console").await.status, 200);
    gateway.terminate();
    let after = Gateway::on(database, &[]);
    assert_eq!(browser.at(&after).get("/console").await.status, 200);
}

#[tokio::test]
async fn a_session_ends_with_its_client_and_with_its_secret() {
    let gateway = Gateway::start();
    let beside = Gateway::on(gateway.database.clone().unwrap(), &[]);
    let (revoked, rotated) = (software(&gateway), software(&gateway));
    let first = Browser::signed_in(&gateway, &revoked).await;
    let second = Browser::signed_in(&gateway, &rotated).await;
    let elsewhere = [first.at(&beside), second.at(&beside)];
    for browser in &elsewhere {
        assert_eq!(browser.get("/console").await.status, 200);
    }
    gateway.run(&["client", "revoke", &revoked.client_id]);
    gateway.run(&["client", "rotate", &rotated.client_id]);
    for browser in [&first, &second].into_iter().chain(&elsewhere) {
        ended(browser).await;
    }
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_a_working_day() {
    use chrono::TimeDelta;
    let clock = TestClock::at("2026-11-27T01:00:00Z");
    let database = std::sync::Arc::new(crate::common::TestDatabase::new());
    let gateway = Gateway::by_clock(database, &clock, &["--console-idle-minutes", "20"]);
    let client = software(&gateway);
    let (used, idle) = (Browser::signed_in(&gateway, &client).await, Browser::signed_in(&gateway, &client).await);
    let start: chrono::DateTime<chrono::Utc> = "2026-11-27T01:00:00Z".parse().unwrap();
    for quarter in 1..=39 {
        clock.set(&(start + TimeDelta::minutes(15) * quarter).to_rfc3339());
        let status = within(SOON, "the clock", async || {
            let page = used.get("/console").await;
            so(page.status == 200, page.status)
        });
        status.await;
        if quarter == 2 {
            ended(&idle).await;
        }
    }
    clock.set(&(start + TimeDelta::hours(10) + TimeDelta::minutes(1)).to_rfc3339());
    ended(&used).await;
}

#[tokio::test]
async fn wrong_secrets_and_invented_sessions_are_slowed_down_and_tell_nothing() {
    let gateway = Gateway::start();
    let client = software(&gateway);
    let browser = Browser::new(&gateway);
    let mut texts = Vec::new();
    for (id, secret) in
        [(client.client_id.as_str(), "wrong"), ("01890000-0000-7000-8000-000000000000", "wrong"), ("x<y>", "")]
    {
        let page = browser.sign_in(id, secret).await;
        assert_eq!((page.status, page.cookie(SESSION)), (401, None), "{id}");
        assert!(page.header("www-authenticate").starts_with("Cookie "), "a browser is not to ask by itself");
        assert!(!page.holds("x<y>"));
        texts.push(page.text.matches("role=\"alert\"").count());
    }
    assert_eq!(texts, [1, 1, 1], "all are told alike");
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(browser.sign_in(&client.client_id, "wrong").await.status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(browser.sign_in(&client.client_id, &client.client_secret).await.status, 303, "nobody is locked out");

    let other = software(&gateway);
    let id = other.client_id.replace('-', "");
    let mut statuses = Vec::new();
    for number in 0..12 {
        let invented = Browser::new(&gateway);
        invented.cookies.borrow_mut().insert(SESSION.to_owned(), format!("{id}.sgs_{number:043}"));
        statuses.push(invented.get("/console").await.status);
    }
    assert!(statuses[..10].iter().all(|status| *status == 303) && statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let gateway = Gateway::start();
    let client = software(&gateway);
    let browser = Browser::signed_in(&gateway, &client).await;
    let own = browser.get("/console").await.form_token();
    let foreign = Browser::signed_in(&gateway, &client).await.get("/console").await.form_token();
    for token in ["", "x", &foreign] {
        for path in
            ["/console/sign-out", "/console/language", "/console/submissions/01890000-0000-7000-8000-000000000000/send"]
        {
            let page = browser.post(path, &[("form", token), ("language", "en")]).await;
            assert_eq!(page.status, 403, "{path} {token}");
            assert!(page.holds("Biểu mẫu này đã cũ"), "{}", page.text);
        }
        let page = browser.upload_with(&[("form", token)], "a.csv", b"x").await;
        assert_eq!(page.status, 403, "{token}: {}", page.text);
    }
    let page = browser.upload_with(&[], "a.csv", b"x").await;
    assert_eq!(page.status, 403, "{}", page.text);
    let body = format!("form={own}");
    let request = browser.request("POST", "/console/sign-out").header("sec-fetch-site", "cross-site");
    let page = browser.send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await;
    assert_eq!(page.status, 403, "the browser says where it comes from");
    assert_eq!(browser.get("/console").await.status, 200, "he is still in");

    // Nor does another site sign anybody in as somebody else.
    let fields = [("client", client.client_id.as_str()), ("secret", client.client_secret.as_str())];
    let planted = Browser::new(&gateway);
    planted.cookies.borrow_mut().insert(VISIT.to_owned(), "short".to_owned());
    for token in ["", &own] {
        let page = planted.post("/console/sign-in", &[&[("form", token)], &fields[..]].concat()).await;
        assert_eq!((page.status, page.cookie(SESSION)), (403, None));
    }
}

#[tokio::test]
async fn a_session_is_no_access_token_and_a_token_no_session() {
    let gateway = Gateway::start();
    let client = software(&gateway);
    let browser = Browser::signed_in(&gateway, &client).await;
    let session = browser.cookies.borrow()[SESSION].clone();
    assert_eq!(browser.send(browser.request("GET", "/v1/submissions")).await.status, 401);
    assert_eq!(gateway.get("/v1/submissions", &session).await.0, 401);
    let token = gateway.token(&client).await;
    let by_token = Browser::new(&gateway);
    by_token.cookies.borrow_mut().insert(SESSION.to_owned(), token.clone());
    assert_eq!(by_token.get("/console").await.status, 303);
    assert_eq!(by_token.send(Browser::new(&gateway).request("GET", "/console").bearer_auth(&token)).await.status, 303);
    assert!(!gateway.log().contains(&session), "no session in the log");
    assert_eq!(gateway.get("/v1/clients", &token).await.1["code"], Value::from("forbidden"));
}
