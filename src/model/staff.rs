//! Staff: managers, teachers and employees.

use crate::model::field::FieldType;
use crate::model::issue::Text;
use crate::model::rules;
use crate::model::rules::catalogue::{ID_008, NA_001};
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Reference, Spec};
use crate::model::students::CITIZEN_ID_STATES;

crate::resource! {
    /// Cán bộ, giáo viên, nhân viên: a member of staff, a person of the country; `schoolCode` is the main employer
    /// (OneRoster user, Ed-Fi Staff).
    StaffMember {
        /// Mã định danh: ten digits, unique in the country and for life.
        staff_code: identifier(10), zeros(1), required, filter;
        /// Mã trường: the main employer.
        school_code: identifier(8), zeros(1), required, filter;
        /// Số định danh cá nhân: twelve digits (Decree 137/2015/NĐ-CP, article 13).
        citizen_id: identifier(12), zeros(1), zero_rule(&ID_008), headings(&["CCCD", "Số CCCD"]), sensitive;
        /// Trạng thái xác thực số định danh: what the population database said of number, name and birth date.
        citizen_id_state: choice(&["verified", "unverified", "mismatch"]), labels(CITIZEN_ID_STATES), filter, added;
        /// Họ và tên.
        full_name: person_name(100), headings(&["Họ tên"]), required, personal, filter;
        /// Ngày sinh.
        birth_date: date(), required, personal;
        /// Giới tính.
        sex: code("sexes"), required, filter;
        /// Dân tộc.
        ethnicity: code("ethnic-groups"), required, filter;
        /// Tôn giáo.
        religion: code("religions"), sensitive;
        /// Quốc tịch: ISO 3166-1 alpha-2.
        nationality: code("countries"), unknown_fault(&NA_001);
        /// Điện thoại.
        phone: phone(), personal;
        /// E-mail.
        email: text(254), personal;
        /// Mã xã thường trú: five digits.
        permanent_commune_code: identifier(5), zeros(4), personal;
        /// Địa chỉ thường trú.
        permanent_address: text(300), personal;
        /// Số sổ bảo hiểm xã hội: ten digits.
        social_insurance_number: identifier(10), sensitive;
        /// Nhóm: managers, teachers, employees.
        group: code("staff-groups"), required, filter;
        /// Vị trí việc làm (Circulars 19 and 20/2023/TT-BGDĐT).
        position: code("staff-positions"), required, filter;
        /// Trạng thái: some states count as active at the school, the code list says which.
        status: code("staff-statuses"), required, filter;
        /// Hình thức hợp đồng.
        contract_type: code("contract-types"), filter;
        /// Ngày tuyển dụng.
        recruited_on: date();
        /// Ngày vào ngành.
        joined_profession_on: date();
        /// Hạng chức danh nghề nghiệp (Circulars 01 to 04/2021/TT-BGDĐT, amended by 08/2023).
        rank: code("teacher-ranks"), filter;
        /// Bậc lương (Decree 204/2004/NĐ-CP).
        salary_grade: integer(0, 20);
        /// Hệ số lương: multiple of the base salary, two decimals (Decree 204/2004/NĐ-CP).
        salary_coefficient: decimal(2, 0, 2_000), sensitive;
        /// Trình độ chuyên môn được đào tạo (Education Law 43/2019/QH14, article 72).
        qualification: code("training-levels"), required, filter;
        /// Chuyên ngành đào tạo.
        major: text(200);
        /// Cơ sở đào tạo.
        qualification_institution: text(200);
        /// Năm tốt nghiệp.
        graduation_year: integer(1900, 2100);
        /// Trình độ lý luận chính trị.
        political_theory_level: text(50);
        /// Trình độ quản lý giáo dục.
        management_level: text(50);
        /// Trình độ tin học.
        informatics_level: text(50);
        /// Ngoại ngữ.
        foreign_language: code("foreign-languages");
        /// Trình độ ngoại ngữ.
        foreign_language_level: text(20);
        /// Môn dạy.
        subjects: codes(&FieldType::Code { list: "subjects" }), filter;
        /// Cấp dạy.
        levels_taught: codes(&FieldType::Code { list: "school-levels" });
        /// Số tiết một tuần: periods a week.
        weekly_periods: integer(0, 100);
        /// Làm công tác chủ nhiệm lớp.
        homeroom_teacher: boolean();
        /// Mức đạt chuẩn nghề nghiệp (Circulars 20/2018 and 26/2018/TT-BGDĐT).
        professional_standard: code("professional-standard-levels"), filter;
        /// Mã trường nơi biệt phái đến: the school the person is seconded to.
        seconded_to_school_code: identifier(8), zeros(1);
    }
}

/// The resource `staff`.
pub static SPEC: Spec = Spec {
    number: 3,
    name: "staff",
    record: StaffMember::NAME,
    table: "staff",
    title: Text { vi: "Cán bộ, giáo viên, nhân viên", en: "Staff" },
    description: StaffMember::DESCRIPTION,
    example: r#"{
    "staffCode": "3100000123", "schoolCode": "31000501", "citizenId": "031188000456", "fullName": "Phạm Thị Thu Hà",
    "birthDate": "1988-03-14", "sex": "female", "ethnicity": "01", "nationality": "VN", "phone": "0987654321",
    "email": "thuha@example.edu.vn", "permanentCommuneCode": "10507", "group": "2", "position": "28", "status": "1", "contractType": "1",
    "recruitedOn": "2011-08-01", "joinedProfessionOn": "2010-09-05", "rank": "V.07.04.32", "salaryGrade": 4, "salaryCoefficient": 3.33,
    "qualification": "16", "major": "Sư phạm Toán học", "qualificationInstitution": "Trường Đại học Sư phạm Hà Nội", "graduationYear": 2010,
    "foreignLanguage": "1", "foreignLanguageLevel": "B1", "subjects": ["TOAN"], "levelsTaught": ["2"], "weeklyPeriods": 19,
    "homeroomTeacher": true, "professionalStandard": "2"
}"#,
    fields: StaffMember::FIELDS,
    key: &["staff_code"],
    references: &[
        OWN_SCHOOL,
        Reference { name: "seconded_to", fields: &["seconded_to_school_code"], to: "schools", fetch: &[] },
    ],
    lookups: &[Lookup {
        name: "same_citizen",
        fields: &["citizen_id"],
        from: "staff",
        on: &["citizen_id"],
        fetch: &["school_code", "full_name", "birth_date"],
        ..Lookup::PLAIN
    }],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &["citizen_id", "birth_date", "status", "seconded_to_school_code"],
    digest: 0,
    search: &["full_name"],
    consumer: true,
    check: rules::staff::check,
    judge: rules::staff::judge,
};
