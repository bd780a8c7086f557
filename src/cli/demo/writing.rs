//! What a school's software does: it sends its schools, sends them again, and learns of a fault.

use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::cli::demo::client::{DemoClient, failed};
use crate::cli::demo::prepare::PreparedSchool;
use crate::cli::demo::show::say;
use crate::cli::demo::{expect, show};
use crate::error::Result;

/// Sends every school and shows what became of it.
pub async fn push(software: &DemoClient, schools: &[PreparedSchool]) -> Result<()> {
    show::step("A school's software sends them: POST /v1/submissions");
    let (taken, time) = send(software, schools).await?;
    show::taken(&taken);
    show::rate(schools, time);
    Ok(())
}

/// Sends the very same again: nothing may change.
pub async fn push_again(software: &DemoClient, schools: &[PreparedSchool]) -> Result<()> {
    show::step("It sends the same again");
    let (taken, time) = send(software, schools).await?;
    expect::same("records unchanged", taken.unchanged, total(schools))?;
    say(format!(
        "{} of {} records unchanged: nothing was written.",
        HumanCount(taken.unchanged),
        HumanCount(total(schools))
    ));
    show::rate(schools, time);
    Ok(())
}

/// Sums of the reports.
#[derive(Debug, Default)]
pub struct Taken {
    /// New records.
    pub created: u64,
    /// Changed ones.
    pub updated: u64,
    /// Those that were there already.
    pub unchanged: u64,
}

/// Records of all schools.
pub fn total(schools: &[PreparedSchool]) -> u64 {
    schools.iter().map(|school| school.records).sum()
}

async fn send(software: &DemoClient, schools: &[PreparedSchool]) -> Result<(Taken, Duration)> {
    let bar = bar(total(schools));
    let (begin, mut taken, mut done) = (Instant::now(), Taken::default(), 0);
    for school in schools {
        let report = software.submit(school.gzip.clone(), |processed| bar.set_position(done + processed)).await?;
        expect::clean(&report, school.records)?;
        done += school.records;
        bar.set_position(done);
        taken.created += expect::count(&report, "created");
        taken.updated += expect::count(&report, "updated");
        taken.unchanged += expect::count(&report, "unchanged");
    }
    bar.finish_and_clear();
    Ok((taken, begin.elapsed()))
}

/// On standard error, as wide as the terminal; nothing where there is none.
fn bar(records: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("  {wide_bar} {percent:>3} %").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(records).with_style(style)
}

/// Sends one record with a fault of the kind that spreadsheets make, and shows how it is told.
pub async fn push_fault(software: &DemoClient, school: &PreparedSchool) -> Result<()> {
    show::step("It sends one record with a fault");
    let mut record = school.student.clone();
    let number = record["data"]["citizenId"].as_str().and_then(|number| number.strip_prefix('0'));
    let shortened =
        number.ok_or_else(|| failed("The sample's student has no citizen number that begins with a zero."))?.to_owned();
    say(format!("citizenId {shortened}, from a spreadsheet"));
    record["data"]["citizenId"] = shortened.into();
    for language in ["en", "vi"] {
        let (status, report) = software.submit_one(&record, language).await?;
        let issue: &Value = &report["issues"][0];
        expect::same("the status of a rejected submission", status, 422)?;
        expect::same("the issue's code", issue["code"].as_str(), Some("ID-008"))?;
        show::issue(issue);
    }
    Ok(())
}
