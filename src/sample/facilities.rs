//! Buildings and equipment of the sites.

use crate::sample::Setting;
use crate::sample::line::SampleRecord;
use crate::sample::random::Random;
use crate::sample::school::{Campus, SampleSink, School};
use serde_json::{Map, Value, json};

/// One return a site.
pub fn write(school: &School, setting: &Setting, random: &mut Random, sink: &mut SampleSink) {
    for campus in &school.campuses {
        one(school, setting, campus, random, sink);
    }
}

fn one(school: &School, setting: &Setting, campus: &Campus, random: &mut Random, sink: &mut SampleSink) {
    let classes = || school.classes.iter().filter(|class| class.campus == campus.code);
    let (rooms, students) = (classes().count() as i64, classes().map(|class| class.size).sum::<i64>());
    // One for 30 students, boys and girls apart.
    let toilets = students / 30 + 2;
    let equipment: Map<String, Value> = classes().map(|class| (class.grade.to_owned(), json!(2))).collect();
    let built = 1990 + random.between(0, 20);
    sink(
        SampleRecord::of("facility-returns")
            .with("schoolCode", &school.code)
            .with("schoolYear", &setting.school_year)
            .with("campusCode", campus.code)
            .with("landAreaM2", students * random.between(11, 24) + 900)
            .with("landCertificate", random.percent(90))
            .with("playgroundAreaM2", students * 3 + 200)
            .with("sportsGroundAreaM2", students * 2 + 100)
            .with("rooms", room_list(school, campus, rooms, toilets))
            .with("libraryTitles", campus.main.then(|| random.between(900, 4_000)))
            .with("librarySeats", campus.main.then_some(40))
            .with("studentToilets", toilets)
            .with("staffToilets", 2)
            .with("toiletsSeparatedBySex", true)
            .with("hygienicToilets", random.percent(92))
            .with("waterSource", random.pick(&["1", "1", "2"]))
            .with("drinkingWater", true)
            .with("electricity", true)
            .with("internetType", "1")
            .with("wifi", random.percent(85))
            .with("studentComputers", if campus.main { 35 } else { 0 })
            .with("staffComputers", rooms + 4)
            .with("projectors", rooms)
            .with("smartBoards", random.between(0, 3))
            .with("minimumEquipmentSets", equipment)
            .with("wheelchairAccess", random.percent(70))
            .with("fireSafetyApproved", random.percent(95))
            .with("builtYear", built)
            .with("renovatedYear", built + random.between(5, 14)),
    );
}

fn room_list(school: &School, campus: &Campus, classrooms: i64, toilets: i64) -> Vec<Value> {
    let room = |kind: &str, condition: &str, count: i64, area: i64| json!({ "type": kind, "condition": condition, "count": count, "areaM2": count * area });
    let halves = [("WC_HS_NAM", toilets / 2), ("WC_HS_NU", toilets - toilets / 2)];
    let mut rooms = vec![room("PH", "1", classrooms + 1, 54)];
    rooms.extend(halves.map(|(kind, count)| room(kind, "1", count, 18)));
    if campus.main {
        let science = match school.kind.level {
            "1" => "PBM_KHCN",
            "3" => "PBM_HOA",
            _ => "PBM_KHTN",
        };
        let single = ["PBM_TIN", science, "THUVIEN", "HIEUTRUONG", "PHT", "VANPHONG", "YTE", "HOP"];
        rooms.extend(single.map(|kind| room(kind, "1", 1, 48)));
        rooms.push(room("BAOVE", "2", 1, 9));
    }
    rooms
}
