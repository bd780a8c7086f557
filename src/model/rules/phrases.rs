//! Phrases that fill a placeholder in the reader's language: an issue's value `@name` names one. What a person with a
//! sheet is told otherwise stands in [`IN_SHEETS`].

use crate::model::issue::Text;
use crate::model::wording::BodyForm;

/// `(name, text)` of those that say something else to a person with a sheet.
const IN_SHEETS: &[(&str, Text)] = &[
    ("boolean", Text { vi: "Có hoặc Không", en: "Có (yes) or Không (no)" }),
    ("date", Text { vi: "ngày/tháng/năm, ví dụ 05/09/2012", en: "day/month/year, such as 05/09/2012" }),
    ("json-ends-early", Text { vi: "hàng này không đọc hết được", en: "the row could not be read to its end" }),
    ("null", Text { vi: "ô trống", en: "an empty cell" }),
    ("object", Text { vi: "nhiều giá trị", en: "several values" }),
    ("school-year", Text { vi: "năm học như 2025-2026", en: "a school year such as 2025-2026" }),
    ("text", Text { vi: "chữ", en: "text" }),
    ("in-quotes", Text { vi: "", en: "" }),
    (
        "in-the-list",
        Text {
            vi: "Chọn trong danh sách “{list:list}” của tệp mẫu.",
            en: "Choose from the list “{list:list}” of the template.",
        },
    ),
    (
        "mark-without-quotes",
        Text { vi: "; học sinh vắng thì để trống", en: "; leave it empty if the student was absent" },
    ),
    ("one-of-these", Text { vi: "Ghi {words}.", en: "Write {words}." }),
    ("perhaps-meant", Text { vi: " Có lẽ là “{nearest_word}”.", en: " Perhaps it is “{nearest_word}”." }),
    (
        "waits",
        Text {
            vi: "; bản ghi đang chờ đến khi có {resource:resource} này",
            en: "; the record waits until it is there",
        },
    ),
    ("without-quotes", Text { vi: "", en: "" }),
];

