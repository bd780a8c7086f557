//! The schema: migrations run, go back and run again, by several gateways at once; and what the foundation promises.

use crate::common::TestDatabase;
use school_gateway::store::migrations::{self, Migrated};

const TABLES: &str = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'S', 'v') AND relnamespace = 'public'::regnamespace ORDER BY 1";

#[test]
fn migrations_run_go_back_and_run_again() {
    let database = TestDatabase::empty();
    let mut connection = database.connect();
    assert!(!migrations::is_current(&mut connection).unwrap());
    assert!(!migrations::run(&mut connection).unwrap().ran.is_empty());
    let tables = database.column(TABLES);
    assert!(migrations::is_current(&mut connection).unwrap() && tables.contains(&"history".to_owned()));
    migrations::revert_all(&mut connection).unwrap();
    assert_eq!(database.column(TABLES), ["__diesel_schema_migrations"]);
    migrations::run(&mut connection).unwrap();
    assert_eq!(database.column(TABLES), tables);
}

/// Migrations that ran.
fn ran(migrated: &Migrated) -> usize {
    migrated.ran.iter().map(|(_, names)| names.len()).sum()
}

#[test]
fn gateways_that_migrate_at_once_do_not_collide() {
    let database = TestDatabase::empty();
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| ran(&migrations::run(&mut database.connect()).unwrap()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let total = database.value("SELECT count(*) FROM __diesel_schema_migrations").parse::<usize>().unwrap();
    assert_eq!(counts.iter().filter(|count| **count > 0).collect::<Vec<_>>(), [&total]);
}

#[test]
fn vietnamese_text_folds_whatever_the_locale() {
    let database = TestDatabase::new();
    let composed = "ĐẶNG Thị Ứng Ưỡ Ỷ";
    let folded = |text: &str| database.value(&format!("SELECT unaccent_fold('{text}')"));
    assert_eq!(folded(composed), "dang thi ung uo y");
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(composed).collect();
    assert_eq!(folded(&decomposed), "dang thi ung uo y");
    let volatility = database.value("SELECT provolatile::text FROM pg_proc WHERE proname = 'unaccent_fold'");
    assert_eq!(volatility, "i", "an index can only stand on an immutable function");
}

#[test]
fn no_two_migrations_share_a_number() {
    let all = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let named =
        |folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut folders: Vec<String> = named(all.clone()).collect();
    folders.sort();
    assert_eq!(folders, ["platform", "tenant"], "what stands beside them never runs");
    let names = named(all.join("tenant"));
    let mut numbers: Vec<String> = names.map(|name| name.split('_').next().unwrap().to_owned()).collect();
    let count = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), count, "of two with the same number only one would run");
}
