//! What titles, names of sheets and of files say for every row: school year, period, subject, class, grade, school.

use crate::intake::sheet::file::row::SheetRow;
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::headings::words::words;
use crate::intake::sheet::records::convert::shown;

/// WordTable of a subject or a period at most.
const LONGEST: usize = 8;

/// A value, and the cell of the title that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// As it is said; of a subject and a period, the key of the name.
    pub value: String,
    /// Row and column of the cell; `None`: no cell says it.
    pub at: Option<(u64, u32)>,
}

/// All that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// `2025-2026`.
    pub year: Option<Saying>,
    /// Code of the period.
    pub period: Option<Saying>,
    /// Name of a subject, as a key.
    pub subject: Option<Saying>,
    /// The class.
    pub class: Option<Saying>,
    /// Number of the grade.
    pub grade: Option<Saying>,
    /// Name of a school.
    pub school: Option<Saying>,
    /// Name of a commune that manages schools.
    pub commune: Option<Saying>,
    /// Name of the teacher of the subject.
    pub teacher: Option<Saying>,
    /// Name of the homeroom teacher.
    pub homeroom: Option<Saying>,
}

impl Said {
    /// What the rows above the headings say; what comes first stands.
    pub fn by_titles(rows: &[SheetRow]) -> Self {
        let mut said = Self::default();
        for row in rows {
            let cells: Vec<(u32, String)> =
                row.cells().filter_map(|(column, cell)| Some((column, shown(cell)?))).collect();
            for (at, (column, text)) in cells.iter().enumerate() {
                // A label, and its value in the next cell.
                let text = match cells.get(at + 1) {
                    Some((_, next)) if is_label(text) => format!("{text} {next}"),
                    _ => text.clone(),
                };
                said.complete(Self::of_text(&text, Some((row.number, *column))));
            }
        }
        said
    }

    /// What the name of a sheet or a file says: there, the name of a subject and a class stand by themselves.
    pub fn by_name(name: &str) -> Self {
        let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = match stem.rsplit_once('.') {
            Some((stem, ending)) if ending.len() <= 4 && !stem.is_empty() => stem,
            _ => stem,
        };
        let spaced: String = stem.chars().map(|letter| if letter == '_' { ' ' } else { letter }).collect();
        let mut said = Self::of_text(&spaced, None);
        let here = |value: String| Some(Saying { value, at: None });
        let all = key(&spaced);
        let words: Vec<&str> = all.split(' ').collect();
        if said.subject.is_none() {
            said.subject = lone_subject(&words).and_then(here);
        }
        if said.period.is_none() && words.contains(&"cn") {
            said.period = here("CN".to_owned());
        }
        if said.class.is_none() {
            let tokens = spaced.split([' ', '-', ',', '(', ')']).filter(|token| is_class(token));
            let mut named: Vec<&str> = tokens.collect();
            named.dedup();
            said.class = named.first().filter(|_| named.len() == 1).and_then(|class| here((*class).to_owned()));
        }
        said
    }

    fn of_text(text: &str, at: Option<(u64, u32)>) -> Self {
        let all = key(text);
        let words: Vec<&str> = all.split(' ').filter(|word| !word.is_empty()).collect();
        let say = |value: String| Some(Saying { value, at });
        Self {
            year: year(text).and_then(say),
            period: period(&words).and_then(say),
            subject: subject(&words).and_then(say),
            class: class(text).and_then(say),
            grade: number_after(&words, "khoi").and_then(say),
            school: named(text, "truong").and_then(say),
            commune: named(text, "ubnd").and_then(say),
            teacher: person(text, &TEACHER).and_then(say),
            homeroom: person(text, &HOMEROOM).and_then(say),
        }
    }

    /// Takes over what is not said yet.
    pub fn complete(&mut self, other: Self) {
        let fill = |own: &mut Option<Saying>, other: Option<Saying>| {
            if own.is_none() {
                *own = other;
            }
        };
        fill(&mut self.year, other.year);
        fill(&mut self.period, other.period);
        fill(&mut self.subject, other.subject);
        fill(&mut self.class, other.class);
        fill(&mut self.grade, other.grade);
        fill(&mut self.school, other.school);
        fill(&mut self.commune, other.commune);
        fill(&mut self.teacher, other.teacher);
        fill(&mut self.homeroom, other.homeroom);
    }
}

/// What stands before the name of the teacher of a subject, and of the homeroom teacher, as keys; the longest first.
const TEACHER: [&str; 8] =
    ["giao vien giang day", "giao vien bo mon", "giao vien day", "ho ten giao vien", "giao vien", "gvbm", "gvgd", "gv"];
