//! The code lists that the program brings along. Communes are no part of it: an operator loads them.

use crate::model::lists::list::List;
use crate::model::lists::table::Table;

macro_rules! embedded {
    ($($name:literal $vi:literal $en:literal;)*) => {
        /// Name, title in Vietnamese and English, CSV.
        pub const FILES: &[(&str, &str, &str, &str)] = &[$(($name, $vi, $en, include_str!(concat!($name, ".csv")))),*];
    };
}

embedded! {
    "admission-types" "Hình thức tuyển sinh" "How a pupil was admitted";
    "assessment-levels" "Mức đánh giá, xếp loại, khen thưởng" "Levels of assessment and awards, by circular";
    "contract-types" "Loại hợp đồng" "Contracts of staff";
    "disability-degrees" "Mức độ khuyết tật" "Degrees of disability";
    "disability-types" "Dạng khuyết tật" "Kinds of disability";
    "dropout-reasons" "Lý do thôi học" "Reasons for leaving school";
    "enrollment-entry-types" "Hình thức vào lớp" "How an enrollment begins";
    "enrollment-exit-types" "Hình thức rời lớp" "How an enrollment ends";
    "ethnic-groups" "Dân tộc" "Ethnic groups";
    "facility-conditions" "Tình trạng phòng" "Conditions of rooms";
    "foreign-languages" "Ngoại ngữ" "Foreign languages";
    "grade-levels" "Khối lớp" "Grades";
    "independent-childcare" "Nhóm, lớp độc lập" "Independent childcare";
    "internet-types" "Kết nối Internet" "Connections to the internet";
    "mobile-prefixes" "Đầu số di động" "Prefixes of mobile numbers";
    "national-standard-levels" "Mức độ chuẩn quốc gia" "National standard levels";
    "policy-groups" "Diện chính sách" "Policy groups";
    "preschool-age-groups" "Độ tuổi mầm non" "Age groups of preschool";
    "professional-standard-levels" "Mức chuẩn nghề nghiệp" "Levels of the professional standard";
    "provinces" "Tỉnh, thành phố" "Provinces, before and from 1 July 2025";
    "regions" "Khu vực" "Regions";
    "religions" "Tôn giáo" "Religions";
    "reporting-phases" "Kỳ báo cáo" "Reporting phases";
    "room-types" "Loại phòng" "Types of rooms";
    "rule-parameters" "Tham số của quy tắc" "Parameters of the rules, by school year";
    "school-levels" "Cấp học" "Levels of schools";
    "school-ownerships" "Loại hình sở hữu" "Ownership of schools";
    "school-types" "Loại trường" "Types of schools";
    "sexes" "Giới tính" "Sexes";
    "staff-groups" "Nhóm nhân sự" "Groups of staff";
    "staff-positions" "Vị trí việc làm" "Positions of staff";
    "staff-statuses" "Trạng thái nhân sự" "States of staff";
    "student-statuses" "Trạng thái học sinh" "States of pupils";
    "subjects" "Môn học" "Subjects, by level";
    "subjects-2006" "Môn học của chương trình 2006" "Subjects of the programme of 2006, by level";
    "teacher-ranks" "Hạng chức danh nghề nghiệp" "Ranks of teachers";
    "teaching-roles" "Vai trò giảng dạy" "Roles of teaching";
    "training-levels" "Trình độ đào tạo" "Levels of training";
    "water-sources" "Nguồn nước" "Sources of water";
}

/// The lists by name; a test reads every one of them, so none is left out.
pub fn lists() -> impl Iterator<Item = (&'static str, List)> {
    FILES
        .iter()
        .filter_map(|(name, _, _, csv)| Some((*name, List::new(Table::read(csv.as_bytes()).ok()?.entries().ok()?))))
}
