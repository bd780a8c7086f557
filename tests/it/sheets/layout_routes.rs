//! `/v1/sheet-layouts`: who may see and change layouts, and that an added one is used from the next submission on.

use super::fixture::{XLSX, workbook};
use super::layouts::{SIXTH, rows, school};
use crate::common::offline::validated_files;
use crate::common::records::SCHOOL;
use crate::common::{Folder, Gateway, answer, program};
use school_gateway::intake::sheet::layouts::layout::layouts;
use serde_json::{Value, json};

pub fn mark_book() -> Value {
    json!({
        "name": "so-diem-x", "title": { "vi": "Sổ điểm của phần mềm X", "en": "Mark book of the software X" },
        "resources": ["subject-results"], "recognisedBy": { "headings": ["15 phút", "Thi"], "titles": ["sổ điểm"] },
        "headings": { "15 phút": "regularMarks", "Giữa": "midtermMark", "Thi": "finalMark" }, "ignored": ["Xếp thứ"],
        "fixed": { "period": "CK1" },
        "example": { "sheet": "6A", "rows": [["SỔ ĐIỂM MÔN TOÁN LỚP 6A"], ["Mã HS", "15 phút", "Giữa", "Thi", "Xếp thứ"], [SIXTH[0], "8  7,5", "8", "8", "2"]] },
    })
}

#[actix_web::test]
async fn an_added_layout_is_used_from_the_next_submission_on() {
    let school = school().await;
    let admin = school.gateway.token_for("admin", &[]).await;
    let sheet = rows(&["SỔ ĐIỂM MÔN TOÁN LỚP 6A", "Mã HS|15 phút|Giữa|Thi|Xếp thứ", "3100009101|8  7,5  9  8|8|8,5|2"]);
    let send = || school.send("", XLSX, workbook(&[("6A", sheet.clone())]));
    let (_, before) = send().await;
    assert_ne!(before["counts"]["created"], 1, "{before}");
    let (status, made) = answer(school.gateway.request("POST", "/v1/sheet-layouts", &admin).json(&mark_book())).await;
    assert_eq!((status, &made["name"]), (201, &json!("so-diem-x")), "{made}");
    let (status, report) = send().await;
    assert_eq!(
        (status, &report["counts"]["created"], &report["counts"]["warnings"]),
        (200, &json!(1), &json!(0)),
        "{report}"
    );
    let stored = school.read(&format!("/v1/subject-results/{SCHOOL}/2025-2026/CK1/{}/TOAN", SIXTH[0])).await;
    assert_eq!((&stored["regularMarks"], &stored["finalMark"]), (&json!([8.0, 7.5, 9.0, 8.0]), &json!(8.5)));
    let (_, page) = school.gateway.get("/v1/sheet-layouts", &school.token).await;
    let names: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), layouts().len() + 1, "{names:?}");
    let own = page["items"].as_array().unwrap().iter().find(|item| item["name"] == "so-diem-x").unwrap();
    assert_eq!((&own["builtIn"], &own["headings"][0]), (&json!(false), &json!("Mã HS")), "{own}");
    // Its example is a workbook that is read by it.
    let path = own["links"]["example"].as_str().unwrap();
    let example = school.gateway.request("GET", path, &school.token).send().await.unwrap().bytes().await.unwrap();
    let (_, report) = school.send("", XLSX, example.to_vec()).await;
    assert_eq!(report["byResource"]["subject-results"]["received"], 1, "{report}");
    assert_eq!(school.gateway.delete("/v1/sheet-layouts/so-diem-x", &admin).await.0, 204);
    assert_eq!(school.gateway.get("/v1/sheet-layouts/so-diem-x", &school.token).await.0, 404);
}

#[actix_web::test]
async fn every_example_of_the_program_is_read() {
    let school = school().await;
    for layout in layouts() {
        let path = format!("/v1/sheet-layouts/{}/example", layout.name);
        let file = school.gateway.request("GET", &path, &school.token).send().await.unwrap().bytes().await.unwrap();
        let query = "?mode=validate&fileName=toan-hk1.xlsx&schoolYear=2025-2026";
        let (_, report) = school.send(query, XLSX, file.to_vec()).await;
        for resource in &layout.resources {
            let received = report["byResource"][resource]["received"].as_u64();
            assert!(received.is_some_and(|count| count > 0), "{}: {resource}: {report}", layout.name);
        }
    }
}

