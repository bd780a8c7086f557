//! Students.

use crate::model::field::{Field, FieldType};
use crate::model::issue::Text;
use crate::model::rules::catalogue::{ID_008, NA_001};
use crate::model::rules::students as rules;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Spec};

mod contact {
    use crate::model::rules::catalogue::ID_008;

    crate::resource! {
        /// A parent or guardian.
        Contact {
            /// Quan hệ.
            relationship: choice(&["father", "mother", "guardian"]), labels(&[("father", "Cha"), ("mother", "Mẹ"), ("guardian", "Người giám hộ"), ("father", "Bố")]), required;
            /// Họ và tên.
            full_name: person_name(100), headings(&["Họ tên"]), required, personal;
            /// Năm sinh.
            birth_year: integer(1900, 2100), personal;
            /// Nghề nghiệp.
            occupation: text(100), personal;
            /// Điện thoại.
            phone: phone(), personal;
            /// Số định danh cá nhân: twelve digits.
            citizen_id: identifier(12), zeros(1), zero_rule(&ID_008), headings(&["CCCD", "Số CCCD"]), sensitive;
        }
    }
}
pub use contact::{At as ContactAt, Contact};

/// What people write for the unions.
const UNIONS: &[(&str, &str)] =
    &[("none", "Không"), ("pioneer", "Đội viên"), ("youth-union", "Đoàn viên"), ("party", "Đảng viên")];
/// What people write for the states of a citizen number.
pub(crate) const CITIZEN_ID_STATES: &[(&str, &str)] =
    &[("verified", "Đã xác thực"), ("unverified", "Chưa xác thực"), ("mismatch", "Không khớp")];
/// The members of a contact.
const CONTACT: &[Field] = Contact::FIELDS;

crate::resource! {
    /// Học sinh: a student, a person of the country; `schoolCode` is the school that manages the record (OneRoster user
    /// with demographics, Ed-Fi Student).
    Student {
        /// Mã học sinh: ten digits, unique in the country and for life; while provisional `TAM-…` of up to 32 characters, made
        /// by its school.
        student_code: person_code(32), zeros(1), required, filter;
        /// Mã trường: the school that manages the record.
        school_code: identifier(8), zeros(1), required, filter;
        /// Số định danh cá nhân: twelve digits.
        citizen_id: identifier(12), zeros(1), zero_rule(&ID_008), headings(&["CCCD", "Số CCCD"]), sensitive, filter;
        /// Trạng thái xác thực số định danh: what the population database said of number, name and birth date.
        citizen_id_state: choice(&["verified", "unverified", "mismatch"]), labels(CITIZEN_ID_STATES), filter, added;
        /// Họ và tên.
        full_name: person_name(100), headings(&["Họ tên"]), required, personal, filter;
        /// Ngày sinh.
        birth_date: date(), required, personal, filter;
        /// Giới tính.
        sex: code("sexes"), required, filter;
        /// Dân tộc.
        ethnicity: code("ethnic-groups"), required, filter;
        /// Tôn giáo.
        religion: code("religions"), sensitive;
        /// Quốc tịch: ISO 3166-1 alpha-2.
        nationality: code("countries"), unknown_fault(&NA_001);
        /// Mã tỉnh nơi sinh.
        birthplace_province_code: identifier(2), zeros(1), personal;
        /// Nơi sinh.
        birthplace: text(200), personal;
        /// Quê quán.
        native_place: text(200), personal;
        /// Mã tỉnh quê quán.
        native_province_code: identifier(2), zeros(1), personal, added;
        /// Mã xã quê quán.
        native_commune_code: identifier(5), zeros(4), personal, added;
        /// Mã tỉnh thường trú.
        permanent_province_code: identifier(2), zeros(1), personal, filter;
        /// Mã xã thường trú.
        permanent_commune_code: identifier(5), zeros(4), personal, filter;
        /// Thôn, tổ dân phố thường trú: the hamlet of the permanent residence.
        permanent_hamlet: text(100), headings(&["Thôn, xóm", "Thôn/xóm", "Tổ dân phố"]), personal, added;
        /// Địa chỉ thường trú.
        permanent_address: text(300), personal;
        /// Chỗ ở hiện nay.
        current_address: text(300), personal;
        /// Điện thoại.
        phone: phone(), personal;
        /// E-mail.
        email: text(254), personal;
        /// Nhóm máu.
        blood_group: identifier(5), sensitive;
        /// Số thẻ bảo hiểm y tế.
        health_insurance_number: identifier(15), sensitive;
        /// Diện chính sách.
        policy_groups: codes(&FieldType::Code { list: "policy-groups" }), sensitive, filter;
        /// Hộ nghèo.
        poor_household: choice(&["none", "poor", "near-poor"]), labels(&[("none", "Không"), ("poor", "Hộ nghèo"), ("near-poor", "Hộ cận nghèo")]), sensitive, filter;
        /// Khuyết tật.
        disability: boolean(), sensitive, filter;
        /// Loại khuyết tật.
        disability_type: code("disability-types"), sensitive;
        /// Mức độ khuyết tật.
        disability_degree: code("disability-degrees"), sensitive;
        /// Miễn đánh giá.
        exempt_from_assessment: boolean();
        /// Miễn, giảm học phí.
        fee_reduction: choice(&["none", "half", "full"]), labels(&[("none", "Không"), ("half", "Giảm 50%"), ("full", "Miễn toàn bộ")]), sensitive;
        /// Nội trú, bán trú.
        boarding: choice(&["none", "semi", "full"]), labels(&[("none", "Không"), ("semi", "Bán trú"), ("full", "Nội trú")]), filter;
        /// Biết bơi.
        can_swim: boolean(), filter;
        /// Đội viên, đoàn viên.
        union_member: choice(&["none", "pioneer", "youth-union", "party"]), labels(UNIONS);
        /// Cha, mẹ, người giám hộ.
        contacts: objects(&FieldType::Object(CONTACT));
        /// Chiều cao (cm).
        height_cm: decimal(1, 0, 3000), sensitive;
        /// Cân nặng (kg).
        weight_kg: decimal(1, 0, 5000), sensitive;
        /// Bệnh về mắt.
        eye_disease: boolean(), sensitive;
        /// Hình thức tuyển sinh.
        admission_type: code("admission-types");
        /// Ngày vào trường.
        admitted_on: date();
        /// Địa chỉ ảnh.
        photo_url: text(500), personal;
        /// Ghi chú.
        note: text(500), personal;
    }
}

