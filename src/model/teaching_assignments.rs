//! Teaching assignments.

use crate::model::issue::Text;
use crate::model::rules;
use crate::model::rules::standing;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Reference, Spec};

crate::resource! {
    /// Phân công giảng dạy: who teaches a subject in a class for a term (OneRoster enrollment with role teacher, Ed-Fi
    /// StaffSectionAssociation).
    TeachingAssignment {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm học.
        school_year: school_year(), required, filter;
        /// Học kì.
        term: choice(&["1", "2"]), headings(&["Kì", "Kỳ", "Học kỳ"]), labels(&[("1", "Học kì I"), ("2", "Học kì II"), ("1", "Học kỳ I"), ("2", "Học kỳ II"), ("1", "I"), ("2", "II"), ("1", "HK1"), ("2", "HK2")]), required, filter;
        /// Mã lớp.
        class_code: identifier(20), headings(&["Lớp"]), required, filter;
        /// Mã môn học.
        subject_code: code("subjects"), headings(&["Môn", "Môn học"]), required, filter;
        /// Mã giáo viên.
        staff_code: identifier(10), zeros(1), required, filter;
        /// Vai trò.
        role: code("teaching-roles"), required;
        /// Số tiết một tuần: periods a week, two decimals.
        periods_per_week: decimal(2, 0, 10_000);
        /// Từ ngày.
        from: date();
        /// Đến ngày.
        to: date();
    }
}

/// The resource `teaching-assignments`.
pub static SPEC: Spec = Spec {
    number: 7,
    name: "teaching-assignments",
    record: TeachingAssignment::NAME,
    table: "teaching_assignments",
    title: Text { vi: "Phân công giảng dạy", en: "Teaching assignments" },
    description: TeachingAssignment::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "schoolYear": "2025-2026", "term": "1", "classCode": "6A1", "subjectCode": "TOAN",
    "staffCode": "3100000123", "role": "main", "periodsPerWeek": 4, "from": "2025-09-05", "to": "2026-01-16"
}"#,
    fields: TeachingAssignment::FIELDS,
    key: &["school_code", "school_year", "term", "class_code", "subject_code", "staff_code"],
    references: &[
        OWN_SCHOOL,
        Reference {
            name: "class",
            fields: &["school_code", "school_year", "class_code"],
            to: "classes",
            fetch: &["grade"],
        },
        Reference {
            name: "staff",
            fields: &["staff_code"],
            to: "staff",
            fetch: &["school_code", "status", "seconded_to_school_code"],
        },
    ],
    lookups: &[
        Lookup {
            name: "own_classes",
            fields: &["school_code", "school_year"],
            from: "classes",
            on: &["school_code", "school_year"],
            fetch: &[],
            missing: Some("class"),
            ..Lookup::PLAIN
        },
        Lookup {
            name: "staff_versions",
            fields: &["staff_code"],
            from: "staff",
            on: &["staff_code"],
            fetch: &["school_code", "seconded_to_school_code"],
            beside: Some(("staff", standing::is_assigned_elsewhere)),
            versions: true,
            ..Lookup::PLAIN
        },
    ],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &[],
    consumer: true,
    check: rules::no_check,
    judge: rules::teaching_assignments::judge,
};
