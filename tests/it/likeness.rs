//! Search, likely duplicates and the names beside codes take the same texts for one name: whatever keyboard, font or
//! program wrote them.

use crate::common::records::{SCHOOL, example, issues, small_school, upsert, with};
use crate::common::{Gateway, TestDatabase, answer};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rust_xlsxwriter::Workbook;
use school_gateway::model::lists::fold::fold;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

const WORDS: [&str; 16] = [
    "Đặng",
    "Nguyễn",
    "Trần",
    "Hòa",
    "Thúy",
    "Phượng",
    "Ứng",
    "Quỳnh",
    "Đức",
    "Hiếu",
    "Oanh",
    "Khoẻ",
    "Xuyến",
    "Bảo",
    "Ngọc",
    "Ý",
];
/// What shows nothing.
const INVISIBLE: [char; 6] = ['\u{200b}', '\u{200d}', '\u{ad}', '\u{feff}', '\u{202a}', '\u{2060}'];
/// Latin letters, and Cyrillic and Greek ones that look like them.
const LOOK_ALIKES: [(&str, &str); 2] =
    [("aceopxyABEHKMOPTX", "асеорхуАВЕНКМОРТХ"), ("voABEHIKMNOPTYXZ", "νοΑΒΕΗΙΚΜΝΟΡΤΥΧΖ")];

/// Throws that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
    fn name(&mut self) -> String {
        let words: Vec<&str> = (0..3).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join(" ")
    }
}

/// The ways to write a name that are one to a reader.
const WAYS: usize = 11;

fn written(name: &str, way: usize, dice: &mut Dice) -> String {
    let each = |change: &mut dyn FnMut(char) -> String| name.chars().map(change).collect::<String>();
    let alike = |(latin, other): (&str, &str), letter: char| {
        latin.chars().zip(other.chars()).find(|(known, _)| *known == letter).map_or(letter, |(_, other)| other)
    };
    match way {
        0 => name.nfd().collect(),
        1 => name.replace("òa", "oà").replace("úy", "uý").replace("oẻ", "ỏe"),
        2 => tone_first(name),
        3 => name.replace('Đ', "Ð").replace('đ', "ð"),
        4 => name.replace('Đ', "Ɖ"),
        5 => each(&mut |letter| {
            if dice.below(2) == 0 { format!("{letter}{}", INVISIBLE[dice.below(6)]) } else { letter.into() }
        }),
        6 => each(&mut |letter| alike(LOOK_ALIKES[0], letter).to_string()),
        7 => each(&mut |letter| alike(LOOK_ALIKES[1], letter).to_string()),
        8 => name.to_uppercase(),
        9 => name.to_lowercase().replace(' ', "  "),
        _ => each(&mut |letter| {
            let wide = u32::from(letter) + 0xfee0;
            if letter.is_ascii_alphabetic() { char::from_u32(wide).unwrap().into() } else { letter.into() }
        }),
    }
}

/// Each tone before the mark of its vowel, as some keyboards send it.
fn tone_first(name: &str) -> String {
    let mut letters: Vec<char> = name.nfd().collect();
    for at in 1..letters.len() {
        let tone = matches!(letters[at], '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}');
        if tone && matches!(letters[at - 1], '\u{302}' | '\u{306}') {
            letters.swap(at - 1, at);
        }
    }
    letters.into_iter().collect()
}

#[test]
fn program_and_database_fold_every_way_of_writing_alike() {
    let (database, mut dice) = (TestDatabase::new(), Dice(7));
    for _ in 0..20 {
        let name = dice.name();
        let ways: Vec<String> = (0..WAYS).map(|way| written(&name, way, &mut dice)).collect();
        for (way, text) in ways.iter().enumerate() {
            assert_eq!(fold(text), fold(&name), "{way}: {text}");
        }
        let rows: Vec<String> = ways.iter().map(|text| format!("('{text}')")).collect();
        let folded = database.value(&format!(
            "SELECT string_agg(DISTINCT unaccent_fold(v), '|') FROM (VALUES {}) t(v)",
            rows.join(", ")
        ));
        assert_eq!(folded, fold(&name));
    }
    assert_ne!(fold("Trần Thị Hoa"), fold("Trần Thị Hoan"));
}

fn pupil(at: usize, name: &str, born: &str) -> Value {
    let own = json!({ "studentCode": format!("31000300{at:02}"), "citizenId": null, "contacts": null, "fullName": name, "birthDate": born });
    with(&example("students"), own)
}

const HEADINGS: [&str; 12] = [
    "Họ và tên",
    "schoolCode",
    "schoolYear",
    "period",
    "studentCode",
    "subjectCode",
    "classCode",
    "regularMarks.1",
    "regularMarks.2",
    "midtermMark",
    "finalMark",
    "average",
];

