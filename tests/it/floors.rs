//! The house keeps its shape: floors import downwards only, in the order in which `src/lib.rs` lists them, each knows
//! only what it may, and no file grows out of hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const LONGEST_FILE: usize = 360;
/// Files that may be longer: path below `src`, and why.
const LONGER_FOR_A_REASON: &[(&str, &str)] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The floors, top down.
fn floors() -> Vec<String> {
    let text = fs::read_to_string(root().join("lib.rs")).unwrap();
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.split(';').next());
    names.map(str::to_owned).collect()
}

/// The floor that a file belongs to; none for `lib.rs` and `main.rs`.
fn floor_of(file: &Path) -> Option<String> {
    let inner = file.strip_prefix(root()).unwrap().to_str().unwrap();
    let name = inner.split('/').next().unwrap().trim_end_matches(".rs");
    (!["lib", "main"].contains(&name)).then(|| name.to_owned())
}

/// The floors that a text names after `crate::`, alone or in braces; comments do not count.
fn named(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| if rest.starts_with('{') { group(rest) } else { vec![word(rest)] })
        .collect()
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The first words of a group's members: `{a::b, c::{d, e}}` gives `a` and `c`.
fn group(text: &str) -> Vec<String> {
    let (mut depth, mut members, mut member) = (0, Vec::new(), String::new());
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => (),
        }
        if depth == 0 || (depth == 1 && letter == ',') {
            members.push(word(member.trim_start_matches(['{', ' ', '\n'])));
            member.clear();
        } else {
            member.push(letter);
        }
        if depth == 0 {
            break;
        }
    }
    members.into_iter().filter(|name| !name.is_empty()).collect()
}