/// `(name, text)`, sorted by name.
const PHRASES: &[(&str, Text)] = &[
    ("a-code", Text { vi: "mã hoặc tên", en: "a code or a name" }),
    ("a-level", Text { vi: "mức đánh giá", en: "a level" }),
    ("a-mark", Text { vi: "điểm số", en: "a mark" }),
    ("all-met", Text { vi: "mọi điều kiện đều đạt", en: "every condition is met" }),
    ("another-school", Text { vi: "trường khác", en: "another school" }),
    ("another-year", Text { vi: "năm học khác của trường", en: "another year of the school" }),
    ("array", Text { vi: "danh sách", en: "an array" }),
    (
        "array-as-line",
        Text {
            vi: "đây là mảng JSON; mảng các bản ghi gửi với “Content-Type: application/json”, mỗi lần một mảng",
            en: "it is a JSON array; an array of records is sent with “Content-Type: application/json”, one in a body",
        },
    ),
    (
        "average-of-averages",
        Text { vi: "lấy trung bình của các điểm trung bình", en: "an average of averages was taken" },
    ),
    ("award-conduct", Text { vi: "mức rèn luyện cả năm chưa đủ", en: "the conduct of the year is not high enough" }),
    (
        "award-higher",
        Text {
            vi: "các điều kiện của danh hiệu cao hơn đều đạt", en: "every condition of the higher award is met"
        },
    ),
    (
        "award-learning",
        Text { vi: "mức học tập cả năm chưa đủ", en: "the learning level of the year is not high enough" },
    ),
    (
        "award-marks",
        Text {
            vi: "chưa đủ số môn có điểm trung bình cao", en: "too few subjects have so high an average"
        },
    ),
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
    (
        "cause-unknown",
        Text {
            vi: "một điểm được sửa sau khi tính, hoặc nhập nhầm", en: "a mark was changed afterwards, or mistyped"
        },
    ),
    (
        "check-unit",
        Text {
            vi: "Kiểm tra số liệu và đơn vị đo; nếu đúng thì giữ nguyên.",
            en: "Check the figure and its unit; if it is right, leave it.",
        },
    ),
    ("closed", Text { vi: "giải thể", en: "closed" }),
    ("column-final", Text { vi: "điểm cuối kì", en: "final mark" }),
    ("column-midterm", Text { vi: "điểm giữa kì", en: "midterm mark" }),
    ("column-regular", Text { vi: "điểm thường xuyên", en: "regular mark" }),
    ("column-test", Text { vi: "điểm kiểm tra định kì", en: "test mark" }),
    ("cut-off", Text { vi: "cắt bỏ chữ số thừa thay vì làm tròn", en: "digits were cut off instead of rounded" }),
    ("data-not-object", Text { vi: "“data” không phải là đối tượng JSON", en: "“data” is no JSON object" }),
    ("date", Text { vi: "ngày dạng 2025-09-05", en: "a date such as 2025-09-05" }),
    (
        "days-as-shown",
        Text {
            vi: "các ô quá ít để chắc chắn nên các ngày ấy được đọc như đang hiện",
            en: "they are too few to be sure, and were read as they show",
        },
    ),
    (
        "days-put-right",
        Text {
            vi: "các ngày ấy đã được đọc theo thứ tự của ô chữ", en: "they were read in the order of the texts"
        },
    ),
    ("deadline-passed", Text { vi: "dù kì báo cáo đã đóng", en: "though the reporting period has closed" }),
    (
        "division-by-six",
        Text {
            vi: "chia cho 6 thay vì cho số điểm thường xuyên cộng 5",
            en: "the sum was divided by six instead of the number of regular marks plus five",
        },
    ),
    ("deeper-than-allowed", Text { vi: "lồng nhau quá sâu", en: "it is nested too deeply" }),
    ("ended", Text { vi: "đã đóng, hạn cuối là", en: "is closed, it ended on" }),
    (
        "half-even",
        Text {
            vi: "làm tròn về chữ số chẵn (kiểu ngân hàng) thay vì làm tròn lên",
            en: "a tie was rounded to the even digit (banker's rounding) instead of up",
        },
    ),
    (
        "hectares-meant",
        Text {
            vi: "Có lẽ ghi theo héc-ta: đổi ra mét vuông rồi gửi lại.",
            en: "It probably is in hectares: write it in square metres and send it again.",
        },
    ),
    (
        "its-own-successor",
        Text {
            vi: "mã trường kế thừa lại là mã của chính trường đó", en: "its successor is itself"
        },
    ),
    ("json-ends-early", Text { vi: "JSON kết thúc giữa chừng", en: "the JSON ends too early" }),
    ("letters-lost", Text { vi: "mất chữ có dấu", en: "letters were lost" }),
    ("level-not-reached", Text { vi: "chưa đủ điều kiện của mức đã gửi", en: "the level sent is not reached" }),
    ("level-reached", Text { vi: "mọi điều kiện của mức này đều đạt", en: "every condition of this level is met" }),
    ("longer-than-allowed", Text { vi: "bản ghi quá dài", en: "it is too long" }),
    ("lower-case", Text { vi: "thường", en: "lower" }),
    ("mark-left-out", Text { vi: "bỏ sót một điểm thường xuyên", en: "a regular mark was left out" }),
    (
        "mark-times-ten",
        Text {
            vi: ", có thể thiếu dấu phẩy thập phân (85 thay cho 8,5?)",
            en: ": the decimal point may be missing (85 for 8.5?)",
        },
    ),
    ("has-no-mapping", Text { vi: "chưa có trong bảng chuyển mã", en: "has no entry in its crosswalk" }),
    ("is-read-as", Text { vi: "được đọc là", en: "is read as" }),
    ("member-elsewhere", Text { vi: "một người ở trường khác", en: "a member of another school's staff" }),
    ("merged", Text { vi: "sáp nhập", en: "merged" }),
    (
        "metres-meant",
        Text {
            vi: "Có lẽ ghi theo mét: đổi ra xăng-ti-mét rồi gửi lại.",
            en: "It probably is in metres: write it in centimetres and send it again.",
        },
    ),
    ("name-and-birth", Text { vi: "họ tên và ngày sinh", en: "name and birth date" }),
    ("name-birth-and-mother", Text { vi: "họ tên, ngày sinh và tên mẹ", en: "name, birth date and mother's name" }),
    ("never-known-there", Text { vi: "chưa từng được ghi nhận làm việc", en: "was never known as working at" }),
    ("no-award", Text { vi: "không có danh hiệu", en: "no award" }),
    ("no-data", Text { vi: "thiếu “data”", en: "“data” is missing" }),
    (
        "no-envelope",
        Text {
            vi: "thiếu “resource” và “data”; các trường của bản ghi đặt trong “data”",
            en: "“resource” and “data” are missing; the record's members belong into “data”",
        },
    ),
    ("no-resource", Text { vi: "thiếu “resource”", en: "“resource” is missing" }),
    ("no-successor", Text { vi: "chưa ghi trường kế thừa", en: "no successor is named" }),
    ("none", Text { vi: "không có", en: "none" }),
    ("none-alike", Text { vi: "không có tên hay mã nào gần giống", en: "none is like it" }),
    ("not-active-there", Text { vi: "không đang làm việc", en: "is not active at" }),
    (
        "not-an-object",
        Text {
            vi: "không bắt đầu bằng dấu ngoặc nhọn, hoặc đứng sau phần kết thúc của mảng JSON",
            en: "it does not begin with a brace, or stands behind the end of a JSON array",
        },
    ),
    ("not-promoted", Text { vi: "không được lên lớp", en: "not promoted" }),
    ("not-shown", Text { vi: "không hiển thị", en: "not shown" }),
    ("not-yet-open", Text { vi: "chưa mở, sẽ mở vào", en: "is not open yet, it opens on" }),
    ("null", Text { vi: "null", en: "null" }),
    ("number", Text { vi: "số", en: "a number" }),
    ("object", Text { vi: "đối tượng", en: "an object" }),
    (
        "one-subject-raises",
        Text {
            vi: "chỉ một môn kéo mức xuống nên được điều chỉnh lên",
            en: "one subject alone pulled the level down, so it rises again",
        },
    ),
    ("of-other-schools", Text { vi: "của trường khác", en: "other schools" }),
    (
        "one-term-alone",
        Text {
            vi: "lấy điểm của một học kì làm điểm cả năm", en: "one term's average was taken for the year's"
        },
    ),
    ("operation", Text { vi: "thao tác", en: "operation" }),
    (
        "other-weights",
        Text {
            vi: "hệ số của điểm giữa kì, cuối kì không phải 2 và 3",
            en: "the midterm and final marks did not weigh 2 and 3",
        },
    ),
    (
        "others-have",
        Text {
            vi: "trong khi các lớp khác cùng cấp của trường đã có",
            en: "while the school's other classes of the level have",
        },
    ),
    ("promoted", Text { vi: "được lên lớp", en: "promoted" }),
    ("promotion-absences", Text { vi: "nghỉ quá số buổi cho phép", en: "there are too many absences" }),
    ("promotion-conduct", Text { vi: "mức rèn luyện cả năm chưa đạt", en: "the conduct of the year is too low" }),
    ("promotion-learning", Text { vi: "mức học tập cả năm chưa đạt", en: "the learning level of the year is too low" }),
    ("pupil-elsewhere", Text { vi: "một học sinh của trường khác", en: "a student of another school" }),
    ("reading-unknown", Text { vi: "văn bản không đoán được", en: "what nobody can guess" }),
    ("record", Text { vi: "bản ghi", en: "the record" }),
    ("resource", Text { vi: "loại dữ liệu", en: "resource" }),
    ("row-above", Text { vi: "điểm kì trước của dòng trên", en: "the row above" }),
    ("row-below", Text { vi: "điểm kì trước của dòng dưới", en: "the row below" }),
    ("school", Text { vi: "trường", en: "school" }),
    ("school-year", Text { vi: "năm học", en: "school year" }),
    ("some", Text { vi: "một số", en: "some" }),
    (
        "terms-exchanged",
        Text {
            vi: "nhân hệ số 2 cho học kì I thay vì học kì II",
            en: "the first term weighed twice instead of the second",
        },
    ),
    ("terms-unweighted", Text { vi: "quên hệ số 2 của học kì II", en: "the second term did not weigh twice" }),
    ("text", Text { vi: "chuỗi ký tự", en: "text" }),
    (
        "unrounded-terms",
        Text {
            vi: "tính từ điểm học kì chưa làm tròn", en: "the terms' averages were taken before they were rounded"
        },
    ),
    (
        "unweighted",
        Text {
            vi: "quên hệ số 2 của điểm giữa kì và hệ số 3 của điểm cuối kì",
            en: "the weights 2 of the midterm and 3 of the final mark were left out",
        },
    ),
    ("upper-case", Text { vi: "hoa", en: "upper" }),
    ("utf8-misread", Text { vi: "UTF-8 bị đọc nhầm", en: "UTF-8 taken for another one" }),
    ("whole-number", Text { vi: "số nguyên", en: "a whole number" }),
    (
        "in-quotes",
        Text {
            vi: ": đặt giá trị trong dấu nháy kép, ví dụ \"{example}\"",
            en: ": put the value in quotes, such as \"{example}\"",
        },
    ),
    (
        "in-the-list",
        Text { vi: "Xem danh mục tại /v1/code-lists/{list}.", en: "The list is at /v1/code-lists/{list}." },
    ),
    (
        "mark-without-quotes",
        Text { vi: ": điểm là số, không đặt trong dấu nháy", en: ": a mark is a number, without quotes" },
    ),
    ("no-such-day", Text { vi: ": tháng {month} không có ngày {day}", en: ": the month {month} has no day {day}" }),
    ("no-such-month", Text { vi: ": không có tháng {month}", en: ": there is no month {month}" }),
    (
        "number-between",
        Text { vi: "số từ {minimum:n} đến {maximum:n}", en: "a number from {minimum:n} to {maximum:n}" },
    ),
    ("one-of-these", Text { vi: "Dùng một trong: {values}.", en: "Use one of: {values}." }),
    ("perhaps-meant", Text { vi: "", en: "" }),
    ("waits", Text { vi: "; bản ghi đang chờ đến khi có bản ghi đó", en: "; the record waits until it comes" }),
    (
        "whole-number-between",
        Text {
            vi: "số nguyên từ {minimum:n} đến {maximum:n}", en: "a whole number from {minimum:n} to {maximum:n}"
        },
    ),
    ("without-quotes", Text { vi: ": giá trị này không đặt trong dấu nháy", en: ": it stands without quotes" }),
];

