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

/// Puts values in the place of `{}`, in order; `{?record is:records are}` is one or the other by the value before it.
pub fn fill(template: &str, values: &[&str]) -> String {
    let (mut text, mut rest, mut values, mut last) = (String::new(), template, values.iter(), "");
    while let Some((words, place)) = rest.split_once('{') {
        let (inside, after) = place.split_once('}').unwrap_or((place, ""));
        text.push_str(words);
        match inside.strip_prefix('?').and_then(|words| words.split_once(':')) {
            Some((one, many)) => text.push_str(if last == "1" { one } else { many }),
            None => {
                last = values.next().copied().unwrap_or_default();
                text.push_str(last);
            }
        }
        rest = after;
    }
    text.push_str(rest);
    text
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
/// warning
pub const WARNING: Text = text("cảnh báo", "warning");
/// info
pub const INFO: Text = text("thông tin", "info");
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
/// … and {} more groups; --format csv shows all.
pub const MORE_GROUPS: Text =
    text("… và {} nhóm khác; xem tất cả với --format csv.", "… and {} more {?group:groups}; --format csv shows all.");
/// No record is rejected.
pub const ALL_GOOD: Text = text("Không có bản ghi nào bị từ chối.", "No record is rejected.");
/// {} records are rejected.
pub const SOME_REJECTED: Text = text("{} bản ghi bị từ chối.", "{} {?record is:records are} rejected.");
/// {}: the file is cut off; only what came before was checked. Make the file again.
pub const FILE_CUT: Text = text(
    "{}: tệp bị cắt giữa chừng; chỉ phần đầu được kiểm tra. Tạo lại tệp.",
    "{}: the file is cut off; only what came before was checked. Make the file again.",
);
/// Not judged without a gateway:
pub const UNJUDGED: Text = text("Chưa kiểm tra được khi không có cổng dữ liệu:", "Not judged without a gateway:");
/// {}: {} records need {} that are in none of the files.
pub const ABSENT: Text = text(
    "{}: {} bản ghi cần {} không có trong các tệp.",
    "{}: {} {?record needs:records need} {} that are in none of the files.",
);
/// {}: {} records need {} that are in the files but rejected.
pub const REFUSED: Text = text(
    "{}: {} bản ghi cần {} có trong tệp nhưng bị từ chối.",
    "{}: {} {?record needs:records need} {} that are in the files but rejected.",
);
/// {}: {} records, for no administrative units are loaded (--reference).
pub const NO_UNITS: Text = text(
    "{}: {} bản ghi, vì chưa nạp đơn vị hành chính (--reference).",
    "{}: {} {?record:records}, for no administrative units are loaded (--reference).",
);
/// {}: {} records, for the stored version is not known.
pub const STORED: Text = text(
    "{}: {} bản ghi, vì không biết phiên bản đang lưu.",
    "{}: {} {?record:records}, for the stored version is not known.",
);
///  Rules: {}.
pub const RULES: Text = text(" Quy tắc: {}.", " Rules: {}.");
/// {} records wait for others, and are taken by themselves when those come.
pub const PARKED: Text = text(
    "{} bản ghi chờ bản ghi khác và sẽ tự được nhận khi bản ghi đó đến.",
    "{} {?record waits:records wait} for others; {?it is:they are} taken when those come.",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        assert_eq!(fill(SOME_REJECTED.en, &["1"]), "1 record is rejected.");
        assert_eq!(
            fill(ABSENT.en, &["students", "2", "classes"]),
            "students: 2 records need classes that are in none of the files."
        );
    }
}
