//! Primary school under Circular 27: levels, tests, qualities, competencies, the year's result.

use super::pupils::{Class, Pupil};
use super::school::{School, World};
use serde_json::{Map, Value, json};

const TESTED: &[&str] = &["TIENGVIET", "TOAN", "NN1", "LSDL", "KHOAHOC", "THCN"];
const QUALITIES: &[&str] = &["patriotism", "kindness", "diligence", "honesty", "responsibility"];
const COMPETENCIES: &[&str] =
    &["autonomy", "communication", "problemSolving", "language", "calculation", "science", "aesthetics", "physical"];
const FROM_GRADE_3: &[&str] = &["technology", "informatics"];

/// All results of a pupil's year.
pub fn results(world: &mut World, school: &School, classes: &[Class], pupil: &mut Pupil) {
    if pupil.grade > 5 {
        return;
    }
    let class = &classes[0];
    let days =
        [("GK1", class.day(11, 5)), ("CK1", class.day(1, 5)), ("GK2", class.day(3, 20)), ("CK2", class.day(5, 20))];
    let there = pupil.class_on(class.day(5, 25));
    for (period, day) in days {
        let underway = class.year == 2026 && period != "GK1" && school.number % 4 < 2;
        let Some(index) = pupil.class_on(day).filter(|_| !underway) else { continue };
        let summary = level_of_period(world, school, &classes[index], pupil, period);
        if period == "CK2" && there.is_some() {
            year(world, school, &classes[index], pupil, &summary);
        }
    }
}

/// What a period shows: levels and traits as the best (0) to the worst (2), and the lowest test.
struct Summary {
    worst: u8,
    lowest: i32,
    traits: Map<String, Value>,
}

fn tested(code: &str, grade: u8, period: &str) -> bool {
    match period {
        "CK1" | "CK2" => TESTED.contains(&code),
        _ => grade >= 4 && ["TIENGVIET", "TOAN"].contains(&code),
    }
}

fn level_of_period(world: &mut World, school: &School, class: &Class, pupil: &Pupil, period: &str) -> Summary {
    let (mut worst, mut lowest) = (0, 10);
    for subject in &class.subjects {
        let mut data = json!({ "schoolCode": school.code, "schoolYear": class.school_year(), "period": period, "studentCode": pupil.code,
            "classCode": class.code, "subjectCode": subject.code });
        if pupil.exempt_subject == Some(subject.code) {
            data["exempt"] = json!(true);
            world.put("subject-results", data);
            continue;
        }
        let test = (pupil.ability / 10 + world.dice.between(-1, 1)).clamp(1, 10);
        // T from 7, C below 5, at the edges either way.
        let level = match test {
            7.. if test > 8 || world.dice.chance(60) => 0,
            ..5 if test < 3 || world.dice.chance(60) => 2,
            _ => 1,
        };
        if tested(subject.code, class.grade, period) && subject.periods(class.grade).is_some() {
            data["testMark"] = json!(test);
            lowest = lowest.min(test);
        }
        worst = worst.max(level);
        data["level"] = json!(["T", "H", "C"][usize::from(level)]);
        if period == "CK2" && school.number % 3 == 0 {
            let mut year = data.clone();
            year.as_object_mut().unwrap().remove("testMark");
            year["period"] = json!("CN");
            world.put("subject-results", year);
        }
        if world.dice.chance(20) {
            data["comment"] = json!("Em đọc tốt; cần luyện chữ.");
        }
        world.put("subject-results", data);
    }
    let mut summary = Summary { worst, lowest, traits: Map::new() };
    traits(world, school, class, pupil, period, &mut summary);
    summary
}

fn traits(world: &mut World, school: &School, class: &Class, pupil: &Pupil, period: &str, summary: &mut Summary) {
    let of_class = FROM_GRADE_3.iter().filter(|_| class.grade >= 3 || school.number % 2 == 0);
    let mut rate = |name: &&str| {
        let level = match world.dice.between(0, 200) {
            0 => 2,
            one if one < 150 - pupil.ability => 1,
            _ => 0,
        };
        summary.worst = summary.worst.max(level);
        ((*name).to_owned(), json!(["T", "Đ", "C"][usize::from(level)]))
    };
    let qualities: Map<String, Value> = QUALITIES.iter().map(&mut rate).collect();
    let competencies: Map<String, Value> = COMPETENCIES.iter().chain(of_class).map(&mut rate).collect();
    summary.traits.insert("qualities".to_owned(), json!(qualities));
    summary.traits.insert("competencies".to_owned(), json!(competencies));
    let data = record(school, class, pupil, period, &summary.traits);
    world.put("academic-records", data);
}

fn record(school: &School, class: &Class, pupil: &Pupil, period: &str, traits: &Map<String, Value>) -> Value {
    let mut data = json!({ "schoolCode": school.code, "schoolYear": class.school_year(), "period": period, "studentCode": pupil.code,
        "classCode": class.code });
    data.as_object_mut().unwrap().extend(traits.clone());
    data
}

fn year(world: &mut World, school: &School, class: &Class, pupil: &Pupil, last: &Summary) {
    let result = match (last.worst, last.lowest) {
        (0, 9..) => "HTXS",
        (0, 7..) => "HTT",
        (..2, 5..) => "HT",
        _ => "CHT",
    };
    let traits = if school.number % 2 == 0 { last.traits.clone() } else { Map::new() };
    let mut data = record(school, class, pupil, "CN", &traits);
    data["yearResult"] = json!(result);
    data["promoted"] = json!(result != "CHT");
    if let Some(award) = [("HTXS", "HSXS"), ("HTT", "HSTB")].iter().find(|(of, _)| *of == result).map(|one| one.1) {
        data["award"] = json!(award);
    }
    world.put("academic-records", data);
}
