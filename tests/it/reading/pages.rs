//! In which order, how many, which members.

use super::fixture::{ROWS, by_key, compare, compare_keys, filled, insert, items, rows, text};
use school_gateway::model::field::FieldType;
use school_gateway::model::spec::Spec;
use school_gateway::model::{all, find};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

fn sortable(spec: &Spec) -> impl Iterator<Item = &'static str> {
    let key = spec.key;
    let may = move |field: &&school_gateway::model::field::Field| {
        (field.filter || key.contains(&field.name)) && !matches!(field.kind, FieldType::List(_))
    };
    spec.fields.iter().filter(may).map(|field| field.json)
}

#[tokio::test]
async fn every_order_holds_across_pages_both_ways() {
    let (gateway, token) = filled().await;
    for spec in all() {
        for member in sortable(spec) {
            for sign in ["", "-"] {
                let mut expected = rows(spec);
                expected.sort_by(|one, other| {
                    compare(&one[member], &other[member]).then_with(|| compare_keys(spec, one, other))
                });
                if sign == "-" {
                    expected.reverse();
                }
                let path = format!("/v1/{}?limit=2&sort={sign}{member}", spec.name);
                assert_eq!(items(&gateway, &token, &path).await, expected, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn orders_of_several_members_mix_directions_and_nulls() {
    let (gateway, token) = filled().await;
    let spec = find("students").unwrap();
    for (sort, signs) in
        [("canSwim,-sex", [1, -1]), ("-boarding,fullName", [-1, 1]), ("-citizenId,-birthDate", [-1, -1])]
    {
        let members: Vec<&str> = sort.split(',').map(|member| member.trim_start_matches('-')).collect();
        let mut expected = rows(spec);
        expected.sort_by(|one, other| {
            let by = |at: usize| {
                let order = compare(&one[members[at]], &other[members[at]]);
                if signs[at] < 0 { order.reverse() } else { order }
            };
            let by_key = compare_keys(spec, one, other);
            by(0).then(by(1)).then(if signs[1] < 0 { by_key.reverse() } else { by_key })
        });
        assert_eq!(items(&gateway, &token, &format!("/v1/students?limit=1&sort={sort}")).await, expected, "{sort}");
    }
}

#[tokio::test]
async fn a_page_has_its_size_its_total_and_a_link_to_the_next() {
    let (gateway, token) = filled().await;
    for spec in all() {
        let response =
            gateway.request("GET", &format!("/v1/{}?limit=4&count=true", spec.name), &token).send().await.unwrap();
        let link = response.headers()["link"].to_str().unwrap().to_owned();
        let page: Value = response.json().await.unwrap();
        assert_eq!((page["items"].as_array().unwrap().len(), &page["total"]), (4, &json!(ROWS)), "{}", spec.name);
        let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        let (status, second) = gateway.get(next, &token).await;
        assert_eq!(
            (status, second["items"].as_array().unwrap().len(), &second["total"]),
            (200, 4, &json!(ROWS)),
            "{next}"
        );
        assert!(next.ends_with(&format!("cursor={}", text(&page["nextCursor"]))));
        let (_, whole) = gateway.get(&format!("/v1/{}?limit={ROWS}", spec.name), &token).await;
        assert_eq!(
            (whole["items"].as_array().unwrap().len(), &whole["nextCursor"]),
            (ROWS, &Value::Null),
            "no page after the last record"
        );
        assert!(whole.get("total").is_none());
    }
    let (_, counted) = gateway.get("/v1/students?schoolCode=01000001&count=true&limit=1", &token).await;
    assert_eq!(counted["total"], 3);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let (gateway, token) = filled().await;
    let (_, page) = gateway.get("/v1/students?limit=2&sort=-birthDate&schoolCode=01000001", &token).await;
    let cursor = text(&page["nextCursor"]);
    for query in [
        "",
        "sort=birthDate&schoolCode=01000001",
        "sort=-birthDate&schoolCode=01000002",
        "sort=-birthDate",
        "schoolCode=01000001",
    ] {
        let (status, problem) = gateway.get(&format!("/v1/students?limit=2&{query}&cursor={cursor}"), &token).await;
        assert!(status == 400 && text(&problem["detail"]).contains("cursor"), "{query}: {problem}");
    }
    assert_eq!(gateway.get(&format!("/v1/staff?cursor={cursor}"), &token).await.0, 400);
    let (status, _) = gateway
        .get(&format!("/v1/students?sort=-birthDate&schoolCode=01000001&limit=7&fields=sex&cursor={cursor}"), &token)
        .await;
    assert_eq!(status, 200, "limit and fields may change on the way");
}

#[tokio::test]
async fn fields_are_the_members_asked_for() {
    let (gateway, token) = filled().await;
    for spec in all() {
        let last = spec.fields.iter().rfind(|field| field.required).unwrap().json;
        let path = format!("/v1/{}?fields=schoolCode,{last}&limit=2", spec.name);
        let expected: Vec<Value> = by_key(spec, rows(spec))
            .iter()
            .map(|row| json!({"schoolCode": row["schoolCode"], last: row[last]}))
            .collect();
        assert_eq!(items(&gateway, &token, &path).await, expected, "{path}");
        let (_, page) = gateway.get(&format!("/v1/{}?fields=meta&limit=1", spec.name), &token).await;
        let item = page["items"][0].as_object().unwrap();
        assert!(item.len() == 1 && item["meta"]["version"].is_number(), "{item:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_lose_and_repeat_nothing_that_stands_while_others_come_and_go() {
    let (gateway, token) = filled().await;
    let spec = find("students").unwrap();
    let mut template = rows(spec).remove(0);
    // Of one person only.
    template["citizenId"] = Value::Null;
    let template = template;
    let student = |code: String| {
        let mut record = template.clone();
        record["studentCode"] = code.into();
        record
    };
    let stable: Vec<Value> = (0..300).map(|number| student(format!("s{number:04}5"))).collect();
    insert(&gateway, spec, &stable);
    let (gateway, stop) = (&gateway, &AtomicBool::new(false));
    let database = gateway.database();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut round = 0;
            while !stop.load(Ordering::Relaxed) {
                let passing: Vec<Value> = (0..100)
                    .map(|number| student(format!("s{:04}{}", (number * 7 + round) % 300, round % 5)))
                    .collect();
                insert(gateway, spec, &passing);
                database.execute("DELETE FROM students WHERE student_code ~ '^s....[0-4]$'");
                round += 1;
            }
        });
        let reading = async {
            for order in ["", "&sort=-studentCode", "&sort=fullName"] {
                for _ in 0..3 {
                    let found =
                        items(gateway, &token, &format!("/v1/students?limit=7&fields=studentCode{order}")).await;
                    let codes: Vec<String> = found
                        .iter()
                        .map(|item| text(&item["studentCode"]))
                        .filter(|code| code.ends_with('5') && code.starts_with('s'))
                        .collect();
                    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), stable.len(), "{order}: lost");
                    assert_eq!(codes.len(), stable.len(), "{order}: repeated");
                }
            }
        };
        let outcome = tokio::task::block_in_place(|| {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                tokio::runtime::Handle::current().block_on(reading)
            }))
        });
        stop.store(true, Ordering::Relaxed);
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    });
}
