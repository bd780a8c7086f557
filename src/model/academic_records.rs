//! Academic records.

use crate::model::field::Field;
use crate::model::issue::Text;
use crate::model::rules::primary_year::needs_year_end;
use crate::model::rules::{academic_records as rules, no_check};
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Phase, Reference, Spec};
use crate::model::subject_results::{PERIOD_CODES, PERIODS};

mod qualities {
    use super::LEVELS;
    use crate::model::rules::catalogue::PR_003;
    crate::resource! {
        /// Phẩm chất chủ yếu, primary: T (tốt), Đ (đạt), C (cần cố gắng) (Circular 27/2020/TT-BGDĐT, article 6).
        Qualities {
            /// Yêu nước.
            patriotism: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Nhân ái.
            kindness: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Chăm chỉ.
            diligence: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Trung thực.
            honesty: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Trách nhiệm.
            responsibility: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
        }
    }
}
pub use qualities::{At as QualitiesAt, Qualities};

mod competencies {
    use super::LEVELS;
    use crate::model::rules::catalogue::PR_003;
    crate::resource! {
        /// Năng lực cốt lõi, primary: T (tốt), Đ (đạt), C (cần cố gắng) (Circular 27/2020/TT-BGDĐT, article 6).
        Competencies {
            /// Tự chủ và tự học.
            autonomy: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Giao tiếp và hợp tác.
            communication: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Giải quyết vấn đề và sáng tạo.
            problem_solving: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Ngôn ngữ.
            language: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Tính toán.
            calculation: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Khoa học.
            science: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Thẩm mĩ.
            aesthetics: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Thể chất.
            physical: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Công nghệ.
            technology: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
            /// Tin học.
            informatics: choice(&["T", "Đ", "C"]), labels(LEVELS), value_fault(&PR_003), of_list("assessment-levels");
        }
    }
}
pub use competencies::{At as CompetenciesAt, Competencies};

/// What teachers write for the levels of qualities and competencies.
const LEVELS: &[(&str, &str)] = &[("T", "Tốt"), ("Đ", "Đạt"), ("C", "Cần cố gắng")];
/// What teachers write for the results of a year.
const YEAR_RESULTS: &[(&str, &str)] =
    &[("HTXS", "Hoàn thành xuất sắc"), ("HTT", "Hoàn thành tốt"), ("HT", "Hoàn thành"), ("CHT", "Chưa hoàn thành")];
/// The members of `qualities`.
const QUALITIES: &[Field] = Qualities::FIELDS;
/// The members of `competencies`.
const COMPETENCIES: &[Field] = Competencies::FIELDS;

