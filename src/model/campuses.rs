//! Campuses.

use crate::model::issue::Text;
use crate::model::rules;
use crate::model::rules::no_check;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Lookup, Reference, Spec};

crate::resource! {
    /// Điểm trường: a site where a school teaches (OneRoster org, child of the school).
    Campus {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Mã điểm trường: unique in the school.
        campus_code: identifier(20), required;
        /// Tên điểm trường.
        name: name(200), required;
        /// Điểm chính: is it the school's main site?
        main: boolean(), required;
        /// Mã xã: commune, five digits, valid on the day of receipt (Decision 19/2025/QĐ-TTg since 1 July 2025).
        commune_code: identifier(5), zeros(4), required, filter;
        /// Địa chỉ.
        address: text(300);
        /// Khoảng cách đến điểm chính: distance to the main site, kilometres, two decimals.
        distance_to_main_km: decimal(2, 0, 100_000);
        /// Vĩ độ: latitude, WGS 84, degrees, six decimals.
        latitude: decimal(6, -90_000_000, 90_000_000);
        /// Kinh độ: longitude, WGS 84, degrees, six decimals.
        longitude: decimal(6, -180_000_000, 180_000_000);
        /// Trạng thái.
        status: choice(&["open", "closed"]), labels(&[("open", "Đang hoạt động"), ("closed", "Đã đóng")]), required;
    }
}

/// The campuses of a record's school, where the one that the record names is not there.
pub const OWN_CAMPUSES: Lookup = Lookup { name: "own_campuses", missing: Some("campus"), ..OF_SCHOOL };

const OF_SCHOOL: Lookup = Lookup {
    name: "of_school",
    fields: &["school_code"],
    from: "campuses",
    on: &["school_code"],
    fetch: &[],
    ..Lookup::PLAIN
};

/// The resource `campuses`.
pub static SPEC: Spec = Spec {
    number: 2,
    name: "campuses",
    record: Campus::NAME,
    table: "campuses",
    title: Text { vi: "Điểm trường", en: "Campuses" },
    description: Campus::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "campusCode": "C1", "name": "Điểm trường chính", "main": true, "communeCode": "10507",
    "address": "12 đường Bạch Đằng", "distanceToMainKm": 0, "latitude": 20.940556, "longitude": 106.330278, "status": "open"
}"#,
    fields: Campus::FIELDS,
    key: &["school_code", "campus_code"],
    references: &[Reference { fetch: &["status", "valid_from", "province_code"], ..OWN_SCHOOL }],
    lookups: &[OF_SCHOOL],
    counts: &[],
    late: None,
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &["name"],
    consumer: true,
    check: no_check,
    judge: rules::campuses::judge,
};
