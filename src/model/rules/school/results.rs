//! MK: the results of whole classes.

use crate::model::rules::catalogue as rule;
use crate::model::rules::school::{Check, GRADES, SCORED, alone, attending, class_key, results_key};

/// The checks of this chapter.
pub(super) static CHECKS: &[Check] = &[
    Check {
        rule: &rule::MK_016,
        resource: "subject-results",
        yearly: true,
        reads: &["subject-results", "enrollments", "students"],
        limits: &[
            ("pupils", "shifted-rows.pupils-at-least"),
            ("correlation", "shifted-rows.correlation-at-least"),
            ("gain", "shifted-rows.gain-at-least"),
            ("certainty", "shifted-rows.certainty-at-least"),
        ],
        sets: &[],
        decidable: false,
        sql: SHIFTED,
    },
    Check {
        rule: &rule::MK_018,
        resource: "subject-results",
        yearly: true,
        reads: &["subject-results", "classes"],
        limits: &[("pupils", "equal-column.pupils-at-least")],
        sets: &[&SCORED],
        decidable: false,
        sql: EQUAL,
    },
    Check {
        rule: &rule::MK_021,
        resource: "classes",
        yearly: true,
        reads: &["subject-results", "classes", "enrollments", "schools"],
        limits: &[("share", "missing-results.share-of-others")],
        sets: &[&GRADES],
        decidable: false,
        sql: MISSING,
    },
];

/// The marks that count most of one term, as a pupil's, from the year and the period.
macro_rules! term_marks {
    ($year:literal, $period:literal) => {
        concat!(
            "SELECT r.class_code, r.student_code, r.subject_code, coalesce(r.average, r.final_mark, r.test_mark)::float8 AS mark FROM subject_results r \
             WHERE r.school_code = a.school_code AND r.school_year = ",
            $year,
            " AND r.period = ",
            $period
        )
    };
}
/// Columns of marks, of the rows, in which at least so many pupils of a class have one and all the same: the first of
/// each subject and period.
macro_rules! equal_columns {
    ($rows:literal, $pupils:literal) => {
        concat!(
            "SELECT r.class_code, r.subject_code, r.period, e.* FROM (SELECT r.class_code, r.subject_code, r.period, \
             count(r.midterm_mark) AS n0, min(r.midterm_mark) AS low0, max(r.midterm_mark) AS high0, \
             count(r.final_mark) AS n1, min(r.final_mark) AS low1, max(r.final_mark) AS high1, \
             count(r.test_mark) AS n2, min(r.test_mark)::numeric AS low2, max(r.test_mark)::numeric AS high2, \
             count(r.regular1) AS n3, min(r.regular1) AS low3, max(r.regular1) AS high3, \
             count(r.regular2) AS n4, min(r.regular2) AS low4, max(r.regular2) AS high4, \
             count(r.regular3) AS n5, min(r.regular3) AS low5, max(r.regular3) AS high5, \
             count(r.regular4) AS n6, min(r.regular4) AS low6, max(r.regular4) AS high6 \
             FROM (SELECT r.class_code, r.subject_code, r.period, r.midterm_mark, r.final_mark, r.test_mark, \
             r.regular_marks[1] AS regular1, r.regular_marks[2] AS regular2, r.regular_marks[3] AS regular3, r.regular_marks[4] AS regular4 FROM ",
            $rows,
            " OFFSET 0) r GROUP BY r.class_code, r.subject_code, r.period) r CROSS JOIN LATERAL (SELECT * FROM (VALUES \
             (r.n0, r.low0, r.high0, '/midtermMark', '@column-midterm'), (r.n1, r.low1, r.high1, '/finalMark', '@column-final'), (r.n2, r.low2, r.high2, '/testMark', '@column-test'), \
             (r.n3, r.low3, r.high3, '/regularMarks/0', '@column-regular'), (r.n4, r.low4, r.high4, '/regularMarks/1', '@column-regular'), \
             (r.n5, r.low5, r.high5, '/regularMarks/2', '@column-regular'), (r.n6, r.low6, r.high6, '/regularMarks/3', '@column-regular')) \
             v(n, low, high, pointer, name) WHERE v.n >= ",
            $pupils,
            " AND v.low = v.high LIMIT 1) e"
        )
    };
}
/// The school's first result of a year and period. Asked for by its order, it is one look into the index for each; as
/// `EXISTS` it may become a join, or a search, that reads everything.
macro_rules! first_result {
    ($year:literal, $period:literal) => {
        concat!(
            "SELECT r.student_code FROM subject_results r WHERE r.school_code = a.school_code AND r.school_year = ",
            $year,
            " AND r.period = ",
            $period,
            " ORDER BY r.student_code LIMIT 1"
        )
    };
}
/// Has this pupil a result in the period `p`?
macro_rules! result_of {
    ($student:literal) => {
        concat!(
            "SELECT true AS found FROM subject_results r WHERE r.school_code = a.school_code AND r.school_year = a.school_year AND r.period = p.period AND r.student_code = ",
            $student,
            " LIMIT 1"
        )
    };
}

