//! Pupils, and where they were when.

use super::dice::Dice;
use super::names::{self, Person};
use super::school::{NEW, School, World};
use super::subjects::Subject;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub struct Class {
    pub code: String,
    pub grade: u8,
    pub year: i32,
    pub subjects: Vec<&'static Subject>,
    pub choices: Vec<&'static Subject>,
    pub homeroom: String,
}

/// A time in a class; with a date and a kind of leaving unless it is open.
#[derive(Clone)]
pub struct Stay {
    pub class: usize,
    pub entry: (NaiveDate, &'static str),
    pub exit: Option<(NaiveDate, &'static str)>,
}

/// What a pupil has reached this year: averages in tenths, comment subjects passed, conduct, by term.
#[derive(Default, Clone)]
pub struct Terms {
    pub marks: BTreeMap<&'static str, [Option<i32>; 2]>,
    pub passed: BTreeMap<&'static str, [Option<bool>; 2]>,
    pub conduct: [Option<usize>; 2],
}

pub struct Pupil {
    pub code: String,
    pub grade: u8,
    pub person: Person,
    /// Marks around this, in tenths.
    pub ability: i32,
    pub exempt: bool,
    pub exempt_subject: Option<&'static str>,
    /// Has no final test of the second term in this subject.
    pub unfinished: Option<&'static str>,
    pub repeats: bool,
    /// Still at the school when the year ends.
    pub there: bool,
    pub stays: Vec<Stay>,
    pub terms: Terms,
    came: &'static str,
    /// The school he comes from, and when he left it.
    from: Option<(String, NaiveDate)>,
}

impl Class {
    pub fn school_year(&self) -> String {
        format!("{}-{}", self.year, self.year + 1)
    }

    /// A day of the school year: from June on of its first year.
    pub fn day(&self, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year + i32::from(month < 6), month, day).unwrap()
    }
}

/// The usual age of a grade.
fn age(grade: u8) -> i32 {
    i32::from(if grade > 12 { grade - 13 } else { grade + 5 })
}

fn serial_of(world: &World) -> usize {
    world.records.len()
}

pub fn newcomer(world: &mut World, school: &School, class: &Class, place: usize) -> Pupil {
    let late = if class.grade > 12 { 2 } else { 3 };
    let off = match place {
        1 if class.grade != 13 => -1,
        2 => late,
        // Adults learn at centres of continuing education.
        3 if school.level == "6" => 5 + (serial_of(world) % 30) as i32,
        _ => world.dice.between(0, 19) / 18,
    };
    let serial = world.serial();
    // Nobody is born after today.
    let born = (class.year - age(class.grade) - off).min(2025);
    let person = names::person(&mut world.dice, born, serial);
    let code =
        if serial % 97 == 0 { format!("TAM-{serial:06}") } else { format!("{}{:08}", &school.code[..2], serial) };
    let first = [1, 6, 10, 13, 16].contains(&class.grade);
    let fate = (school.number + place) % 9;
    Pupil {
        code,
        grade: class.grade,
        person,
        ability: world.dice.between(30, 100),
        exempt: fate == 5,
        exempt_subject: [("GDTC", 3), ("GDQPAN", 4), ("NN1", 6)].iter().find(|(_, of)| *of == fate).map(|one| one.0),
        unfinished: Some("TOAN").filter(|_| fate == 8 && place % 2 == 0),
        repeats: fate == 6 && off < 3,
        there: true,
        stays: Vec::new(),
        terms: Terms::default(),
        came: if first { "new" } else { "promoted" },
        from: None,
    }
}

impl Pupil {
    pub fn moved_up(&mut self, grade: u8) {
        self.came = if self.grade == grade { "repeating" } else { "promoted" };
        (self.grade, self.repeats, self.terms) = (grade, false, Terms::default());
    }

