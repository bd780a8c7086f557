//! A check of one school reads that school's rows, whatever else the tables hold.

use crate::common::TestDatabase;
use diesel::{PgConnection, RunQueryDsl, sql_query};
use school_gateway::checks::check::{Check, checks};
use school_gateway::checks::judge::Judged;
use school_gateway::clock;
use school_gateway::model::lists::Lists;
use std::time::Instant;

/// Schools, each with 20 classes of 35 pupils who have 15 subjects in both terms: 210,000 results in all.
const SCHOOLS: usize = 10;
const BOOKKEEPING: &str = "1, 2, 1, 0, now(), gen_random_uuid(), gen_random_uuid()";
const NAMES: &str = "hash_high, hash_low, version, block, changed_at, submission_id, client_id";

fn filled() -> TestDatabase {
    let database = TestDatabase::new();
    let fill = |table: &str, names: &str, values: &str, from: &str| {
        database.execute(&format!("INSERT INTO {table} ({names}, {NAMES}) SELECT {values}, {BOOKKEEPING} FROM {from}"));
    };
    let schools = format!("generate_series(1, {SCHOOLS}) s");
    let classes = format!("{schools}, generate_series(1, 20) c");
    let pupils = format!("{classes}, generate_series(1, 35) p");
    let (school, class, pupil) =
        ("lpad(s::text, 8, '0')", "'6A' || c", "lpad((s * 10000 + c * 100 + p)::text, 10, '0')");
    fill(
        "schools",
        "school_code, name, level, school_type, ownership, province_code, commune_code, status",
        &format!("{school}, 'S', '2', '07', '1', '31', '10507', 'open'"),
        &schools,
    );
    fill(
        "staff",
        "staff_code, school_code, full_name, birth_date, sex, ethnicity, \"group\", position, status, qualification, email",
        &format!(
            "lpad((s * 1000 + c)::text, 10, '0'), {school}, 'A B', '1980-01-01', 'male', '01', '2', CASE c WHEN 1 THEN '01' ELSE '28' END, '1', '16', s || 'm' || c"
        ),
        &classes,
    );
    fill(
        "classes",
        "school_code, school_year, class_code, name, grade, homeroom_staff_code",
        &format!("{school}, '2025-2026', {class}, {class}, '06', lpad((s * 1000 + c)::text, 10, '0')"),
        &classes,
    );
    fill(
        "students",
        "student_code, school_code, full_name, birth_date, sex, ethnicity, contacts",
        &format!(
            "{pupil}, {school}, 'Nguyễn Thị ' || chr(65 + c) || chr(97 + p % 26), '2014-01-01'::date + p * 9 + s, 'female', '01', \
             jsonb_build_array(jsonb_build_object('relationship', 'mother', 'fullName', 'Lê Thị ' || chr(97 + s) || chr(97 + p % 25)))"
        ),
        &pupils,
    );
    fill(
        "enrollments",
        "school_code, school_year, student_code, class_code, entry_date, entry_type",
        &format!(
            "{school}, '2025-2026', {pupil}, {class}, '2025-09-05', CASE p WHEN 1 THEN 'transfer-in' ELSE 'promoted' END"
        ),
        &pupils,
    );
    fill(
        "teaching_assignments",
        "school_code, school_year, term, class_code, subject_code, staff_code, role",
        &format!("{school}, '2025-2026', t::text, {class}, 'M' || m, lpad((s * 1000 + m)::text, 10, '0'), 'main'"),
        &format!("{classes}, generate_series(1, 15) m, generate_series(1, 2) t"),
    );
    fill(
        "subject_results",
        "school_code, school_year, period, student_code, subject_code, class_code, regular_marks, midterm_mark, final_mark, average",
        &format!(
            "{school}, '2025-2026', 'CK' || t, {pupil}, 'M' || m, {class}, ARRAY[p % 9 + 1, p % 7 + 1, p % 5 + 2, 8]::numeric(3, 1)[], p % 8 + 2, p % 6 + 3, p % 9 + 1"
        ),
        &format!("{pupils}, generate_series(1, 15) m, generate_series(1, 2) t"),
    );
    database.execute("ANALYZE");
    database
}

fn judged<'a>(check: &'static Check, lists: &'a Lists) -> Judged<'a> {
    let year = if check.yearly { "2025-2026" } else { "" };
    Judged::of(check, [("00000005", year)].into(), lists, "2025-2026")
}

fn plan(connection: &mut PgConnection, check: &'static Check, lists: &Lists) -> String {
    let mut plan = String::new();
    let statement = judged(check, lists)
        .found(clock::now())
        .unwrap()
        .sql(" SELECT * FROM found")
        .once()
        .after("EXPLAIN (COSTS OFF) ");
    let explained = statement.each(connection, |cells| {
        plan += cells.text(0).unwrap_or_default();
        plan.push('\n');
        Ok(())
    });
    explained.unwrap();
    plan
}

#[test]
fn one_school_is_judged_without_reading_the_others() {
    let (database, lists) = (filled(), Lists::embedded());
    let connection = &mut database.connect();
    sql_query("SET jit = off").execute(connection).unwrap();
    for check in checks() {
        for mode in ["force_custom_plan", "force_generic_plan"] {
            sql_query(format!("SET plan_cache_mode = {mode}")).execute(connection).unwrap();
            let plan = plan(connection, check, &lists);
            for table in ["students", "enrollments", "teaching_assignments", "subject_results"] {
                assert!(
                    !plan.contains(&format!("Seq Scan on {table}")),
                    "{} reads all of {table}:\n{plan}",
                    check.rule.code
                );
            }
        }
    }
    let (mut lines, mut total) = (Vec::new(), 0.0);
    for check in checks() {
        let once = |connection: &mut PgConnection| {
            let begin = Instant::now();
            judged(check, &lists).compare(connection, clock::now()).unwrap();
            begin.elapsed().as_secs_f64() * 1000.0
        };
        let best = (0..8).map(|_| once(connection)).fold(f64::MAX, f64::min);
        total += best;
        lines.push(format!("{} {best:.1}", check.rule.code));
    }
    let begin = Instant::now();
    sql_query(
        "SELECT sum(final_mark) FROM subject_results WHERE school_code = '00000006' AND school_year = '2025-2026'",
    )
    .execute(connection)
    .unwrap();
    println!("reading a school's results once: {:.1} ms", begin.elapsed().as_secs_f64() * 1000.0);
    println!(
        "one of {SCHOOLS} schools, {} results in all: {total:.0} ms, of which {}",
        SCHOOLS * 20 * 35 * 30,
        lines.join(", ")
    );
}
