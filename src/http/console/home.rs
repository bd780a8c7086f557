//! The first page: send a file, templates to fill in, what was sent last and what stands open. Who has nothing to send
//! is led to what there is to see.

use crate::access::{ClientKind, Permission};
use crate::checks::read as stored;
use crate::error::{Error, Result};
use crate::http::api::findings::open_findings;
use crate::http::api::{submission_reads, templates};
use crate::http::console::fault;
use crate::http::console::frame::{PageFrame, signed};
use crate::http::console::offered::{OFFERED, field};
use crate::http::console::session::SignedIn;
use crate::http::console::submissions::{Sent, table};
use crate::http::console::upload::RESOURCE;
use crate::http::console::words::Words;
use crate::http::console::{ROOT, UPLOADS};
use crate::http::state::State;
use crate::model;
use crate::submission::row;
use crate::submission::upload::Upload;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

/// Submissions that the page shows.
const LATEST: i64 = 5;
/// Schools named one by one.
const NAMED: usize = 5;

/// `GET /console`.
///
/// # Errors
/// Those of the database.
pub async fn show(state: web::Data<State>, person: SignedIn) -> Result<HttpResponse> {
    answer(&state, &person, None).await
}

/// `GET /console/templates/{resource}.xlsx`: the workbook to fill in.
///
/// # Errors
/// A 404 for a resource that there is not.
pub async fn template(
    request: HttpRequest,
    state: web::Data<State>,
    person: SignedIn,
    name: web::Path<String>,
) -> Result<HttpResponse> {
    templates::read(request, state, person.caller, name).await
}

/// The page; after a file that could not be taken with the reason, and with what was said beside it.
///
/// # Errors
/// Those of the database.
pub async fn answer(
    state: &web::Data<State>,
    person: &SignedIn,
    refused: Option<(&Error, &Upload)>,
) -> Result<HttpResponse> {
    let words = person.words;
    let reads = person.caller.may(Permission::ReadSubmissions).is_ok();
    let (latest, open) = if reads { seen(state, person).await? } else { (Vec::new(), 0) };
    let sends = person.caller.may(Permission::WriteRecords).is_ok();
    let title = if sends {
        words.of("Gửi dữ liệu của trường", "Send your school's data")
    } else {
        words.of("Trang đầu", "First page")
    };
    let (error, upload) = refused.unzip();
    let body = html! {
        h1 { (title) }
        (who(person))
        @if let Some(error) = error { (fault::alert(words, error)) }
        @if sends { (file_form(person, upload)) (steps(words)) }
        @if reads { (overview(person, &latest, open)) } @else { (elsewhere(words, person.caller.kind)) }
        @if sends { (templates_list(words)) }
        @if reads { p { a href={ "/docs/schools/" (words.tag()) } { (words.of("Hướng dẫn cho nhà trường", "Guide for schools")) } } }
    };
    let status = error.map_or(StatusCode::OK, fault::status);
    Ok(PageFrame::of(person, title, ROOT).answer(status, body))
}

/// What was sent last, and how many findings stand open.
async fn seen(state: &web::Data<State>, person: &SignedIn) -> Result<(Vec<Sent>, i64)> {
    let filter = row::SubmissionFilter { limit: LATEST, ..submission_reads::visible_to(&person.caller) };
    let (findings, viewer) = (open_findings(&person.caller), person.caller.viewer());
    let look = move |connection: &mut _| {
        let latest = Sent::list(connection, &filter, &viewer)?;
        Ok((latest, stored::total(connection, &findings)?))
    };
    state.search(person.caller.client_id, "submissions", look).await
}

/// Who signed in, and for which schools.
fn who(person: &SignedIn) -> Markup {
    let (words, area) = (person.words, person.caller.area());
    let schools: Vec<&str> = area.schools().iter().map(String::as_str).take(NAMED).collect();
    html! {
        p.quiet {
            (words.of("Đang làm việc với tư cách ", "Signed in as ")) strong { (person.caller.name()) }
            @if area.all() { " · " (words.of("mọi trường", "all schools")) }
            @else if !schools.is_empty() {
                " · " (words.of("trường ", "school ")) (schools.join(", "))
                @if area.schools().len() > NAMED { (words.of(" và các trường khác", " and others")) }
            }
        }
    }
}

