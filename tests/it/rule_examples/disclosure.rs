//! No rule tells of another school's records more than it must, nor anything to whoever may not know: the example that
//! breaks it is sent beside a school that has whatever is sent, and all that is told of it afterwards is read by all who
//! might look.

use super::neighbour::{CODE, Has, MARKS, Neighbour};
use super::school::{at_once, school, stands_alone, whole};
use super::sending::Office;
use super::stored::{comes_after, office, prepare};
use super::verdict::hold;
use crate::common::records::SCHOOL;
use crate::common::ways_out::{findings, records, refused, told};
use futures_util::{FutureExt, StreamExt};
use regex_lite::Regex;
use school_gateway::model;
use school_gateway::model::field::{Field, FieldType, Privacy};
use school_gateway::model::rules::catalogue;
use school_gateway::model::rules::examples;
use school_gateway::model::rules::examples::Example;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Gateways at a time.
const AT_ONCE: usize = 4;
/// Examples that follow one another on one of them.
const TURN: usize = 24;
/// Issues of a page.
const ROWS: usize = 20;

/// Rules that tell a sender that a code or a number is in use elsewhere, for else he could not mend his record. Whose it
/// is they do not tell.
const TELL_OF_USE: &[&str] =
    &["AS-001", "CL-011", "DP-004", "ID-005", "ID-021", "ID-024", "ID-025", "SF-001", "ST-005", "ST-006", "ST-011"];
/// Rules that speak because a record before was kept out by one of those, as they do when it is not there at all: it is
/// missing, and without it a member is judged by a general rule.
const FOLLOW: &[&str] = &["PT-013", "PT-014", "PT-015", "PT-018"];
/// Of sheets also those that miss what no column brings: a record that is stored would have it, and it was kept out.
const FOLLOW_OF_SHEETS: &[&str] = &["ID-006", "ST-008"];
/// All others are judged as if no other school had anything.
const TELL_NOTHING: &[&str] = &[
    "AD-001", "AD-002", "AD-003", "AG-001", "AG-002", "AS-003", "AS-004", "AS-005", "CL-002", "CL-003", "CL-004",
    "CL-005", "CL-006", "CL-008", "CL-010", "DP-001", "DP-002", "DP-003", "DT-001", "DT-002", "DT-003", "DT-010",
    "DT-012", "FA-001", "FA-003", "FA-004", "FA-005", "FA-006", "FA-007", "ID-001", "ID-002", "ID-003", "ID-004",
    "ID-006", "ID-008", "ID-010", "ID-020", "ID-022", "ID-023", "MK-001", "MK-002", "MK-003", "MK-005", "MK-006",
    "MK-007", "MK-008", "MK-009", "MK-010", "MK-011", "MK-012", "MK-013", "MK-014", "MK-015", "MK-016", "MK-017",
    "DT-013", "MK-018", "MK-019", "MK-020", "MK-021", "MK-022", "PH-001", "PR-001", "PR-002", "PR-003", "PR-004",
    "PR-005", "PR-006", "PR-007", "PT-004", "PT-005", "PT-006", "PT-007", "PT-008", "PT-009", "PT-010", "PT-011",
    "PT-012", "PT-016", "PT-017", "PT-019", "PT-020", "PT-022", "PT-023", "PT-024", "PT-025", "RC-003", "RC-004",
    "RC-005", "SC-001", "SC-002", "SC-004", "SC-006", "SC-007", "SC-008", "SF-002", "SF-003", "SF-004", "SF-006",
    "SF-007", "SF-010", "SF-011", "SF-012", "SH-001", "SH-002", "SH-003", "SH-004", "SH-005", "SH-006", "SH-007",
    "SH-008", "SH-009", "SH-011", "SH-012", "SH-013", "SH-014", "SH-015", "SH-016", "ST-002", "ST-003", "ST-004",
    "ST-007", "ST-008", "ST-010", "ST-012", "TX-001", "TX-002", "TX-003", "TX-004", "TX-005", "TX-006", "TX-007",
    "TX-008", "TX-010", "TX-011", "TX-012", "SH-017", "HT-001", "NA-001", "NM-001", "PT-021", "PV-001", "SH-010",
    "SH-018", "SH-019", "SH-020", "SH-021", "SH-022",
];

