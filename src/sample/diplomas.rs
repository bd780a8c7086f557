//! Diplomas of those who left the school a year ago.

use crate::sample::Setting;
use crate::sample::line::SampleRecord;
use crate::sample::random::Random;
use crate::sample::school::{SampleSink, School};
use crate::sample::{names, people};

/// How many diplomas a school of each level that gives them has in the sample.
const DIPLOMAS: u64 = 5;

/// A few diplomas; none from a school that only has primary classes.
pub fn write(school: &School, setting: &mut Setting, random: &mut Random, sink: &mut SampleSink) {
    if school.teaches('3') {
        (1..=DIPLOMAS).for_each(|number| one(school, setting, random, ("upper-secondary", "THPT", 18, number), sink));
    } else if school.teaches('2') {
        (1..=DIPLOMAS).for_each(|number| one(school, setting, random, ("lower-secondary", "THCS", 15, number), sink));
    }
}

fn one(
    school: &School,
    setting: &mut Setting,
    random: &mut Random,
    (kind, prefix, age, number): (&'static str, &str, i32, u64),
    sink: &mut SampleSink,
) {
    // They left in the summer before the school year.
    let year = setting.begins;
    let (family, sex, birth_date) =
        (names::family(random), people::sex(random, 50), people::day_of(random, year - age));
    let person = setting.register.person(random, family, sex, birth_date, school.place.province);
    let office = if kind == "upper-secondary" {
        "Sở Giáo dục và Đào tạo"
    } else {
        "Ủy ban nhân dân xã, phường"
    };
    sink(
        SampleRecord::of("diplomas")
            .with("diplomaNumber", format!("{prefix}-{}{:05}{year}{number:03}", school.place.province, school.number))
            .with("registerNumber", format!("{}/{year}/{number:04}", school.code))
            .with("diplomaType", kind)
            .with("citizenId", person.citizen_id)
            .with("fullName", person.name)
            .with("birthDate", person.birth_date)
            .with("sex", person.sex.code())
            .with("birthplace", school.place.name)
            .with("ethnicity", "01")
            .with("schoolCode", &school.code)
            .with("graduationYear", year)
            .with("ranking", random.pick(&["Giỏi", "Khá", "Trung bình"]))
            .with("issuedOn", format!("{year}-08-20"))
            .with("issuedBy", format!("{office}, {}", school.place.name))
            .with("status", "issued"),
    );
}
