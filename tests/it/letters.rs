//! Letters, from outside: what looks alike is one, what is damaged is told, names are found and sorted as people do; bodies
//! that go on behind their end, and the same records compressed anew.

use crate::common::{Gateway, TestDatabase, answer};
use school_gateway::model::lists::fold::fold;
use serde_json::{Value, json};
use std::io::Write;

const SCHOOL: &str = "31000501";

fn line(resource: &str, data: Value) -> String {
    format!("{}\n", json!({ "resource": resource, "data": data }))
}

fn school(code: &str, more: Value) -> String {
    let mut data = json!({ "schoolCode": code, "name": format!("Trường số {code}"), "level": "2", "schoolType": "07",
        "ownership": "1", "provinceCode": "31", "communeCode": "10507", "status": "open" });
    more.as_object().unwrap().iter().for_each(|(name, value)| data[name] = value.clone());
    line("schools", data)
}

fn student(code: &str, name: &str, more: Value) -> String {
    let mut data = json!({ "studentCode": code, "schoolCode": SCHOOL, "fullName": name, "birthDate": "2014-03-08",
        "sex": "female", "ethnicity": "01" });
    more.as_object().unwrap().iter().for_each(|(name, value)| data[name] = value.clone());
    line("students", data)
}

fn class(code: &str) -> String {
    line(
        "classes",
        json!({ "schoolCode": SCHOOL, "schoolYear": "2025-2026", "classCode": code, "name": code, "grade": "06" }),
    )
}

async fn sender(gateway: &Gateway) -> String {
    gateway.token_for("school-software", &["--all-schools"]).await
}

async fn send(gateway: &Gateway, token: &str, media: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = gateway.request("POST", "/v1/submissions", token).header("content-type", media).body(body);
    answer(request).await
}

/// Code, severity and what is told of each issue of a rule.
fn issues(report: &Value, code: &str) -> Vec<(u64, String, String)> {
    let all = report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == code);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    all.map(|issue| {
        (issue["index"].as_u64().unwrap(), text(&issue["severity"]), text(&issue["message"]) + &text(&issue["hint"]))
    })
    .collect()
}

#[tokio::test]
async fn look_alikes_are_one_and_other_scripts_are_refused() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let body = [
        school(SCHOOL, json!({})),
        class("9B\u{200e}4"),
        class("９Ｂ5"),
        class("9В6"),
        student("3100020001", "Ðỗ Thị Ðan", json!({})),
        student("3100020002", "Đỗ Thị\u{ad} Đan", json!({})),
        student("3100020003", "Bo\u{300}\u{302}i Thị Na", json!({ "ethnicity": "0\u{200b}1" })),
    ];
    let (status, report) = send(&gateway, &token, "application/x-ndjson", body.concat()).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(1)), "{report}");
    let told: Vec<u64> = issues(&report, "TX-011").iter().map(|(index, ..)| *index).collect();
    assert_eq!(told, [1, 1, 2, 2, 4, 5, 6], "{report}");
    let refused = issues(&report, "TX-012");
    assert!(refused[0].1 == "error" && refused[0].2.contains("9B6") && refused[0].2.contains("U+0412"), "{refused:?}");
    for code in ["9B4", "9B5"] {
        let path = format!("/v1/classes/{SCHOOL}/2025-2026/{code}");
        assert_eq!(gateway.get(&path, &token).await.0, 200, "{code}");
    }
    let (_, found) = gateway.get("/v1/students?q=do+thi+dan", &token).await;
    let names: Vec<&str> =
        found["items"].as_array().unwrap().iter().filter_map(|item| item["fullName"].as_str()).collect();
    assert_eq!(names, ["Đỗ Thị Đan", "Đỗ Thị Đan"]);
    let (_, mended) = gateway.get("/v1/students/3100020003", &token).await;
    assert_eq!(mended["fullName"], "Bồi Thị Na");
}

#[tokio::test]
async fn damaged_names_are_told_with_what_they_probably_say() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let body = [
        school(SCHOOL, json!({})),
        student("3100020011", "Pháº¡m Thá»‹ Lá»\u{99}c", json!({})),
        student("3100020012", "Ph?m Th? L?c", json!({})),
        student("3100020013", "Ph\u{fffd}m Th\u{fffd} Lan", json!({})),
        student(
            "3100020014",
            "Phạm Thị Lan",
            json!({ "permanentAddress": "Th\u{fffd}n 3", "note": "Có học thêm không?" }),
        ),
    ];
    let (_, report) = send(&gateway, &token, "application/x-ndjson", body.concat()).await;
    let mut told = issues(&report, "TX-003");
    told.sort_by_key(|(index, ..)| *index);
    let severities: Vec<(u64, &str)> = told.iter().map(|(index, severity, _)| (*index, severity.as_str())).collect();
    assert_eq!(severities, [(1, "warning"), (2, "warning"), (3, "error"), (4, "warning")], "{report}");
    for (_, _, text) in &told[1..3] {
        assert!(text.contains("Phạm Thị"), "{text}");
    }
    assert!(told[3].2.contains("Thôn 3"), "{told:?}");
    assert_eq!(gateway.get("/v1/students/3100020013", &token).await.0, 404, "a letter that is gone is not stored");
}

