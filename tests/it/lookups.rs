//! What the rules look at beside a record: it comes before the record, it is found by an index, and the planner needs
//! no luck for it.

use crate::common::TestDatabase;
use diesel::{RunQueryDsl, sql_query};
use school_gateway::model;
use school_gateway::model::spec::Spec;
use school_gateway::model::value::Row;
use school_gateway::model::value::Value;
use school_gateway::store::pg::statement::{Argument, Statement};
use school_gateway::store::table::{Table, find, tables};

/// Does `from` refer to `to`, by whatever way?
fn refers(from: &Spec, to: &str) -> bool {
    from.references.iter().any(|reference| {
        reference.to == to || (reference.to != from.name && refers(model::find(reference.to).unwrap(), to))
    })
}

fn found(spec: &Spec) -> Vec<&'static str> {
    spec.lookups.iter().map(|lookup| lookup.from).chain(spec.counts.iter().map(|count| count.from)).collect()
}

#[test]
fn a_resource_comes_after_all_that_it_rests_on() {
    for table in tables() {
        let spec = table.spec;
        let parents = spec.references.iter().map(|reference| reference.to);
        for other in parents.chain(found(spec)).filter(|other| *other != spec.name) {
            let other = find(other).unwrap();
            let backwards = refers(other.spec, spec.name);
            assert!(
                other.last_level() < table.level || backwards,
                "{} looks at {}, which comes later",
                spec.name,
                other.spec.name
            );
        }
        for count in spec.counts {
            assert_ne!(count.from, spec.name, "a batch's own records are not counted");
        }
    }
    assert!(tables().iter().map(Table::last_level).max().unwrap() < 20, "levels are bits of a chunk");
}

#[test]
fn the_year_comes_after_its_terms() {
    for (resource, order) in [("subject-results", &["CK1", "CK2", "CN"][..]), ("academic-records", &["CK2", "CN"])] {
        let table = find(resource).unwrap();
        let level = |period: &str| {
            let mut row = Row::empty(table.spec.fields.len());
            row.values[table.spec.position("period").unwrap()] = Value::Text(period.into());
            assert_eq!(table.level_of(&row), table.level_of_text(Some(period)));
            table.level_of(&row)
        };
        assert!(order.windows(2).all(|pair| level(pair[0]) < level(pair[1])), "{resource}");
        assert_eq!(level("GK1"), table.level);
    }
}

#[test]
fn what_is_looked_up_or_counted_is_found_by_an_index() {
    let database = TestDatabase::new();
    let connection = &mut database.connect();
    sql_query("SET enable_seqscan = off").execute(connection).unwrap();
    let mut explain = |sql: &str, arguments: usize| -> Vec<String> {
        let mut plan = Vec::new();
        let bound = (0..arguments).map(|_| Argument::Texts(vec!["1".into()])).collect();
        let explained = Statement::with(sql, bound).once().after("EXPLAIN (COSTS OFF) ").each(connection, |cells| {
            plan.extend(cells.text(0).map(str::to_owned));
            Ok(())
        });
        explained.unwrap();
        plan
    };
    for table in tables() {
        let lookups = table.spec.lookups.iter().map(|lookup| (lookup.name, lookup.on)).zip(&table.lookups);
        let counts = table.spec.counts.iter().map(|count| (count.name, count.on)).zip(&table.counts);
        for ((name, on), join) in lookups.chain(counts) {
            let arrays: Vec<String> = (1..=on.len()).map(|number| format!("${number}::text[]")).collect();
            let plan = explain(&format!("SELECT {}{}{}", join.head, arrays.join(", "), join.tail), on.len());
            let by_index =
                plan.iter().any(|line| line.contains("Index Cond") && on.iter().any(|column| line.contains(column)));
            assert!(by_index, "{} {name}:\n{}", table.spec.name, plan.join("\n"));
        }
    }
}

/// Whether there is one of a kind is seen by one row, however many there are.
#[test]
fn is_there_any_reads_one() {
    let database = TestDatabase::new();
    database.execute(
        "INSERT INTO classes (school_code, school_year, class_code, name, grade, hash_high, hash_low, version, block, changed_at, client_id)
         SELECT lpad(n::text, 8, '0'), '2025-2026', '6A1', '6A1', '06', 1, 1, 1, 1, now(), gen_random_uuid() FROM generate_series(1, 5000) n",
    );
    let table = find("enrollments").unwrap();
    for name in ["own_classes", "own_namesakes", "namesakes"] {
        let at = table.spec.lookups.iter().position(|lookup| lookup.name == name).unwrap();
        let join = &table.lookups[at];
        let value = |field: &str| match field {
            "school_code" => "00000007",
            "school_year" => "2025-2026",
            _ => "6A1",
        };
        let arrays: Vec<String> =
            table.spec.lookups[at].fields.iter().map(|field| format!("ARRAY['{}']::text[]", value(field))).collect();
        let count =
            database.value(&format!("SELECT count(*) FROM (SELECT {}{}{}) x", join.head, arrays.join(", "), join.tail));
        assert_eq!(count, "1", "{name}");
    }
}
