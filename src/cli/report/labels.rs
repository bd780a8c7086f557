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

/// Puts values in the place of `{}`, in order.
pub fn fill(template: &str, values: &[&str]) -> String {
    let mut parts = template.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(values) {
        text.push_str(value);
        text.push_str(part);
    }
    text
}

macro_rules! texts {
    ($($name:ident = $vi:literal | $en:literal;)*) => { $(
        #[doc = $en]
        pub const $name: Text = Text { vi: $vi, en: $en };
    )* };
}

texts! {
    COUNT = "Số lượng" | "Count";
    CODE = "Mã" | "Code";
    SEVERITY = "Mức" | "Severity";
    FIRST = "Gặp đầu tiên" | "First seen";
    FAULT = "Nội dung và cách sửa" | "What is wrong, and what to do";
    RESOURCE = "Loại bản ghi" | "Resource";
    RECEIVED = "Nhận" | "Received";
    GOOD = "Đạt" | "Good";
    WAITING = "Chờ" | "Waiting";
    REJECTED = "Bị từ chối" | "Rejected";
    WARNINGS = "Cảnh báo" | "Warnings";
    NO_RECORD = "(không phải bản ghi)" | "(no record)";
    TOTAL = "Tất cả" | "All";
    ERROR = "lỗi" | "error";
    WARNING = "cảnh báo" | "warning";
    INFO = "thông tin" | "info";
    RECORD = "bản ghi" | "record";
    LINE = "dòng" | "line";
    SHEET = "trang" | "sheet";
    ROW = "hàng" | "row";
    COLUMN = "cột" | "column";
    MORE_GROUPS = "… và {} nhóm khác; xem tất cả với --format csv." | "… and {} more groups; --format csv shows all.";
    ALL_GOOD = "Không có bản ghi nào bị từ chối." | "No record is rejected.";
    SOME_REJECTED = "{} bản ghi bị từ chối." | "{} records are rejected.";
    FILE_CUT = "{}: tệp bị cắt giữa chừng; chỉ phần đầu được kiểm tra. Tạo lại tệp." | "{}: the file is cut off; only what came before was checked. Make the file again.";
    UNJUDGED = "Chưa kiểm tra được khi không có cổng dữ liệu:" | "Not judged without a gateway:";
    ABSENT = "{}: {} bản ghi cần {} không có trong các tệp." | "{}: {} records need {} that are in none of the files.";
    REFUSED = "{}: {} bản ghi cần {} có trong tệp nhưng bị từ chối." | "{}: {} records need {} that are in the files but rejected.";
    NO_UNITS = "{}: {} bản ghi, vì chưa nạp đơn vị hành chính (--reference)." | "{}: {} records, for no administrative units are loaded (--reference).";
    STORED = "{}: {} bản ghi, vì không biết phiên bản đang lưu." | "{}: {} records, for the stored version is not known.";
    RULES = " Quy tắc: {}." | " Rules: {}.";
    PARKED = "{} bản ghi chờ bản ghi khác và sẽ tự được nhận khi bản ghi đó đến." | "{} records wait for others, and are taken by themselves when those come.";
}
