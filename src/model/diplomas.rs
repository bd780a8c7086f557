//! Diplomas and certificates.

use crate::model::issue::Text;
use crate::model::rules;
use crate::model::rules::catalogue::ID_008;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Reference, Spec};

/// What people write for the types.
const TYPES: &[(&str, &str)] = &[
    ("lower-secondary", "Bằng tốt nghiệp THCS"),
    ("upper-secondary", "Bằng tốt nghiệp THPT"),
    ("vocational-certificate", "Chứng chỉ nghề phổ thông"),
];
/// What people write for the states.
const STATUSES: &[(&str, &str)] = &[("issued", "Cấp"), ("reissued", "Cấp lại"), ("revoked", "Thu hồi")];

crate::resource! {
    /// Văn bằng, chứng chỉ: a diploma as the register of issue holds it, for lookups of the public service centre
    /// (Circular 21/2019/TT-BGDĐT).
    Diploma {
        /// Số hiệu văn bằng: unique in the country.
        diploma_number: identifier(30), required;
        /// Số vào sổ gốc cấp văn bằng.
        register_number: identifier(30), required, filter;
        /// Loại văn bằng.
        diploma_type: choice(&["lower-secondary", "upper-secondary", "vocational-certificate"]), labels(TYPES), required, filter;
        /// Mã học sinh; absent for students from before the codes.
        student_code: person_code(32), zeros(1);
        /// Số định danh cá nhân: twelve digits.
        citizen_id: identifier(12), zeros(1), zero_rule(&ID_008), headings(&["CCCD", "Số CCCD"]), sensitive;
        /// Họ và tên: as printed.
        full_name: person_name(100), headings(&["Họ tên"]), required, personal, filter;
        /// Ngày sinh.
        birth_date: date(), required, personal;
        /// Giới tính.
        sex: code("sexes"), required;
        /// Nơi sinh.
        birthplace: text(200), personal;
        /// Dân tộc.
        ethnicity: code("ethnic-groups");
        /// Mã trường: the school that taught.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm tốt nghiệp.
        graduation_year: integer(1900, 2100), required, filter;
        /// Xếp loại tốt nghiệp.
        ranking: text(20);
        /// Ngày cấp.
        issued_on: date(), required, filter;
        /// Cơ quan cấp.
        issued_by: text(200), required;
        /// Trạng thái: cấp, cấp lại, thu hồi.
        status: choice(&["issued", "reissued", "revoked"]), labels(STATUSES), required, filter;
        /// Số hiệu văn bằng được thay thế: the diploma that this one replaces.
        replaces_diploma_number: identifier(30);
    }
}

/// The resource `diplomas`.
pub static SPEC: Spec = Spec {
    number: 11,
    name: "diplomas",
    record: Diploma::NAME,
    table: "diplomas",
    title: Text { vi: "Văn bằng, chứng chỉ", en: "Diplomas" },
    description: Diploma::DESCRIPTION,
    example: r#"{
    "diplomaNumber": "THCS-A0123456", "registerNumber": "31000501/2025/0042", "diplomaType": "lower-secondary",
    "citizenId": "031310000654", "fullName": "Vũ Thị Lan Anh", "birthDate": "2010-11-02",
    "sex": "female", "birthplace": "Hải Phòng", "ethnicity": "01", "schoolCode": "31000501", "graduationYear": 2025, "ranking": "Giỏi",
    "issuedOn": "2025-08-20", "issuedBy": "Sở Giáo dục và Đào tạo Hải Phòng", "status": "issued"
}"#,
    fields: Diploma::FIELDS,
    key: &["diploma_number"],
    references: &[
        OWN_SCHOOL,
        Reference { name: "student", fields: &["student_code"], to: "students", fetch: &["school_code"] },
        Reference { name: "replaces", fields: &["replaces_diploma_number"], to: "diplomas", fetch: &[] },
    ],
    lookups: &[],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &["full_name"],
    consumer: false,
    check: rules::diplomas::check,
    judge: rules::diplomas::judge,
};
