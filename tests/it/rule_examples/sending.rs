//! A gateway with the clients that examples need, and how their requests are sent.

use super::school::whole;
use super::workbook::workbook;
use crate::common::{Client, Gateway, TestDatabase, answer};
use school_gateway::model::rules::examples::{Example, Sending};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::Arc;
use tokio::sync::Mutex;

const NDJSON: &str = "application/x-ndjson";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Paths of the administrator.
const ADMINISTRATION: &[&str] = &["/v1/reporting-periods", "/v1/clients", "/v1/reference"];

pub struct Office {
    pub gateway: Gateway,
    client: Client,
    /// The token of its software.
    pub software: String,
    admin: String,
    metrics: String,
    /// Software of other schools: their grants, and its token.
    others: Mutex<BTreeMap<Vec<String>, String>>,
}

impl Office {
    pub async fn open(grants: &[String]) -> Self {
        Self::open_with(grants, &[]).await
    }

    /// With these arguments of the gateway.
    pub async fn open_with(grants: &[String], arguments: &[&str]) -> Self {
        let faults = [("SCHOOL_GATEWAY_TEST_PANIC", "check=Nguyễn Thị Khó Soát,step=Nguyễn Thị Khó Bước")];
        let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let own = ["--rate-limit", "100000", "--rate-burst", "100000", "--metrics-listen", &metrics];
        let arguments = [&own, arguments].concat();
        let gateway = Gateway::in_environment(Arc::new(TestDatabase::new()), &faults, &arguments);
        let client = software(&gateway, grants);
        let admin = gateway.client("admin", &[]);
        let (software, admin) = (gateway.token(&client).await, gateway.token(&admin).await);
        Self { gateway, client, software, admin, metrics, others: Mutex::default() }
    }

    /// Sends records, all of which must be taken.
    pub async fn store(&self, records: &[Value]) {
        let (status, report) = self.gateway.submit("", &self.software, records).await;
        let sound = status == 200 && report["counts"]["rejected"] == 0 && report["counts"]["parked"] == 0;
        assert!(sound, "{status} {:#}", report["issues"]);
    }

    /// The codes and places of the findings that stand open, once no school is due any more.
    pub async fn findings(&self) -> BTreeSet<String> {
        self.gateway.database().judged().await;
        let (_, page) = self.gateway.get("/v1/findings?limit=1000", &self.software).await;
        let line = |item: &Value| {
            format!("{} {}", item["code"].as_str().unwrap(), item["pointer"].as_str().unwrap_or_default())
        };
        page["items"].as_array().unwrap().iter().map(line).collect()
    }

    /// The token of whoever sends a request of an example.
    pub async fn sender(&self, sending: &Sending) -> String {
        if sending.grants.is_empty() {
            return self.software.clone();
        }
        let mut others = self.others.lock().await;
        if let Some(token) = others.get(&sending.grants) {
            return token.clone();
        }
        let token = self.gateway.token(&software(&self.gateway, &sending.grants)).await;
        others.insert(sending.grants.clone(), token.clone());
        token
    }

    /// What it counts.
    pub async fn metrics(&self) -> String {
        let request = self.gateway.http.get(format!("http://{}/metrics", self.metrics));
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Sends one request of an example, with these records before its own.
    pub async fn send(&self, example: &Example, sending: &Sending, beside: &[Value]) -> (u16, Value) {
        let (method, path) = sending.request.split_once(' ').unwrap();
        let token = match ADMINISTRATION.iter().any(|known| path.starts_with(known)) {
            true => self.admin.clone(),
            false => self.sender(sending).await,
        };
        let request = self.gateway.request(method, &path.replace("{clientId}", &self.client.client_id), &token);
        if let Some(body) = &sending.body {
            return answer(request.json(body)).await;
        }
        let media = if !sending.sheets.is_empty() {
            XLSX
        } else if path.contains("?resource=") || path.contains("?file=") {
            "text/csv"
        } else {
            NDJSON
        };
        answer(request.header("content-type", media).body(body(example, sending, beside))).await
    }
}

/// The software of these schools, or of all.
fn software(gateway: &Gateway, grants: &[String]) -> Client {
    let granted: Vec<&str> = grants.iter().flat_map(|school| ["--school", school]).collect();
    gateway.client("school-software", if granted.is_empty() { &["--all-schools"] } else { &granted })
}

/// The bytes of a submission.
pub fn body(example: &Example, sending: &Sending, beside: &[Value]) -> Vec<u8> {
    if !sending.sheets.is_empty() {
        return workbook(&sending.sheets);
    }
    let own = if sending.text.is_some() { Vec::new() } else { whole(example, &sending.records) };
    let mut body: Vec<u8> = beside.iter().chain(&own).flat_map(|record| format!("{record}\n").into_bytes()).collect();
    let text = sending.text.as_deref().unwrap_or_default();
    match sending.encoding.as_deref() {
        Some("latin1") => body.extend(text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap())),
        Some(other) => panic!("{other} is not known"),
        None => body.extend(text.as_bytes()),
    }
    body
}
