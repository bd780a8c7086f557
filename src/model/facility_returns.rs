//! Facility returns.

use crate::model::campuses::OWN_CAMPUSES;
use crate::model::field::{Field, FieldType};
use crate::model::issue::Text;
use crate::model::rules;
use crate::model::rules::catalogue::FA_001;
use crate::model::schools::OWN_SCHOOL;
use crate::model::spec::{Count, Lookup, Reference, Spec};

/// Largest area that the columns hold, in hundredths. What is absurd before it, rule parameters say (FA-001).
const AREA: i64 = 999_999_999;
/// Largest figure that the columns hold.
const FIGURE: i64 = i32::MAX as i64;

mod room {
    use super::AREA;
    use super::FA_001;
    use super::FIGURE;
    crate::resource! {
        /// Rooms of one type in one condition.
        Room {
            /// Loại phòng.
            r#type: code("room-types"), required;
            /// Tình trạng: permanent, semi-permanent, temporary, borrowed.
            condition: code("facility-conditions"), required;
            /// Số lượng.
            count: integer(0, FIGURE), required, range_fault(&FA_001);
            /// Tổng diện tích (m²), two decimals.
            area_m2: decimal(2, 0, AREA), range_fault(&FA_001);
        }
    }
}
pub use room::{At as RoomAt, Room};

/// The members of a room.
const ROOM: &[Field] = Room::FIELDS;

crate::resource! {
    /// Cơ sở vật chất: buildings and equipment of a campus in a school year (Circulars 13 and 14/2020/TT-BGDĐT).
    FacilityReturn {
        /// Mã trường.
        school_code: identifier(8), zeros(1), required, filter;
        /// Năm học.
        school_year: school_year(), required, filter;
        /// Mã điểm trường.
        campus_code: identifier(20), required;
        /// Diện tích đất (m²), two decimals.
        land_area_m2: decimal(2, 0, AREA), required, range_fault(&FA_001);
        /// Có giấy chứng nhận quyền sử dụng đất.
        land_certificate: boolean();
        /// Diện tích sân chơi (m²), two decimals.
        playground_area_m2: decimal(2, 0, AREA), range_fault(&FA_001);
        /// Diện tích sân, bãi tập thể dục thể thao (m²), two decimals.
        sports_ground_area_m2: decimal(2, 0, AREA), range_fault(&FA_001);
        /// Phòng học, phòng chức năng, khu vệ sinh; each type once in each condition.
        rooms: objects(&FieldType::Object(ROOM)), required;
        /// Số đầu sách thư viện (Circular 16/2022/TT-BGDĐT).
        library_titles: integer(0, FIGURE), range_fault(&FA_001);
        /// Số chỗ ngồi thư viện.
        library_seats: integer(0, FIGURE), range_fault(&FA_001);
        /// Số phòng vệ sinh học sinh.
        student_toilets: integer(0, FIGURE), range_fault(&FA_001);
        /// Số phòng vệ sinh giáo viên.
        staff_toilets: integer(0, FIGURE), range_fault(&FA_001);
        /// Nhà vệ sinh nam, nữ riêng.
        toilets_separated_by_sex: boolean();
        /// Nhà vệ sinh đạt chuẩn vệ sinh (Joint Circular 13/2016/TTLT-BYT-BGDĐT).
        hygienic_toilets: boolean(), filter;
        /// Nguồn nước sạch.
        water_source: code("water-sources"), filter;
        /// Có nước uống.
        drinking_water: boolean(), filter;
        /// Có điện.
        electricity: boolean(), filter;
        /// Kết nối Internet.
        internet_type: code("internet-types"), filter;
        /// Có wifi.
        wifi: boolean();
        /// Số máy tính phục vụ học tập.
        student_computers: integer(0, FIGURE), range_fault(&FA_001);
        /// Số máy tính phục vụ quản lý.
        staff_computers: integer(0, FIGURE), range_fault(&FA_001);
        /// Số máy chiếu.
        projectors: integer(0, FIGURE), range_fault(&FA_001);
        /// Số bảng tương tác, màn hình thông minh.
        smart_boards: integer(0, FIGURE), range_fault(&FA_001);
        /// Số bộ thiết bị dạy học tối thiểu theo khối: sets by grade (Circulars 37, 38 and 39/2021/TT-BGDĐT).
        minimum_equipment_sets: counts("grade-levels"), range_fault(&FA_001);
        /// Có lối đi cho người khuyết tật.
        wheelchair_access: boolean(), filter;
        /// Được nghiệm thu phòng cháy, chữa cháy.
        fire_safety_approved: boolean(), filter;
        /// Năm xây dựng.
        built_year: integer(0, FIGURE), range_fault(&FA_001);
        /// Năm cải tạo gần nhất.
        renovated_year: integer(0, FIGURE), range_fault(&FA_001);
    }
}

