//! Which records a list gives.

use super::fixture::{by_key, compare, encoded, filled, items, rows, text};
use school_gateway::model::all;
use school_gateway::model::field::FieldType;
use serde_json::Value;
use std::cmp::Ordering;

/// Does the member, or one of its items, equal one of the values?
fn holds(member: &Value, values: &[&Value]) -> bool {
    match member {
        Value::Array(items) => items.iter().any(|item| values.contains(&item)),
        other => values.contains(&other),
    }
}

/// Distinct values of the member, those inside lists.
fn values(rows: &[Value], member: &str) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for value in rows
        .iter()
        .map(|row| &row[member])
        .flat_map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]))
    {
        if !value.is_null() && !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

#[tokio::test]
async fn every_filter_finds_what_it_names_and_nothing_else() {
    let (gateway, token) = filled().await;
    for spec in all() {
        let rows = by_key(spec, rows(spec));
        let expect =
            |keep: &dyn Fn(&Value) -> bool| -> Vec<Value> { rows.iter().filter(|row| keep(row)).cloned().collect() };
        for field in spec.fields.iter().filter(|field| field.filter) {
            let (name, values) = (field.json, values(&rows, field.json));
            for value in &values {
                let found =
                    items(&gateway, &token, &format!("/v1/{}?{name}={}", spec.name, encoded(&text(value)))).await;
                assert!(!found.is_empty(), "{} {name}={value}", spec.name);
                assert_eq!(found, expect(&|row| holds(&row[name], &[value])), "{} {name}={value}", spec.name);
            }
            let among: Vec<&Value> = values.iter().filter(|value| !text(value).contains(',')).take(2).collect();
            let list = among.iter().map(|value| encoded(&text(value))).collect::<Vec<_>>().join(",");
            let found = items(&gateway, &token, &format!("/v1/{}?{name}%5Bin%5D={list}", spec.name)).await;
            assert_eq!(found, expect(&|row| holds(&row[name], &among)), "{} {name}[in]={list}", spec.name);
            let ordered = matches!(
                field.kind,
                FieldType::Integer { .. } | FieldType::Decimal { .. } | FieldType::Date | FieldType::SchoolYear
            );
            let middle = &values[values.len() / 2];
            for (operator, wrong) in [("gte", Ordering::Less), ("lte", Ordering::Greater)] {
                let path = format!("/v1/{}?{name}[{operator}]={}", spec.name, encoded(&text(middle)));
                if ordered {
                    let keep = |row: &Value| !row[name].is_null() && compare(&row[name], middle) != wrong;
                    assert_eq!(items(&gateway, &token, &path).await, expect(&keep), "{path}");
                } else {
                    assert_eq!(gateway.get(&path, &token).await.0, 400, "{path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn filters_add_up_and_ranges_meet() {
    let (gateway, token) = filled().await;
    let path =
        "/v1/enrollments?schoolCode=01000000&entryDate[gte]=2020-01-11&entryDate[lte]=2020-12-31&schoolYear=2021-2022";
    let found = items(&gateway, &token, path).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["entryDate"], "2020-01-13");
}

#[tokio::test]
async fn every_unknown_parameter_field_or_value_is_named() {
    let (gateway, token) = filled().await;
    for (query, named) in [
        ("fullname=x", "fullName"),
        ("colour=red", "colour"),
        ("phone=0901234567", "phone"),
        ("schoolCode[like]=x", "like"),
        ("schoolCode[in=x", "schoolCode[in"),
        ("sex=mail", "male"),
        ("boarding=ful", "full"),
        ("birthDate=2020-02-30", "2020-02-30"),
        ("birthDate[gte]=yesterday", "yesterday"),
        ("canSwim=yes", "yes"),
        ("studentCode=123456789012345678901234567890123", "123456789012345678901234567890123"),
        ("studentCode=", "studentCode"),
        ("sex[in]=male,", "sex[in]"),
        ("limit=0", "limit"),
        ("limit=1001", "1001"),
        ("limit=ten", "ten"),
        ("count=1", "count"),
        ("fields=fullName,nmae", "nmae"),
        ("sort=fullNam", "fullName"),
        ("sort=policyGroups", "policyGroups"),
        ("sort=phone", "phone"),
        ("sort=sex,-sex", "sex"),
        ("cursor=abc", "cursor"),
        ("q=", "q"),
        ("sex=male&sex=female", "sex"),
        ("asOf=2025-01-01", "asOf"),
        ("fullName=%FF", "UTF-8"),
        ("fullName=a%00b", "NUL"),
        ("q=a%00b", "NUL"),
    ] {
        let (status, problem) = gateway.get(&format!("/v1/students?{query}"), &token).await;
        assert_eq!(status, 400, "{query}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{query}: {problem}");
        let english = gateway.request("GET", &format!("/v1/students?{query}"), &token).header("accept-language", "en");
        let (vietnamese, english) =
            (problem["detail"].clone(), crate::common::answer(english).await.1["detail"].clone());
        assert!(vietnamese != english && !vietnamese.as_str().unwrap().contains(" is "), "{vietnamese}, {english}");
    }
    let (status, problem) = gateway.get("/v1/facility-returns?schoolYear=2025-2027", &token).await;
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("2025-2027"), "{problem}");
    assert_eq!(gateway.get("/v1/enrollments?q=an", &token).await.0, 400);
    for number in ["1e3", "2147483648", "x"] {
        assert_eq!(gateway.get(&format!("/v1/diplomas?graduationYear={number}"), &token).await.0, 400, "{number}");
    }
}

#[tokio::test]
async fn names_are_found_without_accents_and_case() {
    let (gateway, token) = filled().await;
    for (resource, member) in [
        ("students", "fullName"),
        ("schools", "name"),
        ("staff", "fullName"),
        ("diplomas", "fullName"),
        ("classes", "name"),
    ] {
        for (search, name) in [
            ("dang thi ung", "Đặng Thị Ứng"),
            ("ỨNG Đặng", "Đặng Thị Ứng"),
            ("DAT", "Nguyễn Văn Đạt"),
            ("\"hoa\" o'l", "Lê \"Hoa\" O'Ly"),
            ("100%", "Trần 100% _Thử"),
            ("_thu", "Trần 100% _Thử"),
        ] {
            let found = items(&gateway, &token, &format!("/v1/{resource}?q={}", encoded(search))).await;
            assert!(!found.is_empty(), "{resource} {search}");
            found.iter().for_each(|item| assert_eq!(item[member], name, "{resource} {search}"));
        }
        for nothing in ["dang dat", "'; DROP TABLE students; --", "xa%"] {
            let found = items(&gateway, &token, &format!("/v1/{resource}?q={}", encoded(nothing))).await;
            assert!(found.is_empty(), "{resource} {nothing}: {found:?}");
        }
        for signs in ["%", "_", "\\", "\\%"] {
            assert_eq!(gateway.get(&format!("/v1/{resource}?q={}", encoded(signs)), &token).await.0, 400, "{signs}");
        }
    }
}

#[tokio::test]
async fn hostile_strings_are_only_strings() {
    let (gateway, token) = filled().await;
    for hostile in
        ["'", "''; DROP TABLE students; --", "%", "_", "\\", "$1", "{}", "{\"a\"}", "NULL", "\u{202e}\u{feff}", "🏫"]
    {
        for spec in all() {
            for field in spec.fields.iter().filter(|field| field.filter) {
                for operator in ["", "[in]"] {
                    let path = format!("/v1/{}?{}{operator}={}", spec.name, field.json, encoded(hostile));
                    let (status, answer) = gateway.get(&path, &token).await;
                    let empty = || answer["items"].as_array().unwrap().is_empty();
                    assert!(status == 400 || (status == 200 && empty()), "{path}: {status} {answer}");
                }
            }
        }
    }
    let long = "x".repeat(10_000);
    for query in [
        format!("fullName={long}"),
        format!("q={long}"),
        format!("{long}=1"),
        format!("sort={long}"),
        format!("fields={long}"),
        format!("cursor={long}"),
    ] {
        let (status, problem) = gateway.get(&format!("/v1/students?{query}"), &token).await;
        assert!(status == 400 && problem["detail"].as_str().unwrap().len() < 2000, "{problem}");
    }
    assert_eq!(gateway.database().value("SELECT count(*) FROM students"), "9");
}
