//! Rules that look at what was stored or done before, at sheets, or at the request.

use super::school::{is_beside_the_records, school, stands_alone, whole};
use super::sending::Office;
use super::verdict::{hold, of_breaking, of_keeping};
use super::words;
use futures_util::StreamExt;
use school_gateway::model::rules::examples;
use school_gateway::model::rules::examples::Example;

/// Gateways at a time.
const AT_ONCE: usize = 4;
/// The rule of what only the database refuses: there is none by itself, so this test makes one.
const REFUSED: &str = "PT-020";
const CONSTRAINT: &str =
    "ALTER TABLE staff ADD CONSTRAINT refused_by_the_operator CHECK (full_name <> 'Nguyễn Thị Khó Nhận')";

/// The rule of dry runs that are too large for the memory that there is for one.
const TOO_MANY: &str = "PT-025";

/// A gateway with the small school and what the example says was sent before.
pub async fn before(example: &Example) -> Office {
    let office = office(example, &example.grants).await;
    prepare(&office, example).await;
    office
}

/// A gateway as the example needs it, and the software of these schools.
pub async fn office(example: &Example, grants: &[String]) -> Office {
    let memory = if example.rule == TOO_MANY { &["--dry-run-bytes", "1"][..] } else { &[] };
    Office::open_with(grants, memory).await
}

/// The small school, and what the example says was sent before.
pub async fn prepare(office: &Office, example: &Example) {
    office.store(&school(example)).await;
    for sending in &example.before {
        let (status, answer) = office.send(example, sending, &[]).await;
        let rejected = answer["counts"]["rejected"].as_i64().unwrap_or_default();
        assert!(
            (200..300).contains(&status) && rejected == 0,
            "{}: {} {status} {answer:#}",
            example.rule,
            sending.request
        );
    }
    if example.rule == REFUSED {
        office.gateway.database().execute(CONSTRAINT);
    }
}

/// Both sides, one after the other.
async fn judged(office: &Office, example: &Example) -> [Option<String>; 3] {
    let beside = whole(example, &example.beside);
    let broken = office.send(example, &example.breaks, &beside).await.1;
    let kept = office.send(example, &example.keeps, &beside).await.1;
    let words = words::faults(office.gateway.database());
    [of_breaking(example, &broken, 0), of_keeping(example, &kept), (!words.is_empty()).then(|| words.join("\n"))]
}

/// Does something have to be done first?
pub fn comes_after(example: &Example) -> bool {
    !example.before.is_empty() || is_beside_the_records(example)
}

fn examples() -> impl Iterator<Item = &'static Example> {
    examples::all().iter().filter(|example| !stands_alone(example) && !example.finding)
}

#[tokio::test]
async fn each_is_told_after_what_was_done_before() {
    let judged = async |example| judged(&before(example).await, example).await;
    let faults: Vec<[Option<String>; 3]> =
        futures_util::stream::iter(examples().filter(|example| comes_after(example)).map(judged))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
    hold(faults.concat());
}

#[tokio::test]
async fn each_is_told_of_the_request_or_the_sheet() {
    let mut office: Option<Office> = None;
    let mut faults = Vec::new();
    for example in examples().filter(|example| !comes_after(example)) {
        // They leave the small school as it is, but for records of their own.
        let office = match &mut office {
            Some(office) => office,
            none => none.insert(before(example).await),
        };
        faults.extend(judged(office, example).await);
    }
    hold(faults);
}
