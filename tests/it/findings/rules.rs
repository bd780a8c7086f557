//! CL, SF, AS, ST and ID: what opens and closes.

use super::fixture::{OTHER, Office, PRINCIPAL, TEACHER, class, code, enrolled, line, principal, pupil, pupils};
use crate::common::records::{SCHOOL, deletion, example, upsert, with};
use serde_json::{Value, json};

#[tokio::test]
async fn classes_have_pupils_and_one_homeroom_teacher() {
    let office = Office::open().await;
    // 45 pupils are allowed, and one of the 46 may go.
    office.send(&pupils("6A1", 0..44)).await;
    assert_eq!(office.found().await, [""; 0]);
    let last = pupils("6A1", 44..45);
    office.goes(&last, &["CL-004 6A1"], &[deletion("enrollments", &enrolled("6A1", 44))]).await;
    let (empty, filled) = ([upsert("classes", &class("6A2"))], pupils("6A2", 50..51));
    office.goes(&empty, &["CL-005 6A2"], &filled).await;
    let bare = upsert("classes", &with(&example("classes"), json!({ "homeroomStaffCode": null })));
    let by_assignment = with(&example("teaching-assignments"), json!({ "role": "homeroom" }));
    office
        .goes(
            std::slice::from_ref(&bare),
            &["CL-006 6A1 /homeroomStaffCode"],
            &[upsert("teaching-assignments", &by_assignment)],
        )
        .await;
    office
        .send(&[
            upsert("teaching-assignments", &example("teaching-assignments")),
            upsert("classes", &example("classes")),
        ])
        .await;
    let twice = with(&class("6A2"), json!({ "homeroomStaffCode": TEACHER }));
    office
        .goes(&[upsert("classes", &twice)], &["CL-008 6A2 /homeroomStaffCode"], &[upsert("classes", &class("6A2"))])
        .await;
    let together = with(&twice, json!({ "combinedWithClassCode": "6A1" }));
    office
        .goes(&[upsert("classes", &twice)], &["CL-008 6A2 /homeroomStaffCode"], &[upsert("classes", &together)])
        .await;
}

#[tokio::test]
async fn a_primary_class_is_smaller() {
    let office = Office::open().await;
    let school = "31000401";
    let token = office.gateway.software(school).await;
    let of = |resource: &str, data: &Value, changes: Value| {
        upsert(resource, &with(&with(data, json!({ "schoolCode": school })), changes))
    };
    let mut records = vec![
        of("schools", &example("schools"), json!({ "level": "1", "name": "Trường Tiểu học Hoa Sen" })),
        of(
            "staff",
            &principal(),
            json!({ "staffCode": "3100000901", "email": null, "levelsTaught": ["1"], "rank": null }),
        ),
        of("classes", &class("1A"), json!({ "grade": "01", "campusCode": null, "homeroomStaffCode": "3100000901" })),
    ];
    for number in 0..36 {
        let birth_date = pupil(number)["birthDate"].as_str().unwrap().replace("2014", "2019");
        records.push(of("students", &pupil(number), json!({ "birthDate": birth_date, "unionMember": "none" })));
        records.push(of("enrollments", &enrolled("1A", number), json!({})));
    }
    let (_, report) = office.gateway.submit("", &token, &records).await;
    assert_eq!(report["counts"]["created"], records.len(), "{:#}", report["issues"]);
    assert_eq!(office.found().await, ["CL-003 1A"]);
    let item = office.items("").await.remove(0);
    assert_eq!(
        (&item["schoolCode"], &item["resource"], &item["severity"]),
        (&json!(school), &json!("classes"), &json!("warning"))
    );
    assert!(
        item["message"].as_str().unwrap().contains("36") && item["message"].as_str().unwrap().contains("35"),
        "{item}"
    );
    // Who stayed until the year was over still counts; who left does not.
    let left = |number: usize, how: &str| {
        of(
            "enrollments",
            &enrolled("1A", number),
            json!({ "exitDate": "2026-05-29", "exitType": how, "toSchoolCode": null }),
        )
    };
    office.gateway.submit("", &token, &[left(0, "completed")]).await;
    assert_eq!(office.found().await, ["CL-003 1A"]);
    office.gateway.submit("", &token, &[left(0, "transfer-out")]).await;
    assert_eq!(office.found().await, [""; 0]);
}

#[tokio::test]
async fn a_school_has_one_principal_and_everyone_an_address_of_his_own() {
    let office = Office::open().await;
    let gone = with(&principal(), json!({ "status": "8" }));
    office.goes(&[upsert("staff", &gone)], &["SF-004"], &[upsert("staff", &principal())]).await;
    let second = with(&principal(), json!({ "staffCode": "3100000902", "email": null }));
    office.goes(&[upsert("staff", &second)], &["SF-004"], &[deletion("staff", &second)]).await;
    let same = with(&principal(), json!({ "email": "ThuHa@example.edu.vn" }));
    office
        .goes(&[upsert("staff", &same)], &[&format!("SF-007 {PRINCIPAL} /email")], &[upsert("staff", &principal())])
        .await;
}