/// The marks of a term beside those of the last one, which for the first term is the second of the year before: each
/// pupil's own, the one before's and the one after's in the order of the class (`orderInClass`, else by given name, as
/// class lists go). Rows look shifted when a neighbour's marks fit far better than the pupil's own: by the correlation,
/// by what it gains over the own one, by half the distance, and by more than chance makes (Fisher's transformation: the
/// smaller the class, the better the fit must be). A correlation is at most 1, so where the pupils' own marks leave
/// nothing to gain (`suspects` are the others), no class list is read. `FULL JOIN`, as it is never done by nested
/// loops: the planner takes a year of which everything has just come for nearly empty.
const SHIFTED: &str = concat!(
    "SELECT a.school_code, a.school_year, ",
    results_key!(),
    " AS key, '' AS pointer, jsonb_build_object('class', r.class_code, 'subject', r.subject_code, 'period', r.period, 'count', r.n::text, \
     'direction', CASE WHEN r.after_fit > r.before_fit THEN '@row-above' ELSE '@row-below' END) AS \"values\", ",
    alone!(),
    " FROM asked a CROSS JOIN LATERAL (VALUES (left(a.school_year, 4)::int - 1 || '-' || left(a.school_year, 4), 'CK2', 'CK1'), (a.school_year, 'CK1', 'CK2')) \
     p(first_year, first_period, period) CROSS JOIN LATERAL ( \
     WITH pairs AS MATERIALIZED (SELECT s.class_code, student_code, subject_code, f.mark AS first, s.mark AS second FROM (",
    term_marks!("p.first_year", "p.first_period"),
    " AND (",
    first_result!("a.school_year", "p.period"),
    ") IS NOT NULL OFFSET 0) f FULL JOIN (",
    term_marks!("a.school_year", "p.period"),
    " AND (",
    first_result!("p.first_year", "p.first_period"),
    ") IS NOT NULL OFFSET 0) s \
     USING (student_code, subject_code)), \
     suspects AS MATERIALIZED (SELECT class_code, subject_code, true AS suspect FROM pairs GROUP BY class_code, subject_code \
     HAVING regr_count(second, first) >= a.pupils AND corr(second, first) * 100 <= 100 - a.gain), \
     places AS MATERIALIZED (SELECT class_code, student_code, row_number() OVER (PARTITION BY class_code ORDER BY place, regexp_replace(name, '^.* ', ''), name, student_code) AS place \
     FROM (SELECT c.class_code, e.student_code, min(e.order_in_class) AS place, CASE WHEN min(e.order_in_class) IS NULL THEN unaccent_fold(min(s.full_name)) END AS name \
     FROM (SELECT DISTINCT class_code FROM suspects) c CROSS JOIN LATERAL (SELECT e.student_code, e.order_in_class FROM enrollments e \
     WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND e.class_code = c.class_code OFFSET 0) e \
     LEFT JOIN LATERAL (SELECT s.full_name FROM students s WHERE s.student_code = e.student_code AND e.order_in_class IS NULL OFFSET 0) s ON true \
     GROUP BY c.class_code, e.student_code) e), \
     followed AS MATERIALIZED (SELECT p.* FROM (SELECT * FROM (SELECT * FROM pairs WHERE EXISTS (SELECT 1 FROM suspects)) p \
     FULL JOIN suspects USING (class_code, subject_code) OFFSET 0) p WHERE p.suspect AND p.first IS NOT NULL AND p.second IS NOT NULL), \
     lines AS (SELECT t.class_code, t.subject_code, t.first, t.second, lag(t.first) OVER list AS above, lead(t.first) OVER list AS below \
     FROM (SELECT * FROM followed FULL JOIN places USING (class_code, student_code) OFFSET 0) t WHERE t.suspect AND t.place IS NOT NULL \
     WINDOW list AS (PARTITION BY t.class_code, t.subject_code ORDER BY t.place)), \
     fits AS (SELECT class_code, subject_code, count(*) AS n, coalesce(corr(second, first), 0) AS own_fit, \
     coalesce(corr(second, above), 0) AS after_fit, coalesce(corr(second, below), 0) AS before_fit, \
     avg(abs(second - first)) AS own_distance, avg(abs(second - above)) AS after_distance, avg(abs(second - below)) AS before_distance \
     FROM lines GROUP BY class_code, subject_code) \
     SELECT class_code, subject_code, p.period, n, after_fit, before_fit, own_fit, greatest(after_fit, before_fit) AS fit, own_distance, \
     CASE WHEN after_fit > before_fit THEN after_distance ELSE before_distance END AS distance FROM fits) r \
     WHERE r.n >= a.pupils AND r.fit * 100 >= a.correlation AND (r.fit - r.own_fit) * 100 >= a.gain AND r.distance * 2 <= r.own_distance \
     AND atanh(least(r.fit, 0.999999)) * sqrt(greatest(r.n - 4, 0)) * 10 >= a.certainty"
);

