//! MK: what the results of a whole class show.

use crate::common::records::{example, upsert, with};
use crate::fixture::{Office, class, code, pupils};
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
async fn a_column_of_one_mark_is_pointed_at() {
    let office = Office::open().await;
    office.send(&pupils("6A1", 0..PUPILS)).await;
    let column = |midterm: fn(usize) -> i64, count: usize| -> Vec<Value> {
        (0..count).map(|number| result(number, "6A1", "CK1", ABILITY[number], midterm(number), ABILITY[number] - 1)).collect()
    };
    office.send(&column(|_| 70, 7)).await;
    assert_eq!(office.found().await, [""; 0], "seven are too few to wonder");
    office.goes(&column(|_| 70, 8), &["MK-018 6A1 TOAN CK1 /midtermMark"], &column(|number| 70 + number as i64 % 2, 8)).await;
    let regular: Vec<Value> = (0..PUPILS).map(|number| result(number, "6A1", "CK1", 80, ABILITY[number], ABILITY[number])).collect();
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
