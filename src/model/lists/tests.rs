//! What the lists of the product hold, and how they are asked.

use crate::model::lists::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn unit(code: &str, province: &str, from: Option<&str>, to: Option<&str>, successors: &[&str]) -> Unit {
    Unit {
        code: code.to_owned(),
        name: String::new(),
        level: UnitLevel::Commune,
        province: province.to_owned(),
        valid_from: from.map(day),
        valid_to: to.map(day),
        successors: successors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn every_embedded_list_is_read() {
    let lists = Lists::embedded();
    assert_eq!(lists.names().len(), embedded::FILES.len());
    for (name, _, _, csv) in embedded::FILES {
        let list = lists.list(name).unwrap();
        assert_eq!(list.entries.len(), csv.lines().count() - 1, "{name}");
        let keys: std::collections::HashSet<_> = list
            .entries
            .iter()
            .map(|entry| {
                (
                    &entry.code,
                    if ["subjects", "subjects-2006", "assessment-levels"].contains(name) {
                        entry.group()
                    } else {
                        None
                    },
                    entry.valid_from,
                )
            })
            .collect();
        assert_eq!(keys.len(), list.entries.len(), "a key twice in {name}");
    }
    assert_eq!(lists.typed.grades.len(), 18);
    assert_eq!(lists.typed.subjects.len(), 50);
}

#[test]
fn every_list_that_a_field_names_is_there() {
    use crate::model::field::{Field, FieldType};
    fn names(kind: &FieldType) -> Vec<&'static str> {
        match kind {
            FieldType::Code { list } | FieldType::Counts { list } => vec![list],
            FieldType::List(element) => names(element),
            FieldType::Object(fields) => fields.iter().flat_map(|field: &Field| names(&field.kind)).collect(),
            _ => Vec::new(),
        }
    }
    let lists = Lists::embedded();
    for name in crate::model::ALL.iter().flat_map(|spec| spec.fields).flat_map(|field| names(&field.kind)) {
        assert!(lists.list(name).is_some(), "no list {name}");
    }
}

#[test]
fn a_code_is_valid_in_its_time() {
    let lists = Lists::embedded();
    let (before, after) = (day("2025-06-30"), day("2025-07-01"));
    assert!(lists.contains("provinces", "30", before) && !lists.contains("provinces", "30", after));
    let name = |on| lists.province("15", on).map(|province| province.name_vi.as_str());
    assert_eq!([name(before), name(after)], [Some("Tỉnh Yên Bái"), Some("Tỉnh Lào Cai")]);
    assert!(!lists.contains("sexes", "Nam", after) && !lists.contains("no-such-list", "1", after));
}

#[test]
fn the_nearest_code_is_found_by_what_people_write() {
    let lists = Lists::embedded();
    let nearest = |list, value| lists.nearest(list, value);
    for (list, value, code) in [
        ("ethnic-groups", "Kinh", "01"),
        ("ethnic-groups", "kinh", "01"),
        ("ethnic-groups", "H'mong", "08"),
        ("ethnic-groups", "1", "01"),
        ("sexes", "Nam", "male"),
        ("sexes", "nu", "female"),
        ("sexes", "femal", "female"),
        ("subjects", "Ngữ văn", "NGUVAN"),
        ("subjects", "toan", "TOAN"),
        ("grade-levels", "6", "06"),
        ("enrollment-exit-types", "transfer", "transfer-out"),
    ] {
        assert_eq!(nearest(list, value).as_deref(), Some(code), "{list}: {value}");
    }
    assert_eq!([nearest("ethnic-groups", "99"), nearest("sexes", ""), nearest("sexes", "xyzxyz")], [None, None, None]);
}

#[test]
fn subjects_belong_to_a_level_and_to_grades() {
    let lists = Lists::embedded();
    assert_eq!(lists.subject("06", "TOAN").map(|subject| subject.level), Some('2'));
    assert_eq!(lists.subject("12", "TOAN").map(|subject| subject.level), Some('3'));
    assert_eq!(lists.subject("THCS", "VATLI"), None);
    let english = lists.subject("01", "NN1").unwrap();
    assert_eq!((english.periods("01"), english.kind_in("01")), (Some(70), SubjectKind::Optional));
    assert_eq!((english.periods("03"), english.kind_in("03")), (Some(140), SubjectKind::Compulsory));
    assert!(lists.is_taught("LSDL", "04") && !lists.is_taught("LSDL", "03") && !lists.is_taught("VATLI", "09"));
    assert!(!lists.subject("10", "AMNHAC").unwrap().scored);
    assert_eq!((lists.electives().count(), lists.is_elective("VATLI"), lists.is_elective("NGUVAN")), (9, true, false));
    assert_eq!(lists.subjects_of_grade("06").filter(|subject| subject.kind == SubjectKind::Compulsory).count(), 12);
}

#[test]
fn levels_combine() {
    let lists = Lists::embedded();
    for (level, single) in [("1", "1"), ("123", "123"), ("45", "45"), ("6", "23"), ("9", "")] {
        assert_eq!(lists.level_combines(level).iter().collect::<String>(), single, "level {level}");
    }
    assert_eq!(lists.school_code_digits("12"), ['5', '4']);
    assert!(lists.school_code_digits("13").is_empty());
    assert_eq!(lists.grade("06").map(|grade| (grade.level, grade.age, grade.maximum_age)), Some(('2', 11, 14)));
}

#[test]
fn staff_and_numbers() {
    let lists = Lists::embedded();
    assert!(lists.staff_status_active("1") && !lists.staff_status_active("3") && !lists.staff_status_active("99"));
    assert_eq!(
        [lists.training_rank("16"), lists.training_rank("17"), lists.training_rank("99")],
        [Some(6), Some(5), None]
    );
    assert_eq!(lists.teacher_rank("V.07.04.32").and_then(|rank| rank.column("level")), Some("THCS"));
    let prefixes = (0..1000).filter(|number| lists.citizen_prefix_known(&format!("{number:03}"))).count();
    assert_eq!((prefixes, lists.citizen_prefix_known("030"), lists.citizen_prefix_known("003")), (63, true, false));
    assert!(lists.mobile_prefix_known("098") && !lists.mobile_prefix_known("012"));
    assert_eq!(
        ["100", "101", "399", "400"].map(|prefix| lists.is_country_prefix(prefix, day("2025-10-01"))),
        [false, true, true, false]
    );
}

#[test]
fn parameters_hold_for_their_years() {
    let lists = Lists::embedded();
    assert_eq!(
        [
            lists.parameter("promotion.absences-at-most", "2010-2011"),
            lists.parameter("promotion.absences-at-most", "2025-2026")
        ],
        [None, Some(45)]
    );
    assert_eq!(
        [35, 36, 70, 71].map(|periods| lists.regular_marks(periods, "2025-2026")),
        [Some(2), Some(3), Some(3), Some(4)]
    );
    assert_eq!(lists.school_year_bounds("2025-2026"), Some((day("2025-06-01"), day("2026-08-31"))));
    let changes = [
        ("06", "2021-2022"),
        ("07", "2022-2023"),
        ("10", "2022-2023"),
        ("08", "2023-2024"),
        ("11", "2023-2024"),
        ("09", "2024-2025"),
        ("12", "2024-2025"),
    ];
    for (grade, first) in changes {
        let begins: i32 = first[..4].parse().unwrap();
        assert_eq!(lists.scheme(first, grade), Some(Scheme::Circular22), "{grade}");
        assert_eq!(lists.scheme(&format!("{}-{begins}", begins - 1), grade), Some(Scheme::Circular58), "{grade}");
    }
    assert_eq!(lists.scheme("2025-2026", "05"), None);
    assert_eq!(
        [Lists::school_year_of(day("2026-07-31")), Lists::school_year_of(day("2026-08-01"))],
        ["2025-2026", "2026-2027"]
    );
}

#[test]
fn a_unit_depends_on_the_day() {
    let units = Units::new([
        unit("10507", "30", None, Some("2025-06-30"), &["10525"]),
        unit("10507", "31", Some("2025-07-01"), None, &[]),
        unit("10528", "30", None, Some("2025-06-30"), &["10532", "10537"]),
        unit("99999", "31", Some("2025-07-01"), None, &[]),
    ]);
    let (before, after) = (day("2025-06-30"), day("2025-07-01"));
    assert_eq!([units.province_of("10507", before), units.province_of("10507", after)], [Some("30"), Some("31")]);
    assert!(matches!(units.unit("10528", after), UnitState::Ended(unit) if unit.successors == ["10532", "10537"]));
    assert!(matches!(units.unit("99999", before), UnitState::NotYet(_)));
    assert_eq!(units.unit("00001", after), UnitState::Unknown);
    assert!(
        units.covers("30", before)
            && !units.covers("30", after)
            && units.has_units_of("30")
            && !units.has_units_of("01")
    );
}

#[test]
fn loaded_lists_stand_for_the_programs_own() {
    let entry = |code: &str, from: Option<&str>| ListEntry {
        code: code.to_owned(),
        name_vi: "mới".to_owned(),
        valid_from: from.map(day),
        ..ListEntry::default()
    };
    let stored = BTreeMap::from([
        ("regions".to_owned(), vec![entry("05", None)]),
        ("provinces".to_owned(), vec![entry("31", Some("2025-07-01"))]),
    ]);
    let lists = Lists::overlaid(stored, Units::default());
    let today = day("2025-10-01");
    assert!(lists.contains("regions", "05", today) && !lists.contains("regions", "01", today));
    assert_eq!(lists.province("31", today).map(|province| province.name_vi.as_str()), Some("mới"));
    assert!(lists.citizen_prefix_known("031") && lists.contains("sexes", "male", today));
}
