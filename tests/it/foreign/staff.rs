//! Staff of every kind, and who teaches what.

use super::names;
use super::pupils::Class;
use super::school::{NEW, School, World};
use serde_json::{Value, json};

/// Group, position, status, contract, qualification, age.
#[rustfmt::skip]
const OTHERS: &[(&str, &str, &str, &str, &str, i32)] = &[
    ("1", "02", "1", "1", "02", 45), ("3", "15", "1", "3", "04", 33), ("3", "17", "1", "2", "06", 55), ("3", "11", "2", "7", "05", 19),
    ("2", "22", "6", "1", "16", 63), ("2", "23", "8", "4", "18", 29), ("1", "01", "6", "1", "16", 65), ("2", "03", "3", "1", "16", 40),
    ("3", "16", "5", "1", "09", 55), ("3", "20", "1", "6", "11", 50), ("2", "04", "7", "1", "16", 38), ("3", "09", "4", "1", "03", 41),
];

pub struct Teacher {
    pub code: String,
    periods: f64,
}

pub struct Team {
    pub teachers: Vec<Teacher>,
}

/// Levels taught: the standard of each teacher's rank and qualification, position, most periods a week.
fn standard(school: &School) -> Vec<(&'static [&'static str], &'static [&'static str], &'static str, f64)> {
    let primary = school.grades.iter().any(|grade| *grade < 6);
    let lower = school.grades.iter().any(|grade| (6..10).contains(grade));
    let upper = school.grades.iter().any(|grade| (10..13).contains(grade));
    let mut standards: Vec<(&'static [&'static str], &'static [&'static str], &'static str, f64)> = Vec::new();
    if school.grades.iter().any(|grade| *grade > 12) {
        standards.push((&["V.07.02.24", "V.07.02.26"], &["17", "16", "02"], "30", 100.0));
    }
    if primary {
        standards.push((&["V.07.03.27", "V.07.03.29"], &["16", "13", "02"], "29", 34.5));
    }
    if lower {
        standards.push((&["V.07.04.30", "V.07.04.32"], &["16", "13", "01"], "28", 28.5));
    }
    if upper {
        standards.push((&["V.07.05.13", "V.07.05.15"], &["16", "02", "01"], "27", 25.5));
    }
    standards
}

