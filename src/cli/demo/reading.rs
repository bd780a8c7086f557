//! What staff of the sector do: they list, search, look at a student and take a whole table away.

use std::time::Instant;

use indicatif::{HumanBytes, HumanCount};
use serde_json::Value;

use crate::cli::demo::client::DemoClient;
use crate::cli::demo::prepare::PreparedSchool;
use crate::cli::demo::show::say;
use crate::cli::demo::{expect, show};
use crate::error::Result;
use crate::model::lists::fold::fold;

/// Asks and shows, and fails when the answers are not those of what was sent.
pub async fn read(staff: &DemoClient, schools: &[PreparedSchool]) -> Result<()> {
    show::step("Staff of the sector look");
    classes(staff, &schools[0]).await?;
    search(staff, &schools[0]).await?;
    export(staff, schools).await
}

async fn classes(staff: &DemoClient, school: &PreparedSchool) -> Result<()> {
    let answer = staff
        .get(
            "/v1/classes",
            &[("schoolCode", &school.code), ("fields", "name,grade"), ("limit", "3"), ("count", "true")],
        )
        .await?;
    show::request("GET /v1/classes?schoolCode=…&limit=3");
    let total = answer["total"].as_u64().unwrap_or_default();
    expect::holds("the school has classes", total > 0)?;
    let names: Vec<&str> = items(&answer).iter().filter_map(|class| class["name"].as_str()).collect();
    say(format!("{total} classes: {} …", names.join(", ")));
    Ok(())
}

/// Finds the student by a name typed without accents; the citizen number is masked.
async fn search(staff: &DemoClient, school: &PreparedSchool) -> Result<()> {
    let student = &school.student["data"];
    let typed = fold(student["fullName"].as_str().unwrap_or_default());
    let answer = staff.get("/v1/students", &[("q", &typed), ("schoolCode", &school.code)]).await?;
    show::request(&format!("GET /v1/students?q={typed}"));
    let found = items(&answer).iter().find(|found| found["studentCode"] == student["studentCode"]);
    let found = found.cloned().unwrap_or_default();
    expect::same("the name found", &found["fullName"], &student["fullName"])?;
    expect::same("the citizen number as the sector's staff see it", found["citizenId"].as_str(), Some("***"))?;
    for member in ["fullName", "studentCode", "birthDate", "citizenId"] {
        say(format!("{member:<12} {}", found[member].as_str().unwrap_or("–")));
    }
    say("Sensitive fields are masked.");
    Ok(())
}

/// Takes all results of the sample schools away.
async fn export(staff: &DemoClient, schools: &[PreparedSchool]) -> Result<()> {
    let codes: Vec<&str> = schools.iter().map(|school| school.code.as_str()).collect();
    let begin = Instant::now();
    let (mut lines, mut bytes) = (0, 0);
    // A few dozen schools a request keep the address short.
    for codes in codes.chunks(40) {
        let part = staff.count_lines("/v1/subject-results", &[("schoolCode[in]", &codes.join(","))]).await?;
        (lines, bytes) = (lines + part.0, bytes + part.1);
    }
    show::request("GET /v1/subject-results, as NDJSON");
    expect::same("results exported", lines, schools.iter().map(|school| school.results).sum())?;
    say(format!("{} results, {} in {:.1} s", HumanCount(lines), HumanBytes(bytes), begin.elapsed().as_secs_f64()));
    Ok(())
}

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().map_or(&[], Vec::as_slice)
}