/// Where a person looks who may not see them, whatever he is: none is told more than of a submission that is not there.
const REFUSED: &[(&str, &[&str])] =
    &[("sector-staff", &["--school", CODE]), ("consumer", &["--all-schools"]), ("admin", &[]), ("public-service", &[])];
/// Resources whose records are people's.
const OF_PEOPLE: [&str; 3] = ["students", "staff", "diplomas"];

/// Every school that an example names.
fn named(example: &Example) -> Vec<String> {
    let mut found = BTreeSet::from([SCHOOL.to_owned()]);
    let sides = [&example.breaks, &example.keeps];
    let sent = sides.into_iter().chain(&example.before).flat_map(|sending| &sending.records);
    let own = sent.chain(&example.beside).flat_map(|record| record.each_of()).map(Value::from);
    let small = school(example).into_iter().map(|mut record| record["data"].take());
    found.extend(own.chain(small).filter_map(|data| data["schoolCode"].as_str().map(str::to_owned)));
    found.retain(|code| code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit()));
    found.into_iter().collect()
}

/// The schools of the one who sends it.
fn schools(example: &Example) -> Vec<String> {
    let granted = [&example.breaks.grants, &example.grants].into_iter().find(|grants| !grants.is_empty());
    granted.cloned().unwrap_or_else(|| named(example))
}

/// Those who look at what was said of an example.
struct Readers<'o> {
    office: &'o Office,
    sighted: String,
    blind: String,
    consumer: String,
    refused: Vec<String>,
}

impl<'o> Readers<'o> {
    /// So many of those who are refused look too.
    async fn come(office: &'o Office, schools: &[String], refused: usize) -> Self {
        let token =
            async |kind: &str, arguments: &[&str]| office.gateway.token(&office.gateway.client(kind, arguments)).await;
        let area: Vec<&str> = schools.iter().flat_map(|school| ["--school", school]).collect();
        let mut others = Vec::new();
        for (kind, arguments) in &REFUSED[..refused] {
            others.push(token(kind, arguments).await);
        }
        Self {
            office,
            sighted: token("sector-staff", &[&area[..], &["--scope", "sensitive.read"]].concat()).await,
            blind: token("sector-staff", &area).await,
            consumer: token("consumer", &area).await,
            refused: others,
        }
    }

    /// Everybody looks at everything; what is told to somebody who may not know it.
    async fn look(&self, example: &Example, report: &Value, sent: &[Value]) -> Vec<String> {
        let gateway = &self.office.gateway;
        let Some(id) = report["id"].as_str() else { return vec![format!("{}: {report:#}", example.rule)] };
        let sender = self.office.sender(&example.breaks).await;
        let people = async |token: &str| {
            let mut told = String::new();
            for resource in OF_PEOPLE {
                told += &records(gateway, token, resource).await;
            }
            if example.finding { told + &findings(gateway, token).await } else { told }
        };
        let all = async |token: &str| told(gateway, token, id, ROWS).await + &people(token).await;
        let (sender, sighted, blind, consumer) =
            tokio::join!(all(&sender), all(&self.sighted), all(&self.blind), people(&self.consumer));
        let mut faults = Vec::new();
        let mut hide = |who: &str, text: &str, values: &mut dyn Iterator<Item = String>| {
            for value in values.filter(|value| text.contains(value)) {
                faults.push(format!("{}: {who} reads “{value}” …{}…", example.rule, around(text, &value)));
            }
        };
        let mut secrets = BTreeSet::new();
        sent.iter().for_each(|record| secrets.extend(sensitive(record)));
        for (who, text) in [("the sender", sender + &report.to_string()), ("staff with the right", sighted)] {
            hide(who, &text, &mut MARKS.map(str::to_owned).into_iter());
        }
        for (who, text) in [("staff without the right", blind), ("a consumer", consumer)] {
            hide(who, &text, &mut MARKS.map(str::to_owned).into_iter().chain(secrets.iter().cloned()));
        }
        for ((kind, _), token) in REFUSED.iter().zip(&self.refused) {
            let answers = refused(gateway, token, id).await;
            if !answers.iter().all(|(status, is_same)| [403, 404].contains(status) && *is_same) {
                faults.push(format!("{}: {kind} is answered {answers:?}", example.rule));
            }
        }
        faults
    }
}

