//! Students, their families and their enrollments.

use crate::sample::Setting;
use crate::sample::classes::Class;
use crate::sample::line::{SampleRecord, tenths};
use crate::sample::names;
use crate::sample::names::Sex;
use crate::sample::people;
use crate::sample::people::SamplePerson;
use crate::sample::places::{Locality, PLACES};
use crate::sample::random::Random;
use crate::sample::school::School;
use chrono::Datelike;
use serde_json::{Value, json};

/// A student.
#[derive(Debug)]
pub struct Student {
    /// Ten digits.
    pub code: String,
    /// Who it is.
    pub person: SamplePerson,
    /// Place of the class in the school.
    pub class: usize,
    /// Has a disability of movement, and is exempt from physical education where marks are given?
    pub disabled: bool,
    /// Leaves for another school after the first term?
    pub leaves: bool,
    /// What marks are about, in tenths.
    pub ability: i64,
    ethnicity: &'static str,
    birth_province: &'static Locality,
    parents: [(&'static str, SamplePerson); 2],
    order: i64,
    entry: &'static str,
}

/// Students for every class.
pub fn admit(
    setting: &mut Setting,
    random: &mut Random,
    place: &'static Locality,
    number: u64,
    classes: &mut [Class],
) -> Vec<Student> {
    let first_grade = classes.first().map_or("01", |class| class.grade);
    let mut students = Vec::new();
    for (at, class) in classes.iter_mut().enumerate() {
        for order in 1..=class.size {
            let code = format!("{}{number:05}{:03}", place.province, students.len() + 1);
            let mut student = one(setting, random, place, class);
            (student.code, student.class, student.order) = (code, at, order);
            if class.grade == first_grade {
                student.entry = "new";
            }
            class.inclusive |= student.disabled;
            students.push(student);
        }
    }
    students
}

fn one(setting: &mut Setting, random: &mut Random, place: &'static Locality, class: &Class) -> Student {
    let age = setting.lists.grade(class.grade).map_or(6, |grade| grade.age);
    let repeats = random.percent(2);
    let birth_province =
        if random.percent(92) { place } else { &PLACES[random.between(0, PLACES.len() as i64 - 1) as usize] };
    let birth_date = people::day_of(random, setting.begins - age - i32::from(repeats));
    let (family, sex) = (names::family(random), people::sex(random, 48));
    let person = setting.register.person(random, family, sex, birth_date, birth_province.province);
    let parents = parents(setting, random, family, birth_date.year(), place);
    Student {
        code: String::new(),
        person,
        class: 0,
        disabled: random.percent(1),
        leaves: random.between(1, 150) == 1,
        ability: random.about(70, 33),
        ethnicity: if random.percent(90) { "01" } else { random.pick(place.peoples) },
        birth_province,
        parents,
        order: 0,
        entry: if repeats { "repeating" } else { "promoted" },
    }
}

fn parents(
    setting: &mut Setting,
    random: &mut Random,
    family: &str,
    year: i32,
    place: &Locality,
) -> [(&'static str, SamplePerson); 2] {
    let mut parent = |sex, family: &str| {
        let born = year - random.between(22, 38) as i32;
        let birth_date = people::day_of(random, born);
        setting.register.person(random, family, sex, birth_date, place.province)
    };
    let father = parent(Sex::Male, family);
    let mothers_family = names::family(&mut Random::new(u64::from(father.birth_date.ordinal()) + year as u64));
    [("mother", parent(Sex::Female, mothers_family)), ("father", father)]
}

impl Student {
    /// The student's record.
    pub fn record(&self, school: &School, setting: &Setting, random: &mut Random) -> SampleRecord {
        let (person, class) = (&self.person, &school.classes[self.class]);
        let age = i64::from(setting.begins - person.birth_date.year());
        let poor = random.pick(&["none", "none", "none", "none", "none", "none", "none", "near-poor", "poor", "none"]);
        let address = names::address(random);
        SampleRecord::of("students")
            .with("studentCode", &self.code)
            .with("schoolCode", &school.code)
            .with("citizenId", &person.citizen_id)
            .with("citizenIdState", "unverified")
            .with("fullName", &person.name)
            .with("birthDate", person.birth_date)
            .with("sex", person.sex.code())
            .with("ethnicity", self.ethnicity)
            .with("religion", random.percent(8).then_some("01"))
            .with("nationality", "VN")
            .with("birthplaceProvinceCode", self.birth_province.province)
            .with("birthplace", self.birth_province.name)
            .with("nativePlace", school.place.name)
            .with("nativeProvinceCode", school.place.province)
            .with("nativeCommuneCode", school.commune)
            .with("permanentProvinceCode", school.place.province)
            .with("permanentCommuneCode", school.commune)
            .with("permanentHamlet", format!("Tổ dân phố số {}", 1 + self.order % 9))
            .with("permanentAddress", &address)
            .with("currentAddress", address)
            .with("phone", (class.level == '3').then_some(&person.phone))
            .with("healthInsuranceNumber", format!("HS4{}{}", school.place.province, self.code))
            .with("policyGroups", self.policy_groups(poor))
            .with("poorHousehold", poor)
            .with("disability", self.disabled)
            .with("disabilityType", self.disabled.then_some("01"))
            .with("disabilityDegree", self.disabled.then_some("03"))
            .with("exemptFromAssessment", false)
            .with(
                "feeReduction",
                if poor == "poor" {
                    "full"
                } else if poor == "near-poor" {
                    "half"
                } else {
                    "none"
                },
            )
            .with("boarding", if school.has_semi_boarding() { "semi" } else { "none" })
            .with("canSwim", random.percent(40 + age * 2))
            .with("unionMember", union(age, random))
            .with("contacts", self.contacts(random))
            .with("heightCm", tenths(random.about(850 + age * 56, 90)))
            .with("weightKg", tenths(random.about(20 + age * 31, 60)))
            .with("eyeDisease", random.percent(25))
            .with("admissionType", "1")
            .with("admittedOn", format!("{}-08-15", self.admitted_in(school, setting)))
    }

    /// The year in which the student came to the first grade of the school.
    fn admitted_in(&self, school: &School, setting: &Setting) -> i32 {
        let grade = |class: &Class| class.grade.parse::<i32>().unwrap_or_default();
        let first = school.classes.first().map_or(0, grade);
        setting.begins - (grade(&school.classes[self.class]) - first) - i32::from(self.entry == "repeating")
    }

    fn policy_groups(&self, poor: &str) -> Option<Vec<&'static str>> {
        let of_house = match poor {
            "poor" => Some("P07"),
            "near-poor" => Some("P08"),
            _ => None,
        };
        let groups: Vec<_> = of_house.into_iter().chain(self.disabled.then_some("P06")).collect();
        (!groups.is_empty()).then_some(groups)
    }

    fn contacts(&self, random: &mut Random) -> Vec<Value> {
        let contact = |(relationship, person): &(&str, SamplePerson)| {
            json!({
                "relationship": relationship,
                "fullName": person.name,
                "birthYear": person.birth_date.year(),
                "occupation": names::occupation(random),
                "phone": person.phone,
                "citizenId": person.citizen_id,
            })
        };
        self.parents.iter().map(contact).collect()
    }

    /// The student's time in the class.
    pub fn enrollment(&self, school: &School, setting: &Setting) -> SampleRecord {
        let next = setting.begins + 1;
        let electives = school.classes[self.class].electives;
        let chosen = |most: usize| (!electives.is_empty()).then(|| &electives[..most.min(electives.len())]);
        SampleRecord::of("enrollments")
            .with("schoolCode", &school.code)
            .with("schoolYear", &setting.school_year)
            .with("studentCode", &self.code)
            .with("classCode", &school.classes[self.class].code)
            .with("entryDate", format!("{}-09-05", setting.begins))
            .with("entryType", self.entry)
            .with("exitDate", self.leaves.then(|| format!("{next}-01-20")))
            .with("exitType", self.leaves.then_some("transfer-out"))
            .with("decisionNumber", self.leaves.then(|| format!("{}/QĐ-CT", self.order)))
            .with("orderInClass", self.order)
            .with("electiveSubjects", chosen(4))
            .with("specializedTopics", chosen(3))
    }
}

/// Pioneers from nine to fifteen, members of the youth union from sixteen on; not everyone.
fn union(age: i64, random: &mut Random) -> &'static str {
    match age {
        9..=15 if random.percent(90) => "pioneer",
        16.. if random.percent(70) => "youth-union",
        _ => "none",
    }
}
