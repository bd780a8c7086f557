//! What stands at the head of the document: what the API is, where it is, and its chapters in the order in which one
//! reads them.

use crate::http::openapi::{
    clients, code_lists, findings, records, reporting_periods, service, sheet_layouts, submissions,
};
use crate::model;
use crate::model::schema;
use utoipa::openapi::info::{Info, InfoBuilder, LicenseBuilder};
use utoipa::openapi::server::{Server, ServerBuilder};
use utoipa::openapi::tag::{Tag, TagBuilder};

/// What the API is.
pub fn info() -> Info {
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    InfoBuilder::new()
        .title("School Gateway")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("overview.md").trim()))
        .license(Some(license))
        .build()
}

/// The gateway that serves the document.
pub fn servers() -> [Server; 1] {
    [ServerBuilder::new().url("/").description(Some("This gateway.")).build()]
}

/// The chapters.
pub fn tags() -> Vec<Tag> {
    let before = [
        (clients::TOKENS, "Mã truy cập. Every request but the open ones carries a token."),
        (
            submissions::TAG,
            "Gửi dữ liệu. Many records in one request: judged, kept or set aside, and reported one by one.",
        ),
    ];
    let resources = model::all()
        .iter()
        .map(|spec| tag(records::tag(spec), &format!("{}. {}", spec.title.vi, schema::text(spec.description))));
    let after = [
        (
            findings::TAG,
            "Vấn đề chất lượng dữ liệu. What shows only in a whole school: opened by the gateway, closed by itself when the data are mended.",
        ),
        (service::RULES, "Quy tắc kiểm tra. Every rule by which records are judged; open to everyone."),
        (code_lists::TAG, "Danh mục. The values that coded members take, with the time for which each holds."),
        (reporting_periods::TAG, "Kì báo cáo. When which schools report which records."),
        (sheet_layouts::TAG, "Biểu mẫu bảng tính. The forms of sheets that are read."),
        (clients::CLIENTS, "Ứng dụng. Who may come in, and what the codes of his software mean, for administrators."),
        (service::SERVICE, "Hệ thống. Problems, health and documentation."),
    ];
    let listed = |(name, description): (&str, &str)| tag(name, description);
    before.into_iter().map(listed).chain(resources).chain(after.into_iter().map(listed)).collect()
}

fn tag(name: &str, description: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(description)).build()
}
