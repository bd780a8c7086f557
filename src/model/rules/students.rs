//! ID, ST, AD: students.

use crate::model::enrollments::Enrollment;
use crate::model::rules::address;
use crate::model::rules::address::Address;
use crate::model::rules::catalogue as rule;
use crate::model::rules::identity;
use crate::model::rules::identity::{KnownPerson, Person};
use crate::model::rules::measures;
use crate::model::rules::ownership;
use crate::model::rules::ownership::Move;
use crate::model::rules::{Candidate, IssueSink, RuleContext, dates};
use crate::model::students::{At, Contact, ContactAt, Student};
use crate::model::value::Row;

/// Exits in the list `enrollment-exit-types` by which a school lets a student go.
const LEFT: &[&str] = &["transfer-out", "dropout", "graduated"];

/// The rules that a student's record itself decides.
pub fn check(candidate: &Candidate, sink: &mut IssueSink) {
    let student = Student(candidate.row);
    identity::person_code(At::student_code, student.student_code(), sink);
    identity::missing_citizen_id(candidate, At::citizen_id, student.nationality(), sink);
    identity::citizen_id(candidate, At::citizen_id, person(student), sink);
    dates::birth_date(candidate, At::birth_date, student.birth_date(), sink);
    identity::phone(candidate.lists, "/phone", student.phone(), sink);
    disability(candidate, sink);
    contacts(candidate, sink);
    measures::of_body(candidate, sink);
    let any_day = [
        (At::birthplace_province_code, student.birthplace_province_code()),
        (At::native_province_code, student.native_province_code()),
    ];
    for (at, province) in any_day {
        address::province(candidate, at, province, None, sink);
    }
    let (commune, province) = (student.permanent_commune_code(), student.permanent_province_code());
    address::province(candidate, At::permanent_province_code, province, Some(candidate.received), sink);
    address::commune(
        candidate,
        Address { at: At::permanent_commune_code.into(), commune, province, on: candidate.received },
        sink,
    );
}

/// The rules that need other records.
pub fn judge(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let student = Student(candidate.row);
    let places = (At::citizen_id.into(), At::student_code.into());
    let own = (student.school_code(), student.full_name());
    identity::same_citizen(context, person(student), own, places, known, sink);
    move_to_another_school(candidate, context, sink);
    let code = (At::student_code.into(), student.student_code());
    ownership::judge_new_code(context, code, student.school_code(), sink);
}

fn person<'a>(student: Student<'a>) -> Person<'a> {
    Person {
        citizen_id: student.citizen_id(),
        sex: student.sex(),
        birth_date: student.birth_date(),
        is_foreign: identity::is_foreign(student.nationality()),
        is_verified: student.citizen_id_state() == Some("verified"),
    }
}

fn known(row: &Row) -> KnownPerson<'_> {
    let other = Student(row);
    KnownPerson {
        code: other.student_code(),
        school: other.school_code(),
        name: other.full_name(),
        birth_date: other.birth_date(),
    }
}

/// ST-002.
fn disability(candidate: &Candidate, sink: &mut IssueSink) {
    if candidate.row.is_faulty(At::disability) || candidate.row.is_faulty(At::disability_type) {
        return;
    }
    let student = Student(candidate.row);
    let (given, lacking, at) = match (student.disability() == Some(true), student.disability_type().is_some()) {
        (true, false) => ("disability", "disabilityType", At::disability_type),
        (false, true) => ("disabilityType", "disability", At::disability),
        _ => return,
    };
    sink.raise(&rule::ST_002, at).with("given", given).with("lacking", lacking);
}

/// ST-008, and what the contacts' own numbers break.
fn contacts(candidate: &Candidate, sink: &mut IssueSink) {
    let student = Student(candidate.row);
    if student.contacts().is_empty() && !candidate.row.is_faulty(At::contacts) {
        sink.raise(&rule::ST_008, At::contacts);
    }
    let contacts =
        student.contacts().iter().enumerate().filter_map(|(index, contact)| Some((index, contact.as_object()?)));
    for (index, row) in contacts {
        contact(candidate, index, row, sink);
    }
}