crate::resource! {
    /// Kết quả rèn luyện, học tập: what a student's period or year amounts to beyond the single subjects (Ed-Fi
    /// StudentAcademicRecord).
    AcademicRecord {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm học.
        school_year: school_year(), required, filter;
        /// Kì: middle and end of each term, and the year (CN).
        period: choice(PERIOD_CODES), headings(&["Kỳ", "Học kì", "Học kỳ", "Kì đánh giá", "Kỳ đánh giá"]), labels(PERIODS), required, filter;
        /// Mã học sinh.
        student_code: person_code(32), zeros(1), required, filter;
        /// Mã lớp.
        class_code: identifier(20), headings(&["Lớp"]), required, filter;
        /// Mức kết quả học tập: secondary, a code of the list `assessment-levels` in the scheme of the year and grade:
        /// T, K, Đ, CĐ (Circular 22/2021/TT-BGDĐT, article 9), before it Circular 58/2011's.
        learning_level: identifier(5), filter, of_list("assessment-levels");
        /// Mức kết quả rèn luyện: secondary, T, K, Đ, CĐ (Circular 22/2021/TT-BGDĐT, article 8), before it Circular
        /// 58/2011's.
        conduct_level: identifier(5), filter, of_list("assessment-levels");
        /// Số buổi nghỉ có phép.
        excused_absences: integer(0, 400);
        /// Số buổi nghỉ không phép.
        unexcused_absences: integer(0, 400);
        /// Phẩm chất: primary (Circular 27/2020/TT-BGDĐT, article 6).
        qualities: object(QUALITIES);
        /// Năng lực: primary (Circular 27/2020/TT-BGDĐT, article 6).
        competencies: object(COMPETENCIES);
        /// Kết quả giáo dục năm học: primary, CN: HTXS, HTT, HT, CHT (Circular 27/2020/TT-BGDĐT, article 9).
        year_result: choice(&["HTXS", "HTT", "HT", "CHT"]), labels(YEAR_RESULTS), filter, of_list("assessment-levels");
        /// Khen thưởng: CN, a code of the AWARD schemes of the list `assessment-levels` (Circular 22/2021, article 15;
        /// Circular 27/2020, article 13).
        award: identifier(5), filter, of_list("assessment-levels");
        /// Được lên lớp: CN (Circular 22/2021, article 12; Circular 27/2020, article 11).
        promoted: boolean(), filter;
        /// Hoàn thành chương trình cấp học: CN of grades 5, 9 and 12; since Law 123/2025/QH15 the completion of lower
        /// secondary is confirmed here and no diploma is given.
        programme_completed: boolean(), filter, added;
        /// Đợt xét hoàn thành chương trình: the first or the second of the year.
        completion_round: integer(1, 2), added;
        /// Số quyết định hoàn thành chương trình.
        completion_decision: text(50), added;
        /// Rèn luyện trong kì nghỉ hè (Circular 22/2021, article 13).
        summer_retraining: boolean(), headings(&["Rèn luyện trong kỳ nghỉ hè"]);
        /// Nhận xét.
        comment: text(1000), personal;
    }
}

/// The resource `academic-records`.
pub static SPEC: Spec = Spec {
    number: 9,
    name: "academic-records",
    record: AcademicRecord::NAME,
    table: "academic_records",
    title: Text { vi: "Kết quả rèn luyện, học tập", en: "Academic records" },
    description: AcademicRecord::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "schoolYear": "2025-2026", "period": "CK1", "studentCode": "3100012345", "classCode": "6A1",
    "learningLevel": "K", "conductLevel": "T", "excusedAbsences": 2, "unexcusedAbsences": 0, "comment": "Ngoan, hòa đồng với bạn bè."
}"#,
    fields: AcademicRecord::FIELDS,
    key: &["school_code", "school_year", "period", "student_code"],
    references: &[
        OWN_SCHOOL,
        Reference {
            name: "student",
            fields: &["student_code"],
            to: "students",
            fetch: &["school_code", "full_name", "exempt_from_assessment"],
        },
        Reference {
            name: "class",
            fields: &["school_code", "school_year", "class_code"],
            to: "classes",
            fetch: &["grade", "elective_subjects"],
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
            name: "enrollments",
            fields: &["student_code"],
            from: "enrollments",
            on: &["student_code"],
            fetch: &["class_code", "exit_date", "elective_subjects"],
            ..Lookup::PLAIN
        },
        Lookup {
            name: "results",
            fields: &["school_code", "school_year", "period", "student_code"],
            from: "subject-results",
            on: &["school_code", "school_year", "period", "student_code"],
            fetch: &["average", "level", "exempt", "reassessed_mark", "reassessed_level"],
            ..Lookup::PLAIN
        },
        Lookup {
            name: "year_end",
            fields: &["school_code", "school_year", "student_code"],
            from: "subject-results",
            on: &["school_code", "school_year", "student_code"],
            fetch: &["level", "test_mark", "exempt", "reassessed_level"],
            only: &[("period", &["CK2"])],
            needed: Some(needs_year_end),
            ..Lookup::PLAIN
        },
        Lookup {
            name: "terms",
            fields: &["school_code", "school_year", "student_code"],
            from: "academic-records",
            on: &["school_code", "school_year", "student_code"],
            fetch: &["conduct_level", "qualities", "competencies"],
            only: &[("period", &["CK1", "CK2"])],
            needed: Some(rules::needs_terms),
            ..Lookup::PLAIN
        },
    ],
    counts: &[],
    late: Some(Phase { field: "period", steps: &[("CN", 1)] }),
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &[],
    consumer: true,
    check: no_check,
    judge: rules::judge,
};
