//! MK: what the results of a whole class show.

use super::fixture::{Office, class, code, pupils};
use crate::common::records::{example, upsert, with};
use serde_json::{Value, json};

/// Pupils of the class.
const PUPILS: usize = 12;
/// What each of them is good for, in tenths; no order in it.
const ABILITY: [i64; PUPILS] = [62, 91, 48, 75, 55, 98, 40, 83, 67, 52, 88, 71];

fn mark(tenths: i64) -> Value {
    json!(tenths as f64 / 10.0)
}

/// A result whose average is right: four regular marks, the midterm and the final mark.
fn result(number: usize, class: &str, period: &str, regular: i64, midterm: i64, last: i64) -> Value {
    let average = (2 * (4 * regular + 2 * midterm + 3 * last) + 9) / 18;
    let marks = json!({ "studentCode": code(number), "classCode": class, "period": period, "regularMarks": vec![mark(regular); 4],
        "midtermMark": mark(midterm), "finalMark": mark(last), "average": mark(average) });
    upsert("subject-results", &with(&example("subject-results"), marks))
}

fn term(period: &str, of: impl Fn(usize) -> i64) -> Vec<Value> {
    (0..PUPILS).map(|number| result(number, "6A1", period, of(number), of(number) - 2, of(number))).collect()
}

#[tokio::test]
async fn rows_that_look_shifted_are_pointed_at() {
    let office = Office::open().await;
    office.send(&pupils("6A1", 0..PUPILS)).await;
    office.send(&term("CK1", |number| ABILITY[number])).await;
    let own = term("CK2", |number| ABILITY[number] + number as i64 % 3 - 1);
    let below = term("CK2", |number| ABILITY[(number + 1) % PUPILS] + number as i64 % 3 - 1);
    let above = term("CK2", |number| ABILITY[(number + PUPILS - 1) % PUPILS]);
    office.goes(&below, &["MK-016 6A1 TOAN CK2"], &own).await;
    office.goes(&above, &["MK-016 6A1 TOAN CK2"], &own).await;
    // Marks that have nothing to do with the last term are strange, but not shifted.
    office.send(&term("CK2", |number| ABILITY[(number * 5 + 3) % PUPILS])).await;
    assert_eq!(office.found().await, [""; 0]);
}

#[tokio::test]
async fn the_first_term_is_held_against_the_year_before() {
    let office = Office::open().await;
    office.send(&pupils("6A1", 0..PUPILS)).await;
    let of_year = |record: Value, year: &str| {
        upsert(record["resource"].as_str().unwrap(), &with(&record["data"], json!({ "schoolYear": year })))
    };
    let next = |record: Value| {
        let changes = json!({ "classCode": "7A1", "schoolYear": "2026-2027", "entryDate": "2026-09-05", "entryType": "promoted" });
        upsert(record["resource"].as_str().unwrap(), &with(&record["data"], changes))
    };
    let seventh = with(&class("7A1"), json!({ "grade": "07", "schoolYear": "2026-2027" }));
    let enrolled: Vec<Value> =
        (0..PUPILS).map(|number| next(upsert("enrollments", &super::fixture::enrolled("7A1", number)))).collect();
    office.send(&[upsert("classes", &seventh)]).await;
    office.send(&enrolled).await;
    office.send(&[term("CK1", |number| ABILITY[number]), term("CK2", |number| ABILITY[number])].concat()).await;
    let first = |of: fn(usize) -> i64| -> Vec<Value> {
        let results = (0..PUPILS).map(|number| result(number, "7A1", "CK1", of(number), of(number) - 2, of(number)));
        results.map(|record| of_year(record, "2026-2027")).collect()
    };
    let below = first(|number| ABILITY[(number + 1) % PUPILS]);
    office.goes(&below, &["MK-016 7A1 TOAN CK1"], &first(|number| ABILITY[number])).await;
}

