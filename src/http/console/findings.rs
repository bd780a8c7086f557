//! What the checks over whole schools found and stands open.

use crate::access::Permission;
use crate::checks::read as stored;
use crate::checks::read::{Finding, FindingPosition};
use crate::error::Result;
use crate::http::api::findings::open_findings;
use crate::http::console::frame::{PageFrame, next_page};
use crate::http::console::issues::severity;
use crate::http::console::session::SignedIn;
use crate::http::console::words::Words;
use crate::http::request::paging::{Page, PageParameters, place};
use crate::http::request::parameters::Parameters;
use crate::http::state::State;
use crate::model;
use crate::model::issue::Reader;
use crate::model::wording::{BodyForm, value_in_words};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};
use serde_json::Value;

/// The page.
const PATH: &str = "/console/findings";

/// `GET /console/findings`: newest first.
///
/// # Errors
/// A 403 for who reads no findings, a 400 for a cursor of another list.
pub async fn list(
    state: web::Data<State>,
    person: SignedIn,
    parameters: Parameters<PageParameters>,
) -> Result<HttpResponse> {
    person.caller.may(Permission::ReadFindings)?;
    let PageParameters { limit, cursor } = parameters.0;
    let after: Option<FindingPosition> = place(cursor.as_ref())?;
    let wanted = open_findings(&person.caller);
    let look = move |connection: &mut _| Ok(stored::list(connection, &wanted, after, limit.rows())?);
    let found = state.search(person.caller.client_id, "findings", look).await?;
    let (found, next) = Page::cut(found, limit, Finding::place).into_parts();
    let words = person.words;
    let title = words.of("Vấn đề còn mở", "Open findings");
    let body = html! {
        h1 { (title) }
        p { (words.of(
            "Hệ thống xem lại toàn bộ dữ liệu của trường sau mỗi lần gửi. Sửa dữ liệu rồi gửi lại thì vấn đề tự đóng.",
            "The gateway looks at all data of a school after each submission. Mend the data and send them again: a finding closes by itself.",
        )) }
        @if found.is_empty() { p.notice.good { (words.of("Không có vấn đề nào còn mở.", "No finding is open.")) } }
        @else { (table(words, &found, person.caller.reader().of_form(BodyForm::Sheet))) }
        (next_page(words, PATH, next.as_deref()))
    };
    Ok(PageFrame::of(&person, title, PATH).answer(StatusCode::OK, body))
}

fn table(words: Words, found: &[Finding], reader: Reader) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(words.of("Bảng vấn đề còn mở", "Table of open findings")) {
            table.lines {
                thead { tr {
                    th scope="col" { (words.of("Mức", "Level")) }
                    th scope="col" { (words.of("Về", "About")) }
                    th scope="col" { (words.of("Điều chưa đúng", "What is wrong")) }
                    th scope="col" { (words.of("Cách sửa", "What to do")) }
                    th scope="col" { (words.of("Từ", "Since")) }
                } }
                tbody { @for finding in found { (line(words, finding, reader)) } }
            }
        }
    }
}

fn line(words: Words, finding: &Finding, reader: Reader) -> Markup {
    html! {
        tr {
            td data-label=(words.of("Mức", "Level")) { (severity(words, finding.severity)) }
            td data-label=(words.of("Về", "About")) { (about(words, finding)) }
            td data-label=(words.of("Điều chưa đúng", "What is wrong")) { (finding.message(reader)) " " span.code { (finding.rule.code) } }
            td data-label=(words.of("Cách sửa", "What to do")) { (finding.hint(reader)) }
            td data-label=(words.of("Từ", "Since")) { span.moment { (words.moment(finding.opened_at)) } }
        }
    }
}

/// The resource and its key, by the names that people use.
fn about(words: Words, finding: &Finding) -> Markup {
    let spec = model::find(&finding.resource);
    let title = spec.map_or(finding.resource.as_str(), |spec| spec.title.in_language(words.0));
    let place = |name: &str| {
        spec.and_then(|spec| {
            spec.key.iter().position(|part| spec.position(part).is_some_and(|at| spec.fields[at].json == name))
        })
    };
    let mut key: Vec<(&String, &Value)> = finding.key.as_object().into_iter().flatten().collect();
    key.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    let field = |name: &str| spec.and_then(|spec| spec.fields.iter().find(|field| field.json == name));
    let told = |(name, value): (&String, &Value)| match (field(name), value.as_str()) {
        (Some(field), Some(value)) => value_in_words(field, value, words.0),
        _ => value.to_string(),
    };
    let key: Vec<String> = key.into_iter().map(told).collect();
    html! { (title) div.quiet.name { (key.join(" · ")) } }
}
