//! Files: checked, mended and sent for good; what is refused, and what of a file never becomes a part of a page.

use super::browser::{Browser, multipart, multipart_type};
use crate::common::records::{SCHOOL, example, small_school, with};
use crate::common::{Client, Gateway, eventually, so};
use crate::sheets::fixture::{csv, table, workbook};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

/// A gateway with the small school in it, and its secretary.
struct Office {
    gateway: Gateway,
    client: Client,
    token: String,
    browser: Browser,
}

impl Office {
    async fn open(arguments: &[&str]) -> Self {
        let gateway = Gateway::start_with(arguments);
        let client = gateway.client("school-software", &["--school", SCHOOL]);
        let token = gateway.token(&client).await;
        let (status, report) = gateway.submit("", &token, &small_school()).await;
        assert_eq!((status, &report["counts"]["rejected"]), (200, &0.into()), "{report}");
        let browser = Browser::signed_in(&gateway, &client).await;
        Self { gateway, client, token, browser }
    }
    async fn class(&self, code: &str) -> u16 {
        let class = example("classes");
        let path = format!("/v1/classes/{SCHOOL}/{}/{code}", class["schoolYear"].as_str().unwrap());
        self.gateway.get(&path, &self.token).await.0
    }
}

fn class(code: &str, changes: Value) -> Value {
    with(&with(&example("classes"), json!({ "classCode": code, "name": code })), changes)
}

fn sheet(records: &[Value]) -> Vec<u8> {
    workbook(&[("classes", table(records))])
}

#[tokio::test]
async fn a_file_is_checked_mended_and_sent_for_good_without_choosing_it_again() {
    let office = Office::open(&[]).await;
    let browser = &office.browser;
    let broken = [class("6X", json!({})), class("6Y", json!({ "grade": 99 }))];
    let (path, page) = browser.done(&browser.upload(&[], "Lớp học.xlsx", &sheet(&broken)).await).await;
    assert!(page.holds("Lớp học.xlsx") && page.holds("Một số bản ghi còn lỗi."), "{}", page.text);
    assert!(page.holds("<td data-label=\"Hàng\">3</td>"), "the row is named: {}", page.text);
    assert!(page.holds("Chỉ gửi chính thức các bản ghi đạt"), "{}", page.text);
    assert_eq!(office.class("6X").await, 404, "a check keeps nothing");
    let notes = browser.get(&format!("{path}/annotated.xlsx")).await;
    assert_eq!(notes.status, 200);
    assert!(notes.header("content-disposition").starts_with("attachment"), "{:?}", notes.headers);

    let mended = [class("6X", json!({})), class("6Y", json!({}))];
    let (path, page) = browser.done(&browser.upload(&[], "Lớp học đã sửa.xlsx", &sheet(&mended)).await).await;
    assert!(page.holds("Tệp đạt.") && !page.holds("role=\"alert\""), "{}", page.text);
    let form = page.form_token();
    let sent = browser.post(&format!("{path}/send"), &[("form", &form)]).await;
    let (kept, page) = browser.done(&sent).await;
    assert!(page.holds("Đã lưu.") && page.holds("Lớp học đã sửa.xlsx"), "{}", page.text);
    assert_eq!((office.class("6X").await, office.class("6Y").await), (200, 200));

    let twice = browser.post(&format!("{path}/send"), &[("form", &form)]).await;
    assert_eq!(twice.location(), kept, "a second press sends nothing twice");
    let again = browser.post(&format!("{kept}/send"), &[("form", &form)]).await;
    assert_eq!(again.status, 409, "what was sent for good is no check");
    let list = browser.get("/console/submissions").await;
    assert!(list.holds("Kiểm tra") && list.holds("Gửi chính thức") && list.holds("Một phần còn lỗi"), "{}", list.text);
    assert_eq!(list.text.matches("Lớp học đã sửa.xlsx").count(), 2);
}