/// A column of marks that is the same for every pupil of the class who has one. What is equal for all is equal for any
/// few: five pupils of each class are looked up first (a choice that stays the same), and only where theirs agree the
/// class is read. A column in which none of the five has a mark is no whole one and passed over. Whether the subject is
/// given marks is asked last, for few are left.
const EQUAL: &str = concat!(
    "SELECT a.school_code, a.school_year, ",
    results_key!(),
    " AS key, r.pointer, jsonb_build_object('class', r.class_code, 'subject', r.subject_code, 'period', r.period, 'count', r.n::text, \
     'mark', trim_scale(r.low)::text, 'column', r.name) AS \"values\", ",
    alone!(),
    " FROM asked a CROSS JOIN LATERAL (WITH periods AS MATERIALIZED (SELECT p.period FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2')) p(period) CROSS JOIN LATERAL (",
    first_result!("a.school_year", "p.period"),
    ") r), alike AS MATERIALIZED (",
    equal_columns!(
        "classes c CROSS JOIN LATERAL (SELECT e.student_code FROM enrollments e WHERE e.school_code = a.school_code \
         AND e.school_year = a.school_year AND e.class_code = c.class_code ORDER BY hashtextextended(e.student_code, 0) LIMIT 5) e \
         CROSS JOIN periods p CROSS JOIN LATERAL (SELECT * FROM subject_results r \
         WHERE r.school_code = a.school_code AND r.school_year = a.school_year AND r.period = p.period AND r.student_code = e.student_code AND r.class_code = c.class_code OFFSET 0) r \
         WHERE c.school_code = a.school_code AND c.school_year = a.school_year",
        "1"
    ),
    "), equal AS MATERIALIZED (",
    equal_columns!(
        "alike q CROSS JOIN LATERAL (SELECT DISTINCT e.student_code FROM enrollments e WHERE e.school_code = a.school_code \
         AND e.school_year = a.school_year AND e.class_code = q.class_code) e CROSS JOIN LATERAL (SELECT * FROM subject_results r \
         WHERE r.school_code = a.school_code AND r.school_year = a.school_year AND r.period = q.period AND r.student_code = e.student_code AND r.subject_code = q.subject_code \
         AND r.class_code = q.class_code OFFSET 0) r",
        "a.pupils"
    ),
    ") SELECT q.* FROM equal q JOIN classes c ON c.school_code = a.school_code AND c.school_year = a.school_year AND c.class_code = q.class_code \
     JOIN scored k ON k.grade = c.grade AND k.subject = q.subject_code) r"
);

