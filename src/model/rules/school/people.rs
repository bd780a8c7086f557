//! SF, ST, ID: staff, enrollments and students, some of them beside those of other schools.

use crate::model::rules::catalogue as rule;
use crate::model::rules::school::{ACTIVE, Check, alone};

/// The checks of this chapter. `chr(57345)` is [`OF_SCHOOL`](crate::model::issue::OF_SCHOOL).
pub(super) static CHECKS: &[Check] = &[
    Check {
        rule: &rule::SF_004,
        resource: "schools",
        yearly: false,
        reads: &["staff", "schools"],
        limits: &[],
        sets: &[&ACTIVE],
        decidable: false,
        // Position 01 leads a school, 05 a centre; 7 is the state of those seconded to elsewhere. Only once the school
        // has sent its staff.
        sql: concat!(
            "SELECT a.school_code, a.school_year, jsonb_build_object('schoolCode', a.school_code) AS key, '' AS pointer, \
             jsonb_build_object('count', n.principals::text) AS \"values\", ",
            alone!(),
            " FROM asked a JOIN schools o ON o.school_code = a.school_code AND o.status = 'open' \
             CROSS JOIN LATERAL (SELECT count(*) AS members, count(*) FILTER (WHERE m.position IN ('01', '05')) AS principals FROM ( \
             SELECT s.position FROM staff s JOIN active ON active.status = s.status WHERE s.school_code = a.school_code \
             UNION ALL SELECT s.position FROM staff s WHERE s.seconded_to_school_code = a.school_code AND s.school_code <> a.school_code \
             AND (s.status = '7' OR s.status IN (SELECT status FROM active))) m) n \
             WHERE n.members > 0 AND n.principals <> 1"
        ),
    },
    Check {
        rule: &rule::SF_007,
        resource: "staff",
        yearly: false,
        reads: &["staff"],
        limits: &[],
        sets: &[&ACTIVE],
        decidable: false,
        // Within a school the later code is pointed at, between two schools each has a finding.
        sql: "SELECT a.school_code, a.school_year, jsonb_build_object('staffCode', s.staff_code) AS key, '/email' AS pointer, \
             jsonb_build_object('staff', s.staff_code, 'other', \
             CASE WHEN o.school_code = a.school_code THEN o.staff_code ELSE chr(57345) || o.school_code || chr(57345) || o.staff_code || chr(57345) || '@member-elsewhere' END) AS \"values\", \
             NULL::text AS cause, CASE WHEN o.school_code = a.school_code THEN '{}' ELSE ARRAY[o.school_code] END AS others \
             FROM asked a CROSS JOIN LATERAL (SELECT s.staff_code, lower(s.email) AS email FROM staff s JOIN active ON active.status = s.status \
             WHERE s.school_code = a.school_code AND s.email IS NOT NULL OFFSET 0) s \
             CROSS JOIN LATERAL (SELECT o.staff_code, o.school_code FROM staff o JOIN active ON active.status = o.status \
             WHERE o.email IS NOT NULL AND lower(o.email) = s.email AND o.staff_code <> s.staff_code AND (o.school_code <> a.school_code OR o.staff_code < s.staff_code) \
             ORDER BY o.school_code <> a.school_code, o.staff_code LIMIT 1) o",
    },
    Check {
        rule: &rule::ST_005,
        resource: "enrollments",
        yearly: true,
        reads: &["enrollments"],
        limits: &[],
        sets: &[],
        decidable: false,
        // The record's own rule keeps most of them out; two schools that write at the same moment are seen here.
        sql: "SELECT a.school_code, a.school_year, jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'studentCode', e.student_code, \
             'entryDate', e.entry_date::text) AS key, '/studentCode' AS pointer, jsonb_build_object('student', e.student_code) AS \"values\", \
             'students:' || e.student_code AS cause, o.others \
             FROM asked a CROSS JOIN LATERAL (SELECT e.student_code, e.entry_date FROM enrollments e \
             WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND e.exit_date IS NULL OFFSET 0) e \
             CROSS JOIN LATERAL (SELECT array_agg(DISTINCT o.school_code ORDER BY o.school_code) AS others FROM enrollments o \
             WHERE o.student_code = e.student_code AND o.school_year = a.school_year AND o.school_code <> a.school_code AND o.exit_date IS NULL) o \
             WHERE o.others IS NOT NULL",
    },
    Check {
        rule: &rule::ST_007,
        resource: "enrollments",
        yearly: true,
        reads: &["enrollments"],
        limits: &[("days", "transfer.days")],
        sets: &[],
        decidable: false,
        // The other school has as many days to record the exit; one that sends nothing here can record none.
        sql: "SELECT a.school_code, a.school_year, jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'studentCode', e.student_code, \
             'entryDate', e.entry_date::text) AS key, '/entryType' AS pointer, \
             jsonb_build_object('student', e.student_code, 'date', e.entry_date::text, 'days', a.days::text) AS \"values\", NULL::text AS cause, \
             CASE WHEN e.from_school_code <> a.school_code THEN ARRAY[e.from_school_code] ELSE '{}' END AS others \
             FROM asked a CROSS JOIN LATERAL (SELECT e.student_code, e.entry_date, e.from_school_code FROM enrollments e \
             WHERE e.school_code = a.school_code AND e.school_year = a.school_year AND e.entry_type = 'transfer-in' OFFSET 0) e \
             WHERE e.entry_date + a.days::integer <= (SELECT today FROM clock) \
             AND (e.from_school_code IS NULL OR EXISTS (SELECT 1 FROM schools s WHERE s.school_code = e.from_school_code)) \
             AND NOT EXISTS (SELECT 1 FROM enrollments o WHERE o.student_code = e.student_code AND o.school_code <> a.school_code \
             AND o.exit_type = 'transfer-out' AND abs(o.exit_date - e.entry_date) <= a.days)",
    },
    Check {
        rule: &rule::ID_022,
        resource: "students",
        yearly: false,
        reads: &["students"],
        limits: &[],
        sets: &[],
        decidable: true,
        // Of those alike in a school each later code is set beside the first, the first beside one of another school,
        // which has a finding too: both are of one cause. So their number never grows faster than that of the students.
        sql: "SELECT a.school_code, a.school_year, jsonb_build_object('studentCode', d.student_code) AS key, '/fullName' AS pointer, \
             jsonb_build_object('student', d.student_code, 'other', \
             CASE WHEN d.school_code = a.school_code THEN d.other ELSE chr(57345) || d.school_code || chr(57345) || d.other || chr(57345) || '@pupil-elsewhere' END) AS \"values\", \
             'students:' || least(d.student_code, d.other) || '+' || greatest(d.student_code, d.other) AS cause, \
             CASE WHEN d.school_code = a.school_code THEN '{}' ELSE ARRAY[d.school_code] END AS others \
             FROM asked a CROSS JOIN LATERAL ( \
             WITH own AS MATERIALIZED (SELECT s.student_code, s.birth_date, unaccent_fold(s.full_name) AS name, m.mother FROM students s \
             CROSS JOIN LATERAL (SELECT unaccent_fold(m ->> 'fullName') AS mother FROM jsonb_array_elements(s.contacts) m \
             WHERE m ->> 'relationship' = 'mother' AND m ->> 'fullName' <> '' LIMIT 1) m WHERE s.school_code = a.school_code), \
             alike AS (SELECT o.*, min(o.student_code) OVER (PARTITION BY o.birth_date, o.name, o.mother) AS leader FROM own o) \
             SELECT l.student_code, l.leader AS other, a.school_code FROM alike l WHERE l.student_code <> l.leader \
             UNION ALL SELECT l.student_code, o.student_code, o.school_code FROM alike l CROSS JOIN LATERAL (SELECT o.student_code, o.school_code FROM students o \
             WHERE o.birth_date = l.birth_date AND unaccent_fold(o.full_name) = l.name AND o.school_code <> a.school_code \
             AND EXISTS (SELECT 1 FROM jsonb_array_elements(o.contacts) m WHERE m ->> 'relationship' = 'mother' AND unaccent_fold(m ->> 'fullName') = l.mother) \
             ORDER BY o.student_code LIMIT 1) o WHERE l.student_code = l.leader) d",
    },
    Check {
        rule: &rule::ST_012,
        resource: "students",
        yearly: false,
        reads: &["students"],
        limits: &[("days", "takeover.days")],
        sets: &[],
        decidable: false,
        // Told for some weeks, or until the person is back.
        sql: "SELECT a.school_code, a.school_year, jsonb_build_object('studentCode', t.code) AS key, '/schoolCode' AS pointer, \
             jsonb_build_object('student', t.code, 'school', t.to_school, 'date', (t.taken_at AT TIME ZONE 'UTC' + interval '7 hours')::date::text) AS \"values\", \
             NULL::text AS cause, '{}'::text[] AS others FROM asked a JOIN takeovers t ON t.from_school = a.school_code AND t.resource = 'students' \
             AND t.taken_at > now() - make_interval(days => a.days::integer) JOIN students p ON p.student_code = t.code AND p.school_code <> a.school_code",
    },
    Check {
        rule: &rule::SF_012,
        resource: "staff",
        yearly: false,
        reads: &["staff"],
        limits: &[("days", "takeover.days")],
        sets: &[],
        decidable: false,
        // Told for some weeks, or until the person is back.
        sql: "SELECT a.school_code, a.school_year, jsonb_build_object('staffCode', t.code) AS key, '/schoolCode' AS pointer, \
             jsonb_build_object('staff', t.code, 'school', t.to_school, 'date', (t.taken_at AT TIME ZONE 'UTC' + interval '7 hours')::date::text) AS \"values\", \
             NULL::text AS cause, '{}'::text[] AS others FROM asked a JOIN takeovers t ON t.from_school = a.school_code AND t.resource = 'staff' \
             AND t.taken_at > now() - make_interval(days => a.days::integer) JOIN staff p ON p.staff_code = t.code AND p.school_code <> a.school_code",
    },
];
