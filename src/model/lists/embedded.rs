//! The code lists that the program brings along. Communes are no part of it: an operator loads them.

use crate::model::lists::list::List;
use crate::model::lists::table::CsvTable;

/// Name, title in Vietnamese and English, CSV.
#[rustfmt::skip]
pub const FILES: &[(&str, &str, &str, &str)] = &[
    ("admission-types", "Hình thức tuyển sinh", "How a student was admitted", include_str!("admission-types.csv")),
    ("assessment-levels", "Mức đánh giá, xếp loại, khen thưởng", "Levels of assessment and awards, by circular", include_str!("assessment-levels.csv")),
    ("contract-types", "Loại hợp đồng", "Contracts of staff", include_str!("contract-types.csv")),
    ("countries", "Quốc gia", "Countries, ISO 3166-1 alpha-2", include_str!("countries.csv")),
    ("disability-degrees", "Mức độ khuyết tật", "Degrees of disability", include_str!("disability-degrees.csv")),
    ("disability-types", "Dạng khuyết tật", "Kinds of disability", include_str!("disability-types.csv")),
    ("dropout-reasons", "Lý do thôi học", "Reasons for leaving school", include_str!("dropout-reasons.csv")),
    ("enrollment-entry-types", "Hình thức vào lớp", "How an enrollment begins", include_str!("enrollment-entry-types.csv")),
    ("enrollment-exit-types", "Hình thức rời lớp", "How an enrollment ends", include_str!("enrollment-exit-types.csv")),
    ("ethnic-groups", "Dân tộc", "Ethnic groups", include_str!("ethnic-groups.csv")),
    ("facility-conditions", "Tình trạng phòng", "Conditions of rooms", include_str!("facility-conditions.csv")),
    ("foreign-languages", "Ngoại ngữ", "Foreign languages", include_str!("foreign-languages.csv")),
    ("grade-levels", "Khối lớp", "Grades", include_str!("grade-levels.csv")),
    ("independent-childcare", "Nhóm, lớp độc lập", "Independent childcare", include_str!("independent-childcare.csv")),
    ("internet-types", "Kết nối Internet", "Connections to the internet", include_str!("internet-types.csv")),
    ("mobile-prefixes", "Đầu số di động", "Prefixes of mobile numbers", include_str!("mobile-prefixes.csv")),
    ("national-standard-levels", "Mức độ chuẩn quốc gia", "National standard levels", include_str!("national-standard-levels.csv")),
    ("policy-groups", "Diện chính sách", "Policy groups", include_str!("policy-groups.csv")),
    ("preschool-age-groups", "Độ tuổi mầm non", "Age groups of preschool", include_str!("preschool-age-groups.csv")),
    ("professional-standard-levels", "Mức chuẩn nghề nghiệp", "Levels of the professional standard", include_str!("professional-standard-levels.csv")),
    ("provinces", "Tỉnh, thành phố", "Provinces, before and from 1 July 2025", include_str!("provinces.csv")),
    ("regions", "Khu vực", "Regions", include_str!("regions.csv")),
    ("religions", "Tôn giáo", "Religions", include_str!("religions.csv")),
    ("reporting-phases", "Kì báo cáo", "Reporting phases", include_str!("reporting-phases.csv")),
    ("room-types", "Loại phòng", "Types of rooms", include_str!("room-types.csv")),
    ("rule-parameters", "Tham số của quy tắc", "Parameters of the rules, by school year", include_str!("rule-parameters.csv")),
    ("school-levels", "Cấp học", "Levels of schools", include_str!("school-levels.csv")),
    ("school-ownerships", "Loại hình sở hữu", "Ownership of schools", include_str!("school-ownerships.csv")),
    ("school-types", "Loại trường", "Types of schools", include_str!("school-types.csv")),
    ("sexes", "Giới tính", "Sexes", include_str!("sexes.csv")),
    ("staff-groups", "Nhóm nhân sự", "Groups of staff", include_str!("staff-groups.csv")),
    ("staff-positions", "Vị trí việc làm", "Positions of staff", include_str!("staff-positions.csv")),
    ("staff-statuses", "Trạng thái nhân sự", "States of staff", include_str!("staff-statuses.csv")),
    ("student-statuses", "Trạng thái học sinh", "States of students", include_str!("student-statuses.csv")),
    ("subject-strands", "Phân môn có thể đánh giá riêng", "Strands of subjects that may be assessed apart, by level", include_str!("subject-strands.csv")),
    ("subjects", "Môn học", "Subjects, by level", include_str!("subjects.csv")),
    ("subjects-2006", "Môn học của chương trình 2006", "Subjects of the programme of 2006, by level", include_str!("subjects-2006.csv")),
    ("teacher-ranks", "Hạng chức danh nghề nghiệp", "Ranks of teachers", include_str!("teacher-ranks.csv")),
    ("teaching-roles", "Vai trò giảng dạy", "Roles of teaching", include_str!("teaching-roles.csv")),
    ("training-levels", "Trình độ đào tạo", "Levels of training", include_str!("training-levels.csv")),
    ("water-sources", "Nguồn nước", "Sources of water", include_str!("water-sources.csv")),
];

/// The lists by name; a test reads every one of them, so none is left out.
pub fn lists() -> impl Iterator<Item = (&'static str, List)> {
    FILES
        .iter()
        .filter_map(|(name, _, _, csv)| Some((*name, List::new(CsvTable::read(csv.as_bytes()).ok()?.entries().ok()?))))
}
