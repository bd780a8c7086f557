//! Earlier submissions, and what became of them.

use crate::access::Permission;
use crate::error::Result;
use crate::http::api::submission_reads;
use crate::http::console::UPLOADS;
use crate::http::console::frame::{PageFrame, next_page};
use crate::http::console::session::SignedIn;
use crate::http::console::words::Words;
use crate::http::request::paging::{Page, PageParameters, place};
use crate::http::request::parameters::Parameters;
use crate::http::state::State;
use crate::submission::disclosure::Viewer;
use crate::submission::row::{self, Submission, SubmissionFilter};
use crate::submission::upload::{self, Upload};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::PgConnection;
use maud::{Markup, html};

/// A submission as a line of a list.
pub struct Sent {
    /// Itself.
    pub submission: Submission,
    /// The file, if a person sent it.
    pub upload: Option<Upload>,
    /// Its totals count records of schools outside the reader's area too.
    pub beyond: bool,
}

impl Sent {
    /// Those that the filter names, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list(connection: &mut PgConnection, filter: &SubmissionFilter, viewer: &Viewer) -> Result<Vec<Self>> {
        let found = row::list(connection, filter)?;
        let beyond = viewer.beyond(connection, found.iter().map(|submission| submission.id))?;
        let mut uploads = upload::of(connection, found.iter().map(|submission| submission.id))?;
        let sent = found.into_iter().map(|submission| {
            let (upload, beyond) = (uploads.remove(&submission.id), beyond.contains(&submission.id));
            Self { submission, upload, beyond }
        });
        Ok(sent.collect())
    }
}

/// `GET /console/submissions`.
///
/// # Errors
/// A 403 for who reads no submissions, a 400 for a cursor of another list.
pub async fn list(
    state: web::Data<State>,
    person: SignedIn,
    parameters: Parameters<PageParameters>,
) -> Result<HttpResponse> {
    person.caller.may(Permission::ReadSubmissions)?;
    let PageParameters { limit, cursor } = parameters.0;
    let after = place(cursor.as_ref())?;
    let filter = SubmissionFilter { after, limit: limit.rows(), ..submission_reads::visible_to(&person.caller) };
    let viewer = person.caller.viewer();
    let look = move |connection: &mut _| Sent::list(connection, &filter, &viewer);
    let found = state.search(person.caller.client_id, "submissions", look).await?;
    let (sent, next) = Page::cut(found, limit, |last| (last.submission.received_at, last.submission.id)).into_parts();
    let words = person.words;
    let title = words.of("Các lần gửi", "Submissions");
    let body = html! { h1 { (title) } (table(words, &sent)) (next_page(words, UPLOADS, next.as_deref())) };
    Ok(PageFrame::of(&person, title, UPLOADS).answer(StatusCode::OK, body))
}

/// A line each.
pub fn table(words: Words, sent: &[Sent]) -> Markup {
    html! {
        @if sent.is_empty() { p { (words.of("Chưa có lần gửi nào.", "Nothing was sent yet.")) } } @else {
            div.wide tabindex="0" role="region" aria-label=(words.of("Bảng các lần gửi", "Table of submissions")) {
                table.lines {
                    thead { tr {
                        th scope="col" { (words.of("Lúc", "When")) }
                        th scope="col" { (words.of("Tệp", "File")) }
                        th scope="col" { (words.of("Việc", "What for")) }
                        th scope="col" { (words.of("Kết quả", "Outcome")) }
                        th scope="col" { (words.of("Bản ghi", "Records")) }
                    } }
                    tbody { @for one in sent { (line(words, one)) } }
                }
            }
        }
    }
}

fn line(words: Words, sent: &Sent) -> Markup {
    let Sent { submission, upload, beyond } = sent;
    let (kind, outcome) = outcome(words, submission);
    let name =
        upload.as_ref().map_or(words.of("phần mềm gửi", "by a program"), |upload| upload.file_name.as_str());
    html! {
        tr {
            td data-label=(words.of("Lúc", "When")) { a href={ (UPLOADS) "/" (submission.id) } { (words.moment(submission.received_at)) } }
            td data-label=(words.of("Tệp", "File")) { span.name { (name) } }
            td data-label=(words.of("Việc", "What for")) { (purpose(words, submission)) }
            td data-label=(words.of("Kết quả", "Outcome")) { span.outcome-word.(kind) { (outcome) } }
            td data-label=(words.of("Bản ghi", "Records")) {
                (words.number(submission.records))
                @if *beyond { div.quiet { (words.of("gồm cả trường ngoài phạm vi", "other schools' included")) } }
            }
        }
    }
}

/// Checked, or sent for good.
pub fn purpose(words: Words, submission: &Submission) -> &'static str {
    if submission.options.validate {
        words.of("Kiểm tra", "Check")
    } else {
        words.of("Gửi chính thức", "For good")
    }
}

/// What became of it: a class of the style, and words.
pub fn outcome(words: Words, submission: &Submission) -> (&'static str, &'static str) {
    let (counts, is_check) = (&submission.tally.total, submission.options.validate);
    match (submission.status.as_str(), submission.result.as_deref()) {
        ("failed", _) => ("bad", words.of("Không xong", "Failed")),
        ("completed", Some("rejected")) if is_check => ("bad", words.of("Còn lỗi", "With errors")),
        ("completed", Some("rejected")) => ("bad", words.of("Không nhận", "Rejected")),
        ("completed", Some("partial")) if is_check => ("middling", words.of("Một phần còn lỗi", "Errors in part")),
        ("completed", Some("partial")) => ("middling", words.of("Nhận một phần", "Taken in part")),
        ("completed", _) if !is_check && counts.warnings > 0 => {
            ("good", words.of("Đã lưu, có cảnh báo", "Kept, with warnings"))
        }
        ("completed", _) if !is_check => ("good", words.of("Đã lưu", "Kept")),
        ("completed", _) if counts.warnings > 0 => ("good", words.of("Đạt, có cảnh báo", "Sound, with warnings")),
        ("completed", _) => ("good", words.of("Đạt", "Sound")),
        ("processing", _) => ("", words.of("Đang làm", "At work")),
        _ => ("", words.of("Đang chờ", "Waiting")),
    }
}