#[tokio::test]
async fn what_was_sent_for_good_is_what_the_check_saw() {
    let office = Office::open(&[]).await;
    let records = [class("6X", json!({})), class("6Y", json!({ "grade": 99 }))];
    let (path, page) = office.browser.done(&office.browser.upload(&[], "a.xlsx", &sheet(&records)).await).await;
    let sent = office.browser.post(&format!("{path}/send"), &[("form", &page.form_token())]).await;
    let (kept, page) = office.browser.done(&sent).await;
    assert!(page.holds("Đã lưu các bản ghi đạt"), "{}", page.text);
    assert_eq!((office.class("6X").await, office.class("6Y").await), (200, 404));
    let report = |path: &str| format!("/v1{}", path.strip_prefix("/console").unwrap());
    let (_, checked) = office.gateway.get(&report(&path), &office.token).await;
    let (_, kept) = office.gateway.get(&report(&kept), &office.token).await;
    for part in ["bytes", "sha256", "issues", "byResource"] {
        assert_eq!(checked[part], kept[part], "{part}");
    }
    assert_eq!((&checked["mode"], &kept["mode"]), (&json!("validate"), &json!("commit")));
}

#[tokio::test]
async fn a_csv_goes_the_same_way_once_it_is_said_what_it_holds() {
    let office = Office::open(&[]).await;
    let file = csv(&table(&[class("6X", json!({}))]), b';');
    let unsaid = office.browser.upload(&[], "lop.csv", &file).await;
    assert!(unsaid.status == 400 && unsaid.holds("Tệp CSV không tự nói"), "{}", unsaid.text);
    let (path, page) =
        office.browser.done(&office.browser.upload(&[("resource", "classes")], "lop.csv", &file).await).await;
    assert!(page.holds("Tệp đạt."), "{}", page.text);
    let sent = office.browser.post(&format!("{path}/send"), &[("form", &page.form_token())]).await;
    office.browser.done(&sent).await;
    assert_eq!(office.class("6X").await, 200);
}

#[tokio::test]
async fn another_clients_submission_is_not_there() {
    let office = Office::open(&[]).await;
    let (path, _) =
        office.browser.done(&office.browser.upload(&[], "a.xlsx", &sheet(&[class("6X", json!({}))])).await).await;
    let others = office.gateway.client("school-software", &["--school", "31000502"]);
    let other = Browser::signed_in(&office.gateway, &others).await;
    let form = other.get("/console").await.form_token();
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(other.get(&format!("{path}/annotated.xlsx")).await.status, 404);
    assert_eq!(other.post(&format!("{path}/send"), &[("form", &form)]).await.status, 404);
    assert!(!other.get("/console/submissions").await.holds("a.xlsx"));
    assert_eq!(office.class("6X").await, 404);

    let staff = office.gateway.client("sector-staff", &["--school", SCHOOL]);
    let staff = Browser::signed_in(&office.gateway, &staff).await;
    let form = staff.get("/console").await.form_token();
    assert!(staff.get("/console/submissions").await.holds("a.xlsx"));
    let seen = staff.get(&path).await;
    assert!(seen.status == 200 && !seen.holds("Gửi chính thức"), "{}", seen.text);
    assert_eq!(staff.get(&format!("{path}/annotated.xlsx")).await.status, 404, "the rows are the sender's");
    assert_eq!(staff.post(&format!("{path}/send"), &[("form", &form)]).await.status, 403);
    assert_eq!(office.client.client_id.len(), 36);
}

#[tokio::test]
async fn nothing_that_is_sent_becomes_a_part_of_a_page() {
    let office = Office::open(&[]).await;
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let records = [class("6X", json!({ "grade": evil, "name": evil })), class(evil, json!({ "session": evil }))];
    let mut rows = table(&records);
    rows[0].push(evil.into());
    rows[1].push(evil.into());
    let file = workbook(&[("<b>lớp&' x", rows)]);
    // Without a slash, behind which a name would begin.
    let file_name = format!("{evil}<script>.xlsx");
    let sent = office.browser.upload(&[("resource", "classes")], &file_name, &file).await;
    let (_, page) = office.browser.done(&sent).await;
    assert!(page.holds("&lt;img src=x"), "it is shown as text: {}", page.text);
    let list = office.browser.get("/console/submissions").await;
    for shown in [&page, &list] {
        assert!(shown.holds("&lt;script&gt;.xlsx"), "the file's name is shown as text: {}", shown.text);
    }
    let refused = office.browser.upload(&[("resource", evil)], &file_name, &file).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    for text in [&page.text, &list.text, &refused.text] {
        for living in ["<img", "<b>", "<script>", "onerror=alert(1)>"] {
            assert!(!text.contains(living), "{living} in {text}");
        }
    }
}