const HOMEROOM: [&str; 4] = ["giao vien chu nhiem", "gv chu nhiem", "chu nhiem", "gvcn"];
/// What people put before a name.
const TITLES: [&str; 6] = ["thầy", "cô", "ông", "bà", "ths.", "th.s"];

/// The name behind one of these labels, up to a dash or a comma: `Giáo viên: Cô Nghiêm Thị Thơ`.
fn person(text: &str, labels: &[&str]) -> Option<String> {
    let apart = text.replace([';', '|', '\n', '\t', '(', ','], " - ").replace(" – ", " - ").replace("   ", " - ");
    let named = |part: &str| {
        let words: Vec<&str> = part.split([' ', ':', '\u{a0}']).filter(|word| !word.is_empty()).collect();
        let labelled = |label: &&&str| {
            let length = label.split(' ').count();
            length < words.len() && key(&words[..length].join(" ")) == **label
        };
        let length = labels.iter().find(labelled)?.split(' ').count();
        let name: Vec<&str> =
            words[length..].iter().copied().skip_while(|word| TITLES.contains(&word.to_lowercase().as_str())).collect();
        let is_word = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
        ((2..=6).contains(&name.len()) && name.iter().all(is_word)).then(|| name.join(" "))
    };
    apart.split(" - ").find_map(named)
}

fn is_label(text: &str) -> bool {
    matches!(
        key(text).as_str(),
        "lop" | "ten lop" | "ma lop" | "mon" | "mon hoc" | "hoc ki" | "ki" | "nam hoc" | "khoi" | "truong"
    ) || TEACHER.iter().chain(&HOMEROOM).any(|label| *label == key(text))
}

/// Two years, one after the other.
fn year(text: &str) -> Option<String> {
    let digits: Vec<(usize, &str)> = numbers(text);
    digits.windows(2).find_map(|pair| {
        let ((first_at, first), (second_at, second)) = (pair[0], pair[1]);
        let between = text.get(first_at + first.len()..second_at)?;
        let is_apart = between.chars().count() <= 5 && !between.chars().any(char::is_alphanumeric);
        let (begins, ends): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
        let is_year = first.len() == 4 && second.len() == 4 && (1990..2100).contains(&begins) && ends == begins + 1;
        (is_apart && is_year).then(|| format!("{first}-{second}"))
    })
}

/// The runs of digits, with their places.
fn numbers(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (letter.is_ascii_digit(), from) {
            (true, None) => from = Some(at),
            (false, Some(begin)) => {
                found.push((begin, &text[begin..at]));
                from = None;
            }
            _ => (),
        }
    }
    found
}

fn period(words_of_text: &[&str]) -> Option<String> {
    let found = spans(words_of_text).filter_map(|(span, length)| {
        let period = words().periods.get(&span)?;
        // Two letters alone are any word.
        (span.len() > 2).then_some((length, period.clone()))
    });
    found.max_by_key(|(length, _)| *length).map(|(_, period)| period)
}

/// What follows the word “môn” and is a subject, as its key.
fn subject(words_of_text: &[&str]) -> Option<String> {
    let at = words_of_text.iter().position(|word| *word == "mon")?;
    let after = words_of_text[at + 1..].strip_prefix(&["hoc"]).unwrap_or(&words_of_text[at + 1..]);
    (1..=LONGEST.min(after.len()))
        .rev()
        .map(|length| after[..length].join(" "))
        .find(|name| words().subjects.contains_key(name))
}

/// The one subject that a name has among its words; words of everyday speech are none.
fn lone_subject(words_of_text: &[&str]) -> Option<String> {
    let is_subject = |(span, length): &(String, usize)| {
        words().subjects.contains_key(span)
            && (span.len() > 2)
            && (*length == words_of_text.len() || !words().syllables.contains(span))
    };
    let mut found: Vec<(String, usize)> = spans(words_of_text).filter(is_subject).collect();
    found.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    let (longest, _) = found.first()?.clone();
    let others = found.iter().filter(|(name, _)| !longest.contains(name.as_str())).count();
    (others == 0).then_some(longest)
}

/// The words that stand together, up to so many.
fn spans<'w>(words: &'w [&str]) -> impl Iterator<Item = (String, usize)> + 'w {
    (0..words.len()).flat_map(move |from| {
        (1..=LONGEST.min(words.len() - from)).map(move |length| (words[from..from + length].join(" "), length))
    })
}

/// The word that follows “lớp” and has a number in it.
fn class(text: &str) -> Option<String> {
    let apart = text.replace([':', '\n'], " ");
    let tokens: Vec<&str> = apart.split_whitespace().collect();
    tokens.windows(2).find_map(|pair| {
        let class = pair[1].trim_matches(|letter: char| ",.;()-–—|".contains(letter));
        let is_one = class.chars().count() <= 20 && class.bytes().any(|byte| byte.is_ascii_digit());
        (key(pair[0]).as_str() == "lop" && is_one).then(|| class.to_owned())
    })
}

