//! Where a rule comes from, in Vietnamese: sources are written in English, with few words, which are translated one by
//! one. A test holds that none is left over.

use crate::model::issue::{Language, Rule};
use std::borrow::Cow;

/// English and Vietnamese; what holds another comes before it.
const WORDS: &[(&str, &str)] = &[
    ("Identification codes of the sector database", "Mã định danh của cơ sở dữ liệu ngành"),
    ("School codes of the sector database", "Mã trường của cơ sở dữ liệu ngành"),
    ("Sector database, dropout reasons", "Cơ sở dữ liệu ngành, lý do thôi học"),
    ("yearly plan of the school year", "kế hoạch thời gian năm học"),
    ("School Gateway, who may write what", "School Gateway, quyền gửi dữ liệu"),
    ("School Gateway, limits of facility returns", "School Gateway, giới hạn số liệu cơ sở vật chất"),
    ("School Gateway, facility returns", "School Gateway, cơ sở vật chất"),
    ("School Gateway, teaching assignments", "School Gateway, phân công giảng dạy"),
    ("School Gateway, reporting periods", "School Gateway, kì báo cáo"),
    ("School Gateway, units of measurement", "School Gateway, đơn vị đo"),
    ("School Gateway, codes", "School Gateway, mã"),
    ("School Gateway, code lists", "School Gateway, danh mục"),
    ("School Gateway, crosswalks", "School Gateway, bảng chuyển mã"),
    ("School Gateway, replacements", "School Gateway, thay toàn bộ dữ liệu"),
    ("School Gateway, submissions", "School Gateway, lần gửi"),
    ("School Gateway, enrollments", "School Gateway, quá trình học tập"),
    ("School Gateway, resources", "School Gateway, loại dữ liệu"),
    ("School Gateway, students", "School Gateway, học sinh"),
    ("School Gateway, classes", "School Gateway, lớp học"),
    ("School Gateway, results", "School Gateway, kết quả học tập"),
    ("School Gateway, schools", "School Gateway, trường"),
    ("School Gateway, sheets", "School Gateway, bảng tính"),
    ("School Gateway, grants", "School Gateway, quyền của ứng dụng"),
    ("School Gateway, texts", "School Gateway, văn bản"),
    ("School Gateway, staff", "School Gateway, cán bộ giáo viên nhân viên"),
    ("Law on Persons with Disabilities", "Luật Người khuyết tật"),
    ("Law on Public Employees", "Luật Viên chức"),
    ("Law on Residence", "Luật Cư trú"),
    ("Law on Identification", "Luật Căn cước"),
    ("Education Law", "Luật Giáo dục"),
    ("Joint Circular", "Thông tư liên tịch"),
    ("Circulars", "Các Thông tư"),
    ("Circular", "Thông tư"),
    ("Decree", "Nghị định"),
    ("Decision", "Quyết định"),
    ("Unicode Annex", "Phụ lục Unicode"),
    ("Unicode Technical Standard", "Tiêu chuẩn kĩ thuật Unicode"),
    ("articles ", "các Điều "),
    ("article ", "Điều "),
    ("clause ", "khoản "),
    ("annex ", "Phụ lục "),
    ("section ", "mục "),
    ("before ", "trước ngày "),
    ("until ", "đến ngày "),
    ("from ", "từ ngày "),
    (" and ", " và "),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Rule {
    /// Where it comes from, in a language.
    pub fn source_in(&self, language: Language) -> Cow<'static, str> {
        match language {
            Language::English => Cow::Borrowed(self.source),
            Language::Vietnamese => Cow::Owned(in_vietnamese(self.source)),
        }
    }
}

fn in_vietnamese(source: &str) -> String {
    WORDS.iter().fold(with_days(source), |text, (english, vietnamese)| text.replace(english, vietnamese))
}

/// `9 May 2026` as 09/05/2026.
fn with_days(source: &str) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut words = source.split(' ');
    while let Some(word) = words.next() {
        let month = MONTHS.iter().position(|month| *month == word).map(|at| at + 1);
        match (month, told.last_mut().filter(|day| day.parse::<u8>().is_ok())) {
            (Some(month), Some(day)) => {
                *day = format!("{day:0>2}/{month:02}/{}", words.next().unwrap_or_default());
            }
            _ => told.push(word.to_owned()),
        }
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::catalogue;

    #[test]
    fn no_english_word_is_left_in_a_source() {
        let is_english = |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        // Vietnamese words that have no mark.
        let spoken =
            ["quy", "cho", "trung", "theo", "sinh", "trong", "gian", "thay", "khai", "quan", "chung", "tin", "danh"];
        let left: Vec<(&str, String)> = catalogue::all()
            .flat_map(|rule| {
                let told = rule.source_in(Language::Vietnamese);
                let words = told.split(|letter: char| !letter.is_alphanumeric());
                let left = words.filter(is_english).filter(|word| !spoken.contains(word)).map(str::to_owned);
                left.map(|word| (rule.code, word)).collect::<Vec<_>>()
            })
            .collect();
        assert!(left.is_empty(), "WORDS of this file lack these, or they are Vietnamese: {left:?}");
    }

    #[test]
    fn a_source_is_dated_in_both_languages() {
        assert_eq!(
            in_vietnamese(
                "Circular 15/2026/TT-BGDĐT, article 4 (from 10 May 2026); Circular 32/2020/TT-BGDĐT, articles 4 and 5 (until 9 May 2026)"
            ),
            "Thông tư 15/2026/TT-BGDĐT, Điều 4 (từ ngày 10/05/2026); Thông tư 32/2020/TT-BGDĐT, các Điều 4 và 5 (đến ngày 09/05/2026)"
        );
    }
}
