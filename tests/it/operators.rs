//! `docs/operators.md` says what the program says. `UPDATE_DOCS=1` rewrites its table of settings.

use crate::common::{TestDatabase, program};
use diesel::connection::SimpleConnection;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- settings -->\n";
const END: &str = "<!-- /settings -->";

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn guide() -> String {
    fs::read_to_string(root("docs/operators.md")).unwrap()
}

fn settings() -> String {
    let definition = school_gateway::cli::definition();
    let rows = definition.get_arguments().filter_map(|argument| {
        let (flag, variable) = (argument.get_long()?, argument.get_env()?.to_str()?);
        let default: Vec<_> =
            argument.get_default_values().iter().map(|value| format!("`{}`", value.to_str().unwrap())).collect();
        Some(format!("| `--{flag}` `{variable}` | {} | {} |\n", default.join(" "), argument.get_help()?))
    });
    ["| setting | default | means |\n|---|---|---|\n".to_owned()].into_iter().chain(rows).collect()
}

/// Everything in `src/`, without the line breaks of long texts.
fn source(folder: &Path) -> String {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
        .iter()
        .map(|path| if path.is_dir() { source(path) } else { fs::read_to_string(path).unwrap_or_default() })
        .collect()
}

#[test]
fn the_table_of_settings_is_that_of_the_program() {
    let (text, expected) = (guide(), settings());
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root("docs/operators.md"), format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert!(found == expected, "docs/operators.md is stale: UPDATE_DOCS=1 cargo test --test it operators");
}

#[test]
fn every_message_in_the_guide_is_one_the_program_gives() {
    let (text, source) = (guide(), source(&root("src")));
    let table = text.split_once("## When something is wrong").unwrap().1;
    let messages: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(message, _)| message)
        .collect();
    assert!(messages.len() > 10);
    for message in messages {
        assert!(source.contains(message), "nothing says {message:?}");
    }
}

#[test]
fn every_metric_is_explained() {
    let (text, source) = (guide(), fs::read_to_string(root("src/metrics.rs")).unwrap());
    let named =
        source.split("opts!(\"").chain(source.split("IntGauge::new(\"")).filter_map(|rest| rest.split_once('"'));
    let names: Vec<&str> = named
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'))
        .collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        assert!(text.contains(&format!("| `school_gateway_{name}` |")), "{name} is not explained");
    }
}

#[tokio::test]
async fn after_a_restore_no_row_lies_above_the_clusters_counter() {
    let database = TestDatabase::new();
    let made = program().args(["tenant", "create", "hai_phong", "--database-url", &database.url]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for schema in ["public", "t_hai_phong"] {
        let block = |id: u32, xid: &str| {
            format!(
                "INSERT INTO {schema}.change_blocks (id, xid, at, school_code, resource, keys, sha256)
                 VALUES ({id}, {xid}, now(), '31000501', 5, '\\x00', '\\x00')"
            )
        };
        database.execute(&block(1, "'3'::xid8"));
        database.execute(&block(2, "'900000000000'::xid8"));
        database.execute(&format!(
            "INSERT INTO {schema}.change_consumers (name, xid, id) VALUES ('ahead', '900000000000', 7), ('behind', '3', 1)"
        ));
    }
    let script = fs::read_to_string(root("scripts/after-restore.sql")).unwrap();
    database.connect().batch_execute(&script).unwrap();
    for schema in ["public", "t_hai_phong"] {
        let seen = format!(
            "SELECT id FROM {schema}.change_blocks WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id"
        );
        // Another test's transaction may still hold the horizon back.
        database.becomes(&format!("SELECT string_agg(id::text, ' ') FROM ({seen}) seen"), "1 2").await;
        let below = format!("SELECT xid FROM {schema}.change_blocks WHERE id = 1");
        assert_eq!(database.value(&below), "3", "what lies below stays");
        let positions = format!(
            "SELECT name || ' ' || xid || ' ' || id FROM {schema}.change_consumers WHERE name IN ('ahead', 'behind') ORDER BY 1"
        );
        assert_eq!(database.column(&positions), ["ahead 0 0", "behind 3 1"], "what may have been missed is read again");
    }
}