/// A class without any result in a period that it was to be reported in until a moment that has passed; where the
/// sector has set none, in which most pupils of the school's other classes of its level (of its grade, for the middle
/// of a term, when not every grade is tested) have some. A class is looked at until a first result is found; only for
/// periods in which one has none are the pupils counted who have.
const MISSING: &str = concat!(
    "SELECT a.school_code, a.school_year, ",
    class_key!(),
    " AS key, '' AS pointer, jsonb_build_object('class', c.name, 'period', c.period, 'reason', c.reason) AS \"values\", 'period:' || c.period AS cause, '{}'::text[] AS others \
     FROM asked a CROSS JOIN LATERAL ( \
     WITH taught AS MATERIALIZED (SELECT c.class_code, c.name, c.grade, g.level FROM classes c JOIN grades g ON g.grade = c.grade \
     CROSS JOIN LATERAL (SELECT 1 FROM enrollments e WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND e.class_code = c.class_code AND ",
    attending!(),
    " LIMIT 1) e WHERE c.school_code = a.school_code AND c.school_year = a.school_year), deadlines AS MATERIALIZED (SELECT p.period, bool_and(greatest(o.closes_at, x.until) <= (SELECT now FROM clock)) AS passed \
     FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2'), ('CN')) p(period) \
     JOIN reporting_periods o ON o.school_year = a.school_year AND 'subject-results' = ANY(o.resources) AND (o.periods = '{}' OR p.period = ANY(o.periods)) \
     AND ((o.schools = '{}' AND o.communes = '{}') OR a.school_code = ANY(o.schools) \
     OR (SELECT s.commune_code FROM schools s WHERE s.school_code = a.school_code) = ANY(o.communes)) \
     LEFT JOIN reporting_period_extensions x ON x.reporting_period_id = o.id AND x.school_code = a.school_code \
     GROUP BY p.period HAVING bool_or(p.period = ANY(o.periods) OR p.period = o.phase)), \
     periods AS MATERIALIZED (SELECT d.period FROM deadlines d WHERE d.passed \
     UNION SELECT p.period FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2'), ('CN')) p(period) CROSS JOIN LATERAL (",
    first_result!("a.school_year", "p.period"),
    ") r), empty AS MATERIALIZED (SELECT c.*, p.period, d.period IS NOT NULL AS is_set, coalesce(d.passed, false) AS passed FROM taught c CROSS JOIN periods p \
     LEFT JOIN deadlines d ON d.period = p.period AND CASE c.level WHEN '1' THEN p.period <> 'CN' ELSE c.level IN ('2', '3') AND p.period NOT LIKE 'GK%' END \
     LEFT JOIN LATERAL (SELECT true AS found FROM enrollments e CROSS JOIN LATERAL (",
    result_of!("e.student_code"),
    ") r WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND e.class_code = c.class_code AND ",
    attending!(),
    " LIMIT 1) f ON true WHERE f.found IS NULL), \
     others AS MATERIALIZED (SELECT c.class_code, c.grade, c.level, p.period, count(*) AS pupils, count(r.found) AS graded \
     FROM (SELECT DISTINCT period FROM empty WHERE NOT is_set) p CROSS JOIN taught c CROSS JOIN LATERAL (SELECT DISTINCT e.student_code FROM enrollments e \
     WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND e.class_code = c.class_code AND ",
    attending!(),
    ") e LEFT JOIN LATERAL (",
    result_of!("e.student_code"),
    ") r ON true GROUP BY c.class_code, c.grade, c.level, p.period) \
     SELECT s.class_code, s.name, s.period, CASE WHEN s.is_set THEN '@deadline-passed' ELSE '@others-have' END AS reason FROM empty s \
     WHERE CASE WHEN s.is_set THEN s.passed ELSE (SELECT sum(o.graded) * 100 >= sum(o.pupils) * a.share FROM others o \
     WHERE o.class_code <> s.class_code AND o.period = s.period AND o.level = s.level AND (o.grade = s.grade OR s.period NOT LIKE 'GK%')) END) c"
);