#[tokio::test]
async fn a_class_that_is_nearly_there_is_named_also_for_what_waits_for_it() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let first = [school(SCHOOL, json!({})), class("7C1"), student("3100020021", "Hồ Thị Sen", json!({}))];
    assert_eq!(send(&gateway, &token, "application/x-ndjson", first.concat()).await.0, 200);
    let enrollment = |class: &str| {
        line(
            "enrollments",
            json!({ "schoolCode": SCHOOL, "schoolYear": "2025-2026", "studentCode": "3100020021",
            "classCode": class, "entryDate": "2025-09-05", "entryType": "new" }),
        )
    };
    for near in ["7c1", "Lớp 7C1", "7 C1"] {
        let (_, report) = send(&gateway, &token, "application/x-ndjson", enrollment(near)).await;
        let told = issues(&report, "PT-021");
        assert!(report["counts"]["parked"] == 1 && told[0].1 == "warning" && told[0].2.contains("“7C1”"), "{report}");
    }
    let (_, report) = send(&gateway, &token, "application/x-ndjson", enrollment("7C9")).await;
    assert!(report["counts"]["parked"] == 1 && issues(&report, "PT-021").is_empty(), "{report}");
    let (_, report) = send(&gateway, &token, "application/x-ndjson", class("7c1")).await;
    assert!(report["counts"]["created"] == 1 && issues(&report, "PT-021").len() == 1, "{report}");
}

#[tokio::test]
async fn names_are_found_with_a_slip_of_the_key_and_sorted_as_vietnamese_sorts_them() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let names = ["Đào", "Dung", "Bình", "Ân", "Ánh", "An", "Ăn", "Dũng", "Đan", "ánh"];
    let students: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| student(&format!("31000201{at:02}"), &format!("{name} Thị Khánh"), json!({})))
        .collect();
    let body = school(SCHOOL, json!({})) + &students.concat();
    assert_eq!(send(&gateway, &token, "application/x-ndjson", body).await.0, 200);
    let mut expected = vec!["An", "Ánh", "ánh", "Ăn", "Ân", "Bình", "Dung", "Dũng", "Đan", "Đào"];
    for (sort, _) in [("fullName", 1), ("-fullName", -1)] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = gateway.get(&format!("/v1/students?limit=3&sort={sort}{cursor}"), &token).await;
            let items = page["items"].as_array().unwrap();
            found.extend(
                items.iter().map(|item| item["fullName"].as_str().unwrap().split(' ').next().unwrap().to_owned()),
            );
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, expected, "{sort}");
        expected.reverse();
    }
    let found = |words: &'static str| {
        let (gateway, token) = (&gateway, &token);
        async move {
            let (_, page) = gateway.get(&format!("/v1/students?q={words}&count=true"), token).await;
            page["total"].as_u64().unwrap()
        }
    };
    assert_eq!((found("khanh").await, found("khsnh+binh").await, found("knahh").await), (10, 1, 0));
    for slip in ["khan+thi+dung", "dung+kahnh", "khhanh+dung"] {
        assert_eq!(found(slip).await, 2, "{slip}");
    }
}

#[test]
fn the_database_folds_as_the_program_does() {
    let database = TestDatabase::new();
    for text in [
        "Ðặng Thị Ứng",
        "Ɖoàn Văn Ɖiểm",
        "đỗ  ĐẠT",
        "H'Hen Niê",
        "Ｎｇｕｙễｎ Ａｎ",
        "Trầ\u{300}n",
        "6\u{410}2",
        "Hoà – Bình (2)",
        "Nguye\u{302}\u{303}n\u{200d}",
        "a.b,c;d",
        "Tо Hоài",
        "",
        " x ",
    ] {
        let folded = database.value(&format!("SELECT '[' || unaccent_fold('{}') || ']'", text.replace('\'', "''")));
        assert_eq!(folded, format!("[{}]", fold(text)), "{text:?}");
    }
}

#[tokio::test]
async fn what_stands_behind_an_array_is_told() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let one = |code: &str| school(code, json!({})).trim().to_owned();
    for (at, body) in [
        format!("[{}]\n[{}]", one("31000511"), one("31000512")),
        format!("{{\"records\":[{}],\"records\":[{}]}}", one("31000513"), one("31000514")),
        format!("[{}] export stopped", one("31000515")),
    ]
    .into_iter()
    .enumerate()
    {
        let (status, report) = send(&gateway, &token, "application/json", body).await;
        let counts = (&report["counts"]["received"], &report["counts"]["created"], &report["counts"]["rejected"]);
        assert_eq!((status, counts), (200, (&json!(2), &json!(1), &json!(1))), "{at}: {report}");
        let told = issues(&report, "PT-006");
        assert!(told.len() == 1 && told[0].0 == 1 && told[0].2.contains("mảng"), "{report}");
    }
    let (_, report) =
        send(&gateway, &token, "application/json", format!(" {{\"records\" : [{}] }} \n", one("31000516"))).await;
    assert_eq!(report["counts"]["received"], 1);
}

