//! One submission: how far it is, what is wrong, and what to do next.

use crate::access::Permission;
use crate::error::{Error, NOT_FOUND, Result};
use crate::http::api::submission_reads;
use crate::http::console::frame::{PageFrame, next_page, see, signed};
use crate::http::console::session::{OwnForm, SignedIn};
use crate::http::console::submissions::{outcome, purpose};
use crate::http::console::words::Words;
use crate::http::console::{UPLOADS, home, issues};
use crate::http::request::paging::{Page, PageParameters, place};
use crate::http::request::parameters::Parameters;
use crate::http::state::State;
use crate::model::messages::message;
use crate::submission::issue_query::{self, IssueFilter};
use crate::submission::issue_store::{IssuePosition, StoredIssue};
use crate::submission::row::Submission;
use crate::submission::upload::{self, Upload};
use crate::submission::{checked, file_store};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};

/// All that the page shows.
struct Shown {
    submission: Submission,
    upload: Option<Upload>,
    issues: Vec<StoredIssue>,
    next: Option<String>,
    is_sheet: bool,
    /// Its totals count records of schools outside the reader's area too.
    beyond: bool,
}

impl Shown {
    fn is_done(&self) -> bool {
        self.submission.completed_at.is_some()
    }
    /// Is it sent once more when it is mended?
    fn is_to_be_mended(&self) -> bool {
        let submission = &self.submission;
        let has_faults = submission.tally.total.rejected > 0 || submission.status == "failed";
        self.is_done() && (has_faults || submission.cut)
    }
    /// Is there something to look at in it?
    fn is_noted(&self) -> bool {
        let counts = &self.submission.tally.total;
        counts.rejected + counts.warnings + counts.parked > 0 || self.issues.iter().any(issues::is_to_do)
    }
    fn path(&self) -> String {
        format!("{UPLOADS}/{}", self.submission.id)
    }
}

/// `GET /console/submissions/{id}`.
///
/// # Errors
/// A 404 for one that is not there or not the client's to see.
pub async fn show(
    state: web::Data<State>,
    person: SignedIn,
    id: web::Path<String>,
    parameters: Parameters<PageParameters>,
) -> Result<HttpResponse> {
    let submission = submission_reads::visible(&state, &person.caller, &id).await?;
    let PageParameters { limit, cursor } = parameters.0;
    let (after, viewer, id) = (place::<IssuePosition>(cursor.as_ref())?, person.caller.viewer(), submission.id);
    let look = move |connection: &mut _| {
        let found = issue_query::read(connection, id, &viewer, &IssueFilter::default(), after.as_ref(), limit.rows())?;
        let is_sheet = file_store::is_kept(connection, id)?;
        let beyond = !viewer.beyond(connection, std::iter::once(id))?.is_empty();
        Ok((found, upload::of(connection, std::iter::once(id))?.remove(&id), is_sheet, beyond))
    };
    let (found, upload, is_sheet, beyond) = state.read(person.caller.client_id, "submission", look).await?;
    let (issues, next) = Page::cut(found, limit, StoredIssue::place).into_parts();
    let shown = Shown { submission, upload, issues, next, is_sheet, beyond };
    Ok(answer(&person, &shown))
}

fn answer(person: &SignedIn, shown: &Shown) -> HttpResponse {
    let (words, path) = (person.words, shown.path());
    let title = purpose(words, &shown.submission);
    let body = html! {
        h1 { (title) @if let Some(upload) = &shown.upload { ": " span.name { (upload.file_name) } } }
        p.quiet { (words.of("Nhận lúc ", "Received ")) (words.moment(shown.submission.received_at)) }
        div #state role="status" aria-live="polite" {
            @if shown.is_done() { (result(words, shown)) } @else { (progress(words, &shown.submission)) }
        }
        @if shown.is_done() { (next_steps(person, shown)) }
        @if !shown.issues.is_empty() {
            (issues::listed(words, &shown.issues, person.caller.reader()))
            (next_page(words, &path, shown.next.as_deref()))
        }
        @if shown.is_to_be_mended() && person.caller.may(Permission::WriteRecords).is_ok() {
            h2 { (words.of("Kiểm tra lại tệp đã sửa", "Check the mended file")) }
            (home::file_form(person, shown.upload.as_ref()))
        }
        p { a href=(UPLOADS) { (words.of("Các lần gửi khác", "Other submissions")) } }
    };
    PageFrame { waits: !shown.is_done(), ..PageFrame::of(person, title, &path) }.answer(StatusCode::OK, body)
}

