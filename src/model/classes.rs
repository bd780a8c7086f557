//! Classes.

use crate::model::campuses::OWN_CAMPUSES;
use crate::model::field::FieldType;
use crate::model::issue::Text;
use crate::model::rules;
use crate::model::rules::standing;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Count, Lookup, Reference, Spec};

crate::resource! {
    /// Lớp: a class of one school year (OneRoster class, Ed-Fi Section).
    Class {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm học.
        school_year: school_year(), required, filter;
        /// Mã lớp: unique in the school and year; may hold any character, such as `6/1`.
        class_code: identifier(20), required;
        /// Tên lớp.
        name: name(50), required, filter;
        /// Khối.
        grade: code("grade-levels"), required, filter;
        /// Mã điểm trường.
        campus_code: identifier(20);
        /// Giáo viên chủ nhiệm: the homeroom teacher's staff code.
        homeroom_staff_code: identifier(10), zeros(1), filter;
        /// Số buổi học một tuần.
        sessions_per_week: integer(0, 14);
        /// Ngoại ngữ 1.
        foreign_language1: code("foreign-languages");
        /// Ngoại ngữ 2.
        foreign_language2: code("foreign-languages");
        /// Môn chuyên.
        specialized_subject: code("subjects");
        /// Môn lựa chọn: upper secondary, exactly four.
        elective_subjects: codes(&FieldType::Code { list: "subjects" });
        /// Lớp ghép.
        multi_grade: boolean();
        /// Ghép với lớp.
        combined_with_class_code: identifier(20);
        /// Lớp bán trú.
        semi_boarding: boolean();
        /// Lớp hòa nhập.
        inclusive: boolean();
    }
}

/// The resource `classes`.
pub static SPEC: Spec = Spec {
    number: 4,
    name: "classes",
    record: Class::NAME,
    table: "classes",
    title: Text { vi: "Lớp", en: "Classes" },
    description: Class::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "schoolYear": "2025-2026", "classCode": "6A1", "name": "6A1", "grade": "06", "campusCode": "C1",
    "homeroomStaffCode": "3100000123", "sessionsPerWeek": 10, "foreignLanguage1": "1", "multiGrade": false, "semiBoarding": false,
    "inclusive": false
}"#,
    fields: Class::FIELDS,
    key: &["school_code", "school_year", "class_code"],
    references: &[
        OWN_SCHOOL,
        Reference { name: "campus", fields: &["school_code", "campus_code"], to: "campuses", fetch: &[] },
        Reference {
            name: "homeroom_staff",
            fields: &["homeroom_staff_code"],
            to: "staff",
            fetch: &["school_code", "status", "seconded_to_school_code"],
        },
        Reference {
            name: "combined_with",
            fields: &["school_code", "school_year", "combined_with_class_code"],
            to: "classes",
            fetch: &[],
        },
    ],
    lookups: &[
        Lookup {
            name: "of_year",
            fields: &["school_code", "school_year"],
            from: "classes",
            on: &["school_code", "school_year"],
            fetch: &[],
            ..Lookup::PLAIN
        },
        OWN_CAMPUSES,
        Lookup {
            name: "staff_versions",
            fields: &["homeroom_staff_code"],
            from: "staff",
            on: &["staff_code"],
            fetch: &["school_code", "seconded_to_school_code"],
            beside: Some(("homeroom_staff", standing::leads_class_elsewhere)),
            versions: true,
            ..Lookup::PLAIN
        },
    ],
    counts: &[
        Count {
            name: "members",
            fields: &["school_code", "school_year", "class_code"],
            from: "enrollments",
            on: &["school_code", "school_year", "class_code"],
            without: None,
            distinct: None,
        },
        Count {
            name: "members_without_choice",
            fields: &["school_code", "school_year", "class_code"],
            from: "enrollments",
            on: &["school_code", "school_year", "class_code"],
            without: Some("elective_subjects"),
            distinct: None,
        },
    ],
    late: None,
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &["name"],
    consumer: true,
    check: rules::no_check,
    judge: rules::classes::judge,
};