#[tokio::test]
async fn the_same_records_compressed_anew_are_the_same_request() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let body = school("31000521", json!({}));
    let packed = |level: u32, text: &str| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    };
    let sent = |encoding: Option<&'static str>, body: Vec<u8>| {
        let request = gateway.request("POST", "/v1/submissions", &token).header("idempotency-key", "once");
        let request = request.header("content-type", "application/x-ndjson").body(body);
        async move {
            answer(encoding.map_or(request.try_clone().unwrap(), |name| request.header("content-encoding", name))).await
        }
    };
    let (status, first) = sent(Some("gzip"), packed(1, &body)).await;
    assert_eq!(status, 200, "{first}");
    for (encoding, again) in [
        (Some("gzip"), packed(9, &body)),
        (Some("zstd"), zstd::encode_all(body.as_bytes(), 3).unwrap()),
        (None, body.clone().into_bytes()),
    ] {
        let (status, answer) = sent(encoding, again).await;
        assert_eq!((status, &answer["id"]), (200, &first["id"]), "{encoding:?} {answer}");
    }
    let (status, _) = sent(Some("gzip"), packed(1, &school("31000522", json!({})))).await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn a_commune_sees_the_schools_that_it_manages_under_its_codes_of_all_times() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let body = [
        school("31000531", json!({})),
        school("31000732", json!({ "level": "3" })),
        school("31000733", json!({ "level": "3", "managingAuthority": "commune" })),
        school("31000534", json!({ "managingAuthority": "department" })),
        school("31000535", json!({ "communeCode": "10999" })),
    ];
    assert_eq!(send(&gateway, &token, "application/x-ndjson", body.concat()).await.0, 200);
    let codes = async |token: &str| {
        let (_, page) = gateway.get("/v1/schools", token).await;
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["schoolCode"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let commune = gateway.token_for("sector-staff", &["--commune", "10507"]).await;
    assert_eq!(codes(&commune).await, ["31000531", "31000733"]);
    assert_eq!(gateway.get("/v1/schools/31000732", &commune).await.0, 404);
    let former = gateway.token_for("sector-staff", &["--commune", "10999"]).await;
    assert_eq!(codes(&former).await, ["31000535"]);
    let admin = gateway.token_for("admin", &[]).await;
    let units = "code,name,level,parent,valid_from,valid_to,successor_codes\n31,Thành phố Hải Phòng,province,VN,,,\n\
                 10507,Xã Mới,commune,31,2025-07-01,,\n10999,Xã Cũ,commune,31,,2025-06-30,10507\n";
    let load =
        gateway.request("POST", "/v1/reference?file=units.csv", &admin).header("content-type", "text/csv").body(units);
    assert_eq!(answer(load).await.0, 200);
    for _ in 0..40 {
        if codes(&former).await.len() == 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(codes(&former).await, ["31000531", "31000535", "31000733"]);
    assert_eq!(codes(&commune).await, ["31000531", "31000535", "31000733"]);
    let (_, grants) = gateway.get("/v1/clients", &admin).await;
    assert!(grants.to_string().contains("\"communes\":[\"10999\"]"), "grants are shown as they were given: {grants}");
}

#[tokio::test]
async fn members_of_2026_are_stored_and_provisional_codes_may_be_long() {
    let gateway = Gateway::start();
    let token = sender(&gateway).await;
    let (code, native) = (
        "TAM-31000501-2025-6A1-000017",
        json!({ "nativeProvinceCode": "30", "nativeCommuneCode": "10513",
        "permanentHamlet": "Xóm Đình", "citizenIdState": "unverified" }),
    );
    let body = school(SCHOOL, json!({ "managingAuthority": "commune" })) + &student(code, "Tạ Thị Mơ", native.clone());
    let (status, report) = send(&gateway, &token, "application/x-ndjson", body).await;
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(2)), "{report}");
    let (_, stored) = gateway.get(&format!("/v1/students/{code}"), &token).await;
    native.as_object().unwrap().iter().for_each(|(name, value)| assert_eq!(stored[name], *value));
    let (_, listed) = gateway.get(&format!("/v1/students?studentCode={code}"), &token).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let long = student(&format!("TAM-{}", "7".repeat(29)), "Tạ Thị Mận", json!({}));
    let (_, report) = send(&gateway, &token, "application/x-ndjson", long).await;
    assert_eq!(issues(&report, "PT-017").len(), 1, "{report}");
}