/// `6A`, `10A1`, `6/1`: a grade, and what tells its classes apart.
pub fn is_class(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default();
    let grade: Option<u32> = text.get(..digits).and_then(|number| number.parse().ok());
    grade.is_some_and(|grade| (1..=12).contains(&grade))
        && (1..=6).contains(&rest.chars().count())
        && rest.starts_with(|letter: char| letter.is_alphabetic() || letter == '/' || letter == '.')
        && rest.chars().all(|letter| letter.is_alphanumeric() || "/._".contains(letter))
}

fn number_after(words: &[&str], label: &str) -> Option<String> {
    let at = words.iter().position(|word| *word == label)?;
    words.get(at + 1).filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).map(|word| (*word).to_owned())
}

/// A text that begins with this word and goes on, up to what stands behind a dash.
fn named(text: &str, begins: &str) -> Option<String> {
    let own = text.split([';', '|', '\n']).next()?.split(" - ").next()?.split(" – ").next()?.trim();
    let own = own.strip_prefix("Tên trường:").unwrap_or(own).trim();
    let own_key = key(own);
    let (first, rest) = own_key.split_once(' ')?;
    (first == begins && !rest.is_empty() && own.chars().count() <= 120).then(|| own.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> [Option<String>; 5] {
        let said = Said::of_text(text, None);
        [said.year, said.period, said.subject, said.class, said.grade].map(|saying| saying.map(|saying| saying.value))
    }

    #[test]
    fn titles_say_year_period_subject_class_and_grade() {
        let some = |value: &str| Some(value.to_owned());
        assert_eq!(
            said("BẢNG TỔNG HỢP KẾT QUẢ GIÁO DỤC HỌC KỲ 1, NĂM HỌC 2025 - 2026"),
            [some("2025-2026"), some("CK1"), None, None, None]
        );
        assert_eq!(said("Khối 6 - Lớp 6A - (Học kỳ 1)"), [None, some("CK1"), None, some("6A"), some("6")]);
        assert_eq!(said("BẢNG ĐIỂM MÔN LỊCH SỬ VÀ ĐỊA LÍ LỚP 7/2")[2..4], [some("lich su va dia li"), some("7/2")]);
        assert_eq!(said("Giữa học kì II")[1], some("GK2"));
        assert_eq!(said("DANH SÁCH HỌC SINH LỚP HỌC"), [None, None, None, None, None]);
    }

    #[test]
    fn titles_name_teachers() {
        let said = |text: &str| {
            let said = Said::of_text(text, None);
            [said.teacher, said.homeroom].map(|saying| saying.map(|saying| saying.value))
        };
        let some = |value: &str| Some(value.to_owned());
        assert_eq!(said("Lớp 6A - Giáo viên: Nghiêm Thị Thơ"), [some("Nghiêm Thị Thơ"), None]);
        assert_eq!(said("GV giảng dạy: x"), [None, None]);
        assert_eq!(said("Giáo viên bộ môn : Cô Tạ Hà (Tổ Toán)"), [some("Tạ Hà"), None]);
        assert_eq!(said("GVCN: NGHIÊM THỊ THƠ, lớp 6A"), [None, some("NGHIÊM THỊ THƠ")]);
        assert_eq!(said("Giáo viên chủ nhiệm Phùng Nhật Anh – Sĩ số 40"), [None, some("Phùng Nhật Anh")]);
        for none in
            ["Giáo viên bộ môn", "Giáo viên: Toán", "DANH SÁCH GIÁO VIÊN THCS HOA PHƯỢNG", "Giáo viên dạy 6A và 6B"]
        {
            assert_eq!(said(none), [None, None], "{none}");
        }
    }

    #[test]
    fn names_of_files_and_sheets_say_it_too() {
        let said = |name: &str| {
            let said = Said::by_name(name);
            [said.subject, said.period, said.class, said.year].map(|saying| saying.map(|saying| saying.value))
        };
        let some = |value: &str| Some(value.to_owned());
        assert_eq!(said("05-csdl-mau1-toan-hk1.xlsx"), [some("toan"), some("CK1"), None, None]);
        assert_eq!(said("08-csdl-c1-ketquahoctap-cn.xlsx"), [None, some("CN"), None, None]);
        assert_eq!(said("danh-sach-hoc-sinh-van.xlsx"), [None, None, None, None], "words of everyday speech");
        assert_eq!(said("6a"), [None, None, some("6a"), None]);
        assert_eq!(
            said("10A1_Ngữ văn_HKII_2025-2026.xls"),
            [some("ngu van"), some("CK2"), some("10A1"), some("2025-2026")]
        );
    }
}