/// ID-010 and the form of number and telephone. Parents' sex and birth are not judged: a contact states neither as the
/// register does.
fn contact(candidate: &Candidate, index: usize, row: &Row, sink: &mut IssueSink) {
    let contact = Contact(row);
    let member = |at: ContactAt| Contact::FIELDS.get(usize::from(at)).map_or("", |field| field.json);
    let pointer = |at| format!("/contacts/{index}/{}", member(at));
    identity::phone(candidate.lists, &pointer(ContactAt::phone), contact.phone(), sink);
    let number = pointer(ContactAt::citizen_id);
    identity::bare_citizen_id(candidate, &number, contact.citizen_id(), sink);
    if contact.citizen_id().is_some() && contact.citizen_id() == Student(candidate.row).citizen_id() {
        sink.raise_at(&rule::ID_010, number);
    }
}

/// ST-005, ID-025, ST-011: who has an open enrollment at the old school does not move. Enrollments end with their
/// school year at the latest, so only those of the student's last year count.
fn move_to_another_school(candidate: &Candidate, context: &RuleContext, sink: &mut IssueSink) {
    let (new, Some(stored)) = (Student(candidate.row), context.stored.map(Student)) else { return };
    let (Some(code), Some(old)) = (new.student_code(), stored.school_code()) else { return };
    let enrollments = || context.lookup("enrollments").iter().map(Enrollment);
    let at_old = || enrollments().filter(|enrollment| enrollment.school_code() == Some(old));
    let last_year = enrollments().filter_map(|enrollment| enrollment.school_year()).max();
    let is_open = at_old().any(|one| one.exit_date().is_none() && one.school_year() == last_year);
    let last = at_old().max_by_key(|enrollment| (enrollment.school_year(), enrollment.entry_date()));
    let person = Move {
        code: (At::student_code.into(), code),
        school: new.school_code(),
        sent: person(new),
        stored: person(stored),
        kept_by: is_open.then_some((&rule::ST_005, At::school_code.into(), "student")),
        left: last.and_then(|last| last.exit_type()).is_some_and(|exit| LEFT.contains(&exit)),
    };
    ownership::judge_move(context, &person, sink);
}

#[cfg(test)]
mod tests {
    use crate::model::lists::Lists;
    use crate::model::rules::fixture::{Raised, RuleFixture, check, row, unchanged};
    use crate::model::rules::{Candidate, IssueSink};
    use crate::model::students::SPEC;
    use chrono::NaiveDate;
    use serde_json::{Value, json};

    fn raised(code: &'static str, pointer: &str) -> Raised {
        vec![(code, pointer.to_owned())]
    }
    fn citizen(number: &str) -> Raised {
        check(&SPEC, json!({ "citizenId": number }))
    }

