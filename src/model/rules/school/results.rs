//! MK: the results of whole classes.

use super::{Check, GRADES, SCORED, alone, attending, class_key, results_key};
use crate::model::rules::catalogue as rule;

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

/// The marks of a term beside those of the last one, which for the first term is the second of the year before: each pupil's own, the one before's and the one after's in the order of the class (`orderInClass`,
/// else by given name, as class lists go). Rows look shifted when a neighbour's marks fit far better than the pupil's own: by the correlation, by what it gains
/// over the own one, by half the distance, and by more than chance makes (Fisher's transformation: the smaller the class, the better the fit must be).
/// `FULL JOIN`, as it is never done by nested loops: the planner takes a year of which everything has just come for nearly empty.
const SHIFTED: &str = concat!(
    "SELECT a.school_code, a.school_year, ",
    results_key!(),
    " AS key, '' AS pointer, jsonb_build_object('class', r.class_code, 'subject', r.subject_code, 'period', r.period, 'count', r.n::text, \
     'direction', CASE WHEN r.after_fit > r.before_fit THEN '@row-above' ELSE '@row-below' END) AS \"values\", ",
    alone!(),
    " FROM asked a CROSS JOIN LATERAL ( \
     WITH places AS MATERIALIZED (SELECT e.class_code, e.student_code, row_number() OVER (PARTITION BY e.class_code ORDER BY min(e.order_in_class), \
     CASE WHEN min(e.order_in_class) IS NULL THEN unaccent_fold(regexp_replace(min(s.full_name), '^.* ', '')) || ' ' || unaccent_fold(min(s.full_name)) END, e.student_code) AS place \
     FROM enrollments e LEFT JOIN LATERAL (SELECT s.full_name FROM students s WHERE s.student_code = e.student_code AND e.order_in_class IS NULL OFFSET 0) s ON true \
     WHERE e.school_code = a.school_code AND e.school_year = a.school_year GROUP BY e.class_code, e.student_code), \
     marks AS (SELECT r.student_code, r.subject_code, max(r.mark) FILTER (WHERE r.term = 0) AS mark0, max(r.mark) FILTER (WHERE r.term = 1) AS mark1, \
     max(r.mark) FILTER (WHERE r.term = 2) AS mark2, max(r.class_code) FILTER (WHERE r.term = 1) AS class1, max(r.class_code) FILTER (WHERE r.term = 2) AS class2 \
     FROM (SELECT p.term, r.class_code, r.student_code, r.subject_code, r.mark FROM (VALUES (0, left(a.school_year, 4)::int - 1 || '-' || left(a.school_year, 4), 'CK2'), \
     (1, a.school_year, 'CK1'), (2, a.school_year, 'CK2')) p(term, school_year, period) CROSS JOIN LATERAL (SELECT r.class_code, r.student_code, r.subject_code, \
     coalesce(r.average, r.final_mark, r.test_mark)::float8 AS mark FROM subject_results r \
     WHERE r.school_code = a.school_code AND r.school_year = p.school_year AND r.period = p.period OFFSET 0) r WHERE r.mark IS NOT NULL) r \
     GROUP BY r.student_code, r.subject_code), \
     terms AS MATERIALIZED (SELECT v.period, v.class_code, m.student_code, m.subject_code, v.first, v.second FROM marks m \
     CROSS JOIN LATERAL (VALUES ('CK1', m.class1, m.mark0, m.mark1), ('CK2', m.class2, m.mark1, m.mark2)) v(period, class_code, first, second) \
     WHERE v.first IS NOT NULL AND v.second IS NOT NULL), \
     lines AS (SELECT t.period, t.class_code, t.subject_code, t.first, t.second, lag(t.first) OVER list AS above, lead(t.first) OVER list AS below \
     FROM (SELECT * FROM terms FULL JOIN places USING (class_code, student_code) OFFSET 0) t WHERE t.first IS NOT NULL AND t.place IS NOT NULL \
     WINDOW list AS (PARTITION BY t.period, t.class_code, t.subject_code ORDER BY t.place)), \
     fits AS (SELECT period, class_code, subject_code, count(*) AS n, coalesce(corr(second, first), 0) AS own_fit, \
     coalesce(corr(second, above), 0) AS after_fit, coalesce(corr(second, below), 0) AS before_fit, \
     avg(abs(second - first)) AS own_distance, avg(abs(second - above)) AS after_distance, avg(abs(second - below)) AS before_distance \
     FROM lines GROUP BY period, class_code, subject_code) \
     SELECT class_code, subject_code, period, n, after_fit, before_fit, own_fit, greatest(after_fit, before_fit) AS fit, own_distance, \
     CASE WHEN after_fit > before_fit THEN after_distance ELSE before_distance END AS distance FROM fits) r \
     WHERE r.n >= a.pupils AND r.fit * 100 >= a.correlation AND (r.fit - r.own_fit) * 100 >= a.gain AND r.distance * 2 <= r.own_distance \
     AND atanh(least(r.fit, 0.999999)) * sqrt(greatest(r.n - 4, 0)) * 10 >= a.certainty"
);

