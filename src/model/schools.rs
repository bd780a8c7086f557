//! Schools.

use crate::model::issue::Text;
use crate::model::rules;
use crate::model::spec::{Lookup, Reference, Spec};

/// What people write for the states of a school.
const STATUSES: &[(&str, &str)] =
    &[("open", "Đang hoạt động"), ("suspended", "Tạm đình chỉ"), ("closed", "Giải thể"), ("merged", "Sáp nhập")];

/// What people write for the authorities that manage schools.
const AUTHORITIES: &[(&str, &str)] = &[
    ("department", "Sở Giáo dục và Đào tạo"),
    ("commune", "Ủy ban nhân dân cấp xã"),
    ("other", "Cơ quan khác"),
    ("department", "Sở GDĐT"),
    ("department", "Sở GD&ĐT"),
    ("commune", "UBND xã"),
    ("commune", "UBND phường"),
    ("commune", "UBND đặc khu"),
];

crate::resource! {
    /// Trường: a school, the owner of every other record (OneRoster org of type school, Ed-Fi School).
    School {
        /// Mã trường: eight digits given by the sector; the first two are the province, the sixth the level.
        school_code: identifier(8), zeros(1), required, filter;
        /// Tên trường.
        name: name(200), required, filter;
        /// Tên tiếng Anh: the name in English.
        english_name: name(200);
        /// Cấp học: levels taught.
        level: code("school-levels"), required, filter;
        /// Loại hình trường.
        school_type: code("school-types"), required, filter;
        /// Loại hình sở hữu.
        ownership: code("school-ownerships"), required, filter;
        /// Cơ quan quản lý: the authority that manages the school; absent: the department for upper secondary and
        /// continuing education, else the commune (Law 72/2025/QH15: no districts since 1 July 2025).
        managing_authority: choice(&["department", "commune", "other"]), labels(AUTHORITIES), filter, added;
        /// Vùng.
        region: code("regions"), filter;
        /// Mã tỉnh: province, two digits.
        province_code: identifier(2), zeros(1), required, filter;
        /// Mã xã: commune, five digits, valid on `validFrom` (else on the day of receipt).
        commune_code: identifier(5), zeros(4), required, filter;
        /// Địa chỉ.
        address: text(300);
        /// Vĩ độ: latitude, WGS 84, degrees, six decimals.
        latitude: decimal(6, -90_000_000, 90_000_000);
        /// Kinh độ: longitude, WGS 84, degrees, six decimals.
        longitude: decimal(6, -180_000_000, 180_000_000);
        /// Điện thoại.
        phone: phone();
        /// E-mail.
        email: text(254);
        /// Website.
        website: text(300);
        /// Hiệu trưởng: the principal's name.
        principal_name: person_name(100), personal;
        /// Điện thoại hiệu trưởng.
        principal_phone: phone(), personal;
        /// Mã số thuế.
        tax_code: identifier(14);
        /// Ngày thành lập.
        established_on: date();
        /// Quyết định thành lập.
        establishment_decision: text(100);
        /// Mức đạt chuẩn quốc gia.
        national_standard_level: code("national-standard-levels"), filter;
        /// Ngày công nhận đạt chuẩn.
        national_standard_decided_on: date();
        /// Dạy học hai buổi/ngày.
        two_sessions_per_day: boolean();
        /// Có bán trú.
        semi_boarding: boolean();
        /// Có nội trú.
        boarding: boolean();
        /// Có giáo dục hòa nhập.
        inclusive_education: boolean();
        /// Thuộc vùng đặc biệt khó khăn.
        disadvantaged_area: boolean();
        /// Trạng thái.
        status: choice(&["open", "suspended", "closed", "merged"]), labels(STATUSES), required, filter;
        /// Mã trường kế thừa: the school that took over.
        successor_code: identifier(8), zeros(1);
        /// Hiệu lực từ: since when these data hold.
        valid_from: date();
    }
}

/// Levels whose schools the department manages where they do not say who does: upper secondary, alone or with others,
/// and continuing education (Law 72/2025/QH15; Circular 15/2025/TT-BGDĐT).
pub const DEPARTMENT_LEVELS: [&str; 5] = ["3", "13", "23", "123", "6"];

/// The commune that manages a school of this authority and level in this commune; `None`: another authority does.
pub fn managing_commune<C>(authority: Option<&str>, level: Option<&str>, commune: Option<C>) -> Option<C> {
    let of_level =
        || if level.is_some_and(|level| DEPARTMENT_LEVELS.contains(&level)) { "department" } else { "commune" };
    commune.filter(|_| authority.unwrap_or_else(of_level) == "commune")
}

/// The reference of a record to its school, with what the rules of all records look at.
pub const OWN_SCHOOL: Reference = Reference {
    name: "school",
    fields: &["school_code"],
    to: "schools",
    fetch: &["level", "status", "successor_code", "valid_from"],
};

/// The resource `schools`.
pub static SPEC: Spec = Spec {
    number: 1,
    name: "schools",
    record: School::NAME,
    table: "schools",
    title: Text { vi: "Trường", en: "Schools" },
    description: School::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "name": "Trường THCS Hoa Phượng", "englishName": "Hoa Phuong Lower Secondary School", "level": "2",
    "schoolType": "07", "ownership": "1", "region": "02", "provinceCode": "31", "communeCode": "10507",
    "address": "12 đường Bạch Đằng", "latitude": 20.940556, "longitude": 106.330278, "phone": "02203855123",
    "email": "thcshoaphuong@example.edu.vn", "website": "https://thcshoaphuong.example.edu.vn", "principalName": "Trần Thị Minh Nguyệt",
    "principalPhone": "0912345678", "establishedOn": "1998-08-15", "nationalStandardLevel": "1", "twoSessionsPerDay": true,
    "semiBoarding": false, "status": "open", "validFrom": "2025-09-01"
}"#,
    fields: School::FIELDS,
    key: &["school_code"],
    references: &[Reference { name: "successor", fields: &["successor_code"], to: "schools", fetch: &[] }],
    lookups: &[Lookup {
        name: "in_commune",
        fields: &["commune_code"],
        from: "schools",
        on: &["commune_code"],
        fetch: &["name", "status"],
        ..Lookup::PLAIN
    }],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &["status"],
    digest: 0,
    search: &["name"],
    consumer: true,
    check: rules::schools::check,
    judge: rules::schools::judge,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lists::Lists;

    #[test]
    fn the_department_manages_what_teaches_upper_secondary_or_continues() {
        let lists = Lists::embedded();
        for level in &lists.list("school-levels").unwrap().entries {
            let taught: Vec<&str> = level
                .column("combines")
                .filter(|parts| !parts.is_empty())
                .map_or_else(|| vec![level.code.as_str()], |parts| parts.split(' ').collect());
            let is_of_department = taught.iter().any(|level| ["3", "6"].contains(level));
            assert_eq!(DEPARTMENT_LEVELS.contains(&level.code.as_str()), is_of_department, "{}", level.code);
        }
    }

    #[test]
    fn what_a_school_says_of_its_authority_stands_above_its_level() {
        let of = |authority, level| managing_commune(authority, Some(level), Some("10507"));
        assert_eq!((of(None, "2"), of(None, "23")), (Some("10507"), None));
        assert_eq!(
            (of(Some("commune"), "3"), of(Some("department"), "1"), of(Some("other"), "1")),
            (Some("10507"), None, None)
        );
    }
}
