//! Enrollments.

use crate::model::field::FieldType;
use crate::model::issue::Text;
use crate::model::rules::enrollments as rules;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Reference, Spec};

crate::resource! {
    /// Quá trình học: a student's time in a class, from entry to exit (OneRoster enrollment, Ed-Fi
    /// StudentSchoolAssociation).
    Enrollment {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm học.
        school_year: school_year(), required, filter;
        /// Mã học sinh.
        student_code: person_code(32), zeros(1), required, filter;
        /// Mã lớp.
        class_code: identifier(20), headings(&["Lớp"]), required, filter;
        /// Ngày vào lớp.
        entry_date: date(), required, filter;
        /// Hình thức vào.
        entry_type: code("enrollment-entry-types"), required, filter;
        /// Ngày rời lớp; absent while the enrollment is open.
        exit_date: date(), filter;
        /// Hình thức rời; present exactly when `exitDate` is.
        exit_type: code("enrollment-exit-types"), filter;
        /// Lý do bỏ học.
        dropout_reason: code("dropout-reasons"), filter;
        /// Mã trường chuyển đến từ: the school the student came from.
        from_school_code: identifier(8), zeros(1);
        /// Mã trường chuyển đi: the school the student left for.
        to_school_code: identifier(8), zeros(1);
        /// Số quyết định.
        decision_number: text(50);
        /// Số thứ tự trong lớp.
        order_in_class: integer(0, 999);
        /// Môn lựa chọn: upper secondary, the subjects that this student chose; absent: those of the class.
        elective_subjects: codes(&FieldType::Code { list: "subjects" }), added;
        /// Chuyên đề học tập: upper secondary, the subjects whose specialized topics this student takes; absent: those of
        /// the class.
        specialized_topics: codes(&FieldType::Code { list: "subjects" }), added;
    }
}

/// The resource `enrollments`.
pub static SPEC: Spec = Spec {
    number: 6,
    name: "enrollments",
    record: Enrollment::NAME,
    table: "enrollments",
    title: Text { vi: "Quá trình học", en: "Enrollments" },
    description: Enrollment::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "schoolYear": "2025-2026", "studentCode": "3100012345", "classCode": "6A1", "entryDate": "2025-09-05",
    "entryType": "new", "orderInClass": 1
}"#,
    fields: Enrollment::FIELDS,
    key: &["school_code", "school_year", "student_code", "entry_date"],
    references: &[
        OWN_SCHOOL,
        Reference { name: "student", fields: &["student_code"], to: "students", fetch: &["school_code", "birth_date"] },
        Reference {
            name: "class",
            fields: &["school_code", "school_year", "class_code"],
            to: "classes",
            fetch: &["grade"],
        },
    ],
    lookups: &[
        Lookup {
            name: "others",
            fields: &["student_code"],
            from: "enrollments",
            on: &["student_code"],
            fetch: &["exit_date"],
            successors: true,
            ..Lookup::PLAIN
        },
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
            name: "own_namesakes",
            fields: &["class_code", "school_code"],
            from: "classes",
            on: &["class_code", "school_code"],
            fetch: &[],
            missing: Some("class"),
            any: true,
            ..Lookup::PLAIN
        },
        Lookup {
            name: "namesakes",
            fields: &["class_code"],
            from: "classes",
            on: &["class_code"],
            fetch: &[],
            missing: Some("class"),
            any: true,
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
    check: rules::check,
    judge: rules::judge,
};