#[test]
fn floors_import_downwards_only() {
    let floors = floors();
    let level = |name: &str| floors.iter().position(|floor| floor == name);
    let mut faults = Vec::new();
    for file in sources(&root()) {
        let Some(own) = floor_of(&file).and_then(|name| level(&name)) else { continue };
        for other in named(&fs::read_to_string(&file).unwrap()) {
            if level(&other).is_some_and(|other| other < own) {
                faults.push(format!("{} uses crate::{other}, a floor above its own", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_belongs_to_a_floor() {
    let floors = floors();
    let lost: Vec<_> = sources(&root())
        .into_iter()
        .filter(|file| floor_of(file).is_some_and(|name| !floors.contains(&name)))
        .collect();
    assert!(lost.is_empty(), "not in lib.rs: {lost:?}");
}

#[test]
fn the_reader_of_imports_sees_them_all() {
    let text =
        "use crate::{a::{B, C}, d,\n    e::f};\nfn x() { crate::g::h(); } // crate::comment\npub(crate) use crate::i;";
    assert_eq!(named(text), ["a", "d", "e", "g", "i"].map(String::from).into());
}

/// The lines of a file that are neither comments nor tests, numbered from 1.
fn code(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let program = text.split("#[cfg(test)]\nmod ").next().unwrap();
    (1..).zip(program.lines().map(|line| line.split("//").next().unwrap().to_owned())).collect()
}

/// Where a line of these floors says what it must not.
fn said(floors: &[&str], is_fault: impl Fn(&str) -> bool) -> Vec<String> {
    let files = sources(&root()).into_iter().filter(|file| floor_of(file).is_some_and(|name| floors.contains(&&*name)));
    let mut found = Vec::new();
    for file in files {
        let lines = code(&file).into_iter().filter(|(_, line)| is_fault(line));
        found.extend(lines.map(|(number, line)| format!("{}:{number}: {}", file.display(), line.trim())));
    }
    found
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && !"_-".contains(letter))
}

/// Floors that treat every resource alike.
const ENGINE: [&str; 7] = ["jobs", "submission", "query", "merge", "change", "intake", "store"];

#[test]
fn the_engine_knows_no_resource_by_name() {
    // `schools` is excepted: every record belongs to one.
    let resources: Vec<&str> =
        school_gateway::model::all().iter().map(|spec| spec.name).filter(|name| *name != "schools").collect();
    let is_one = |word: &str| resources.contains(&word.replace('_', "-").as_str());
    let found = said(&ENGINE, |line| words(line).any(is_one));
    assert!(found.is_empty(), "a resource is named:\n{}", found.join("\n"));
}

/// Words with which a statement begins or goes on.
const SQL: [&str; 9] = ["SELECT", "INSERT", "UPDATE", "DELETE", "FROM", "WHERE", "JOIN", "CREATE", "ALTER"];

#[test]
fn the_model_and_the_reading_of_bodies_know_no_sql() {
    let found = said(&["model", "intake", "sample"], |line| words(line).any(|word| SQL.contains(&word)));
    assert!(found.is_empty(), "SQL:\n{}", found.join("\n"));
}

#[test]
fn there_are_three_macros_at_most() {
    let all = floors();
    let floors: Vec<&str> = all.iter().map(String::as_str).collect();
    let found = said(&floors, |line| line.contains("macro_rules!"));
    assert!(found.len() <= 3, "a function, a constant or a file of data does it:\n{}", found.join("\n"));
}

/// Ways to ask the machine what time it is.
const CLOCKS: [&str; 4] = ["Utc::now", "Local::now", "SystemTime", "UNIX_EPOCH"];

#[test]
fn one_place_asks_what_time_it_is() {
    let asks = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        CLOCKS
            .iter()
            .any(|clock| text.contains(clock))
            .then(|| file.strip_prefix(root()).unwrap().display().to_string())
    };
    let found: Vec<String> = sources(&root()).iter().filter_map(asks).collect();
    assert_eq!(found, ["clock.rs"], "crate::clock::now() is the gateway's clock");
}

#[test]
fn no_test_asserts_how_long_something_took() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let measured = |file: PathBuf| {
        let lines = code(&file).into_iter().filter(|(_, line)| line.contains("assert") && line.contains(".elapsed("));
        lines.map(|(number, _)| format!("{}:{number}", file.display())).collect::<Vec<_>>()
    };
    let own = tests.join("it/floors.rs");
    let found: Vec<String> = sources(&tests).into_iter().filter(|file| *file != own).flat_map(measured).collect();
    assert!(found.is_empty(), "wait for what is seen, or give the request a time limit:\n{}", found.join("\n"));
}

#[test]
fn files_stay_short() {
    let mut faults = Vec::new();
    for file in sources(&root()) {
        let inner = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        let excused = LONGER_FOR_A_REASON.iter().any(|(path, _)| *path == inner);
        if lines > LONGEST_FILE && !excused {
            faults.push(format!(
                "src/{inner} has {lines} lines; more than {LONGEST_FILE} want a split, or a reason here"
            ));
        }
        if lines <= LONGEST_FILE && excused {
            faults.push(format!("src/{inner} no longer needs its excuse"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The name of a public type that stands on this line at the outermost level.
fn public_type(line: &str) -> Option<&str> {
    let item = line.strip_prefix("pub")?;
    let item = if item.starts_with('(') { item.split_once(')')?.1 } else { item }.trim_start();
    let name = ["struct ", "enum ", "trait ", "type "].iter().find_map(|kind| item.strip_prefix(kind))?;
    name.split(|letter: char| !letter.is_alphanumeric()).next()
}

#[test]
fn a_name_of_a_type_means_one_thing() {
    let mut known = BTreeMap::<String, Vec<String>>::new();
    for file in sources(&root()) {
        for (number, line) in code(&file) {
            if let Some(name) = public_type(&line) {
                known.entry(name.to_owned()).or_default().push(format!("{}:{number}", file.display()));
            }
        }
    }
    known.retain(|_, places| places.len() > 1);
    assert!(known.is_empty(), "two public types have one name: {known:#?}");
    assert_eq!(public_type("pub(crate) struct Held<'a> {"), Some("Held"));
}