/// How far the work is, in the school's words.
fn progress(words: Words, submission: &Submission) -> Markup {
    let (done, all) = (submission.tally.total.decided(), submission.records);
    let text = match (submission.status.as_str(), submission.options.validate) {
        ("processing", true) => words.of(
            "Đang kiểm tra từng bản ghi theo quy định của ngành…",
            "Each record is being held against the sector's rules…",
        ),
        ("processing", false) => words.of("Đang lưu từng bản ghi…", "Each record is being kept…"),
        _ => words.of("Đã nhận tệp, đang chờ đến lượt…", "The file has come and waits for its turn…"),
    };
    html! {
        p { (text) }
        @if all > 0 {
            progress value=(done) max=(all) aria-label=(words.of("Tiến độ", "Progress")) {}
            p { (words.number(done)) " / " (words.records(all)) }
        }
        noscript { p.quiet { (words.of("Trang tự tải lại sau vài giây.", "The page loads itself again in some seconds.")) } }
    }
}

/// What became of it, in a sentence.
fn result(words: Words, shown: &Shown) -> Markup {
    let submission = &shown.submission;
    let (kind, _) = outcome(words, submission);
    html! {
        div.notice.(kind) {
            p { strong { (verdict(words, submission)) } }
            (counts(words, submission))
            @if submission.cut { p { (words.of("Tệp bị đứt giữa chừng khi gửi. Hãy gửi lại.", "The file broke off on its way. Send it again.")) } }
            @if shown.beyond { p { (words.of("Các con số gồm cả trường ngoài phạm vi của bạn.", "The figures count schools outside your area too.")) } }
        }
    }
}

fn verdict(words: Words, submission: &Submission) -> &'static str {
    let is_check = submission.options.validate;
    match (submission.status.as_str(), submission.result.as_deref()) {
        ("failed", _) => words.of("Việc chưa xong.", "The work was not finished."),
        (_, Some("rejected")) if is_check => {
            words.of("Tệp còn lỗi, chưa bản ghi nào đạt.", "The file has errors: no record is sound yet.")
        }
        (_, Some("rejected")) => words.of("Không bản ghi nào được nhận.", "No record was taken."),
        (_, Some("partial")) if is_check => words.of("Một số bản ghi còn lỗi.", "Some records have errors."),
        (_, Some("partial")) => words.of(
            "Đã lưu các bản ghi đạt; bản ghi có lỗi chưa được nhận.",
            "The sound records are kept; those with errors were not taken.",
        ),
        _ if is_check => words.of(
            "Tệp đạt. Chưa lưu gì: hãy gửi chính thức.",
            "The file is sound. Nothing is kept yet: send it for good.",
        ),
        _ => words.of("Đã lưu.", "Kept."),
    }
}

/// Each count that is not zero.
fn counts(words: Words, submission: &Submission) -> Markup {
    let counts = &submission.tally.total;
    let is_check = submission.options.validate;
    let lines = [
        (counts.created, if is_check { words.of("sẽ thêm mới", "would be new") } else { words.of("thêm mới", "new") }),
        (counts.updated, if is_check { words.of("sẽ sửa", "would be changed") } else { words.of("đã sửa", "changed") }),
        (counts.unchanged, words.of("không đổi", "unchanged")),
        (counts.deleted, if is_check { words.of("sẽ xóa", "would be deleted") } else { words.of("đã xóa", "deleted") }),
        (counts.parked, words.of("chờ dữ liệu khác của trường", "waiting for other records of the school")),
        (counts.rejected, words.of("có lỗi", "with errors")),
        (counts.warnings, words.of("cảnh báo", "warnings")),
    ];
    html! {
        p { (words.records(counts.received)) (words.of(" trong tệp:", " in the file:")) }
        ul.counts { @for (count, what) in lines.into_iter().filter(|(count, _)| *count > 0) { li { strong { (words.number(count)) } " " (what) } } }
    }
}

