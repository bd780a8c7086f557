//! Each resource's table is what its definition says: columns, types, comments, key and the indexes that rules and the
//! feed rest on.

use crate::common::TestDatabase;
use school_gateway::model::field::{Field, FieldType};
use school_gateway::model::spec::Spec;
use school_gateway::model::{ALL, schema};

/// What every table has after its own columns.
const BOOKKEEPING: [&str; 7] = [
    "hash_high bigint not null",
    "hash_low bigint not null",
    "version integer not null",
    "changed_at timestamp with time zone not null",
    "submission_id uuid",
    "client_id uuid not null",
    "block bigint not null",
];

fn column_type(kind: &FieldType) -> String {
    match kind {
        FieldType::Text { .. } | FieldType::Code { .. } | FieldType::Choice { .. } | FieldType::SchoolYear => {
            "text C".into()
        }
        FieldType::Integer { .. } => "integer".into(),
        FieldType::Decimal { scale, min, max, .. } => format!("numeric({},{scale})", digits(*min).max(digits(*max))),
        FieldType::Boolean => "boolean".into(),
        FieldType::Date => "date".into(),
        FieldType::List(FieldType::Object(_)) | FieldType::Object(_) | FieldType::Counts { .. } => "jsonb".into(),
        FieldType::List(element) => match column_type(element).split_once(' ') {
            Some((element, collation)) => format!("{element}[] {collation}"),
            None => format!("{}[]", column_type(element)),
        },
    }
}

fn digits(units: i64) -> usize {
    units.unsigned_abs().to_string().len()
}

fn column(field: &Field) -> String {
    format!("{} {}{}", field.name, column_type(&field.kind), if field.required { " not null" } else { "" })
}

#[test]
fn columns_are_those_of_the_fields() {
    let database = TestDatabase::new();
    for spec in ALL {
        let mut expected: Vec<String> = spec.fields.iter().map(column).chain(BOOKKEEPING.map(String::from)).collect();
        let mut found = database.column(&format!(
            "SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN collname = 'C' THEN ' C' ELSE '' END
                 || CASE WHEN attnotnull THEN ' not null' ELSE '' END
             FROM pg_attribute LEFT JOIN pg_collation ON pg_collation.oid = attcollation
             WHERE attrelid = 'public.{}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            spec.table
        ));
        // A member that came later stands behind the others in the table; statements name their columns.
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{}", spec.table);
    }
}

#[test]
fn comments_are_the_docstrings() {
    let database = TestDatabase::new();
    for spec in ALL {
        let members = spec.fields.iter().map(|field| (field.name, field.description));
        let described = [("", spec.description)].into_iter().chain(members);
        let mut expected: Vec<_> = described.map(|(name, text)| format!("{name}: {}", schema::text(text))).collect();
        let mut found = database.column(&format!(
            "SELECT coalesce(attname, '') || ': ' || description FROM pg_description
             LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND attnum > 0 WHERE classoid = 'pg_class'::regclass AND objoid = 'public.{}'::regclass",
            spec.table
        ));
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{}", spec.table);
    }
}

/// The columns of each index, the primary key first.
fn indexes(database: &TestDatabase, spec: &Spec) -> Vec<Vec<String>> {
    let lists = database.column(&format!(
        "SELECT (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(indkey::int[]) WITH ORDINALITY AS part(number, place)
                 JOIN pg_attribute ON attrelid = indrelid AND attnum = number)
         FROM pg_index WHERE indrelid = 'public.{}'::regclass ORDER BY indisprimary DESC",
        spec.table
    ));
    lists.iter().map(|list| list.split(',').map(String::from).collect()).collect()
}

#[test]
fn keys_and_lookups_have_their_indexes() {
    let database = TestDatabase::new();
    for spec in ALL {
        let indexes = indexes(&database, spec);
        assert_eq!(indexes[0], spec.key, "the primary key of {}", spec.table);
    }
    for lookup in ALL.iter().flat_map(|spec| spec.lookups) {
        let searched =
            ALL.iter().find(|spec| spec.name == lookup.from).map(|spec| indexes(&database, spec)).unwrap_or_default();
        let bound: Vec<&str> = lookup.on.iter().copied().chain(lookup.only.iter().map(|(column, _)| *column)).collect();
        let serves = |index: &Vec<String>| {
            let usable: Vec<&String> = index.iter().take_while(|column| bound.contains(&column.as_str())).collect();
            lookup.on.iter().all(|on| usable.iter().any(|column| *column == on))
        };
        assert!(
            searched.iter().any(serves),
            "no index of {} begins with {:?} for the lookup {}",
            lookup.from,
            lookup.on,
            lookup.name
        );
    }
}

/// A delete looks for the records that refer to the one that goes; it must not read whole tables for that.
#[test]
fn children_are_found_by_an_index() {
    let database = TestDatabase::new();
    for spec in ALL {
        let indexes = indexes(&database, spec);
        for reference in spec.references {
            let serves = |index: &Vec<String>| reference.fields.contains(&index[0].as_str());
            assert!(indexes.iter().any(serves), "no index of {} begins with a member of {}", spec.name, reference.name);
        }
    }
}

/// Stored data name resources by number: what is here stays for ever, and what is added takes a number that nothing had.
#[test]
fn numbers_are_for_ever() {
    let numbers = [
        (1, "schools"),
        (2, "campuses"),
        (3, "staff"),
        (4, "classes"),
        (5, "students"),
        (6, "enrollments"),
        (7, "teaching-assignments"),
        (8, "subject-results"),
        (9, "academic-records"),
        (10, "facility-returns"),
        (11, "diplomas"),
    ];
    let mut found: Vec<(i16, &str)> = ALL.iter().map(|spec| (spec.number, spec.name)).collect();
    found.sort_unstable();
    assert_eq!(found, numbers);
}

#[test]
fn definitions_hold_together() {
    for spec in ALL {
        assert!(spec.fields.len() <= 64, "{}: a row marks its faulty fields in 64 bits", spec.name);
        let known = |name: &&str| spec.position(name).is_some();
        assert!(spec.key.iter().chain(spec.stored).chain(spec.search).all(known), "{}", spec.name);
        assert!(
            spec.key.iter().all(|name| spec.fields.iter().any(|field| field.name == *name && field.required)),
            "{}",
            spec.name
        );
        for reference in spec.references {
            let parent = ALL.iter().find(|parent| parent.name == reference.to);
            assert!(
                parent.is_some_and(|parent| parent.key.len() == reference.fields.len()),
                "{}.{}",
                spec.name,
                reference.name
            );
            assert!(reference.fields.iter().all(known), "{}.{}", spec.name, reference.name);
            assert!(
                reference.fetch.iter().all(|name| parent.is_some_and(|parent| parent.position(name).is_some())),
                "{}",
                reference.name
            );
        }
        for lookup in spec.lookups {
            let from = ALL.iter().find(|from| from.name == lookup.from);
            assert!(
                !lookup.any || lookup.from != spec.name,
                "{}: a batch's own records are all looked at",
                lookup.name
            );
            assert!(lookup.fields.len() == lookup.on.len() && lookup.fields.iter().all(known), "{}", lookup.name);
            let there = |name: &&str| from.is_some_and(|from| from.position(name).is_some());
            assert!(lookup.on.iter().chain(lookup.fetch).all(there), "{}.{}", spec.name, lookup.name);
        }
    }
}