#[actix_web::test]
async fn layouts_are_read_by_all_and_written_by_administrators() {
    let gateway = Gateway::start();
    for (kind, reads, writes) in [
        ("", 401, 401),
        ("school-software", 200, 403),
        ("sector-staff", 200, 403),
        ("consumer", 200, 403),
        ("public-service", 200, 403),
    ] {
        let token = if kind.is_empty() { String::new() } else { gateway.token_for(kind, &[]).await };
        for path in ["/v1/sheet-layouts", "/v1/sheet-layouts/term-summary"] {
            assert_eq!(gateway.get(path, &token).await.0, reads, "{kind} {path}");
        }
        for (method, path) in [
            ("POST", "/v1/sheet-layouts"),
            ("POST", "/v1/sheet-layouts/so-diem-x"),
            ("PUT", "/v1/sheet-layouts/so-diem-x"),
            ("DELETE", "/v1/sheet-layouts/so-diem-x"),
        ] {
            let status = answer(gateway.request(method, path, &token).json(&mark_book())).await.0;
            assert_eq!(status, writes, "{kind} {method} {path}");
        }
    }
}

#[actix_web::test]
async fn what_is_no_layout_is_told_why_and_the_programs_own_stay() {
    let gateway = Gateway::start();
    let admin = gateway.token_for("admin", &[]).await;
    let changed = |member: &str, value: Value| {
        let mut layout = mark_book();
        layout[member] = value;
        layout
    };
    for (layout, words) in [
        (changed("name", json!("Sổ Điểm")), "“name”"),
        (changed("resources", json!(["pupils"])), "“resources”"),
        (changed("headings", json!({ "Thi": "noSuchMember" })), "noSuchMember"),
        (changed("fixed", json!({ "studentCode": "1" })), "studentCode"),
        (changed("recognisedBy", json!({})), "“recognisedBy”"),
    ] {
        let (status, problem) = answer(gateway.request("POST", "/v1/sheet-layouts", &admin).json(&layout)).await;
        assert!(status == 400 && problem.to_string().contains(words), "{words}: {status} {problem}");
    }
    let put = |name: &'static str| {
        answer(gateway.request("PUT", &format!("/v1/sheet-layouts/{name}"), &admin).json(&mark_book()))
    };
    assert_eq!(put("so-diem-x").await.0, 201);
    assert_eq!(put("so-diem-x").await.0, 200);
    assert_eq!(put("other").await.0, 400);
    assert_eq!(answer(gateway.request("POST", "/v1/sheet-layouts", &admin).json(&mark_book())).await.0, 409);
    assert_eq!(gateway.delete("/v1/sheet-layouts/term-summary", &admin).await.0, 409);
}

/// Without a gateway a layout of one's own is read from its file.
#[test]
fn a_file_is_checked_by_a_layout_that_is_given() {
    let folder = Folder::new();
    let sheet = rows(&["SỔ ĐIỂM MÔN TOÁN LỚP 6A", "Mã HS|15 phút|Giữa|Thi|Xếp thứ", "3100009101|8  7,5  9  8|8|8,5|2"]);
    let book = || vec![("6A.xlsx", workbook(&[("6A", sheet.clone())]))];
    let write = |name: &str, content: &str| {
        let path = folder.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let layout = write("so-diem-x.json", &mark_book().to_string());
    let said = ["--school-code", SCHOOL, "--school-year", "2025-2026"];
    let (_, with) = validated_files(&folder, &book(), &[&["--layout", &layout], &said[..]].concat());
    let results = &with["byResource"]["subject-results"];
    assert_eq!(
        (&results["received"], &results["rejected"], &with["counts"]["warnings"]),
        (&json!(1), &json!(0), &json!(0)),
        "{with}"
    );
    // Without it the sheet is none that is known.
    let path = folder.folder().join("6A.xlsx");
    assert_eq!(program().arg("validate").args(said).arg(path).output().unwrap().status.code(), Some(2));
    let mut faulty = mark_book();
    faulty["headings"]["Thi"] = json!("finalMarkk");
    for (content, words) in [(faulty.to_string(), "finalMarkk"), ("{".to_owned(), "line 1, column 1")] {
        let path = write("sai.json", &content);
        let output = program().args(["validate", "--language", "en", "--layout", &path, &layout]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains("sai.json") && told.contains(words), "{told}");
    }
}
