//! Subject results.

use crate::model::issue::Text;
use crate::model::rules::catalogue::PR_001;
use crate::model::rules::subject_results as rules;
use crate::model::rules::year_results::{needs_first_term, needs_second_term};
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{CommentSubjects, Lookup, Phase, Reference, Spec};

/// The periods of results: middle and end of each term, and the year.
pub const PERIOD_CODES: &[&str] = &["GK1", "CK1", "GK2", "CK2", "CN"];

/// What people write for the periods of results: the list `reporting-phases`, and the words of grade books, where a
/// term stands for its end.
pub const PERIODS: &[(&str, &str)] = &[
    ("GK1", "Giữa học kì I"),
    ("CK1", "Cuối học kì I"),
    ("GK2", "Giữa học kì II"),
    ("CK2", "Cuối học kì II"),
    ("CN", "Cả năm"),
    ("GK1", "Giữa học kỳ I"),
    ("CK1", "Cuối học kỳ I"),
    ("GK2", "Giữa học kỳ II"),
    ("CK2", "Cuối học kỳ II"),
    ("CK1", "Học kì I"),
    ("CK1", "Học kì 1"),
    ("CK1", "Học kỳ I"),
    ("CK1", "Học kỳ 1"),
    ("CK1", "HK1"),
    ("CK1", "HKI"),
    ("CK1", "I"),
    ("CK1", "1"),
    ("CK2", "Học kì II"),
    ("CK2", "Học kì 2"),
    ("CK2", "Học kỳ II"),
    ("CK2", "Học kỳ 2"),
    ("CK2", "HK2"),
    ("CK2", "HKII"),
    ("CK2", "II"),
    ("CK2", "2"),
];

crate::resource! {
    /// Kết quả môn học: marks or level of a student in a subject for a period (OneRoster result, Ed-Fi Grade).
    SubjectResult {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm học.
        school_year: school_year(), required, filter;
        /// Kì: middle and end of each term, and the year. CK1 and CK2 are the two terms of secondary school (ĐTBmhk),
        /// CN the year (ĐTBmcn).
        period: choice(PERIOD_CODES), headings(&["Kỳ", "Học kì", "Học kỳ", "Kì đánh giá", "Kỳ đánh giá"]), labels(PERIODS), required, filter;
        /// Mã học sinh.
        student_code: person_code(32), zeros(1), required, filter;
        /// Mã môn học.
        subject_code: code("subjects"), headings(&["Môn", "Môn học"]), required, filter;
        /// Mã lớp.
        class_code: identifier(20), headings(&["Lớp"]), required, filter;
        /// Điểm đánh giá thường xuyên (ĐĐGtx), 0 to 10.
        regular_marks: marks(), headings(&["ĐĐGtx", "Điểm thường xuyên", "TX"]);
        /// Điểm đánh giá giữa kì (ĐĐGgk), 0 to 10.
        midterm_mark: mark(), headings(&["ĐĐGgk", "Điểm giữa kì", "Điểm giữa kỳ", "Điểm đánh giá giữa kỳ", "GK"]);
        /// Điểm đánh giá cuối kì (ĐĐGck), 0 to 10.
        final_mark: mark(), headings(&["ĐĐGck", "Điểm cuối kì", "Điểm cuối kỳ", "Điểm đánh giá cuối kỳ", "CK"]);
        /// Điểm trung bình môn (ĐTBmhk, ĐTBmcn), 0 to 10.
        average: mark(), headings(&["ĐTBmhk", "ĐTBmcn", "ĐTBm", "TBm", "Điểm trung bình"]);
        /// Điểm kiểm tra định kì: primary, whole number 1 to 10 (Circular 27/2020, article 7).
        test_mark: integer(1, 10), value_fault(&PR_001), headings(&["Điểm kiểm tra định kỳ"]);
        /// Mức đạt được: T, H, C in primary (Circular 27/2020); Đ, CĐ for comment subjects in secondary (Circular
        /// 22/2021).
        level: identifier(5), of_list("assessment-levels");
        /// Miễn học.
        exempt: boolean();
        /// Điểm đánh giá lại.
        reassessed_mark: mark();
        /// Mức đánh giá lại.
        reassessed_level: identifier(5), of_list("assessment-levels");
        /// Giáo viên.
        staff_code: identifier(10), zeros(1);
        /// Nhận xét.
        comment: text(500), personal;
    }
}

/// The resource `subject-results`.
pub static SPEC: Spec = Spec {
    number: 8,
    name: "subject-results",
    record: SubjectResult::NAME,
    table: "subject_results",
    title: Text { vi: "Kết quả môn học", en: "Subject results" },
    description: SubjectResult::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "schoolYear": "2025-2026", "period": "CK1", "studentCode": "3100012345", "subjectCode": "TOAN",
    "classCode": "6A1", "regularMarks": [8, 9, 8.5, 7.5], "midtermMark": 8, "finalMark": 8.5, "average": 8.3, "exempt": false,
    "staffCode": "3100000123", "comment": "Chăm học, tính toán cẩn thận."
}"#,
    fields: SubjectResult::FIELDS,
    key: &["school_code", "school_year", "period", "student_code", "subject_code"],
    references: &[
        OWN_SCHOOL,
        Reference { name: "student", fields: &["student_code"], to: "students", fetch: &["school_code", "full_name"] },
        Reference {
            name: "class",
            fields: &["school_code", "school_year", "class_code"],
            to: "classes",
            fetch: &["grade"],
        },
        Reference { name: "staff", fields: &["staff_code"], to: "staff", fetch: &["school_code"] },
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
            name: "enrollments",
            fields: &["student_code"],
            from: "enrollments",
            on: &["student_code"],
            fetch: &["class_code", "entry_type", "exit_date"],
            ..Lookup::PLAIN
        },
        Lookup {
            name: "first_term",
            fields: &["school_code", "school_year", "student_code"],
            from: "subject-results",
            on: &["school_code", "school_year", "student_code"],
            fetch: &["average"],
            only: &[("period", &["CK1"])],
            needed: Some(needs_first_term),
            ..Lookup::PLAIN
        },
        Lookup {
            name: "second_term",
            fields: &["school_code", "school_year", "student_code"],
            from: "subject-results",
            on: &["school_code", "school_year", "student_code"],
            fetch: &["average"],
            only: &[("period", &["CK2"])],
            needed: Some(needs_second_term),
            ..Lookup::PLAIN
        },
        Lookup {
            name: "assignments",
            fields: &["school_code", "school_year", "class_code", "subject_code"],
            from: "teaching-assignments",
            on: &["school_code", "school_year", "class_code", "subject_code"],
            fetch: &[],
            only: &[("term", &["1", "2"])],
            needed: Some(needs_first_term),
            ..Lookup::PLAIN
        },
    ],
    counts: &[],
    late: Some(Phase { field: "period", steps: &[("CK2", 1), ("CN", 2)] }),
    comment_subjects: Some(CommentSubjects {
        subject: "subject_code",
        average: "average",
        marks: &["regular_marks", "midterm_mark", "final_mark"],
        level: "level",
        labels: &[("Đ", "Đ"), ("Đ", "Đạt"), ("CĐ", "CĐ"), ("CĐ", "Chưa đạt")],
    }),
    stored: &[],
    digest: 4,
    search: &[],
    consumer: true,
    check: rules::check,
    judge: rules::judge,
};