/// A row of a mark sheet, with a name beside the code.
fn marked(at: usize, name: &str) -> Vec<String> {
    let code = format!("31000300{at:02}");
    [name, SCHOOL, "2025-2026", "CK1", &code, "TINHOC", "6A1", "8", "8", "8", "8", "8"].map(str::to_owned).into()
}

#[tokio::test]
async fn search_duplicates_and_names_beside_codes_take_them_for_one() {
    let (gateway, mut dice) = (Gateway::start(), Dice(11));
    let token = gateway.software_of_all().await;
    let name = "Đặng Hòa Phượng";
    let ways: Vec<String> = (0..WAYS).map(|way| written(name, way, &mut dice)).collect();
    let mut records = small_school();
    records.push(upsert("students", &pupil(0, name, "2014-03-08")));
    records.extend((1..).zip(&ways).map(|(at, text)| upsert("students", &pupil(at, text, "2014-03-08"))));
    records.push(upsert("students", &pupil(90, "Đặng Hoa Phường Mới", "2014-03-08")));
    let (status, report) = gateway.submit("", &token, &records).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report:#}");
    for asked in ways.iter().map(String::as_str).chain(["dang hoa phuong", "phượng ĐẶNG"]) {
        let words = utf8_percent_encode(asked, NON_ALPHANUMERIC);
        let (_, page) = gateway.get(&format!("/v1/students?q={words}&count=true"), &token).await;
        assert_eq!(page["total"], WAYS + 2, "{asked}: {page}");
    }
    gateway.database().judged().await;
    let staff = gateway.token_for("sector-staff", &["--all-schools"]).await;
    let (_, page) = gateway.get("/v1/findings?code=ID-022&limit=100", &staff).await;
    let told: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|item| &item["key"]["studentCode"]).collect();
    assert_eq!(told.len(), WAYS, "each is set beside the first: {told:?}");
    assert!(!told.contains(&&json!("3100030090")), "{told:?}");
    // Beside the code of the first, and of the one that is written in the oddest way, whichever stands in the sheet.
    let rows: Vec<String> =
        ways.iter().flat_map(|text| [marked(0, text), marked(6, text)]).map(|row| row.join(",")).collect();
    let sheet = format!("{}\n{}\n", HEADINGS.join(","), rows.join("\n"));
    let request = gateway.request("POST", "/v1/submissions?resource=subject-results", &token);
    let (_, report) = answer(request.header("content-type", "text/csv").body(sheet)).await;
    assert!(!issues(&report).iter().any(|issue| issue.contains("NM-001")), "{report:#}");
}

#[tokio::test]
async fn a_workbook_whose_names_are_pasted_one_off_is_told_row_by_row() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let names = ["Bùi Gia Hân", "Cao Đức Minh", "Đoàn Thị Thảo", "Hà Quốc Việt", "Ngô Bảo Trâm", "Ngô Bảo Trâm"];
    let mut records = small_school();
    records.extend(
        (0..).zip(names).map(|(at, name)| upsert("students", &pupil(at, name, &format!("2014-03-0{}", at + 1)))),
    );
    assert_eq!(gateway.submit("", &token, &records).await.0, 200);
    let mut workbook = Workbook::new();
    for (sheet, shift, resource) in [("subject-results", 0, true), ("academic-records", 1, false)] {
        let page = workbook.add_worksheet().set_name(sheet).unwrap();
        let short = |row: Vec<String>| if resource { row } else { [&row[..5], &row[6..7]].concat() };
        let headings = short(HEADINGS.map(str::to_owned).into());
        let rows = (0..names.len()).map(|at| short(marked(at, names[(at + shift) % names.len()])));
        for (row, cells) in (0..).zip(std::iter::once(headings).chain(rows)) {
            for (column, cell) in (0..).zip(cells) {
                page.write_string(row, column, cell).unwrap();
            }
        }
    }
    let request = gateway.request("POST", "/v1/submissions", &token);
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let (status, report) = answer(request.header("content-type", xlsx).body(workbook.save_to_buffer().unwrap())).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report:#}");
    let told = report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == "NM-001");
    let told: Vec<(&str, u64, &str)> = told
        .map(|issue| {
            (issue["sheet"].as_str().unwrap(), issue["row"].as_u64().unwrap(), issue["column"].as_str().unwrap())
        })
        .collect();
    // The fifth and the sixth have one name: beside the fifth stands the right one all the same.
    let rows = [2, 3, 4, 5, 7].map(|row| ("academic-records", row, "E"));
    assert_eq!(told, rows, "{report:#}");
    let first = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == "NM-001").unwrap();
    let message = first["message"].as_str().unwrap();
    assert!(message.contains("Cao Đức Minh") && message.contains("Bùi Gia Hân"), "{message}");
}
