//! All ways by which something of a submission, or of findings, is told.

use super::{Gateway, answer};
use serde_json::Value;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const LANGUAGES: [&str; 2] = ["vi", "en"];
/// The parts of a submission, each after the path of its report.
const PARTS: [&str; 6] = ["", "/parked", "/rejected", "/receipt", "/issues", "/events"];

/// The body of the answer to a GET.
async fn read(gateway: &Gateway, token: &str, language: &str, path: &str, accept: &str) -> Vec<u8> {
    let request = gateway.request("GET", path, token);
    let request = request.header("accept", accept.to_owned()).header("accept-language", language.to_owned());
    request.send().await.unwrap().bytes().await.unwrap().to_vec()
}

async fn text(gateway: &Gateway, token: &str, language: &str, path: &str, accept: &str) -> String {
    // What was rejected for its encoding comes back as it was sent.
    String::from_utf8_lossy(&read(gateway, token, language, path, accept).await).into_owned()
}

/// All that is told of a submission to whoever has this token, by every way out and in both languages; of issues also
/// by pages of `rows`, with what the cursors say.
pub async fn told(gateway: &Gateway, token: &str, id: &str, rows: usize) -> String {
    let mut told = String::new();
    let path = format!("/v1/submissions/{id}");
    for language in LANGUAGES {
        for part in PARTS {
            told += &text(gateway, token, language, &format!("{path}{part}"), "*/*").await;
        }
        for accept in ["application/x-ndjson", "text/csv"] {
            told += &text(gateway, token, language, &format!("{path}/issues"), accept).await;
        }
        for part in ["", "/issues"] {
            told += &unpacked(&read(gateway, token, language, &format!("{path}{part}"), XLSX).await);
        }
        let mut cursor = String::new();
        loop {
            let page = format!("{path}/issues?limit={rows}{cursor}");
            let page = read(gateway, token, language, &page, "application/json").await;
            let page: Value = serde_json::from_slice(&page).unwrap_or_default();
            told += &page.to_string();
            let Some(next) = page["nextCursor"].as_str() else { break };
            told += &decoded(next);
            cursor = format!("&cursor={next}");
        }
    }
    told
}

/// The findings that whoever has this token sees, in every form and both languages.
pub async fn findings(gateway: &Gateway, token: &str) -> String {
    let mut told = String::new();
    for language in LANGUAGES {
        for accept in ["application/json", "application/x-ndjson", "text/csv"] {
            told += &text(gateway, token, language, "/v1/findings?status=all", accept).await;
        }
        told += &unpacked(&read(gateway, token, language, "/v1/findings?status=all", XLSX).await);
    }
    told
}

/// The records of a resource that whoever has this token sees.
pub async fn records(gateway: &Gateway, token: &str, resource: &str) -> String {
    text(gateway, token, "vi", &format!("/v1/{resource}"), "application/x-ndjson").await
}

/// The answers to whoever may not see a submission: of each part its status, and what would tell it from the answer for
/// a submission that is not there.
pub async fn refused(gateway: &Gateway, token: &str, id: &str) -> Vec<(u16, bool)> {
    const NOWHERE: &str = "01935d00-0000-7000-8000-000000000000";
    let ask = async |id: &str, part: &str| {
        let path = format!("/v1/submissions/{id}{part}");
        let (status, mut problem) = answer(gateway.request("GET", &path, token)).await;
        if let Some(members) = problem.as_object_mut() {
            members.remove("requestId");
            members.remove("instance");
        }
        (status, problem)
    };
    let mut answers = Vec::new();
    for part in PARTS {
        let there = ask(id, part).await;
        answers.push((there.0, there == ask(NOWHERE, part).await));
    }
    answers
}

/// The texts of a workbook; of anything else nothing.
fn unpacked(bytes: &[u8]) -> String {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return String::new() };
    let mut text = String::new();
    for at in 0..archive.len() {
        std::io::Read::read_to_string(&mut archive.by_index(at).unwrap(), &mut text).unwrap();
    }
    text
}

fn decoded(cursor: &str) -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
