//! The page of the rules: the whole catalogue, searched as one types.

use crate::http::docs::examples as shown;
use crate::http::docs::layout::{self, PageParts};
use crate::model::issue::{Language, Rule, Text};
use crate::model::rules::{catalogue, examples};
use crate::model::wording::outline;
use maud::{Markup, html};

/// What the letters before the number stand for, in the order of the page.
const CHAPTERS: &[(&str, &str)] = &[
    ("PT", "Bản ghi · Form"),
    ("RC", "Thay cả bộ · Replacements"),
    ("SH", "Bảng tính · Sheets"),
    ("TX", "Văn bản · Texts"),
    ("DT", "Ngày · Dates"),
    ("ID", "Định danh · Identity"),
    ("PH", "Điện thoại · Phones"),
    ("AD", "Địa bàn · Areas"),
    ("SC", "Trường · Schools"),
    ("CL", "Lớp · Classes"),
    ("SF", "Cán bộ, giáo viên, nhân viên · Staff"),
    ("AS", "Phân công · Assignments"),
    ("AG", "Độ tuổi · Ages"),
    ("ST", "Học sinh · Students"),
    ("MK", "Điểm · Marks"),
    ("PR", "Tiểu học · Primary"),
    ("FA", "Cơ sở vật chất · Facilities"),
    ("DP", "Văn bằng · Diplomas"),
];

/// The page.
pub fn page() -> Markup {
    let mut rules: Vec<&Rule> = catalogue::all().collect();
    rules.sort_by_key(|rule| CHAPTERS.iter().position(|(known, _)| *known == chapter(rule)));
    let chapters: Vec<&[&Rule]> = rules.chunk_by(|a, b| chapter(a) == chapter(b)).collect();
    let contents = html! { @for rules in &chapters { @if let Some(first) = rules.first() {
        a href={ "#" (first.code) } { (chapter(first)) " " span.quiet { (title(first)) " " (rules.len()) } }
    } } };
    let body = html! {
        h1 { "Quy tắc kiểm tra · Rules" }
        p lang="vi" { "Mọi quy tắc kiểm tra bản ghi: " span.severity.error { "error" } " là lỗi, bản ghi bị từ chối; " span.severity.warning { "warning" } " là cảnh báo, bản ghi vẫn được nhận; " span.severity.info { "info" } " cho biết điều đã được sửa giúp hoặc một trạng thái. Mã quy tắc không bao giờ đổi nghĩa. Dạng dữ liệu: " a href="/v1/rules" { code { "/v1/rules" } } "." }
        p lang="en" { "Every rule by which records are judged: an " span.severity.error { "error" } " rejects the record, a " span.severity.warning { "warning" } " keeps it, an " span.severity.info { "info" } " tells of a repair or a state. Codes never change their meaning. The same as data: " a href="/v1/rules" { code { "/v1/rules" } } "." }
        p lang="vi" { "Ví dụ của mỗi quy tắc được gửi vào một trường nhỏ có đủ bản ghi mẫu của mọi loại dữ liệu; chỉ ghi các thuộc tính quan trọng, còn lại như bản ghi mẫu, null là bỏ trống." }
        p lang="en" { "The examples are sent to a small school that holds the example record of every resource. They show only what matters; the rest is as in the example record, and null leaves a member out." }
        form.search role="search" {
            label { "Tìm · Search" input #search type="search" placeholder="ID-004, điểm, birthDate, students …" autocomplete="off"; }
            span.quiet #found aria-live="polite" {}
        }
        @for rule in rules { (rule_card(rule)) }
    };
    layout::page(PageParts {
        title: "School Gateway rules",
        language: Language::Vietnamese,
        here: "/docs/rules",
        search: html! {},
        contents,
        body,
        script: "",
    })
}

fn chapter(rule: &Rule) -> &'static str {
    rule.code.split('-').next().unwrap_or_default()
}

fn title(rule: &Rule) -> &'static str {
    CHAPTERS.iter().find(|(known, _)| *known == chapter(rule)).map_or("", |(_, title)| title)
}

fn rule_card(rule: &Rule) -> Markup {
    let severity = rule.severity.as_str();
    html! {
        article.rule id=(rule.code) {
            h2 { a href={ "#" (rule.code) } { (rule.code) } " " span class={ "severity " (severity) } { (severity) }
                @for resource in rule.resources { " " span.tag { (resource) } } }
            div.pair {
                div lang="vi" { (texts(rule, "Với bảng tính: ", |text| text.vi)) }
                div lang="en" { (texts(rule, "Of a sheet: ", |text| text.en)) }
            }
            p.quiet {
                @for field in rule.fields { code { (field) } " " }
                span lang="vi" { (rule.source_in(Language::Vietnamese)) @if !rule.since.is_empty() { ", từ năm học " (rule.since) } }
                " · " span lang="en" { (rule.source) @if !rule.since.is_empty() { ", since " (rule.since) } }
            }
            @if let Some(example) = examples::of(rule.code) { (shown::both(example)) }
        }
    }
}

/// What is said to programs, and what to people with a sheet where that differs.
fn texts(rule: &Rule, to_people: &str, language: fn(&Text) -> &'static str) -> Markup {
    let own = [rule.message.sheet, rule.hint.sheet];
    html! {
        p { (values(language(&rule.message.program))) } p.hint { (values(language(&rule.hint.program))) }
        @if own.iter().any(Option::is_some) {
            p.quiet { (to_people) @for text in own.iter().flatten() { (values(language(text))) " " } }
        }
    }
}

/// The template with its placeholders set apart.
fn values(template: &str) -> Markup {
    let text = outline(template);
    html! {
        @for (place, part) in text.split('{').enumerate() {
            @match part.split_once('}').filter(|_| place > 0) {
                Some((name, rest)) => { var { (name) } (rest) },
                None => (part),
            }
        }
    }
}