/// The form with the file; `before`: what was said beside the one before.
pub fn file_form(person: &SignedIn, before: Option<&Upload>) -> Markup {
    let words = person.words;
    let said = |name: &str| before.and_then(|upload| upload.fields.get(name)).map_or("", String::as_str);
    html! {
        form.card method="post" action=(UPLOADS) enctype="multipart/form-data" data-upload {
            (signed(&person.form_token()))
            details open[!said(RESOURCE).is_empty() || OFFERED.iter().any(|one| !said(one.name).is_empty())] {
                summary { (words.of("Điều mà tệp không ghi (có thể bỏ qua)", "What the file does not say (may be left out)")) }
                div.fields {
                    (resource_choice(words, said(RESOURCE)))
                    @for one in OFFERED { (field(words, one, said(one.name))) }
                }
            }
            label.drop for="file" {
                strong { (words.of("Chọn tệp, hoặc kéo tệp thả vào đây", "Choose a file, or drop one here")) }
                span.quiet { (words.of("Excel (.xlsx, .xls) hoặc CSV", "Excel (.xlsx, .xls) or CSV")) }
                input #file name="file" type="file" required accept=".xlsx,.xls,.csv,.txt";
            }
            button type="submit" { (words.of("Kiểm tra tệp", "Check the file")) }
            p.quiet { (words.of(
                "Kiểm tra chưa lưu gì. Tệp đạt rồi mới gửi chính thức.",
                "A check keeps nothing. You send the file for good once it is sound.",
            )) }
        }
    }
}

fn resource_choice(words: Words, said: &str) -> Markup {
    html! {
        div {
            label for="resource" { (words.of("Tệp này là", "The file holds")) }
            select #resource name=(RESOURCE) {
                option value="" { (words.of("Hệ thống tự nhận biết", "To be told by itself")) }
                @for spec in model::all() {
                    option value=(spec.name) selected[spec.name == said] { (spec.title.in_language(words.0)) }
                }
            }
        }
    }
}

fn steps(words: Words) -> Markup {
    html! {
        ol.steps {
            li { (words.of("Kiểm tra tệp: chưa lưu gì.", "Check the file: nothing is kept.")) }
            li { (words.of(
                "Có lỗi thì tải tệp có ghi chú, sửa ngay trong đó rồi kiểm tra lại.",
                "Where there are faults, download the file with notes, mend it there and check it again.",
            )) }
            li { (words.of("Hết lỗi thì gửi chính thức.", "Without faults, send it for good.")) }
        }
    }
}

fn overview(person: &SignedIn, latest: &[Sent], open: i64) -> Markup {
    let words = person.words;
    html! {
        h2 { (words.of("Các lần gửi gần đây", "Sent lately")) }
        (table(words, latest))
        h2 { (words.of("Vấn đề còn mở", "Open findings")) }
        p {
            @if open == 0 { (words.of("Không có vấn đề nào.", "There are none.")) }
            @else { a href="/console/findings" { (words.number(open)) " " (words.of("vấn đề cần xem", "to look at")) } }
        }
    }
}

fn templates_list(words: Words) -> Markup {
    html! {
        h2 { (words.of("Mẫu để điền", "Templates to fill in")) }
        p { (words.of(
            "Trường cũng có thể gửi biểu mẫu quen dùng; mẫu dưới đây có sẵn danh mục để chọn.",
            "Schools may also send the forms that they are used to; these templates offer the codes to choose from.",
        )) }
        ul.templates {
            @for spec in model::all() {
                li { a href={ "/console/templates/" (spec.name) ".xlsx" } { (spec.title.in_language(words.0)) } }
            }
        }
    }
}

/// Where there is nothing to see here, where it is.
fn elsewhere(words: Words, kind: ClientKind) -> Markup {
    let text = match kind {
        ClientKind::Admin => words.of(
            "Ứng dụng loại quản trị không xem hồ sơ nên chưa có gì ở đây. Ứng dụng, phạm vi, kì báo cáo và danh mục được quản lý qua API và dòng lệnh.",
            "Administrators see no records, so there is nothing here yet. Clients, grants, reporting periods and code lists are managed by the API and the command line.",
        ),
        ClientKind::PublicService => words.of(
            "Ứng dụng loại dịch vụ công chỉ xác minh văn bằng, qua API. Ở đây không có trang nào cho việc đó.",
            "Public services verify diplomas only, by the API. There is no page for that here.",
        ),
        _ => words.of(
            "Ứng dụng loại khai thác đọc danh sách và kết quả qua API. Ở đây không có trang nào cho việc đó.",
            "Consumers read rosters and results by the API. There is no page for that here.",
        ),
    };
    html! { p.notice { (text) } p { a href="/docs" { (words.of("Tài liệu API", "Documentation of the API")) } } }
}