    #[test]
    fn the_example_keeps_every_rule() {
        assert_eq!(check(&SPEC, unchanged()), []);
        assert_eq!(RuleFixture::of(&SPEC).judge(unchanged()), []);
    }
    #[test]
    fn a_citizen_number_has_twelve_digits() {
        for wrong in ["03121400078A", "031214", "0312140007890", "031214000789٣"] {
            assert_eq!(citizen(wrong), raised("ID-001", "/citizenId"), "{wrong}");
        }
        assert_eq!(citizen("31214000789"), raised("ID-008", "/citizenId"));
        assert_eq!(check(&SPEC, json!({ "citizenId": null })), raised("ID-006", "/citizenId"));
        assert_eq!(check(&SPEC, json!({ "citizenId": null, "nationality": null })), raised("ID-006", "/citizenId"));
        assert_eq!(check(&SPEC, json!({ "citizenId": null, "nationality": "KR" })), [], "foreigners have none");
    }
    #[test]
    fn a_citizen_number_tells_province_sex_and_year() {
        assert_eq!(citizen("003214000789"), raised("ID-002", "/citizenId"));
        assert_eq!(citizen("165214000789"), raised("ID-002", "/citizenId"));
        assert_eq!(citizen("031314000789"), raised("ID-003", "/citizenId"));
        assert_eq!(citizen("031014000789"), raised("ID-003", "/citizenId"));
        assert_eq!(citizen("031213000789"), raised("ID-004", "/citizenId"));
        let woman = json!({ "citizenId": "030304000789", "sex": "female", "birthDate": "2004-02-29" });
        assert_eq!(check(&SPEC, woman), []);
    }
    #[test]
    fn numbers_of_foreigners_and_verified_ones_may_follow_another_pattern() {
        for (number, code) in [("003214000789", "ID-002"), ("031314000789", "ID-003"), ("031213000789", "ID-004")] {
            assert_eq!(check(&SPEC, json!({ "citizenId": number, "nationality": "LA" })), []);
            let row = row(&SPEC, &json!({ "citizenId": number, "citizenIdState": "verified" }));
            let mut sink = IssueSink::new(SPEC.fields);
            let (received, lists) = (NaiveDate::from_ymd_opt(2025, 10, 1).unwrap(), Lists::embedded());
            (SPEC.check)(&Candidate { spec: &SPEC, row: &row, received, lists: &lists }, &mut sink);
            let found: Vec<_> = sink.issues.iter().map(|issue| (issue.rule.code, issue.severity.as_str())).collect();
            assert_eq!(found, [(code, "warning")]);
        }
        assert_eq!(
            check(&SPEC, json!({ "citizenId": "0312140", "nationality": "LA" })),
            raised("ID-001", "/citizenId")
        );
    }
    #[test]
    fn a_province_is_one_of_the_day_or_of_any() {
        let of = |member: &str, code: &str| check(&SPEC, json!({ "permanentCommuneCode": null, member: code }));
        for member in ["birthplaceProvinceCode", "nativeProvinceCode"] {
            assert_eq!((of(member, "30"), of(member, "31")), (vec![], vec![]));
            assert_eq!(of(member, "03"), raised("PV-001", &format!("/{member}")));
        }
        assert_eq!(of("permanentProvinceCode", "31"), []);
        assert_eq!(of("permanentProvinceCode", "30"), raised("PV-001", "/permanentProvinceCode"));
    }
    #[test]
    fn without_the_birth_date_the_digit_still_tells_the_sex() {
        assert_eq!(check(&SPEC, json!({ "birthDate": null })), []);
        assert_eq!(check(&SPEC, json!({ "birthDate": null, "sex": "female" })), raised("ID-003", "/citizenId"));
        assert_eq!(check(&SPEC, json!({ "citizenId": "031314000789", "sex": null })), []);
    }
    #[test]
    fn nobody_is_born_in_the_future() {
        let born = |date: &str| check(&SPEC, json!({ "birthDate": date, "citizenId": "031225000789" }));
        assert_eq!(born("2025-10-01"), []);
        assert_eq!(born("2025-10-02"), raised("DT-003", "/birthDate"));
    }
    #[test]
    fn a_code_is_ten_digits_or_provisional() {
        let coded = |code: &str| check(&SPEC, json!({ "studentCode": code }));
        assert_eq!(coded("TAM-001"), raised("ID-023", "/studentCode"));
        for wrong in ["310001234", "31000123AB", "TAM-", "tam-1"] {
            assert_eq!(coded(wrong), raised("ID-020", "/studentCode"), "{wrong}");
        }
    }
    #[test]
    fn a_provisional_code_belongs_to_the_school_that_it_carries() {
        let coded = |code: &str| RuleFixture::of(&SPEC).judge(json!({ "studentCode": code }));
        assert_eq!(coded("TAM-31000501-0001"), []);
        assert_eq!(coded("TAM-31000502-0001"), raised("ST-011", "/studentCode"));
        assert_eq!([coded("TAM-0001"), coded("TAM-31000502")], [[], []], "it carries none");
        let known = RuleFixture::of(&SPEC).stored(json!({ "studentCode": "TAM-31000502-0001" }));
        assert_eq!(
            known.judge(json!({ "studentCode": "TAM-31000502-0001" })),
            [],
            "whoever took its place may keep it"
        );
    }
    #[test]
    fn telephones_are_vietnamese() {
        let phoned = |phone: &str| check(&SPEC, json!({ "phone": phone }));
        for right in ["0901234567", "02253745678", "19001234", "1800123456"] {
            assert_eq!(phoned(right), [], "{right}");
        }
        for wrong in ["0121234567", "090123456", "2253745678", "+15550100", "09012345678"] {
            assert_eq!(phoned(wrong), raised("PH-001", "/phone"), "{wrong}");
        }
    }
    #[test]
    fn contacts_are_judged_too() {
        let contact = |changes: Value| {
            let mut contact = json!({ "relationship": "mother", "fullName": "Lê Thị Hoa" });
            changes.as_object().unwrap().iter().for_each(|(name, value)| contact[name] = value.clone());
            check(&SPEC, json!({ "contacts": [contact] }))
        };
        assert_eq!(check(&SPEC, json!({ "contacts": [] })), raised("ST-008", "/contacts"));
        assert_eq!(contact(json!({})), []);
        assert_eq!(contact(json!({ "citizenId": "031214000789" })), raised("ID-010", "/contacts/0/citizenId"));
        assert_eq!(contact(json!({ "citizenId": "31186000321" })), raised("ID-008", "/contacts/0/citizenId"));
        assert_eq!(contact(json!({ "phone": "0121234567" })), raised("PH-001", "/contacts/0/phone"));
    }
    #[test]
    fn a_disability_has_flag_and_type() {
        assert_eq!(check(&SPEC, json!({ "disability": true })), raised("ST-002", "/disabilityType"));
        assert_eq!(
            check(&SPEC, json!({ "disability": false, "disabilityType": "01" })),
            raised("ST-002", "/disability")
        );
        assert_eq!(
            check(&SPEC, json!({ "disability": null, "disabilityType": "01" })),
            raised("ST-002", "/disability")
        );
        assert_eq!(check(&SPEC, json!({ "disability": true, "disabilityType": "01" })), []);
    }
    #[test]
    fn a_citizen_number_belongs_to_one_person() {
        let other = |changes: Value| RuleFixture::of(&SPEC).found("same_citizen", &[changes]).judge(unchanged());
        assert_eq!(
            other(json!({ "studentCode": "3100099999", "fullName": "Trần Văn Bình" })),
            raised("ID-005", "/citizenId")
        );
        assert_eq!(
            other(json!({ "studentCode": "3100099999", "birthDate": "2014-05-21" })),
            raised("ID-005", "/citizenId")
        );
        assert_eq!(
            other(json!({ "studentCode": "3100099999", "fullName": "nguyen van an" })),
            raised("ID-021", "/studentCode")
        );
    }
    #[test]
    fn an_open_enrollment_keeps_a_student_at_the_school() {
        let moved = |stored: &str, enrollments: &[Value]| {
            let fixture = RuleFixture::of(&SPEC).stored(json!({ "schoolCode": stored }));
            fixture.found("enrollments", enrollments).judge(unchanged())
        };
        let at_old = |year: &str, exit: Value| json!({ "schoolCode": "31000401", "schoolYear": year, "exitDate": exit, "exitType": null });
        assert_eq!(moved("31000401", &[at_old("2025-2026", Value::Null)]), raised("ST-005", "/schoolCode"));
        assert_eq!(moved("31000401", &[at_old("2025-2026", json!("2025-12-01"))]), []);
        assert_eq!(
            moved("31000401", &[at_old("2024-2025", Value::Null), at_old("2025-2026", json!("2025-12-01"))]),
            []
        );
        assert_eq!(moved("31000501", &[at_old("2025-2026", Value::Null)]), []);
    }
}
