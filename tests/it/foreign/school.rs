//! A school of any kind over one or two school years, as its own software would send it.

use super::dice::Dice;
use super::pupils::{Class, Pupil, Stay};
use super::subjects::{Subject, of_2006, of_grade, old_rules};
use super::{buildings, primary, pupils, secondary, staff};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Level, sixth digit of the code, type, ownership, grades.
#[rustfmt::skip]
const KINDS: &[(&str, char, &str, &str, &[u8])] = &[
    ("1", '4', "07", "1", &[1, 2, 3, 4, 5]),
    ("2", '5', "07", "1", &[6, 7, 8, 9]),
    ("3", '7', "07", "1", &[10, 11, 12]),
    ("4", '3', "13", "2", &[13, 14, 15]),
    ("5", '3', "13", "1", &[16, 17, 18]),
    ("45", '3', "13", "2", &[13, 14, 15, 16, 17, 18]),
    ("12", '5', "07", "2", &[5, 6, 9]),
    ("12", '4', "04", "1", &[1, 4, 7, 8]),
    ("13", '4', "07", "2", &[3, 11]),
    ("13", '7', "07", "2", &[5, 12]),
    ("23", '7', "09", "1", &[9, 10, 12]),
    ("23", '5', "02", "1", &[8, 11]),
    ("123", '7', "07", "2", &[2, 6, 10]),
    ("123", '4', "07", "2", &[4, 9, 12]),
    ("6", '9', "16", "3", &[10, 11, 12]),
    ("6", '9', "15", "3", &[7, 9, 12]),
    ("2", '5', "03", "1", &[6, 9]),
    ("3", '7', "10", "1", &[12]),
];

/// Communes of Hải Phòng: until 30 June 2025 with Hải Dương beside it, and since.
const OLD: &[(&str, &str)] = &[("31", "11302"), ("31", "11383"), ("30", "10507"), ("30", "10525"), ("31", "11359")];
pub const NEW: &[&str] = &["10507", "10525", "11311", "11329", "11359", "11383"];

pub struct World {
    pub dice: Dice,
    pub records: Vec<Value>,
    serial: u32,
    /// Pupils who left for the next school.
    pub leavers: Vec<(i32, u8, Pupil)>,
    /// The pupils' own records, the last of each.
    pub people: BTreeMap<String, Value>,
    /// A teacher seconded to the next school.
    pub seconded: Option<String>,
}

pub struct School {
    pub number: usize,
    pub code: String,
    pub level: &'static str,
    pub grades: &'static [u8],
    pub first_year: i32,
    pub last_year: i32,
    pub large: bool,
    pub campuses: Vec<String>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed),
            records: Vec::new(),
            serial: 0,
            leavers: Vec::new(),
            people: BTreeMap::new(),
            seconded: None,
        }
    }

    pub fn put(&mut self, resource: &str, data: Value) {
        self.records.push(json!({ "resource": resource, "data": data }));
    }

    pub fn serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }
}

impl School {
    pub fn new(number: usize, large: bool) -> Self {
        // Two after each other are of one kind and year, so that pupils can move from the first to the second.
        let pair = number / 2;
        let (level, digit, _, _, grades) = KINDS[pair % KINDS.len()];
        let last_year = 2023 + ((pair + pair / KINDS.len()) % 4) as i32;
        let code = format!("{}{:03}{digit}{:02}", ["31", "30", "01"][number % 3], 100 + number, number % 100);
        let first_year = last_year - i32::from(pair % 4 == 3);
        let campuses = (1..=1 + number % 2).map(|campus| format!("C{campus}")).collect();
        Self { number, code, level, grades, first_year, last_year, large, campuses }
    }