fn member(world: &mut World, school: &School, age: i32) -> Value {
    let serial = world.serial();
    let person = names::person(&mut world.dice, 2026 - age, serial);
    let name = if person.nationality == "VN" { person.name } else { names::name(&mut world.dice) };
    let citizen = names::citizen(&mut world.dice, person.male, 2026 - age, serial);
    let mut data = json!({ "staffCode": format!("{}5{serial:07}", &school.code[..2]), "schoolCode": school.code, "fullName": name,
        "birthDate": person.birth, "sex": names::sex(person.male), "ethnicity": "01", "citizenId": citizen });
    if serial % 2 == 0 {
        let more = json!({ "religion": "00", "nationality": "VN", "phone": names::phone(&mut world.dice),
            "email": format!("gv{serial}@example.edu.vn"), "permanentCommuneCode": NEW[serial as usize % NEW.len()],
            "permanentAddress": "Tổ 5", "socialInsuranceNumber": format!("31{serial:08}"), "recruitedOn": "2011-08-01",
            "joinedProfessionOn": "2010-09-05", "salaryGrade": 4, "salaryCoefficient": 3.33, "major": "Toán – Tin",
            "qualificationInstitution": "Trường ĐHSP", "graduationYear": 2010, "politicalTheoryLevel": "Trung cấp",
            "managementLevel": "Có", "informaticsLevel": "B", "foreignLanguage": "1", "foreignLanguageLevel": "B1",
            "professionalStandard": "1" });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    data
}

fn told(world: &mut World, mut data: Value, more: Value) -> String {
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let code = data["staffCode"].as_str().unwrap().to_owned();
    world.put("staff", data);
    code
}

/// One principal, teachers enough, and others of every kind and state.
pub fn hire(world: &mut World, school: &School) -> Team {
    let centre = school.level == "6";
    let qualification = if school.grades.iter().all(|grade| *grade > 12) { "17" } else { "16" };
    let principal = member(world, school, 50);
    told(
        world,
        principal,
        json!({ "group": "1", "position": if centre && school.number % 3 > 0 { "05" } else { "01" }, "status": "1",
        "qualification": qualification }),
    );
    for (group, position, status, contract, qualification, age) in
        OTHERS.iter().skip(school.number % 3).step_by(1 + school.number % 2)
    {
        let one = member(world, school, *age);
        let position = if centre && *position == "02" { "06" } else { position };
        let more = json!({ "group": group, "position": position, "status": status, "contractType": contract, "qualification": qualification });
        let qualified = if ["1", "2"].contains(group) { json!({ "qualification": "16" }) } else { json!({}) };
        let code = told(
            world,
            {
                let mut one = one;
                one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                one
            },
            qualified,
        );
        assert_eq!(code.len(), 10);
    }
    let mut teachers = Vec::new();
    for (ranks, qualifications, position, most) in standard(school) {
        let count = if school.large { 20 } else { 4 + school.grades.len() };
        for index in 0..count {
            let age = [22, 30, 41, 56][index % 4];
            let one = member(world, school, age);
            let mut more = json!({ "group": "2", "position": position, "status": (["1", "1", "2", "5"][index % 4]),
                "qualification": qualifications[index % 3], "contractType": (["1", "7", "3", "0"][index % 4]) });
            if index % 2 == 0 {
                more["rank"] = json!(ranks[index / 2 % 2]);
                more["weeklyPeriods"] = json!(most as i32);
                more["homeroomTeacher"] = json!(index % 3 == 0);
                more["subjects"] = json!(["TOAN", "NN1"]);
            }
            teachers.push(Teacher { code: told(world, one, more), periods: most });
        }
    }
    // One works at the next school for a time.
    if school.number % 2 == 0 {
        let (next, one) = (School::new(school.number + 1, false), member(world, school, 35));
        let more = json!({ "group": "2", "position": "28", "status": (["7", "1"][school.number / 2 % 2]), "qualification": "02",
            "secondedToSchoolCode": next.code });
        world.seconded = Some(told(world, one, more));
    } else if let Some(code) = world.seconded.take() {
        teachers.push(Teacher { code, periods: 17.0 });
    }
    Team { teachers }
}

/// A homeroom teacher for each class, and for each subject and term a main teacher, within what one may teach.
pub fn assign(world: &mut World, school: &School, team: &Team, classes: &mut [Class]) {
    for (class, teacher) in classes.iter_mut().zip(team.teachers.iter().rev().cycle()) {
        class.homeroom = teacher.code.clone();
    }
    if school.combines() {
        classes[classes.len() - 1].homeroom = classes[classes.len() - 2].homeroom.clone();
    }
    for term in ["1", "2"] {
        let mut load = vec![0.0; team.teachers.len()];
        for class in classes.iter() {
            for (place, subject) in class.subjects.iter().enumerate() {
                let periods = (f64::from(subject.periods(class.grade).unwrap()) / 3.5).round() / 10.0;
                let free = |index: &usize| load[*index] + periods <= team.teachers[*index].periods.min(25.5);
                let found =
                    (0..load.len()).cycle().skip(world.dice.between(0, 30) as usize).take(load.len()).find(free);
                let index = found.unwrap_or_else(|| panic!("{}: too few teachers", school.code));
                load[index] += periods;
                let base = json!({ "schoolCode": school.code, "schoolYear": class.school_year(), "term": term, "classCode": class.code,
                    "subjectCode": subject.code, "staffCode": team.teachers[index].code, "role": "main" });
                let mut add = |more: Value| {
                    let mut data = base.clone();
                    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                    world.put("teaching-assignments", data);
                };
                let next = &team.teachers[(index + 1) % load.len()].code;
                match (place, term) {
                    // One takes over from another in the middle of the term.
                    (0, "1") => {
                        add(json!({ "from": class.day(9, 5), "to": class.day(10, 31), "periodsPerWeek": periods }));
                        add(json!({ "staffCode": next, "from": class.day(11, 1), "to": class.day(1, 15) }));
                    }
                    (1, "2") => {
                        add(json!({ "periodsPerWeek": periods }));
                        add(json!({ "staffCode": next, "role": "assistant" }));
                    }
                    (2, _) => {
                        add(json!({ "periodsPerWeek": periods }));
                        if class.homeroom != team.teachers[index].code {
                            add(json!({ "staffCode": class.homeroom, "role": "homeroom" }));
                        }
                    }
                    _ => add(json!({ "periodsPerWeek": periods })),
                }
            }
        }
    }
}