/// The resource `facility-returns`.
pub static SPEC: Spec = Spec {
    number: 10,
    name: "facility-returns",
    record: FacilityReturn::NAME,
    table: "facility_returns",
    title: Text { vi: "Cơ sở vật chất", en: "Facility returns" },
    description: FacilityReturn::DESCRIPTION,
    example: r#"{
    "schoolCode": "31000501", "schoolYear": "2025-2026", "campusCode": "C1", "landAreaM2": 8650.5, "landCertificate": true,
    "playgroundAreaM2": 2400, "sportsGroundAreaM2": 1200,
    "rooms": [
        { "type": "PH", "condition": "1", "count": 2, "areaM2": 108 },
        { "type": "PBM_TIN", "condition": "1", "count": 1, "areaM2": 72 }
    ],
    "libraryTitles": 3200, "librarySeats": 40, "studentToilets": 12, "staffToilets": 4, "toiletsSeparatedBySex": true,
    "hygienicToilets": true, "waterSource": "1", "drinkingWater": true, "electricity": true, "internetType": "1", "wifi": true,
    "studentComputers": 40, "staffComputers": 10, "projectors": 16, "smartBoards": 2, "minimumEquipmentSets": { "06": 4, "07": 4 },
    "wheelchairAccess": true, "fireSafetyApproved": true, "builtYear": 1998, "renovatedYear": 2019
}"#,
    fields: FacilityReturn::FIELDS,
    key: &["school_code", "school_year", "campus_code"],
    references: &[
        OWN_SCHOOL,
        Reference { name: "campus", fields: &["school_code", "campus_code"], to: "campuses", fetch: &[] },
    ],
    lookups: &[
        OWN_CAMPUSES,
        Lookup {
            name: "returns",
            fields: &["school_code"],
            from: "facility-returns",
            on: &["school_code"],
            fetch: &[
                "land_area_m2",
                "playground_area_m2",
                "sports_ground_area_m2",
                "rooms",
                "library_titles",
                "library_seats",
                "student_toilets",
                "staff_toilets",
                "student_computers",
                "staff_computers",
                "projectors",
                "smart_boards",
            ],
            ..Lookup::PLAIN
        },
        Lookup {
            name: "campuses",
            fields: &["school_code"],
            from: "campuses",
            on: &["school_code"],
            fetch: &[],
            only: &[("status", &["open"])],
            ..Lookup::PLAIN
        },
    ],
    counts: &[
        Count {
            name: "classes",
            fields: &["school_code", "school_year"],
            from: "classes",
            on: &["school_code", "school_year"],
            without: None,
            distinct: None,
        },
        Count {
            name: "classes_nowhere",
            fields: &["school_code", "school_year"],
            from: "classes",
            on: &["school_code", "school_year"],
            without: Some("campus_code"),
            distinct: None,
        },
        Count {
            name: "classes_here",
            fields: &["school_code", "school_year", "campus_code"],
            from: "classes",
            on: &["school_code", "school_year", "campus_code"],
            without: None,
            distinct: None,
        },
        Count {
            name: "pupils",
            fields: &["school_code", "school_year"],
            from: "enrollments",
            on: &["school_code", "school_year"],
            without: Some("exit_date"),
            distinct: Some("student_code"),
        },
    ],
    late: None,
    comment_subjects: None,
    stored: &[],
    digest: 0,
    search: &[],
    consumer: false,
    check: rules::facility_returns::check,
    judge: rules::facility_needs::judge,
};
