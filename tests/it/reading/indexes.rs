//! The SQL of lists finds its rows by an index, with the common filters and from page to page.

use super::fixture::{filled, rows, text};
use diesel::{PgConnection, RunQueryDsl, sql_query};
use school_gateway::access::Area;
use school_gateway::model::all;
use school_gateway::model::lists::Lists;
use school_gateway::query;
use school_gateway::query::Visibility;
use school_gateway::store::pg::statement::Statement;
use school_gateway::store::table;

fn plan(connection: &mut PgConnection, resource: &str, area: Area, parameters: &[(&str, String)]) -> String {
    let parameters: Vec<(String, String)> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let sight = Visibility { area, sensitive: true };
    let question = query::question(table::find(resource).unwrap(), sight, &Lists::embedded(), &parameters).unwrap();
    let statement: Statement = query::statement(&question, Some(101));
    let mut plan = String::new();
    let explained = statement.once().after("EXPLAIN (COSTS OFF) ").each(connection, |cells| {
        plan += cells.text(0).unwrap_or_default();
        plan.push('\n');
        Ok(())
    });
    explained.unwrap();
    plan
}

/// Is the column compared by an index, not row by row?
fn found_by_index(plan: &str, column: &str) -> bool {
    plan.lines().any(|line| line.contains("Index Cond") && line.contains(column))
}

#[tokio::test]
async fn common_filters_and_next_pages_are_found_by_an_index() {
    let (gateway, token) = filled().await;
    let connection = &mut gateway.database().connect();
    sql_query("SET enable_seqscan = off").execute(connection).unwrap();
    sql_query("ANALYZE").execute(connection).unwrap();
    for spec in all() {
        let school = vec![("schoolCode", text(&rows(spec)[0]["schoolCode"]))];
        let by_school = plan(connection, spec.name, Area::everything(), &school);
        assert!(found_by_index(&by_school, "school_code"), "{}:\n{by_school}", spec.name);
        let (_, page) = gateway.get(&format!("/v1/{}?limit=3", spec.name), &token).await;
        let next = plan(connection, spec.name, Area::everything(), &[("cursor", text(&page["nextCursor"]))]);
        assert!(found_by_index(&next, "ROW") || found_by_index(&next, spec.key[0]), "{}:\n{next}", spec.name);
        assert!(!next.contains("Sort"), "{}:\n{next}", spec.name);
        let granted = Area::of(false, ["01000001".to_owned()], []).unwrap();
        let of_area = plan(connection, spec.name, granted, &[]);
        assert!(found_by_index(&of_area, "school_code"), "{}:\n{of_area}", spec.name);
    }
    for (resource, member, column) in [
        ("students", "studentCode", "student_code"),
        ("staff", "staffCode", "staff_code"),
        ("enrollments", "studentCode", "student_code"),
        ("academic-records", "studentCode", "student_code"),
        ("teaching-assignments", "staffCode", "staff_code"),
        ("classes", "homeroomStaffCode", "homeroom_staff_code"),
        ("schools", "communeCode", "commune_code"),
        ("campuses", "communeCode", "commune_code"),
    ] {
        let plan = plan(connection, resource, Area::everything(), &[(member, "k1".to_owned())]);
        assert!(found_by_index(&plan, column), "{resource} {member}:\n{plan}");
    }
}

#[tokio::test]
async fn the_schools_of_a_commune_are_looked_up_once() {
    let (gateway, _) = filled().await;
    let connection = &mut gateway.database().connect();
    sql_query("SET enable_seqscan = off").execute(connection).unwrap();
    for spec in all() {
        let area = Area::of(false, ["01000001".to_owned()], ["00002".to_owned()]).unwrap();
        let plan = plan(connection, spec.name, area, &[]);
        assert!(
            found_by_index(&plan, "commune_code") && plan.contains("InitPlan") && !plan.contains("SubPlan"),
            "{}:\n{plan}",
            spec.name
        );
    }
}

/// Names sort by a key of their own, on which indexes stand: a page reads so many entries, whatever the tables hold.
#[tokio::test]
async fn lists_in_the_order_of_names_read_the_index_of_that_order() {
    let (gateway, token) = filled().await;
    let connection = &mut gateway.database().connect();
    // Of a handful of rows every way costs nothing; of many these two cost most.
    sql_query("SET enable_seqscan = off").execute(connection).unwrap();
    sql_query("SET enable_bitmapscan = off").execute(connection).unwrap();
    let named = [
        ("schools", "name", "schools_name"),
        ("staff", "fullName", "staff_name"),
        ("students", "fullName", "students_name"),
        ("diplomas", "fullName", "diplomas_name"),
        ("classes", "name", "classes_name"),
    ];
    for (resource, member, index) in named {
        for sort in [member.to_owned(), format!("-{member}")] {
            let sorted = ("sort", sort.clone());
            let (_, page) = gateway.get(&format!("/v1/{resource}?limit=3&sort={sort}"), &token).await;
            let next = [sorted.clone(), ("cursor", text(&page["nextCursor"]))];
            for parameters in [&[sorted][..], &next[..]] {
                let plan = plan(connection, resource, Area::everything(), parameters);
                assert!(plan.contains(index) && !plan.contains("Sort"), "{resource} {sort}:\n{plan}");
            }
        }
    }
}

/// The key says what PostgreSQL's own Vietnamese collation says, where it is built with ICU.
#[tokio::test]
async fn the_order_of_names_is_that_of_the_collation() {
    let (gateway, _) = filled().await;
    let database = gateway.database();
    if database.value("SELECT count(*) FROM pg_collation WHERE collname = 'vi-x-icu'") == "0" {
        return;
    }
    let letters = "aAàảãáạăằẳẵắặâầẩẫấậbcdđĐeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ";
    let names = format!(
        "(SELECT l || t || m AS v FROM regexp_split_to_table('{letters}', '') l, unnest(ARRAY['n', 'nh', ' ', '']) t, \
         unnest(ARRAY['A', 'Á', 'ê']) m) n"
    );
    let apart = database.value(&format!(
        "SELECT count(*) FROM (SELECT v, row_number() OVER (ORDER BY vietnamese_order(lower(v)) COLLATE \"C\", v) AS one, \
         row_number() OVER (ORDER BY lower(v) COLLATE \"vi-x-icu\", v) AS other FROM {names}) o WHERE one <> other"
    ));
    assert_eq!(apart, "0");
}