fn next_steps(person: &SignedIn, shown: &Shown) -> Markup {
    let (words, submission) = (person.words, &shown.submission);
    if person.caller.may(Permission::WriteRecords).is_err() {
        return html! {};
    }
    let has_notes = shown.is_sheet && !submission.purged && shown.is_noted();
    let (sends, is_sound) = (checked::is_ready(submission), submission.tally.total.rejected == 0);
    html! {
        @if has_notes || sends { h2 { (words.of("Việc tiếp theo", "What next")) } }
        // What is best done stands first.
        @if sends && is_sound { (send_form(person, shown)) }
        @if has_notes { (with_notes(words, shown)) }
        @if sends && !is_sound { (send_form(person, shown)) }
    }
}

/// The sender's own file with its faults noted.
fn with_notes(words: Words, shown: &Shown) -> Markup {
    let address = format!("{}/annotated.xlsx", shown.path());
    let mends = shown.is_to_be_mended();
    html! {
        p { a.button.second[!mends] href=(address) download {
            @if mends { (words.of("Tải tệp có ghi chú lỗi", "Download the file with notes")) }
            @else { (words.of("Tải tệp có ghi chú để xem lại", "Download the file with notes to look at")) }
        } }
        p.quiet {
            @if mends { (words.of(
                "Sửa ngay trong tệp đó, lưu lại, rồi kiểm tra lại ở dưới.",
                "Mend it there, save it, and check it again below.",
            )) } @else { (words.of(
                "Không bắt buộc sửa. Nếu có sửa: sửa ngay trong tệp đó, lưu lại, rồi gửi như một tệp mới.",
                "Nothing must be mended. If you do mend it: in that file, save it, and send it as a new one.",
            )) }
        }
    }
}

fn send_form(person: &SignedIn, shown: &Shown) -> Markup {
    let (words, counts) = (person.words, &shown.submission.tally.total);
    let sound = counts.received - counts.rejected;
    html! {
        @if sound > 0 {
            form method="post" action={ (shown.path()) "/send" } {
                (signed(&person.form_token()))
                @if counts.rejected == 0 {
                    button type="submit" { (words.of("Gửi chính thức", "Send for good")) }
                    p.quiet { (words.of("Gửi đúng tệp vừa kiểm tra, không cần chọn lại.", "Sends the file that was checked; you need not choose it again.")) }
                } @else {
                    button.second type="submit" { (words.of("Chỉ gửi chính thức các bản ghi đạt: ", "Send only the sound records for good: ")) (words.number(sound)) }
                    p.quiet { (words.of("Bản ghi có lỗi không được nhận; sửa rồi gửi sau.", "Records with errors are not taken; mend them and send them later.")) }
                }
            }
        }
    }
}

/// `POST /console/submissions/{id}/send`: what was checked, sent for good.
///
/// # Errors
/// A 403 for the form of another page or who sends nothing, a 404 or 409 for what cannot be sent.
pub async fn send(state: web::Data<State>, form: OwnForm, id: web::Path<String>) -> Result<HttpResponse> {
    let caller = &form.person.caller;
    caller.may(Permission::WriteRecords)?;
    let checked = submission_reads::visible(&state, caller, &id).await?;
    let queue = move |connection: &mut _| checked::send(connection, &checked);
    let sent = state.write(caller.client_id, "submission", queue).await?;
    state.queue.call();
    Ok(see(&format!("{UPLOADS}/{sent}")))
}

/// `GET /console/submissions/{id}/annotated.xlsx`: the file, with its faults noted in it.
///
/// # Errors
/// A 404 for what is not the client's to see, was no sheet, or is no longer kept.
pub async fn annotated(state: web::Data<State>, person: SignedIn, id: web::Path<String>) -> Result<HttpResponse> {
    let found = submission_reads::visible(&state, &person.caller, &id).await?;
    let workbook = submission_reads::annotated(&state, &person.caller, &found).await?;
    workbook.ok_or_else(|| Error::new(NOT_FOUND, message("no-sheet-to-annotate")))
}