#[tokio::test]
async fn what_is_no_file_is_told_on_the_page_that_it_came_from() {
    let office = Office::open(&["--max-body-bytes", "2MiB"]).await;
    let browser = &office.browser;
    let form = browser.get("/console").await.form_token();
    let own = [("form", form.as_str())];
    for (name, file, status) in [("none.xlsx", &b""[..], 400), ("picture.xlsx", b"PK\x03\x04 and nothing more", 400)] {
        let page = browser.upload(&[], name, file).await;
        assert_eq!(page.status, status, "{name}: {}", page.text);
        assert!(page.holds("role=\"alert\"") && page.holds("type=\"file\""), "{name}: {}", page.text);
    }
    let large = browser.upload(&[("resource", "classes")], "large.csv", &vec![b'a'; 3 << 20]).await;
    assert_eq!(large.status, 413, "{}", large.text);
    assert!(large.holds("Tệp lớn hơn 2 MB;") && large.holds("hãy chia thành nhiều tệp nhỏ hơn."), "{}", large.text);

    let post = |media: &str, body: Vec<u8>| {
        browser.send(browser.request("POST", "/console/submissions").header("content-type", media).body(body))
    };
    assert_eq!(post("application/json", b"{}".to_vec()).await.status, 415);
    assert_eq!(post("multipart/form-data", b"x".to_vec()).await.status, 400);
    let whole = multipart(&own, "a.csv", b"x");
    let part = whole.iter().position(|byte| *byte == b'"').unwrap();
    assert_eq!(post(&multipart_type(), whole[..part].to_vec()).await.status, 400, "broken off before its file");
    let long = "x".repeat(20_000);
    let page = browser.upload_with(&[own[0], ("schoolCode", &long)], "a.csv", b"x").await;
    assert_eq!(page.status, 413, "{}", page.text);
    let many: Vec<(&str, &str)> = std::iter::repeat_n(("a", "b"), 100).collect();
    assert_eq!(browser.upload_with(&many, "a.csv", b"x").await.status, 400);
    let unknown =
        browser.upload(&[("mode", "commit"), ("replace", "classes"), ("x", "y")], "a.xlsx", b"PK\x03\x04").await;
    assert_eq!(unknown.status, 400, "only what is offered is heard: {}", unknown.text);
    let leftovers = "SELECT count(*) FROM submissions WHERE status = 'receiving'";
    eventually("nothing left behind", async || {
        let count = office.gateway.database().value(leftovers);
        so(count == "0", count)
    })
    .await;
}

/// A form whose file stops in its middle, and does not end.
fn stalling(browser: &Browser, form: &str) -> reqwest::RequestBuilder {
    let file = sheet(&(0..40).map(|number| class(&format!("6X{number}"), json!({}))).collect::<Vec<_>>());
    let mut half = multipart(&[("form", form)], "a.xlsx", &file);
    half.truncate(half.len() / 2);
    let parts = stream::iter([Ok::<_, std::io::Error>(half)]).chain(stream::pending());
    let request = browser.request("POST", "/console/submissions").header("content-type", multipart_type());
    request.body(reqwest::Body::wrap_stream(parts))
}

#[tokio::test]
async fn who_stops_in_the_middle_is_told_so_on_the_page() {
    let office = Office::open(&["--body-idle-seconds", "1"]).await;
    let browser = &office.browser;
    let form = browser.get("/console").await.form_token();
    let (_, page) = browser.done(&browser.send(stalling(browser, &form)).await).await;
    assert!(
        page.holds("Việc chưa xong.") && page.holds("Tệp bị đứt giữa chừng khi gửi. Hãy gửi lại."),
        "{}",
        page.text
    );
    assert!(page.holds("type=\"file\""), "the file is sent once more from here: {}", page.text);
}

#[tokio::test]
async fn who_sends_too_many_at_once_is_told_to_wait() {
    let office = Office::open(&["--uploads-per-client", "1", "--body-idle-seconds", "600"]).await;
    let browser = &office.browser;
    let form = browser.get("/console").await.form_token();
    let held = tokio::spawn(stalling(browser, &form).send());
    let receiving = "SELECT count(*) FROM submissions WHERE status = 'receiving'";
    eventually("the first upload", async || {
        let count = office.gateway.database().value(receiving);
        so(count == "1", count)
    })
    .await;
    let page = browser.upload(&[], "b.xlsx", &sheet(&[class("6X", json!({}))])).await;
    assert_eq!(page.status, 429, "{}", page.text);
    assert!(page.holds("role=\"alert\"") && page.holds("hãy kết thúc bớt hoặc chờ"), "{}", page.text);
    let elsewhere =
        Browser::signed_in(&office.gateway, &office.gateway.client("school-software", &["--school", "31000599"])).await;
    let other = elsewhere.upload(&[], "c.xlsx", &sheet(&[class("6X", json!({ "schoolCode": "31000599" }))])).await;
    assert_eq!(other.status, 303, "another client is served: {}", other.text);
    held.abort();
}