#[tokio::test]
async fn a_column_of_one_mark_is_pointed_at() {
    let office = Office::open().await;
    office.send(&pupils("6A1", 0..PUPILS)).await;
    let column = |midterm: fn(usize) -> i64, count: usize| -> Vec<Value> {
        (0..count)
            .map(|number| result(number, "6A1", "CK1", ABILITY[number], midterm(number), ABILITY[number] - 1))
            .collect()
    };
    office.send(&column(|_| 70, 7)).await;
    assert_eq!(office.found().await, [""; 0], "seven are too few to wonder");
    office
        .goes(&column(|_| 70, 8), &["MK-018 6A1 TOAN CK1 /midtermMark"], &column(|number| 70 + number as i64 % 2, 8))
        .await;
    let regular: Vec<Value> =
        (0..PUPILS).map(|number| result(number, "6A1", "CK1", 80, ABILITY[number], ABILITY[number])).collect();
    office.send(&regular).await;
    assert_eq!(office.found().await, ["MK-018 6A1 TOAN CK1 /regularMarks/0"]);
    let item = &office.items("").await[0];
    assert!(item["message"].as_str().unwrap().contains("12 học sinh cùng có 8 ở cột điểm thường xuyên"), "{item}");
}

#[tokio::test]
async fn a_class_without_results_is_pointed_at() {
    let office = Office::open().await;
    office.send(&[upsert("classes", &class("6A2"))]).await;
    office.send(&[pupils("6A1", 0..3), pupils("6A2", 20..22)].concat()).await;
    // The small school's own pupil makes four.
    let first: Vec<Value> = (0..2).map(|number| result(number, "6A1", "CK1", 60 + number as i64, 70, 80)).collect();
    office.send(&first).await;
    assert_eq!(office.found().await, [""; 0], "half of the other class is not yet most of it");
    let third = [result(2, "6A1", "CK1", 90, 70, 80)];
    office.goes(&third, &["MK-021 6A2"], &[result(20, "6A2", "CK1", 75, 75, 75)]).await;
}

#[tokio::test]
async fn a_class_whose_results_were_due_is_pointed_at_when_the_reporting_period_closes() {
    let office = Office::open().await;
    office.send(&[upsert("classes", &class("6A2"))]).await;
    office.send(&[pupils("6A1", 0..3), pupils("6A2", 20..22)].concat()).await;
    office
        .send(&(0..3).map(|number| result(number, "6A1", "CK1", 60 + number as i64, 70, 80)).collect::<Vec<Value>>())
        .await;
    assert_eq!(office.found().await, ["MK-021 6A2"], "nobody has set a date");
    let database = office.gateway.database();
    let again = || {
        database.execute(
            "INSERT INTO recheck_queue VALUES ('31000501', '2025-2026', 'classes', false, now(), now()) ON CONFLICT DO NOTHING",
        )
    };
    let set = |phase: &str, closes: &str| {
        database.execute("DELETE FROM reporting_periods");
        database.execute(&format!(
            "INSERT INTO reporting_periods VALUES ('01a20dc9-e8ed-7248-a02f-1b6203d0a41d', 'Kỳ', '2025-2026', '{phase}', \
             '{{subject-results}}', '{{}}', now() - interval '9 days', now() + interval '{closes}', '{{}}', '{{}}')"
        ));
        again();
    };
    set("CK1", "1 day");
    assert_eq!(office.found().await, [""; 0], "there is time until tomorrow");
    set("CK1", "-1 day");
    assert_eq!(office.found().await, ["MK-021 6A2"]);
    assert!(office.items("").await[0]["message"].as_str().unwrap().contains("dù kì báo cáo đã đóng"));
    set("CK2", "-1 day");
    assert_eq!(
        office.found().await,
        ["MK-021 6A1", "MK-021 6A2", "MK-021 6A2"],
        "of the second term neither class has any"
    );
    database.execute(
        "INSERT INTO reporting_period_extensions VALUES ('01a20dc9-e8ed-7248-a02f-1b6203d0a41d', '31000501', now() + interval '1 day', 'Lũ')",
    );
    again();
    assert_eq!(
        office.found().await,
        ["MK-021 6A2"],
        "the school has more time, and for the first term the other class speaks"
    );
    set("GK1", "-1 day");
    assert_eq!(office.found().await, ["MK-021 6A2"], "secondary classes need not send the middle of a term");
}
