//! CL: classes and their pupils.

use crate::model::rules::catalogue as rule;
use crate::model::rules::school::{ACTIVE, Check, GRADES, alone, attending, class_key, sized_classes};

/// The classes of these levels that are larger than allowed.
macro_rules! too_large {
    ($rule:ident, $limit:literal, $levels:literal) => {
        Check {
            rule: &rule::$rule,
            resource: "classes",
            yearly: true,
            reads: &["classes", "enrollments"],
            limits: &[("at_most", $limit)],
            sets: &[&GRADES],
            decidable: false,
            sql: concat!(
                "SELECT a.school_code, a.school_year, ",
                class_key!(),
                " AS key, '' AS pointer, jsonb_build_object('class', c.name, 'count', c.pupils::text, 'limit', a.at_most::text) AS \"values\", ",
                alone!(),
                " FROM asked a CROSS JOIN LATERAL ",
                sized_classes!(),
                // Not a join: the classes would be counted again for every grade.
                " WHERE c.pupils > a.at_most AND (SELECT g.level FROM grades g WHERE g.grade = c.grade) IN (",
                $levels,
                ")"
            ),
        }
    };
}

/// The checks of this chapter.
pub(super) static CHECKS: &[Check] = &[
    too_large!(CL_003, "class.pupils-at-most.primary", "'1'"),
    too_large!(CL_004, "class.pupils-at-most.secondary", "'2', '3'"),
    Check {
        rule: &rule::CL_005,
        resource: "classes",
        yearly: true,
        reads: &["classes", "enrollments"],
        limits: &[],
        sets: &[],
        decidable: false,
        // A school that has not sent enrollments of the year yet is not blamed; a combined class may keep its pupils
        // with the other.
        sql: concat!(
            "SELECT a.school_code, a.school_year, ",
            class_key!(),
            " AS key, '' AS pointer, jsonb_build_object('class', c.name) AS \"values\", ",
            alone!(),
            " FROM asked a CROSS JOIN LATERAL ",
            sized_classes!(),
            " WHERE c.pupils = 0 AND c.combined_with_class_code IS NULL \
             AND EXISTS (SELECT 1 FROM enrollments e WHERE e.school_code = a.school_code AND e.school_year = a.school_year)"
        ),
    },
    Check {
        rule: &rule::CL_006,
        resource: "classes",
        yearly: true,
        reads: &["classes", "staff", "teaching-assignments"],
        limits: &[],
        sets: &[&ACTIVE],
        decidable: false,
        // Only once the school has sent its staff; an assignment of the role `homeroom` is as good as the member of the
        // class.
        sql: concat!(
            "SELECT a.school_code, a.school_year, ",
            class_key!(),
            " AS key, '/homeroomStaffCode' AS pointer, jsonb_build_object('class', c.name) AS \"values\", ",
            alone!(),
            " FROM asked a CROSS JOIN LATERAL (SELECT c.class_code, c.name FROM classes c \
             WHERE c.school_code = a.school_code AND c.school_year = a.school_year AND c.homeroom_staff_code IS NULL AND c.combined_with_class_code IS NULL \
             AND NOT EXISTS (SELECT 1 FROM teaching_assignments t WHERE t.school_code = c.school_code AND t.school_year = c.school_year \
             AND t.term IN ('1', '2') AND t.class_code = c.class_code AND t.role = 'homeroom') OFFSET 0) c \
             WHERE EXISTS (SELECT 1 FROM staff s JOIN active ON active.status = s.status WHERE s.school_code = a.school_code)"
        ),
    },
    Check {
        rule: &rule::CL_008,
        resource: "classes",
        yearly: true,
        reads: &["classes"],
        limits: &[],
        sets: &[],
        decidable: false,
        // One finding for each class after the teacher's first.
        sql: concat!(
            "SELECT a.school_code, a.school_year, ",
            class_key!(),
            " AS key, '/homeroomStaffCode' AS pointer, jsonb_build_object('class', c.name, 'other', c.first_name, 'staff', c.homeroom_staff_code) AS \"values\", ",
            alone!(),
            " FROM asked a CROSS JOIN LATERAL (SELECT c.class_code, c.name, c.homeroom_staff_code, \
             first_value(c.name) OVER teacher AS first_name, row_number() OVER teacher AS nth FROM classes c \
             WHERE c.school_code = a.school_code AND c.school_year = a.school_year AND c.homeroom_staff_code IS NOT NULL AND c.combined_with_class_code IS NULL \
             WINDOW teacher AS (PARTITION BY c.homeroom_staff_code ORDER BY c.class_code)) c WHERE c.nth > 1"
        ),
    },
];