#[tokio::test]
async fn a_finding_is_gone_when_the_file_is_mended() {
    let office = Office::open(&[]).await;
    let browser = &office.browser;
    let alone = class("6Z", json!({ "homeroomStaffCode": null }));
    let (path, page) = browser.done(&browser.upload(&[], "a.xlsx", &sheet(&[alone])).await).await;
    let sent = browser.post(&format!("{path}/send"), &[("form", &page.form_token())]).await;
    browser.done(&sent).await;
    let named = |page: &super::browser::Page| page.holds("6Z");
    eventually("a finding", async || {
        let page = browser.get("/console/findings").await;
        if named(&page) { Ok(()) } else { Err(page.text) }
    })
    .await;
    let (status, _) = office
        .gateway
        .delete(
            &format!("/v1/classes/{SCHOOL}/{}/6Z", example("classes")["schoolYear"].as_str().unwrap()),
            &office.token,
        )
        .await;
    assert_eq!(status, 204);
    eventually("the end of the finding", async || {
        let page = browser.get("/console/findings").await;
        if named(&page) { Err(page.text) } else { Ok(()) }
    })
    .await;
}

#[tokio::test]
async fn templates_are_had_without_a_token() {
    let office = Office::open(&[]).await;
    let template = office.browser.get("/console/templates/classes.xlsx").await;
    assert_eq!(template.status, 200);
    assert!(template.header("content-disposition").contains("classes.xlsx") && template.text.starts_with("PK"));
    assert_eq!(office.browser.get("/console/templates/pupils.xlsx").await.status, 404);
}

#[tokio::test]
async fn what_is_best_done_stands_first_and_what_needs_nothing_is_folded() {
    let office = Office::open(&[]).await;
    let mut rows = table(&[class("6X", json!({}))]);
    rows[0].push("Ghi chú của cô".into());
    rows[1].push("ngoan".into());
    let (path, page) =
        office.browser.done(&office.browser.upload(&[], "a.xlsx", &workbook(&[("classes", rows)])).await).await;
    let place = |page: &super::browser::Page, text: &str| {
        page.text.find(text).unwrap_or_else(|| panic!("no {text}: {}", page.text))
    };
    assert!(place(&page, "Gửi chính thức") < place(&page, "Tải tệp có ghi chú để xem lại"), "{}", page.text);
    assert!(page.holds("Không bắt buộc sửa.") && !page.holds("ở dưới"), "there is no form below: {}", page.text);
    let (_, page) =
        office.browser.done(&office.browser.post(&format!("{path}/send"), &[("form", &page.form_token())]).await).await;
    assert!(!page.holds("ở dưới") && !page.holds("type=\"file\""), "{}", page.text);

    let mut rows = table(&[class("6Y", json!({ "homeroomStaffCode": "3100000999" }))]);
    rows.push(vec![]);
    rows.push(vec!["Người lập biểu".into()]);
    let (_, page) =
        office.browser.done(&office.browser.upload(&[], "b.xlsx", &workbook(&[("classes", rows)])).await).await;
    let folded = place(&page, "1 lưu ý không cần làm gì");
    assert!(place(&page, "Đang chờ") < folded && folded < place(&page, "SH-009"), "{}", page.text);

    let rows = table(&[class("6Z", json!({})), class("6Y", json!({ "grade": 99 }))]);
    let (path, page) =
        office.browser.done(&office.browser.upload(&[], "c.xlsx", &workbook(&[("classes", rows)])).await).await;
    assert!(place(&page, "Tải tệp có ghi chú lỗi") < place(&page, "Chỉ gửi chính thức"), "{}", page.text);
    let (_, page) =
        office.browser.done(&office.browser.post(&format!("{path}/send"), &[("form", &page.form_token())]).await).await;
    assert!(
        page.holds("kiểm tra lại ở dưới") && page.holds("type=\"file\""),
        "what was refused is mended here: {}",
        page.text
    );
}
