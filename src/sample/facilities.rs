//! Buildings and equipment of the sites.

use crate::sample::Setting;
use crate::sample::line::line;
use crate::sample::random::Random;
use crate::sample::school::{Campus, School, Sink};
use serde_json::{Map, Value, json};

/// One return a site.
pub fn write(school: &School, setting: &Setting, random: &mut Random, sink: &mut Sink) {
    for campus in &school.campuses {
        one(school, setting, campus, random, sink);
    }
}

fn one(school: &School, setting: &Setting, campus: &Campus, random: &mut Random, sink: &mut Sink) {
    let classes = || school.classes.iter().filter(|class| class.campus == campus.code);
    let (rooms, pupils) = (classes().count() as i64, classes().map(|class| class.size).sum::<i64>());
    // One for 30 pupils, boys and girls apart.
    let toilets = pupils / 30 + 2;
    let equipment: Map<String, Value> = classes().map(|class| (class.grade.to_owned(), json!(2))).collect();
    let built = 1990 + random.between(0, 20);
    sink(line!("facility-returns", {
        "schoolCode": school.code,
        "schoolYear": setting.school_year,
        "campusCode": campus.code,
        "landAreaM2": pupils * random.between(11, 24) + 900,
        "landCertificate": random.percent(90),
        "playgroundAreaM2": pupils * 3 + 200,
        "sportsGroundAreaM2": pupils * 2 + 100,
        "rooms": room_list(school, campus, rooms, toilets),
        "libraryTitles": campus.main.then(|| random.between(900, 4_000)),
        "librarySeats": campus.main.then_some(40),
        "studentToilets": toilets,
        "staffToilets": 2,
        "toiletsSeparatedBySex": true,
        "hygienicToilets": random.percent(92),
        "waterSource": random.pick(&["1", "1", "2"]),
        "drinkingWater": true,
        "electricity": true,
        "internetType": "1",
        "wifi": random.percent(85),
        "studentComputers": if campus.main { 35 } else { 0 },
        "staffComputers": rooms + 4,
        "projectors": rooms,
        "smartBoards": random.between(0, 3),
        "minimumEquipmentSets": equipment,
        "wheelchairAccess": random.percent(70),
        "fireSafetyApproved": random.percent(95),
        "builtYear": built,
        "renovatedYear": built + random.between(5, 14),
    }));
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