/// The resource `students`.
pub static SPEC: Spec = Spec {
    number: 5,
    name: "students",
    record: Student::NAME,
    table: "students",
    title: Text { vi: "Học sinh", en: "Students" },
    description: Student::DESCRIPTION,
    example: r#"{
    "studentCode": "3100012345", "schoolCode": "31000501", "citizenId": "031214000789", "fullName": "Nguyễn Văn An",
    "birthDate": "2014-05-20", "sex": "male", "ethnicity": "01", "nationality": "VN", "birthplaceProvinceCode": "31",
    "permanentProvinceCode": "31", "permanentCommuneCode": "10507", "permanentAddress": "Số 8 đường Nguyễn Trãi", "disability": false,
    "poorHousehold": "none", "feeReduction": "none", "boarding": "none", "canSwim": true, "unionMember": "pioneer",
    "contacts": [{
        "relationship": "mother", "fullName": "Lê Thị Hoa", "birthYear": 1986, "occupation": "Công nhân", "phone": "0901234567",
        "citizenId": "031186000321"
    }],
    "heightCm": 148.5, "weightKg": 40.2, "eyeDisease": false, "admissionType": "1", "admittedOn": "2025-08-15"
}"#,
    fields: Student::FIELDS,
    key: &["student_code"],
    references: &[OWN_SCHOOL],
    lookups: &[
        Lookup {
            name: "same_citizen",
            fields: &["citizen_id"],
            from: "students",
            on: &["citizen_id"],
            fetch: &["school_code", "full_name", "birth_date"],
            ..Lookup::PLAIN
        },
        Lookup {
            name: "enrollments",
            fields: &["student_code"],
            from: "enrollments",
            on: &["student_code"],
            fetch: &["exit_date", "exit_type"],
            ..Lookup::PLAIN
        },
    ],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &["citizen_id", "birth_date"],
    digest: 0,
    search: &["full_name"],
    consumer: true,
    check: rules::check,
    judge: rules::judge,
};