    /// The same pupil at the school that he goes to.
    pub fn gone(&mut self, last: &Stay) -> Self {
        let person = Person { name: self.person.name.clone(), citizen: self.person.citizen.clone(), ..self.person };
        let from = Some((self.code.clone(), last.exit.unwrap().0));
        Self {
            code: self.code.clone(),
            person,
            stays: Vec::new(),
            terms: Terms::default(),
            came: "transfer-in",
            from,
            there: true,
            ..*self
        }
    }

    /// The class in which he was on the day.
    pub fn class_on(&self, day: NaiveDate) -> Option<usize> {
        self.stays
            .iter()
            .rev()
            .find(|stay| stay.entry.0 <= day && stay.exit.is_none_or(|exit| exit.0 >= day))
            .map(|stay| stay.class)
    }

    /// Adds his enrollments of the year, and keeps his own record, which may change while he moves about.
    pub fn tell(&self, world: &mut World, school: &School, classes: &[Class], place: usize) {
        for stay in &self.stays {
            let class = &classes[stay.class];
            let mut data = json!({ "schoolCode": school.code, "schoolYear": class.school_year(), "studentCode": self.code,
                "classCode": class.code, "entryDate": stay.entry.0, "entryType": stay.entry.1 });
            if place % 2 == 0 {
                data["orderInClass"] = json!(place + 1);
                data["decisionNumber"] = json!("45/QĐ-THCS");
            }
            if stay.entry.1 == "transfer-in" {
                data["fromSchoolCode"] = json!(format!("{}{:03}{}", &school.code[..2], school.number + 99, "501"));
            }
            if let Some((day, kind)) = stay.exit {
                data["exitDate"] = json!(day);
                data["exitType"] = json!(kind);
                if kind == "dropout" {
                    data["dropoutReason"] = json!(["01", "02", "06", "07", "08"][place % 5]);
                }
                if kind == "transfer-out" && place % 2 == 0 {
                    data["toSchoolCode"] = json!("31999501");
                }
            }
            world.put("enrollments", data);
        }
        let told = self.told(world, school, place);
        world.people.insert(self.code.clone(), told);
    }