    /// The school's own records.
    fn itself(&self, world: &mut World) {
        let (_, _, kind, ownership, _) = KINDS[self.number / 2 % KINDS.len()];
        let (old, number) = (OLD[self.number % OLD.len()], self.number);
        let (province, commune, since) = match number % 4 {
            0 => (old.0, old.1, Some("2024-09-01")),
            1 => (old.0, old.1, Some("2025-06-30")),
            2 => ("31", NEW[number % NEW.len()], Some("2025-07-01")),
            _ => ("31", NEW[number % NEW.len()], None),
        };
        let mut data = json!({ "schoolCode": self.code, "name": format!("Trường Hoa Phượng số {number}"), "level": self.level,
            "schoolType": kind, "ownership": ownership, "provinceCode": province, "communeCode": commune,
            "status": if number % 10 == 9 { "suspended" } else { "open" } });
        if let Some(since) = since {
            data["validFrom"] = json!(since);
        }
        if number % 2 == 0 {
            let more = json!({ "englishName": "Hoa Phuong School", "region": "01", "address": "Thôn 3, đường 3/2", "latitude": 20.865139,
                "longitude": 106.683830, "phone": "02253 842 123", "email": format!("truong{number}@example.edu.vn"),
                "website": "https://hoaphuong.example.edu.vn", "principalName": "Đoàn Thị Tuyết", "principalPhone": "+84912345678",
                "taxCode": "0200123456-001", "establishedOn": "1959-09-01", "establishmentDecision": "123/QĐ-UBND",
                "nationalStandardLevel": "2", "nationalStandardDecidedOn": "2019-02-28", "twoSessionsPerDay": true, "semiBoarding": true,
                "boarding": kind == "02", "inclusiveEducation": true, "disadvantagedArea": false });
            data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        if number % 10 == 4 {
            let merged = json!({ "schoolCode": format!("{}99", &self.code[..6]), "successorCode": self.code, "status": "merged" });
            let mut before = data.clone();
            before.as_object_mut().unwrap().extend(merged.as_object().unwrap().clone());
            world.put("schools", before);
        }
        world.put("schools", data);
        for (index, campus) in self.campuses.iter().enumerate() {
            let mut data = json!({ "schoolCode": self.code, "campusCode": campus, "name": format!("Điểm {campus}"), "main": index == 0,
                "communeCode": NEW[(number + index) % NEW.len()], "status": "open" });
            if index > 0 {
                data["distanceToMainKm"] = json!(3.5);
            }
            world.put("campuses", data);
        }
    }

    fn classes(&self, world: &mut World, year: i32) -> Vec<Class> {
        let mut classes = Vec::new();
        for &grade in self.grades {
            let mut choices: Vec<&'static Subject> = of_grade(grade).filter(|subject| subject.kind == 'C').collect();
            world.dice.shuffle(&mut choices);
            choices.truncate(4);
            // Two of a grade where there is room for a change of classes.
            let several = if self.large || (grade == self.grades[0] && self.number % 3 == 0) { 2 } else { 1 };
            classes.extend((1..=several).map(|index| self.class(year, grade, index, &choices)));
        }
        classes
    }

    fn class(&self, year: i32, grade: u8, index: u8, choices: &[&'static Subject]) -> Class {
        // A centre of continuing education teaches no foreign language, sport or defence unless it wants to.
        let dropped =
            |code: &str| self.level == "6" && self.number % 2 == 0 && ["NN1", "GDTC", "GDQPAN"].contains(&code);
        let mut subjects: Vec<&'static Subject> =
            of_grade(grade).filter(|one| one.kind == 'B' && !dropped(one.code)).collect();
        subjects.extend(choices);
        let optional = of_grade(grade).filter(|subject| subject.kind == 'O').nth(self.number % 4);
        subjects.extend(optional);
        let mut choices = choices.to_vec();
        if old_rules(year, grade) && self.number % 2 == 1 {
            (subjects, choices) = (of_2006(grade).collect(), Vec::new());
        }
        let code = if self.number % 2 == 0 { format!("{grade}/{index}") } else { format!("{grade}A{index}") };
        Class { code, grade, year, subjects, choices, homeroom: String::new() }
    }

    /// The last two classes are taught together by one teacher.
    pub fn combines(&self) -> bool {
        self.level == "1" && self.number % 4 == 0
    }

    fn tell_classes(&self, world: &mut World, classes: &[Class]) {
        for (index, class) in classes.iter().enumerate() {
            let mut data = json!({ "schoolCode": self.code, "schoolYear": class.school_year(), "classCode": class.code,
                "name": format!("Lớp {}", class.code), "grade": format!("{:02}", class.grade), "homeroomStaffCode": class.homeroom });
            if !class.choices.is_empty() {
                data["electiveSubjects"] = class.choices.iter().map(|subject| subject.code).collect();
            }
            if index % 2 == 0 {
                data["campusCode"] = json!(self.campuses[index % self.campuses.len()]);
                data["foreignLanguage1"] = json!(["1", "7", "6"][index % 3]);
                data["sessionsPerWeek"] = json!(10);
                data["multiGrade"] = json!(false);
                data["inclusive"] = json!(true);
                data["semiBoarding"] = json!(class.grade < 6);
            }
            let other = classes.len().wrapping_sub(index + 1);
            if self.combines() && other < 2 {
                data["multiGrade"] = json!(true);
                data["combinedWithClassCode"] = json!(classes[classes.len() - 2 + other].code);
            }
            world.put("classes", data);
        }
    }

    /// How many pupils: as many as a class may have in the first classes of a large school.
    fn size(&self, grade: u8, index: usize) -> usize {
        match grade {
            1..=5 if self.large && index < 2 => 35,
            6..=12 if self.large && index < 2 => 45,
            _ => 6 + self.number % 4,
        }
    }
}

/// Adds one school with all its records.
pub fn add(world: &mut World, number: usize, large: bool) {
    let school = School::new(number, large);
    school.itself(world);
    let team = staff::hire(world, &school);
    let mut known: Vec<Pupil> = Vec::new();
    for year in school.first_year..=school.last_year {
        let mut classes = school.classes(world, year);
        staff::assign(world, &school, &team, &mut classes);
        school.tell_classes(world, &classes);
        known = pupils_of(world, &school, &classes, known);
        for pupil in &mut known {
            if !pupil.exempt {
                primary::results(world, &school, &classes, pupil);
                secondary::results(world, &school, &classes, pupil);
            }
        }
        buildings::returns(world, &school, year, &classes, known.len());
    }
    buildings::diplomas(world, &school, &known);
    if number % 2 == 1 {
        world.leavers.clear();
    }
}

/// Fills the classes: with those of last year's grade below, those who come from the school before, and new ones.
fn pupils_of(world: &mut World, school: &School, classes: &[Class], mut known: Vec<Pupil>) -> Vec<Pupil> {
    let mut all = Vec::new();
    for (index, class) in classes.iter().enumerate() {
        let last = |pupil: &Pupil| pupil.grade + 1 == class.grade || (pupil.repeats && pupil.grade == class.grade);
        let stays =
            known.extract_if(.., |pupil| pupil.there && last(pupil) && (!pupil.repeats || pupil.grade == class.grade));
        let mut members: Vec<Pupil> = stays.take(school.size(class.grade, index)).collect();
        for pupil in &mut members {
            pupil.moved_up(class.grade);
        }
        let come: Vec<Pupil> = world
            .leavers
            .extract_if(.., |(year, grade, _)| school.number % 2 == 1 && (*year, *grade) == (class.year, class.grade))
            .map(|one| one.2)
            .collect();
        members.extend(come);
        while members.len() < school.size(class.grade, index) {
            members.push(pupils::newcomer(world, school, class, members.len()));
        }
        for (place, pupil) in members.iter_mut().enumerate() {
            pupil.stays = stays_of(world, school, classes, index, pupil, place);
            pupil.tell(world, school, classes, place);
        }
        all.extend(members);
    }
    all
}

fn stays_of(
    world: &mut World,
    school: &School,
    classes: &[Class],
    index: usize,
    pupil: &mut Pupil,
    place: usize,
) -> Vec<Stay> {
    let stays = pupils::stays(world, school, classes, index, pupil, place);
    if stays.last().is_some_and(|stay| stay.exit.is_some_and(|exit| exit.1 == "transfer-out")) && school.number % 2 == 0
    {
        world.leavers.push((classes[index].year, classes[index].grade, pupil.gone(stays.last().unwrap())));
    }
    stays
}
