//! Phrases that fill a placeholder in the reader's language: an issue's value `@name` names one.

use crate::model::issue::Text;

/// `(name, text)`, sorted by name.
const PHRASES: &[(&str, Text)] = &[
    ("a-level", Text { vi: "mức đánh giá", en: "a level" }),
    ("a-mark", Text { vi: "điểm số", en: "a mark" }),
    ("another-school", Text { vi: "trường khác", en: "another school" }),
    ("another-year", Text { vi: "năm học khác của trường", en: "another year of the school" }),
    ("array", Text { vi: "danh sách", en: "an array" }),
    ("average-of-averages", Text { vi: "lấy trung bình của các điểm trung bình", en: "an average of averages was taken" }),
    (
        "binary-rounding",
        Text {
            vi: "phần mềm tính bằng số thực nhị phân nên làm tròn xuống khi đúng 0,05",
            en: "software that computes in binary fractions let a tie at 0.05 fall",
        },
    ),
    ("boolean", Text { vi: "true hoặc false", en: "true or false" }),
    ("by-comments", Text { vi: "bằng nhận xét", en: "by comments" }),
    ("by-scores", Text { vi: "bằng nhận xét kết hợp điểm số", en: "by marks" }),
    ("cause-unknown", Text { vi: "một điểm được sửa sau khi tính, hoặc nhập nhầm", en: "a mark was changed afterwards, or mistyped" }),
    ("closed", Text { vi: "đóng cửa", en: "closed" }),
    ("cut-off", Text { vi: "cắt bỏ chữ số thừa thay vì làm tròn", en: "digits were cut off instead of rounded" }),
    (
        "division-by-six",
        Text {
            vi: "chia cho 6 thay vì cho số điểm thường xuyên cộng 5",
            en: "the sum was divided by six instead of the number of regular marks plus five",
        },
    ),
    ("ended", Text { vi: "đã đóng, hạn cuối là", en: "is closed, it ended on" }),
    (
        "half-even",
        Text {
            vi: "làm tròn về chữ số chẵn (kiểu ngân hàng) thay vì làm tròn lên",
            en: "a tie was rounded to the even digit (banker's rounding) instead of up",
        },
    ),
    (
        "mark-times-ten",
        Text {
            vi: ", có thể thiếu dấu phẩy thập phân (85 thay cho 8,5?)", en: ": the decimal point may be missing (85 for 8.5?)"
        },
    ),
    ("has-no-mapping", Text { vi: "chưa có trong bảng chuyển mã", en: "has no entry in its crosswalk" }),
    ("is-read-as", Text { vi: "được đọc là", en: "is read as" }),
    ("lower-case", Text { vi: "thường", en: "lower" }),
    ("merged", Text { vi: "sáp nhập", en: "merged" }),
    ("not-yet-open", Text { vi: "chưa mở, sẽ mở vào", en: "is not open yet, it opens on" }),
    ("null", Text { vi: "null", en: "null" }),
    ("number", Text { vi: "số", en: "a number" }),
    ("object", Text { vi: "đối tượng", en: "an object" }),
    ("operation", Text { vi: "thao tác", en: "operation" }),
    ("resource", Text { vi: "loại dữ liệu", en: "resource" }),
    ("text", Text { vi: "chuỗi ký tự", en: "text" }),
    (
        "unweighted",
        Text {
            vi: "quên hệ số 2 của điểm giữa kỳ và hệ số 3 của điểm cuối kỳ",
            en: "the weights 2 of the midterm and 3 of the final mark were left out",
        },
    ),
    ("upper-case", Text { vi: "hoa", en: "upper" }),
    ("whole-number", Text { vi: "số nguyên", en: "a whole number" }),
];

/// The phrase of this name.
pub fn phrase(name: &str) -> Option<&'static Text> {
    PHRASES.iter().find(|(known, _)| *known == name).map(|(_, text)| text)
}