#[tokio::test]
async fn every_subject_has_one_main_teacher() {
    let office = Office::open().await;
    let assignment = example("teaching-assignments");
    let second = with(&assignment, json!({ "staffCode": PRINCIPAL }));
    let opens = format!("AS-003 6A1 TOAN {PRINCIPAL} /role");
    let assistant = with(&second, json!({ "role": "assistant" }));
    office
        .goes(&[upsert("teaching-assignments", &second)], &[&opens], &[upsert("teaching-assignments", &assistant)])
        .await;
    // One follows the other.
    let first = with(&assignment, json!({ "to": "2025-11-01" }));
    let successor = with(&second, json!({ "from": "2025-11-01" }));
    let following = [upsert("teaching-assignments", &first), upsert("teaching-assignments", &successor)];
    office.goes(&[upsert("teaching-assignments", &second)], &[&opens], &following).await;

    // Another class has a teacher of TOAN; or there are results that name none.
    office.send(&[upsert("classes", &class("6A2"))]).await;
    office.send(&pupils("6A2", 0..1)).await;
    let other = with(&assignment, json!({ "classCode": "6A2", "subjectCode": "NGUVAN" }));
    let opens = ["AS-005 6A1", "AS-005 6A2"];
    let missing =
        [with(&assignment, json!({ "subjectCode": "NGUVAN" })), with(&assignment, json!({ "classCode": "6A2" }))];
    let mending: Vec<Value> = missing.iter().map(|data| upsert("teaching-assignments", data)).collect();
    office.goes(&[upsert("teaching-assignments", &other)], &opens, &mending).await;
    let result = json!({ "subjectCode": "GDCD", "regularMarks": [8, 9], "average": 8.4, "staffCode": null });
    let result = with(&example("subject-results"), result);
    let teacher = with(&assignment, json!({ "subjectCode": "GDCD" }));
    let also = with(&teacher, json!({ "classCode": "6A2" }));
    let mending = [upsert("teaching-assignments", &teacher), upsert("teaching-assignments", &also)];
    let other_class = with(&result, json!({ "studentCode": code(0), "classCode": "6A2", "staffCode": TEACHER }));
    office
        .goes(&[upsert("subject-results", &result), upsert("subject-results", &other_class)], &["AS-005 6A1"], &mending)
        .await;
}

fn other_school() -> Vec<Value> {
    let changes = json!({ "schoolCode": OTHER, "name": "Trường THCS Hoa Cúc" });
    let class = with(
        &example("classes"),
        json!({ "schoolCode": OTHER, "campusCode": null, "homeroomStaffCode": null, "classCode": "6B" }),
    );
    let stays = with(&pupil(70), json!({ "schoolCode": OTHER }));
    let enrollment = with(&enrolled("6B", 70), json!({ "schoolCode": OTHER }));
    let school = upsert("schools", &with(&example("schools"), changes));
    vec![school, upsert("classes", &class), upsert("students", &stays), upsert("enrollments", &enrollment)]
}

#[tokio::test]
async fn a_transfer_has_two_ends() {
    let office = Office::open().await;
    office.send(&other_school()).await;
    office.send(&pupils("6A1", 0..1)).await;
    let came = with(
        &enrolled("6A1", 0),
        json!({ "entryDate": "2025-10-05", "entryType": "transfer-in", "fromSchoolCode": OTHER }),
    );
    let left = |date: &str| {
        let exit =
            json!({ "schoolCode": OTHER, "entryDate": "2025-08-20", "exitDate": date, "exitType": "transfer-out" });
        upsert("enrollments", &with(&enrolled("6B", 0), exit))
    };
    office.send(&[deletion("enrollments", &enrolled("6A1", 0)), left("2025-09-06")]).await;
    let opens = format!("ST-007 {} /entryType", code(0));
    // The other school's record closes it.
    office.goes(&[upsert("enrollments", &came), left("2025-09-04")], &[&opens], &[left("2025-09-05")]).await;
    let unknown = with(&came, json!({ "fromSchoolCode": "99000501" }));
    office.send(&[upsert("enrollments", &unknown), left("2025-09-06")]).await;
    assert_eq!(office.found().await, [""; 0], "a school that sends nothing here can record no exit");
}

