//! Every code is used, documented and tested: the rules, and the kinds of problems.

use school_gateway::error::KINDS;
use school_gateway::model;
use school_gateway::model::issue::Text;
use school_gateway::model::rules::{catalogue, examples};
use school_gateway::model::wording::placeholder;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rules that are judged at the record: by itself, the code lists, its parents and the records that it rests on.
const AT_THE_RECORD: &str = "
    PT-004 PT-006 PT-007 PT-008 PT-009 PT-010 PT-011 PT-012 PT-013 PT-014 PT-015 PT-016 PT-017 PT-018
    TX-001 TX-002 TX-003 TX-004 TX-005 TX-006 TX-007 TX-008 TX-010 TX-011 TX-012 DT-001 DT-003 DT-010 DT-012
    ID-001 ID-002 ID-003 ID-004 ID-005 ID-006 ID-008 ID-010 ID-020 ID-021 ID-023 PH-001 AD-001 AD-002 AD-003
    SC-001 SC-002 SC-004 SC-006 SC-008 CL-002 CL-010 CL-011 SF-001 SF-002 SF-003 SF-010 SF-011 AS-001 AS-004 AG-001 AG-002
    ST-002 ST-003 ST-004 ST-005 ST-006 ST-008 ST-010 SC-007 SF-006
    MK-001 MK-002 MK-005 MK-006 MK-007 MK-008 MK-009 MK-010 MK-011 MK-012 MK-013 MK-014 MK-017 MK-019 MK-020
    PR-001 PR-002 PR-003 PR-004 PR-005 PR-006 PR-007 FA-001 FA-003 FA-004 FA-005 FA-006 FA-007 DP-001 DP-002 DP-003 DP-004
    ID-025 ST-011 PT-021 PV-001 NA-001 HT-001 NM-001";

#[test]
fn the_catalogue_has_every_rule_that_is_judged_at_the_record() {
    let lacking: Vec<&str> = AT_THE_RECORD.split_whitespace().filter(|code| catalogue::find(code).is_none()).collect();
    assert!(lacking.is_empty(), "not in the catalogue: {lacking:?}");
}

#[test]
fn codes_are_unique_and_of_one_form() {
    let mut seen = BTreeSet::new();
    for rule in catalogue::all() {
        assert!(seen.insert(rule.code), "{} stands twice", rule.code);
        let (chapter, number) = rule.code.split_once('-').unwrap();
        assert!(
            chapter.len() == 2 && number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit()),
            "{}",
            rule.code
        );
    }
}

/// The names of the values that a template takes.
fn values(template: &str) -> BTreeSet<&str> {
    let inside = template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside);
    inside.map(|inside| placeholder(inside).0).collect()
}

#[test]
fn every_rule_speaks_both_languages_and_says_what_to_do() {
    let told = |text: &str| text.trim().chars().count() > 5;
    for rule in catalogue::all() {
        for wording in [rule.message, rule.hint] {
            for Text { vi, en } in [wording.program].into_iter().chain(wording.sheet) {
                assert!(told(vi) && told(en), "{}: “{vi}”, “{en}”", rule.code);
                assert_eq!(values(vi), values(en), "{}: the languages name other values", rule.code);
            }
        }
        assert!(!rule.source.trim().is_empty(), "{} has no source", rule.code);
    }
}

#[test]
fn rules_name_resources_and_members_that_there_are() {
    for rule in catalogue::all() {
        let judged: Vec<_> = rule
            .resources
            .iter()
            .map(|name| model::find(name).unwrap_or_else(|| panic!("{}: {name}", rule.code)))
            .collect();
        for field in rule.fields.iter().filter(|_| !judged.is_empty()) {
            let known = judged.iter().any(|spec| spec.field_by_json(field).is_some());
            assert!(known, "{}: no member {field} in {:?}", rule.code, rule.resources);
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The code of the program outside the given places, without its own tests.
fn code_outside(places: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&root).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let own = files.filter(|path| !places.iter().any(|place| path.starts_with(root.join(place))));
    let of_program = own.filter(|path| !path.ends_with("tests.rs") && !path.ends_with("fixture.rs"));
    let program = |path: PathBuf| {
        std::fs::read_to_string(path).unwrap().split("\nmod tests {").next().unwrap_or_default().to_owned()
    };
    of_program.map(program).collect()
}

/// Does `code` name the constant as a whole word?
fn names(code: &str, constant: &str) -> bool {
    let of_a_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(constant).any(|(at, _)| {
        let (before, after) = (code[..at].chars().next_back(), code[at + constant.len()..].chars().next());
        !before.is_some_and(of_a_name) && !after.is_some_and(of_a_name)
    })
}

#[test]
fn every_rule_is_raised_somewhere() {
    let code = code_outside(&["model/rules/catalogue"]);
    let idle: Vec<&str> =
        catalogue::all().map(|rule| rule.code).filter(|rule| !names(&code, &rule.replace('-', "_"))).collect();
    assert!(idle.is_empty(), "in the catalogue, but nothing raises them: {idle:?}");
}

/// `tests/rule_examples` sends each of them to a gateway.
#[test]
fn every_rule_has_one_example_that_breaks_it_and_one_that_keeps_it() {
    let mut rules: Vec<&str> = catalogue::all().map(|rule| rule.code).collect();
    let mut shown: Vec<&str> = examples::all().iter().map(|example| example.rule.as_str()).collect();
    rules.sort_unstable();
    shown.sort_unstable();
    let lacking: Vec<&&str> = rules.iter().filter(|code| !shown.contains(code)).collect();
    assert!(lacking.is_empty(), "no example in src/model/rules/examples/ for {lacking:?}");
    assert_eq!(shown, rules, "an example stands twice, or is of no rule");
}

#[test]
fn every_kind_of_problem_is_used() {
    let code = code_outside(&["error.rs"])
        + &std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error.rs")).unwrap();
    let constant = |kind: &str| match kind {
        "idempotency-key-reused" => "KEY_REUSED".to_owned(),
        other => other.to_uppercase().replace('-', "_"),
    };
    for kind in KINDS {
        let used = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("use ") && names(line, &constant(kind.code)))
            .count();
        // Once is its definition.
        assert!(used > 1, "nothing answers “{}”", kind.code);
        assert!(!kind.title.is_empty() && !kind.title_vi.is_empty());
    }
}

#[test]
fn the_guide_for_vendors_explains_every_kind_of_problem() {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/vendors.md")).unwrap();
    let lacking: Vec<&str> =
        KINDS.iter().map(|kind| kind.code).filter(|code| !guide.contains(&format!("`{code}`"))).collect();
    assert!(lacking.is_empty(), "docs/vendors.md does not speak of {lacking:?}");
}