    fn told(&self, world: &mut World, school: &School, place: usize) -> Value {
        let person = &self.person;
        let mut data = json!({ "studentCode": self.code, "schoolCode": school.code, "fullName": person.name, "birthDate": person.birth,
            "sex": names::sex(person.male), "ethnicity": person.ethnicity, "exemptFromAssessment": self.exempt,
            "contacts": [contact(world, person, true)] });
        if person.nationality != "VN" || place % 2 == 0 {
            data["nationality"] = json!(person.nationality);
        }
        if let Some(citizen) = &person.citizen {
            data["citizenId"] = json!(citizen);
        }
        if self.exempt {
            data["disability"] = json!(true);
            data["disabilityType"] = json!(["01", "03", "05"][place % 3]);
            data["disabilityDegree"] = json!(["01", "02"][place % 2]);
        }
        if place % 2 == 0 {
            let more = more(world, person, place);
            data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        data
    }
}

/// A parent or guardian; parents of one family name may be of any.
fn contact(world: &mut World, pupil: &Person, mother: bool) -> Value {
    let serial = world.serial();
    let dice: &mut Dice = &mut world.dice;
    let year = chrono::Datelike::year(&pupil.birth) - dice.between(16, 55);
    let mut data = json!({ "relationship": if mother { "mother" } else { "father" }, "fullName": names::name(dice) });
    if dice.chance(60) {
        data["birthYear"] = json!(year);
        data["citizenId"] = json!(names::citizen(dice, !mother, year, serial));
        data["phone"] = json!(names::phone(dice));
        data["occupation"] = json!("Tự do");
    }
    data
}

fn more(world: &mut World, person: &Person, place: usize) -> Value {
    let (mother, father) = (contact(world, person, true), contact(world, person, false));
    let grandmother = json!({ "relationship": "guardian", "fullName": "Bà Tư Hậu", "birthYear": 1949 });
    let dice = &mut world.dice;
    json!({ "religion": dice.pick(&["00", "02", "99"]), "birthplaceProvinceCode": dice.pick(&["30", "31", "01"]),
        "birthplace": "Huyện Nam Sách, tỉnh Hải Dương", "nativePlace": "Nam Định", "permanentProvinceCode": "31",
        "permanentCommuneCode": dice.pick(NEW), "permanentAddress": "Số 8, ngõ 12/3, tổ 4", "currentAddress": "Nhà bà ngoại",
        "phone": names::phone(dice), "email": format!("hs{place}@example.edu.vn"), "bloodGroup": dice.pick(&["A+", "O", "AB-"]),
        "healthInsuranceNumber": "HS4310123456789", "policyGroups": if place % 4 == 0 { json!(["P07", "P99"]) } else { json!([]) },
        "poorHousehold": dice.pick(&["none", "poor", "near-poor"]), "feeReduction": dice.pick(&["none", "half", "full"]),
        "boarding": dice.pick(&["none", "semi", "full"]), "canSwim": dice.chance(50), "unionMember": dice.pick(&["none", "pioneer"]),
        "contacts": [mother, father, grandmother], "heightCm": 148.5, "weightKg": 40, "eyeDisease": false, "admissionType": "1",
        "admittedOn": "2023-08-01", "photoUrl": "https://anh.example.edu.vn/1.jpg", "note": "Đi xe buýt; dị ứng tôm." })
}

/// What becomes of a pupil in a year.
pub fn stays(
    world: &mut World,
    school: &School,
    classes: &[Class],
    index: usize,
    pupil: &mut Pupil,
    place: usize,
) -> Vec<Stay> {
    let class = &classes[index];
    let early = class.year > school.first_year || world.dice.chance(60);
    let entry = if early { class.day(9, 5) } else { class.day(6, 1) };
    let past = class.year < school.last_year || (school.number % 2 == 0 && class.year < 2026);
    let last = if [5, 9, 12, 18].contains(&class.grade) && place % 2 == 0 { "graduated" } else { "completed" };
    let end = past.then(|| (class.day(5, 31), last));
    let stay = |from, came, exit| Stay { class: index, entry: (from, came), exit };
    if let Some((_, left)) = pupil.from.take() {
        let days = [0, 1, 30][place % 3];
        return vec![stay(left + chrono::Days::new(days), "transfer-in", end)];
    }
    let open = pupil.came;
    let other = classes.iter().position(|one| one.grade == class.grade && one.code != class.code);
    let fate = (school.number + place) % 9;
    pupil.there = !([1, 2].contains(&fate) || fate == 7 && place % 2 == 0) || place == 0 || class.grade > 12;
    match (fate, other) {
        _ if place == 0 => vec![stay(entry, open, end)],
        (3, Some(other)) => {
            let day = [class.day(11, 20), class.day(1, 31), class.day(10, 1)][place % 3];
            let next =
                Stay { class: other, entry: (day + chrono::Days::new(place as u64 % 2), "class-change"), exit: end };
            vec![stay(entry, open, Some((day, "class-change"))), next]
        }
        (4, _) => vec![stay(class.day(1, 15), "transfer-in", end)],
        _ if class.grade > 12 => vec![stay(entry, open, end)],
        (1, _) => vec![stay(entry, open, Some(([class.day(12, 1), class.day(2, 2)][place % 2], "transfer-out")))],
        (2, _) => vec![stay(entry, open, Some((class.day(4, 10), "dropout")))],
        (7, _) if place % 2 == 0 => vec![stay(entry, open, Some((class.day(10, 31), "deceased")))],
        (7, _) => {
            let back = stay(class.day(2, 10), "return", end);
            vec![stay(entry, open, Some((class.day(12, 10), "dropout"))), back]
        }
        _ => vec![stay(entry, open, end)],
    }
}
