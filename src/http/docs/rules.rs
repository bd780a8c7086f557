//! The page of the rules: the whole catalogue, searched as one types.

use crate::http::docs::examples as shown;
use crate::http::docs::layout::{self, PageParts};
use crate::http::docs::overview;
use crate::http::docs::speech::Speech;
use crate::model::issue::{Language, Rule, Severity, Text};
use crate::model::rules::{catalogue, examples};
use crate::model::wording::outline;
use maud::{Markup, html};

/// What the letters before the number stand for, in the order of the page.
const CHAPTERS: &[(&str, Text)] = &[
    ("PT", Text { vi: "Bản ghi", en: "Form" }),
    ("RC", Text { vi: "Thay cả bộ", en: "Replacements" }),
    ("SH", Text { vi: "Bảng tính", en: "Sheets" }),
    ("TX", Text { vi: "Văn bản", en: "Texts" }),
    ("DT", Text { vi: "Ngày", en: "Dates" }),
    ("ID", Text { vi: "Định danh", en: "Identity" }),
    ("NM", Text { vi: "Tên cạnh mã", en: "Names beside codes" }),
    ("NA", Text { vi: "Quốc tịch", en: "Nationalities" }),
    ("PH", Text { vi: "Điện thoại", en: "Phones" }),
    ("AD", Text { vi: "Địa bàn", en: "Areas" }),
    ("PV", Text { vi: "Tỉnh", en: "Provinces" }),
    ("SC", Text { vi: "Trường", en: "Schools" }),
    ("CL", Text { vi: "Lớp", en: "Classes" }),
    ("SF", Text { vi: "Cán bộ, giáo viên, nhân viên", en: "Staff" }),
    ("AS", Text { vi: "Phân công", en: "Assignments" }),
    ("AG", Text { vi: "Độ tuổi", en: "Ages" }),
    ("ST", Text { vi: "Học sinh", en: "Students" }),
    ("HT", Text { vi: "Số đo", en: "Measurements" }),
    ("MK", Text { vi: "Điểm", en: "Marks" }),
    ("PR", Text { vi: "Tiểu học", en: "Primary" }),
    ("FA", Text { vi: "Cơ sở vật chất", en: "Facilities" }),
    ("DP", Text { vi: "Văn bằng", en: "Diplomas" }),
];

/// What stands behind `/docs/` in the address of the page in one language.
pub const PAGE: &str = "rules";

/// The page.
pub fn page(language: Language) -> Markup {
    let speech = Speech(language);
    let mut rules: Vec<&Rule> = catalogue::all().collect();
    rules.sort_by_key(|rule| CHAPTERS.iter().position(|(known, _)| *known == chapter(rule)));
    let chapters: Vec<&[&Rule]> = rules.chunk_by(|a, b| chapter(a) == chapter(b)).collect();
    let contents = html! { @for rules in &chapters { @if let Some(first) = rules.first() {
        a href={ "#" (first.code) } { (chapter(first)) " " span.quiet { (title(first, language)) " " (rules.len()) } }
    } } };
    let body = html! {
        (layout::languages(overview::addresses(PAGE), language))
        h1 { (speech.of("Quy tắc kiểm tra", "Rules")) }
        (introduction(speech))
        form.search role="search" {
            label { (speech.of("Tìm", "Search")) input #search type="search" placeholder=(speech.of("ID-004, điểm, birthDate, students …", "ID-004, mark, birthDate, students …")) autocomplete="off"; }
            span.quiet #found aria-live="polite" {}
        }
        @for rule in rules { (rule_card(rule, speech)) }
    };
    layout::page(PageParts {
        title: speech.of("Quy tắc kiểm tra – School Gateway", "Rules – School Gateway"),
        language,
        here: "/docs/rules",
        search: html! {},
        contents,
        body,
        script: "",
    })
}

fn introduction(speech: Speech) -> Markup {
    let severity = |severity: Severity| {
        html! {
            span class={ "severity " (severity.as_str()) } { (severity.title().in_language(speech.0)) }
            @if speech.0 == Language::Vietnamese { " (" code { (severity.as_str()) } ")" }
        }
    };
    let data = html! { a href="/v1/rules" { code { "/v1/rules" } } "." };
    html! {
        p { @match speech.0 {
            Language::Vietnamese => {
                "Mọi quy tắc kiểm tra bản ghi. " (severity(Severity::Error)) ": bản ghi bị từ chối. "
                (severity(Severity::Warning)) ": bản ghi vẫn được nhận. " (severity(Severity::Info))
                ": cho biết điều đã được sửa giúp hoặc một trạng thái. Mã quy tắc không bao giờ đổi nghĩa. Dạng dữ liệu: " (data)
            }
            Language::English => {
                "Every rule by which records are judged. " (severity(Severity::Error)) ": the record is rejected. "
                (severity(Severity::Warning)) ": it is kept. " (severity(Severity::Info))
                ": a repair or a state to know of. Codes never change their meaning. The same as data: " (data)
            }
        } }
        p { (speech.of(
            "Ví dụ của mỗi quy tắc được gửi vào một trường nhỏ có đủ bản ghi mẫu của mọi loại dữ liệu; chỉ ghi các thuộc tính quan trọng, còn lại như bản ghi mẫu, null là bỏ trống.",
            "The examples are sent to a small school that holds the example record of every resource. They show only what matters; the rest is as in the example record, and null leaves a member out.",
        )) }
    }
}

fn chapter(rule: &Rule) -> &'static str {
    rule.code.split('-').next().unwrap_or_default()
}

fn title(rule: &Rule, language: Language) -> &'static str {
    CHAPTERS.iter().find(|(known, _)| *known == chapter(rule)).map_or("", |(_, title)| title.in_language(language))
}

fn rule_card(rule: &Rule, speech: Speech) -> Markup {
    let severity = rule.severity.as_str();
    html! {
        article.rule id=(rule.code) {
            h2 { a href={ "#" (rule.code) } { (rule.code) } " "
                span class={ "severity " (severity) } { (rule.severity.title().in_language(speech.0)) }
                @for resource in rule.resources { " " span.tag { (resource) } } }
            (texts(rule, speech))
            p.quiet {
                @for field in rule.fields { code { (field) } " " }
                (rule.source_in(speech.0))
                @if !rule.since.is_empty() { (speech.of(", từ năm học ", ", since ")) (rule.since) }
            }
            @if let Some(example) = examples::of(rule.code) { (shown::both(example, speech)) }
        }
    }
}

/// What is said to programs, and what to people with a sheet where that differs.
fn texts(rule: &Rule, speech: Speech) -> Markup {
    let own = [rule.message.sheet, rule.hint.sheet];
    let said = |text: &Text| values(text.in_language(speech.0));
    html! {
        p { (said(&rule.message.program)) } p.hint { (said(&rule.hint.program)) }
        @if own.iter().any(Option::is_some) {
            p.quiet { (speech.of("Với bảng tính: ", "Of a sheet: ")) @for text in own.iter().flatten() { (said(text)) " " } }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chapter_has_a_title_and_every_title_a_rule() {
        for rule in catalogue::all() {
            assert!(!title(rule, Language::Vietnamese).is_empty(), "{} is of no chapter", rule.code);
        }
        for (known, _) in CHAPTERS {
            assert!(catalogue::all().any(|rule| chapter(rule) == *known), "{known} has no rule");
        }
    }
}
