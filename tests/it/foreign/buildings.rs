//! Returns of buildings and equipment, and diplomas.

use super::names;
use super::pupils::{Class, Pupil};
use super::school::{School, World};
use chrono::Datelike;
use serde_json::{Value, json};

/// One return a campus; the next year's differs by what is still no wonder.
pub fn returns(world: &mut World, school: &School, year: i32, classes: &[Class], pupils: usize) {
    for campus in &school.campuses {
        let later = year > school.first_year;
        let rooms = classes.len().div_ceil(school.campuses.len());
        let toilets = pupils.div_ceil(60).max(1);
        let mut data = json!({ "schoolCode": school.code, "schoolYear": format!("{year}-{}", year + 1), "campusCode": campus,
            "landAreaM2": if later { 1300 } else { 1000 },
            "rooms": [{ "type": "PH", "condition": "1", "count": rooms, "areaM2": rooms * 48 }, { "type": "YTE", "condition": "4", "count": 1, "areaM2": 12 },
                { "type": "PH", "condition": "3", "count": 0 }, { "type": "THUVIEN", "condition": "2", "count": 1, "areaM2": 54.25 }],
            "studentToilets": toilets });
        if school.number % 3 > 0 {
            let more = json!({ "landCertificate": true, "playgroundAreaM2": 400.5, "sportsGroundAreaM2": 0, "libraryTitles": if later { 700 } else { 1000 },
                "librarySeats": 30, "staffToilets": 1, "toiletsSeparatedBySex": true, "hygienicToilets": true, "waterSource": "3",
                "drinkingWater": false, "electricity": true, "internetType": "4", "wifi": true, "studentComputers": if later { 26 } else { 20 },
                "staffComputers": 10, "projectors": 0, "smartBoards": 10, "minimumEquipmentSets": { "06": 4, "12": 0 }, "wheelchairAccess": false,
                "fireSafetyApproved": true, "builtYear": 1936, "renovatedYear": 2026 });
            data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        world.put("facility-returns", data);
    }
}

pub fn diplomas(world: &mut World, school: &School, pupils: &[Pupil]) {
    let number = school.number;
    for (index, kind) in ["lower-secondary", "upper-secondary", "vocational-certificate"].into_iter().enumerate() {
        let serial = world.serial();
        let person = names::person(&mut world.dice, [2010, 2007, 1961][index], serial);
        let year = [2025, 2025, 1979][index];
        let base = json!({ "registerNumber": format!("{number}/{year}-{index}"), "diplomaType": kind, "fullName": person.name,
            "birthDate": person.birth, "sex": names::sex(person.male), "schoolCode": school.code, "graduationYear": year,
            "issuedBy": "Sở Giáo dục và Đào tạo" });
        let mut add = |more: Value| {
            let mut data = base.clone();
            data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            world.put("diplomas", data);
        };
        let first = format!("VB-{number}-{index}/A");
        add(
            json!({ "diplomaNumber": first, "issuedOn": format!("{year}-01-01"), "status": if index == 2 { "revoked" } else { "issued" },
            "ranking": "Khá", "birthplace": "Thái Bình", "ethnicity": person.ethnicity }),
        );
        if index == 2 {
            add(
                json!({ "diplomaNumber": format!("VB-{number}-{index}/B"), "issuedOn": "2026-11-01", "status": "reissued",
                "replacesDiplomaNumber": first }),
            );
        }
    }
    for pupil in pupils.iter().filter(|pupil| pupil.grade == 9 && school.last_year < 2026).take(2) {
        let data = json!({ "diplomaNumber": format!("TN {}", pupil.code), "registerNumber": format!("TN.{}", pupil.code), "studentCode": pupil.code,
            "diplomaType": "lower-secondary", "fullName": pupil.person.name, "birthDate": pupil.person.birth,
            "sex": names::sex(pupil.person.male), "schoolCode": school.code, "graduationYear": school.last_year + 1,
            "issuedOn": format!("{}-06-30", school.last_year + 1), "issuedBy": "Phòng GD&ĐT", "status": "issued", "ranking": "Giỏi" });
        if pupil.person.birth.year() + 15 <= school.last_year + 1 {
            world.put("diplomas", data);
        }
    }
}