/// A column of marks that is the same for every pupil of the class who has one. Looked for before it is asked whether the subject is given marks, for there are few.
const EQUAL: &str = concat!(
    "SELECT a.school_code, a.school_year, ",
    results_key!(),
    " AS key, r.pointer, jsonb_build_object('class', r.class_code, 'subject', r.subject_code, 'period', r.period, 'count', r.n::text, \
     'mark', trim_scale(r.low)::text, 'column', r.name) AS \"values\", ",
    alone!(),
    " FROM asked a CROSS JOIN LATERAL (WITH equal AS MATERIALIZED (SELECT r.class_code, r.subject_code, r.period, e.* FROM (SELECT r.class_code, r.subject_code, r.period, \
     count(r.midterm_mark) AS n0, min(r.midterm_mark) AS low0, max(r.midterm_mark) AS high0, \
     count(r.final_mark) AS n1, min(r.final_mark) AS low1, max(r.final_mark) AS high1, \
     count(r.test_mark) AS n2, min(r.test_mark)::numeric AS low2, max(r.test_mark)::numeric AS high2, \
     count(r.regular1) AS n3, min(r.regular1) AS low3, max(r.regular1) AS high3, \
     count(r.regular2) AS n4, min(r.regular2) AS low4, max(r.regular2) AS high4, \
     count(r.regular3) AS n5, min(r.regular3) AS low5, max(r.regular3) AS high5, \
     count(r.regular4) AS n6, min(r.regular4) AS low6, max(r.regular4) AS high6 \
     FROM (SELECT r.class_code, r.subject_code, r.period, r.midterm_mark, r.final_mark, r.test_mark, \
     r.regular_marks[1] AS regular1, r.regular_marks[2] AS regular2, r.regular_marks[3] AS regular3, r.regular_marks[4] AS regular4 FROM subject_results r \
     WHERE r.school_code = a.school_code AND r.school_year = a.school_year AND r.period <> 'CN' OFFSET 0) r \
     GROUP BY r.class_code, r.subject_code, r.period) r \
     CROSS JOIN LATERAL (SELECT * FROM (VALUES \
     (r.n0, r.low0, r.high0, '/midtermMark', '@column-midterm'), (r.n1, r.low1, r.high1, '/finalMark', '@column-final'), (r.n2, r.low2, r.high2, '/testMark', '@column-test'), \
     (r.n3, r.low3, r.high3, '/regularMarks/0', '@column-regular'), (r.n4, r.low4, r.high4, '/regularMarks/1', '@column-regular'), \
     (r.n5, r.low5, r.high5, '/regularMarks/2', '@column-regular'), (r.n6, r.low6, r.high6, '/regularMarks/3', '@column-regular')) \
     v(n, low, high, pointer, name) WHERE v.n >= a.pupils AND v.low = v.high LIMIT 1) e) \
     SELECT q.* FROM equal q JOIN classes c ON c.school_code = a.school_code AND c.school_year = a.school_year AND c.class_code = q.class_code \
     JOIN scored k ON k.grade = c.grade AND k.subject = q.subject_code) r"
);