/// The words around a value that is told.
fn around<'t>(text: &'t str, value: &str) -> &'t str {
    let at = text.find(value).unwrap_or_default();
    let bounds = |wanted: usize| (wanted..text.len()).find(|place| text.is_char_boundary(*place));
    &text[bounds(at.saturating_sub(150)).unwrap_or_default()..bounds(at + 150).unwrap_or(text.len())]
}

/// The values of sensitive members that are long enough to be recognised.
fn sensitive(record: &Value) -> Vec<String> {
    fn inner(fields: &[Field], data: &Value, found: &mut Vec<String>) {
        for field in fields {
            match (&data[field.json], field.kind, field.privacy) {
                (Value::String(text), _, Privacy::Sensitive) if text.len() > 5 => found.push(text.clone()),
                (Value::Array(items), FieldType::List(FieldType::Object(fields)), _) => {
                    items.iter().for_each(|item| inner(fields, item, found));
                }
                (value, FieldType::Object(fields), _) => inner(fields, value, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    let spec = record["resource"].as_str().and_then(model::find);
    inner(spec.map_or(&[], |spec| spec.fields), &record["data"], &mut found);
    found
}

/// Sends the side that breaks the rule.
async fn send(office: &Office, example: &Example) -> Value {
    if stands_alone(example) {
        let (all, begin) = at_once(example, &example.breaks);
        return office.send(example, &example.breaks, &all[..begin]).await.1;
    }
    if !comes_after(example) && !example.finding {
        office.gateway.submit("", &office.software, &school(example)).await;
    }
    office.send(example, &example.breaks, &whole(example, &example.beside)).await.1
}

/// What is said of the records: code by code, and all there is to it.
fn said(report: &Value) -> BTreeSet<(String, String)> {
    let issues = report["issues"].as_array().into_iter().flatten();
    issues.map(|issue| (issue["code"].as_str().unwrap_or_default().to_owned(), issue.to_string())).collect()
}

fn tells(report: &Value, code: &str) -> bool {
    said(report).iter().any(|(told, _)| told == code)
}

/// An example that needs nothing that was done before: with nothing else stored, beside a neighbour, and with all its
/// codes and numbers in the neighbour's hands.
async fn met(neighbour: &Neighbour<'_>, readers: &Readers<'_>, example: &Example) -> Vec<String> {
    let sent = at_once(example, &example.breaks).0;
    let round = async |has: Has| {
        neighbour.clear(has);
        neighbour.takes(has, &sent);
        send(readers.office, example).await
    };
    let alone = round(Has::Nothing).await;
    let mut faults = Vec::new();
    let rule = &example.rule;
    if !tells(&alone, rule) {
        faults.push(format!("{rule} is not met: {:#}", alone["issues"]));
    }
    let beside = round(Has::Namesakes).await;
    if (said(&beside), &beside["counts"]) != (said(&alone), &alone["counts"]) {
        faults.push(format!("{rule}: beside a neighbour {:#}, alone {:#}", beside["issues"], alone["issues"]));
    }
    faults.extend(readers.look(example, &beside, &sent).await);
    let taken = round(Has::All).await;
    let more = said(&taken).difference(&said(&alone)).cloned().collect::<Vec<_>>();
    for (code, issue) in more {
        let is_sheet = !example.breaks.sheets.is_empty() || example.breaks.text.is_some();
        let of_sheets = FOLLOW_OF_SHEETS.iter().filter(|_| is_sheet);
        if !TELL_OF_USE.iter().chain(FOLLOW).chain(of_sheets).any(|known| *known == code) {
            faults.push(format!("{rule}: {code} is told for what a neighbour has: {issue}"));
        }
    }
    faults.extend(readers.look(example, &taken, &sent).await);
    faults
}

/// An example that something is done for first: it meets the neighbour with what is not stored by then.
async fn met_after(example: &Example) -> Vec<String> {
    let schools = schools(example);
    let office = office(example, &named(example)).await;
    let (neighbour, readers) = (Neighbour::settle(&office).await, Readers::come(&office, &schools, 1).await);
    prepare(&office, example).await;
    let sent = at_once(example, &example.breaks).0;
    neighbour.takes(if example.finding { Has::Namesakes } else { Has::All }, &sent);
    if example.finding {
        neighbour.doubles(&sent);
    }
    for other in named(example).iter().filter(|school| !schools.contains(school)) {
        neighbour.mark_people_of(other);
    }
    let report = send(&office, example).await;
    let mut faults = Vec::new();
    let mut is_met = tells(&report, &example.rule);
    if example.finding {
        office.gateway.database().judged().await;
        is_met = office.findings().await.iter().any(|found| found.starts_with(&example.rule));
    }
    if !is_met {
        faults.push(format!("{} is not met: {:#}", example.rule, report["issues"]));
    }
    faults.extend(readers.look(example, &report, &sent).await);
    faults.extend(silent(&office, &example.rule).await);
    faults
}

/// When a line was written and the ids that the gateway draws: among so many digits any number stands by chance.
static DRAWN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#""timestamp":"[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"#).unwrap());

/// Nothing of the neighbour stands in the log or the metrics.
async fn silent(office: &Office, what: &str) -> Vec<String> {
    let words = office.gateway.log() + &office.metrics().await;
    let words = DRAWN.replace_all(&words, "");
    let told = MARKS.into_iter().filter(|mark| words.contains(mark));
    told.map(|mark| format!("{what}: “{mark}” is logged or counted: …{}…", around(&words, mark))).collect()
}

/// Examples that follow one another on one gateway.
async fn met_in_turn(schools: Vec<String>, examples: Vec<&'static Example>) -> Vec<String> {
    let office = Office::open(&schools).await;
    let (neighbour, readers) =
        (Neighbour::settle(&office).await, Readers::come(&office, &schools, REFUSED.len()).await);
    let mut faults = Vec::new();
    for example in examples {
        faults.extend(met(&neighbour, &readers, example).await);
    }
    faults.extend(silent(&office, "all").await);
    faults
}

#[test]
fn every_rule_has_its_place() {
    let known: Vec<&str> = [TELL_OF_USE, FOLLOW, TELL_NOTHING].concat();
    let all: BTreeSet<&str> = catalogue::all().map(|rule| rule.code).collect();
    assert_eq!(known.iter().copied().collect::<BTreeSet<_>>(), all, "each rule stands in one of the three lists");
    assert_eq!(known.len(), all.len(), "no rule stands in two lists");
    let met: BTreeSet<&str> = examples::all().iter().map(|example| example.rule.as_str()).collect();
    assert_eq!(met, all, "each rule has an example that is met");
    let texts = examples::all().iter().map(|example| serde_json::to_string(example).unwrap());
    let schools = [false, true].into_iter().flat_map(examples::school).map(|(_, data)| data.to_string());
    let texts: String = texts.chain(schools).collect();
    let sent: Vec<&str> = MARKS.into_iter().filter(|mark| texts.contains(mark)).collect();
    assert!(sent.is_empty(), "{sent:?} are sent by examples, and tell nothing of the neighbour");
}

#[tokio::test]
async fn no_rule_tells_more_than_it_must_nor_to_whoever_may_not_know() {
    let (after, plain): (Vec<&Example>, Vec<&Example>) =
        examples::all().iter().partition(|example| comes_after(example) || example.finding);
    let mut turns: BTreeMap<Vec<String>, Vec<&Example>> = BTreeMap::new();
    plain.into_iter().for_each(|example| turns.entry(schools(example)).or_default().push(example));
    let turns = turns.iter().flat_map(|(schools, examples)| examples.chunks(TURN).map(move |turn| (schools, turn)));
    let turns = turns.map(|(schools, turn)| met_in_turn(schools.clone(), turn.to_vec()).boxed_local());
    let singly = after.into_iter().map(|example| met_after(example).boxed_local());
    let faults: Vec<Vec<String>> =
        futures_util::stream::iter(turns.chain(singly)).buffer_unordered(AT_ONCE).collect().await;
    hold(faults.concat().into_iter().map(Some).collect());
}
