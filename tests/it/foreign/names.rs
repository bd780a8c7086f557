//! Invented people: names as they are found, and numbers that agree with them.

use super::dice::Dice;
use chrono::{Datelike, NaiveDate};

const FAMILIES: &[&str] = &[
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Tôn Thất",
    "Âu Dương",
    "Quách",
    "Mạc",
];
const MIDDLES: &[&str] =
    &["Văn", "Thị", "Đức", "Ngọc", "Minh", "Thuý", "Thúy", "Hữu", "Khánh", "Bảo", "Như", "Hoài", "Kỳ", "Xuân", "Gia"];
const GIVEN: &[&str] = &[
    "An", "Ân", "Bình", "Cường", "Châu", "Dũng", "Duyên", "Đạt", "Giang", "Hà", "Hoà", "Hòa", "Huệ", "Huy", "Khoa",
    "Lan", "Linh", "Long", "Mai", "Nga", "Oanh", "Phúc", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thuỷ", "Thủy",
    "Trang", "Tú", "Uyên", "Vy", "Xuyến", "Ý", "Yến",
];
const MINORITIES: &[(&str, &str)] = &[
    ("H' Hen Niê", "12"),
    ("H’Lan Êban", "12"),
    ("Y Phôn Ksơr", "10"),
    ("Rơ Châm H'Bích", "10"),
    ("K'Brối Sơn", "16"),
    ("Giàng A Páo", "08"),
    ("Vàng Thị Dợ", "08"),
    ("Lò Văn Ọn", "03"),
    ("Thạch Sô Phia", "05"),
    ("Kiều Maily", "17"),
    ("Bh'riu Lếch", "26"),
    ("A Ất Xơ Đăng", "14"),
    ("Y Á", "14"),
];
const FOREIGNERS: &[(&str, &str)] =
    &[("Kim Min-jun", "KR"), ("Sean O'Brien", "IE"), ("José Núñez Peña", "ES"), ("Somchai Sae-Lim", "TH")];
/// The prefixes of provinces of birth in citizen numbers: merged ones too.
const PROVINCES: &[&str] = &["001", "030", "031", "034", "079", "096", "002", "054"];
const MOBILES: &[&str] = &["032", "039", "052", "056", "059", "070", "079", "081", "088", "090", "094", "098", "099"];

pub struct Person {
    pub name: String,
    pub birth: NaiveDate,
    pub male: bool,
    pub ethnicity: &'static str,
    pub nationality: &'static str,
    pub citizen: Option<String>,
}

pub fn sex(male: bool) -> &'static str {
    if male { "male" } else { "female" }
}

/// Province of birth, sex and century, year of birth, and a number of one's own.
pub fn citizen(dice: &mut Dice, male: bool, year: i32, serial: u32) -> String {
    let sex = (year / 100 - 19) * 2 + i32::from(!male);
    format!("{}{sex}{:02}{:06}", dice.pick(PROVINCES), year % 100, serial)
}

pub fn name(dice: &mut Dice) -> String {
    format!("{} {} {}", dice.pick(FAMILIES), dice.pick(MIDDLES), dice.pick(GIVEN))
}

pub fn phone(dice: &mut Dice) -> String {
    let rest = dice.between(0, 9_999_999);
    let mobile = dice.pick(MOBILES);
    match dice.between(0, 3) {
        0 => format!("+84{}{rest:07}", &mobile[1..]),
        1 => format!("{mobile} {:03} {:04}", rest / 10_000, rest % 10_000),
        2 => format!("0225{:07}", rest),
        _ => format!("{mobile}{rest:07}"),
    }
}

/// Born in the year, on any day, its edges too.
pub fn person(dice: &mut Dice, year: i32, serial: u32) -> Person {
    let male = dice.chance(50);
    let birth = match dice.between(0, 19) {
        0 => NaiveDate::from_ymd_opt(year, 1, 1),
        1 => NaiveDate::from_ymd_opt(year, 12, 31),
        _ => NaiveDate::from_yo_opt(year, dice.between(1, 365) as u32),
    };
    let birth = birth.unwrap();
    let (name, ethnicity, nationality) = match dice.between(0, 24) {
        0 => (
            FOREIGNERS[serial as usize % FOREIGNERS.len()].0.to_owned(),
            "55",
            FOREIGNERS[serial as usize % FOREIGNERS.len()].1,
        ),
        1 | 2 => (
            MINORITIES[serial as usize % MINORITIES.len()].0.to_owned(),
            MINORITIES[serial as usize % MINORITIES.len()].1,
            "VN",
        ),
        _ => (name(dice), "01", "VN"),
    };
    let citizen = (nationality == "VN").then(|| citizen(dice, male, birth.year(), serial));
    Person { name, birth, male, ethnicity, nationality, citizen }
}
