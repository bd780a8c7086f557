//! What the demonstration prints: short lines, for narrow terminals too.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::Duration,
};

use indicatif::HumanCount;
use serde_json::Value;

use crate::cli::demo::Clients;
use crate::cli::demo::client::IssuedCredentials;
use crate::cli::demo::prepare::PreparedSchool;
use crate::cli::demo::writing::{Taken, total};

/// Longest line of running text, in a terminal that is wide enough.
const WIDTH: usize = 64;
/// Schools named one by one.
const NAMED: usize = 5;

/// Letters of a line, besides its margin.
fn width() -> usize {
    console::Term::stdout()
        .size_checked()
        .map_or(WIDTH, |(_, columns)| WIDTH.min(usize::from(columns).saturating_sub(3)))
}

/// A line of text, folded.
pub fn say(text: impl AsRef<str>) {
    let (mut line, width) = (String::new(), width());
    for word in text.as_ref().split(' ') {
        if line.chars().count() + word.chars().count() > width && !line.is_empty() {
            println!("  {}", line.trim_end());
            line.clear();
        }
        line.push_str(word);
        line.push(' ');
    }
    println!("  {}", line.trim_end());
}

/// A numbered heading.
pub fn step(title: &str) {
    static NUMBER: AtomicU8 = AtomicU8::new(0);
    println!("\n{}. {title}", NUMBER.fetch_add(1, Ordering::Relaxed) + 1);
}

/// A request of the staff.
pub fn request(request: &str) {
    println!("  {request}");
}

/// The schools, and how many records they have.
pub fn schools(schools: &[PreparedSchool]) {
    for school in schools.iter().take(NAMED) {
        say(format!("{} {}: {} records", school.code, school.name, HumanCount(school.records)));
    }
    if schools.len() > NAMED {
        say(format!("… and {} more", schools.len() - NAMED));
    }
    say("Nobody in them is real.");
}

/// The report in short.
pub fn taken(taken: &Taken) {
    for (name, count) in [("created", taken.created), ("updated", taken.updated), ("unchanged", taken.unchanged)] {
        println!("  {name:<10}{:>9}", HumanCount(count).to_string());
    }
    println!("  {:<10}{:>9}", "rejected", 0);
    println!("  {:<10}{:>9}", "waiting", 0);
}

/// Time and speed.
pub fn rate(schools: &[PreparedSchool], time: Duration) {
    let (records, seconds) = (total(schools), time.as_secs_f64());
    let each_second = (records as f64 / seconds.max(0.001)) as u64;
    say(format!("{} records in {seconds:.1} s: {} a second", HumanCount(records), HumanCount(each_second)));
}

/// An issue as the report tells it.
pub fn issue(issue: &Value) {
    let text = |name: &str| issue[name].as_str().unwrap_or_default();
    say(format!("{} at {}", text("code"), text("pointer")));
    say(text("message"));
    say(format!("→ {}", text("hint")));
}

/// Where it stands, who may enter, and what to try.
pub fn next_steps(url: &str, clients: &Clients, school: &PreparedSchool, once: bool) {
    step("Now try it yourself");
    println!("  Address: {url}");
    println!("  To read: {url}/docs");
    println!("  Sheets:  {url}/console, as school software or staff");
    for (title, credentials) in
        [("School software", &clients.software), ("Sector staff", &clients.staff), ("Administrator", &clients.admin)]
    {
        print_credentials(title, credentials);
    }
    print_commands(url, clients, school);
    if once {
        println!("\nAll went as it should. Stopping, because of --once.");
    } else {
        println!("\nAll went as it should. Serving on; Ctrl-C stops it.");
    }
}

fn print_credentials(title: &str, credentials: &IssuedCredentials) {
    println!("\n  {title}");
    println!("    clientId     {}", credentials.id);
    println!("    clientSecret {}", credentials.secret);
}

/// Lines to copy into another terminal.
fn print_commands(url: &str, clients: &Clients, school: &PreparedSchool) {
    let (id, secret) = (&clients.staff.id, &clients.staff.secret);
    println!("\n  In another terminal, as sector staff:\n");
    println!("TOKEN=$(curl -s -u {id}:{secret} \\\n  -d grant_type=client_credentials {url}/oauth/token \\");
    println!("  | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n");
    println!("curl -s -H \"Authorization: Bearer $TOKEN\" \\\n  '{url}/v1/students?q=nguyen&limit=2'\n");
    println!(
        "curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Accept: text/csv' \\\n  '{url}/v1/classes?schoolCode={}'\n",
        school.code
    );
    println!("curl -s {url}/v1/rules/MK-007");
}