/// A class without any result in a period that it was to be reported in until a moment that has passed; where the sector has set none, in which most pupils of the school's other classes of its level (of its grade, for the middle of a term, when not
/// every grade is tested) have some. Each pupil is looked up by the key, which takes a fraction of reading all results.
const MISSING: &str = concat!(
    "SELECT a.school_code, a.school_year, ",
    class_key!(),
    " AS key, '' AS pointer, jsonb_build_object('class', c.name, 'period', c.period, 'reason', c.reason) AS \"values\", 'period:' || c.period AS cause, '{}'::text[] AS others \
     FROM asked a CROSS JOIN LATERAL ( \
     WITH pupils AS MATERIALIZED (SELECT DISTINCT e.class_code, e.student_code FROM enrollments e \
     WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND ",
    attending!(),
    "), deadlines AS MATERIALIZED (SELECT p.period, bool_and(greatest(o.closes_at, x.until) <= clock_timestamp()) AS passed \
     FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2'), ('CN')) p(period) \
     JOIN reporting_periods o ON o.school_year = a.school_year AND 'subject-results' = ANY(o.resources) AND (o.periods = '{}' OR p.period = ANY(o.periods)) \
     AND ((o.schools = '{}' AND o.communes = '{}') OR a.school_code = ANY(o.schools) \
     OR (SELECT s.commune_code FROM schools s WHERE s.school_code = a.school_code) = ANY(o.communes)) \
     LEFT JOIN reporting_period_extensions x ON x.reporting_period_id = o.id AND x.school_code = a.school_code \
     GROUP BY p.period HAVING bool_or(p.period = ANY(o.periods) OR p.period = o.phase)), \
     periods AS MATERIALIZED (SELECT d.period FROM deadlines d WHERE d.passed \
     UNION SELECT p.period FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2'), ('CN')) p(period) \
     WHERE EXISTS (SELECT 1 FROM subject_results r WHERE r.school_code = a.school_code AND r.school_year = a.school_year AND r.period = p.period)), \
     covered AS MATERIALIZED (SELECT c.class_code, c.name, c.grade, g.level, p.period, count(*) AS pupils, count(r.found) AS graded \
     FROM classes c JOIN grades g ON g.grade = c.grade JOIN pupils u ON u.class_code = c.class_code CROSS JOIN periods p \
     LEFT JOIN LATERAL (SELECT true AS found FROM subject_results r WHERE r.school_code = a.school_code AND r.school_year = a.school_year \
     AND r.period = p.period AND r.student_code = u.student_code LIMIT 1) r ON true \
     WHERE c.school_code = a.school_code AND c.school_year = a.school_year GROUP BY c.class_code, c.name, c.grade, g.level, p.period) \
     SELECT s.class_code, s.name, s.period, CASE WHEN d.passed THEN '@deadline-passed' ELSE '@others-have' END AS reason FROM covered s \
     LEFT JOIN deadlines d ON d.period = s.period AND CASE s.level WHEN '1' THEN s.period <> 'CN' ELSE s.level IN ('2', '3') AND s.period NOT LIKE 'GK%' END \
     WHERE s.graded = 0 AND CASE WHEN d.period IS NOT NULL THEN d.passed ELSE (SELECT sum(o.graded) * 100 >= sum(o.pupils) * a.share FROM covered o \
     WHERE o.class_code <> s.class_code AND o.period = s.period AND o.level = s.level AND (o.grade = s.grade OR s.period NOT LIKE 'GK%')) END) c"
);
