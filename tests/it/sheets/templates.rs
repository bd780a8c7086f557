//! The template of every resource: what it gives is read back.

use super::fixture::{Cell, School, XLSX, flat, workbook};
use crate::common::records::{example, ordered};
use calamine::{Data, Reader, Xlsx};
use school_gateway::model::field::FieldType;
use school_gateway::model::lists::Lists;
use serde_json::Value;
use std::io::Cursor;

async fn template(school: &School, resource: &str) -> Vec<u8> {
    let answer =
        school.gateway.request("GET", &format!("/v1/templates/{resource}.xlsx"), &school.token).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, XLSX));
    answer.bytes().await.unwrap().to_vec()
}

fn rows(bytes: Vec<u8>, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range
        .rows()
        .map(|row| {
            row.iter().map(|cell| if let Data::String(text) = cell { text.clone() } else { String::new() }).collect()
        })
        .collect()
}

/// Both rows of headings, and the example under them; what the template has no column for is asked for by name.
fn filled(headings: &[Vec<String>], data: &Value) -> Vec<Vec<Cell>> {
    let cells = flat(data);
    for (name, _) in &cells {
        assert!(headings[1].contains(name), "the template has no column {name}");
    }
    let value = |name: &String| match cells.iter().find(|(known, _)| known == name).map(|(_, value)| value) {
        None => Cell::Empty,
        Some(Value::Number(number)) => Cell::Number(number.as_f64().unwrap()),
        Some(Value::Bool(truth)) => Cell::from(if *truth { "Có" } else { "Không" }),
        Some(value) => Cell::from(value.as_str().unwrap()),
    };
    let texts = |row: &Vec<String>| row.iter().map(|text| Cell::from(text.as_str())).collect();
    vec![texts(&headings[0]), texts(&headings[1]), headings[1].iter().map(value).collect()]
}

#[actix_web::test]
async fn a_filled_template_is_taken_for_every_resource() {
    let school = School::filled().await;
    for spec in ordered() {
        let headings = rows(template(&school, spec.name).await, spec.name);
        assert_eq!(headings.len(), 2, "{}", spec.name);
        let body = workbook(&[(spec.name, filled(&headings, &example(spec.name)))]);
        let (status, report) = school.send("", XLSX, body).await;
        assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{}: {report}", spec.name);
        assert_eq!(
            (report["counts"]["received"].as_u64(), report["issues"].as_array().unwrap().len()),
            (Some(1), 0),
            "{report}"
        );
    }
}

#[actix_web::test]
async fn what_a_drop_down_offers_is_taken() {
    let (school, lists) = (School::filled().await, Lists::embedded());
    for spec in ordered() {
        let bytes = template(&school, spec.name).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
        let offered = book.worksheet_range("_lists").unwrap();
        let offered: Vec<String> = offered
            .used_cells()
            .filter_map(|(.., cell)| if let Data::String(text) = cell { Some(text.clone()) } else { None })
            .collect();
        let headings = rows(bytes, spec.name);
        let mut sheet = filled(&headings, &example(spec.name));
        for (name, cell) in headings[1].iter().zip(&mut sheet[2]) {
            let kind = spec.field_by_json(name).map(|field| field.kind);
            if let (Cell::Text(code), Some(FieldType::Code { list })) = (cell.clone(), kind) {
                let choice = format!("{code} – {}", lists.entry(list, &code).unwrap().name_vi);
                assert!(offered.contains(&choice), "{choice} is not among {offered:?}");
                *cell = Cell::Text(choice);
            }
        }
        let (status, report) = school.send("", XLSX, workbook(&[(spec.name, sheet)])).await;
        assert_eq!((status, report["counts"]["unchanged"].as_u64()), (200, Some(1)), "{}: {report}", spec.name);
    }
}

#[actix_web::test]
async fn an_empty_template_says_that_it_is_empty() {
    let school = School::empty().await;
    let (status, problem) = school.send("", XLSX, template(&school, "students").await).await;
    assert_eq!((status, problem["code"].as_str()), (400, Some("bad-request")), "{problem}");
    assert!(
        problem["detail"].as_str().unwrap().contains("Không có trang tính nào có tiêu đề của một loại dữ liệu"),
        "{problem}"
    );
}

#[actix_web::test]
async fn a_template_is_known_by_its_tag_and_needs_a_token() {
    let school = School::empty().await;
    let get = |token: &str| school.gateway.request("GET", "/v1/templates/students.xlsx", token);
    let first = get(&school.token).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    assert_eq!(get(&school.token).header("if-none-match", tag).send().await.unwrap().status(), 304);
    assert_eq!(get("").send().await.unwrap().status(), 401);
    assert_eq!(school.gateway.get("/v1/templates/nothing.xlsx", &school.token).await.0, 404);
}