/// The phrase of this name, as it is said to who sent records in this form.
pub fn phrase(name: &str, form: BodyForm) -> Option<&'static Text> {
    let own = if form == BodyForm::Sheet { IN_SHEETS } else { &[] };
    own.iter().chain(PHRASES).find(|(known, _)| *known == name).map(|(_, text)| text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let inside = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
        std::fs::read_dir(folder).unwrap().flatten().flat_map(|entry| inside(entry.path())).collect()
    }

    /// The names that stand as values in the code: `"@name"`.
    fn named(code: &str) -> impl Iterator<Item = &str> {
        let literals = code.split("\"@").skip(1).filter_map(|rest| rest.split_once('"').map(|(name, _)| name));
        literals
            .filter(|name| name.contains('-') || name.len() > 3)
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
    }

    #[test]
    fn every_name_of_a_phrase_has_its_phrase() {
        let mut lacking = Vec::new();
        for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            let code = std::fs::read_to_string(&path).unwrap_or_default();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            lacking.extend(named(&code).filter(|name| phrase(name, BodyForm::Program).is_none()).map(str::to_owned));
        }
        assert_eq!(lacking, Vec::<String>::new(), "these would be shown to people as they stand");
        let mut names: Vec<&str> = PHRASES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PHRASES.len(), "a name stands twice");
        for (name, _) in IN_SHEETS {
            assert!(PHRASES.iter().any(|(known, _)| known == name), "{name} says nothing to a program");
        }
    }
}
