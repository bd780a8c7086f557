//! What the report says in its own words, in both languages.

use crate::model::issue::{Language, Text};

/// The words of a language.
#[derive(Debug, Clone, Copy)]
pub struct Labels(pub Language);

impl Labels {
    /// The text in the language.
    pub fn of(self, text: Text) -> &'static str {
        text.in_language(self.0)
    }
}

const fn text(vi: &'static str, en: &'static str) -> Text {
    Text { vi, en }
}

/// Count
pub const COUNT: Text = text("Số lượng", "Count");
/// Code
pub const CODE: Text = text("Mã", "Code");
/// Severity
pub const SEVERITY: Text = text("Mức", "Severity");
/// First seen
pub const FIRST: Text = text("Gặp đầu tiên", "First seen");
/// What is wrong, and what to do
pub const FAULT: Text = text("Nội dung và cách sửa", "What is wrong, and what to do");
/// Resource
pub const RESOURCE: Text = text("Loại bản ghi", "Resource");
/// Received
pub const RECEIVED: Text = text("Nhận", "Received");
/// Good
pub const GOOD: Text = text("Đạt", "Good");
/// Waiting
pub const WAITING: Text = text("Chờ", "Waiting");
/// Rejected
pub const REJECTED: Text = text("Bị từ chối", "Rejected");
/// Warnings
pub const WARNINGS: Text = text("Cảnh báo", "Warnings");
/// (no record)
pub const NO_RECORD: Text = text("(không phải bản ghi)", "(no record)");
/// All
pub const TOTAL: Text = text("Tất cả", "All");
/// error
pub const ERROR: Text = text("lỗi", "error");
/// record
pub const RECORD: Text = text("bản ghi", "record");
/// line
pub const LINE: Text = text("dòng", "line");
/// sheet
pub const SHEET: Text = text("trang", "sheet");
/// row
pub const ROW: Text = text("hàng", "row");
/// column
pub const COLUMN: Text = text("cột", "column");
/// No record is rejected.
pub const ALL_GOOD: Text = text("Không có bản ghi nào bị từ chối.", "No record is rejected.");
/// Not judged without a gateway:
pub const UNJUDGED: Text = text("Chưa kiểm tra được khi không có cổng dữ liệu:", "Not judged without a gateway:");