#[tokio::test]
async fn nobody_is_at_two_schools() {
    let office = Office::open().await;
    office.send(&other_school()).await;
    office.send(&pupils("6A1", 0..1)).await;
    let gone = json!({ "schoolCode": OTHER, "classCode": "6B", "exitDate": "2025-09-05", "exitType": "transfer-out", "orderInClass": null });
    let gone = with(&enrolled("6B", 0), gone);
    office
        .send(&[
            deletion("enrollments", &enrolled("6A1", 0)),
            upsert("enrollments", &gone),
            upsert("enrollments", &enrolled("6A1", 0)),
        ])
        .await;
    assert_eq!(office.found().await, [""; 0]);
    // Two schools that write at one moment do not see each other; both look sound by themselves.
    office
        .gateway
        .database()
        .execute(&format!("UPDATE enrollments SET exit_date = NULL, exit_type = NULL WHERE school_code = '{OTHER}'"));
    office.send(&pupils("6A1", 1..2)).await;
    let opens = format!("ST-005 {} /studentCode", code(0));
    assert_eq!(office.found().await, [opens.clone(), opens]);
    let schools: Vec<Value> =
        office.items("?code=ST-005").await.iter().map(|item| item["schoolCode"].clone()).collect();
    assert!(schools.contains(&json!(SCHOOL)) && schools.contains(&json!(OTHER)), "{schools:?}");
    office.send(&[deletion("enrollments", &gone)]).await;
    assert_eq!(office.found().await, [""; 0]);
}

#[tokio::test]
async fn likely_duplicates_are_told_and_can_be_dismissed() {
    let office = Office::open().await;
    let twin = with(
        &example("students"),
        json!({ "studentCode": "3100099999", "citizenId": null, "fullName": "NGUYEN  Văn an" }),
    );
    let opens = "ID-022 3100099999 /fullName";
    let older = with(&twin, json!({ "birthDate": "2014-05-21" }));
    office.goes(&[upsert("students", &twin)], &[opens], &[upsert("students", &older)]).await;
    let other_mother = with(&twin, json!({ "contacts": [{ "relationship": "mother", "fullName": "Lê Thị Huệ" }] }));
    office.goes(&[upsert("students", &twin)], &[opens], &[upsert("students", &other_mother)]).await;
    // A finding is reopened as a new one.
    office.send(&[upsert("students", &twin)]).await;
    assert_eq!(
        (office.found().await, office.items("?status=closed&code=ID-022").await.len()),
        (vec![opens.to_owned()], 2)
    );

    let id = office.items("").await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/findings/{id}/decision");
    assert_eq!(office.gateway.put(&path, &office.software, &json!({ "decision": "distinct" })).await.0, 403);
    assert_eq!(office.gateway.put(&path, &office.staff, &json!({ "decision": "perhaps" })).await.0, 400);
    let (status, kept) = office.gateway.put(&path, &office.staff, &json!({ "decision": "duplicate" })).await;
    assert_eq!((status, &kept["decision"]["decision"], &kept["closedAt"]), (200, &json!("duplicate"), &Value::Null));
    let (status, gone) =
        office.gateway.put(&path, &office.staff, &json!({ "decision": "distinct", "note": "Sinh đôi" })).await;
    assert_eq!((status, &gone["decision"]["note"]), (200, &json!("Sinh đôi")), "{gone}");
    assert!(gone["closedAt"].is_string(), "{gone}");
    // It does not come back: neither at the next look, nor when it had gone for a while.
    for again in [&twin, &older, &twin] {
        office.send(&[upsert("students", &with(again, json!({ "canSwim": false })))]).await;
        assert_eq!(office.found().await, [""; 0]);
    }
    let (_, back) = office.gateway.put(&path, &office.staff, &json!({ "decision": "duplicate" })).await;
    assert_eq!((&back["closedAt"], office.found().await), (&Value::Null, vec![opens.to_owned()]));
}

#[tokio::test]
async fn a_school_is_not_told_where_a_child_is() {
    let office = Office::open().await;
    let elsewhere = json!({ "studentCode": "3100099998", "schoolCode": OTHER, "citizenId": null });
    let mut records = other_school();
    records.push(upsert("students", &with(&example("students"), elsewhere)));
    office.send(&records).await;
    assert_eq!(office.found().await, ["ID-022 3100012345 /fullName", "ID-022 3100099998 /fullName"]);
    let own = office.gateway.software(SCHOOL).await;
    let (_, page) = office.gateway.get("/v1/findings", &own).await;
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.iter().map(line).collect::<Vec<_>>(), ["ID-022 3100012345 /fullName"]);
    assert!(
        !page.to_string().contains("3100099998") && page.to_string().contains("một học sinh của trường khác"),
        "{page}"
    );
    let seen = office.items(&format!("?schoolCode={SCHOOL}")).await;
    assert!(seen[0]["message"].as_str().unwrap().contains("3100099998"), "{seen:?}");
    // What is decided of the pair counts for both halves.
    let path = format!("/v1/findings/{}/decision", seen[0]["id"].as_str().unwrap());
    office.gateway.put(&path, &office.staff, &json!({ "decision": "distinct" })).await;
    assert_eq!(office.found().await, [""; 0]);
}
