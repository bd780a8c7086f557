//! A browser as far as the pages need one: it keeps cookies, follows nothing by itself, and fills in forms.

use crate::common::{Client, Gateway, eventually};
use std::cell::RefCell;
use std::collections::BTreeMap;

pub const SESSION: &str = "school-gateway-session";
pub const VISIT: &str = "school-gateway-visit";
const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "----a-boundary-of-a-browser";

/// What came back.
pub struct Page {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    pub fn location(&self) -> &str {
        self.header("location")
    }
    /// The `Set-Cookie` of this cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
        all.into_iter().find(|cookie| cookie.starts_with(&format!("{name}=")))
    }
    /// What its forms are signed with.
    pub fn form_token(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"form\" value=\"").unwrap_or_else(|| panic!("{}", self.text));
        rest.split('"').next().unwrap().to_owned()
    }
    pub fn holds(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

pub struct Browser {
    url: String,
    http: reqwest::Client,
    pub cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(gateway: &Gateway) -> Self {
        let http = school_gateway::store::outbound::builder(&gateway.url).no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { url: gateway.url.clone(), http, cookies: RefCell::default() }
    }

    /// The same browser at another gateway.
    pub fn at(&self, gateway: &Gateway) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::new(gateway) }
    }

    /// One that has signed in.
    pub async fn signed_in(gateway: &Gateway, client: &Client) -> Self {
        let browser = Self::new(gateway);
        let page = browser.sign_in(&client.client_id, &client.client_secret).await;
        assert_eq!((page.status, page.location()), (303, "/console"), "{}", page.text);
        browser
    }

    pub async fn sign_in(&self, id: &str, secret: &str) -> Page {
        let form = self.get("/console/sign-in").await.form_token();
        self.post("/console/sign-in", &[("form", &form), ("client", id), ("secret", secret)]).await
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let pairs: Vec<String> = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.url));
        if pairs.is_empty() { request } else { request.header("cookie", pairs.join("; ")) }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        Page { status, headers, text: String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned() }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request("GET", path)).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let encoded =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send(self.request("POST", path).header("content-type", FORM).body(body.join("&"))).await
    }

    /// Sends a file with the form of the first page.
    pub async fn upload(&self, fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Page {
        let form = self.get("/console").await.form_token();
        self.upload_with(&[&[("form", form.as_str())], fields].concat(), file_name, file).await
    }

    /// Sends a file with these members only.
    pub async fn upload_with(&self, fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Page {
        let request = self.request("POST", "/console/submissions").header("content-type", multipart_type());
        self.send(request.body(multipart(fields, file_name, file))).await
    }

    /// The page of the submission to which this leads, when its work is done.
    pub async fn done(&self, sent: &Page) -> (String, Page) {
        assert_eq!(sent.status, 303, "{}", sent.text);
        let path = sent.location().to_owned();
        assert!(path.starts_with("/console/submissions/"), "{path}");
        let page = eventually("the end of the work", async || {
            let page = self.get(&path).await;
            assert_eq!(page.status, 200, "{}", page.text);
            if page.holds("data-waits") { Err(page.text) } else { Ok(page) }
        })
        .await;
        (path, page)
    }
}

pub fn multipart_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

pub fn multipart(fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    // As browsers do (WHATWG HTML, multipart/form-data encoding).
    let file_name = file_name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}
