//! AS: who teaches what.

use crate::model::rules::catalogue as rule;
use crate::model::rules::school::{COMPULSORY, Check, alone, class_key};

/// The checks of this chapter.
pub(super) static CHECKS: &[Check] = &[
    Check {
        rule: &rule::AS_003,
        resource: "teaching-assignments",
        yearly: true,
        reads: &["teaching-assignments"],
        limits: &[],
        sets: &[],
        decidable: false,
        // Teachers who follow one another in the course of a term are not two at once.
        sql: concat!(
            "SELECT a.school_code, a.school_year, jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'term', t.term, \
             'classCode', t.class_code, 'subjectCode', t.subject_code, 'staffCode', t.staff_code) AS key, '/role' AS pointer, \
             jsonb_build_object('class', t.class_code, 'subject', t.subject_code, 'term', t.term, 'staff', t.staff_code, 'other', o.staff_code) AS \"values\", ",
            alone!(),
            " FROM asked a CROSS JOIN LATERAL (SELECT t.term, t.class_code, t.subject_code, t.staff_code, t.\"from\", t.\"to\", \
             count(*) OVER (PARTITION BY t.term, t.class_code, t.subject_code) AS teachers FROM teaching_assignments t \
             WHERE t.school_code = a.school_code AND t.school_year = a.school_year AND t.role = 'main' OFFSET 0) t \
             CROSS JOIN LATERAL (SELECT o.staff_code FROM teaching_assignments o WHERE o.school_code = a.school_code AND o.school_year = a.school_year \
             AND o.term = t.term AND o.class_code = t.class_code AND o.subject_code = t.subject_code AND o.role = 'main' AND o.staff_code < t.staff_code \
             AND coalesce(o.\"from\", '-infinity') < coalesce(t.\"to\", 'infinity') AND coalesce(t.\"from\", '-infinity') < coalesce(o.\"to\", 'infinity') \
             ORDER BY o.staff_code LIMIT 1) o WHERE t.teachers > 1"
        ),
    },
    Check {
        rule: &rule::AS_005,
        resource: "classes",
        yearly: true,
        reads: &["teaching-assignments", "classes", "subject-results", "schools"],
        limits: &[],
        sets: &[&COMPULSORY],
        decidable: false,
        // Of classes whose assignments of the term are there: a subject that another class has a teacher for and this
        // one must take too, or in which it has results that name no teacher. Centres of continuing education choose
        // what they teach beside the core.
        sql: concat!(
            "SELECT a.school_code, a.school_year, ",
            class_key!(),
            " AS key, '' AS pointer, jsonb_build_object('class', c.name, 'subject', c.subject_code, 'term', c.term) AS \"values\", \
             'subject:' || c.subject_code || '/' || c.term AS cause, '{}'::text[] AS others \
             FROM asked a CROSS JOIN LATERAL ( \
             WITH assigned AS MATERIALIZED (SELECT DISTINCT t.term, t.class_code, t.subject_code FROM teaching_assignments t \
             WHERE t.school_code = a.school_code AND t.school_year = a.school_year), \
             taught AS MATERIALIZED (SELECT r.class_code, right(r.period, 1) AS term, r.subject_code FROM subject_results r \
             WHERE r.school_code = a.school_code AND r.school_year = a.school_year AND r.period IN ('CK1', 'CK2') \
             AND EXISTS (SELECT 1 FROM assigned) GROUP BY r.class_code, r.period, r.subject_code HAVING count(r.staff_code) = 0), \
             needed AS (SELECT class_code, term, subject_code FROM taught \
             UNION SELECT c.class_code, s.term, s.subject_code FROM classes c JOIN compulsory k ON k.grade = c.grade AND k.since <= a.school_year \
             JOIN (SELECT DISTINCT term, subject_code FROM assigned) s ON s.subject_code = k.subject \
             WHERE c.school_code = a.school_code AND c.school_year = a.school_year \
             AND NOT EXISTS (SELECT 1 FROM schools s WHERE s.school_code = a.school_code AND s.level = '6')) \
             SELECT n.class_code, n.term, n.subject_code, c.name FROM (TABLE needed EXCEPT SELECT class_code, term, subject_code FROM assigned OFFSET 0) n \
             JOIN classes c ON c.school_code = a.school_code AND c.school_year = a.school_year AND c.class_code = n.class_code \
             WHERE EXISTS (SELECT 1 FROM assigned s WHERE s.class_code = n.class_code AND s.term = n.term)) c"
        ),
    },
];
