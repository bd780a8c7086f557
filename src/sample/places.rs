//! Where the invented schools stand: real provinces and communes, because their codes are checked (Decision
//! 19/2025/QĐ-TTg).

/// A province of today and some of its communes.
#[derive(Debug)]
pub struct Locality {
    /// Two digits; the citizen numbers of people born there begin with a zero and these.
    pub province: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Dialling code of landlines.
    pub dialling: &'static str,
    /// Region in the list `regions`.
    pub region: &'static str,
    /// Codes of communes since 1 July 2025.
    pub communes: [&'static str; 4],
    /// Latitude and longitude of its middle, in millionths of a degree.
    pub middle: (i64, i64),
    /// Peoples among whom students are found, besides the Kinh.
    pub peoples: &'static [&'static str],
}

/// The provinces of the sample.
pub const PLACES: [Locality; 8] = [
    Locality {
        province: "31",
        name: "Hải Phòng",
        dialling: "0225",
        region: "03",
        communes: ["10507", "10525", "10532", "10537"],
        middle: (20_860_000, 106_680_000),
        peoples: &["04"],
    },
    Locality {
        province: "46",
        name: "Huế",
        dialling: "0234",
        region: "02",
        communes: ["19753", "19774", "19777", "19789"],
        middle: (16_460_000, 107_590_000),
        peoples: &["04"],
    },
    Locality {
        province: "15",
        name: "Lào Cai",
        dialling: "0214",
        region: "04",
        communes: ["02647", "02671", "02680", "02683"],
        middle: (22_480_000, 103_970_000),
        peoples: &["02", "07", "08", "09"],
    },
    Locality {
        province: "92",
        name: "Cần Thơ",
        dialling: "0292",
        region: "03",
        communes: ["31120", "31135", "31147", "31150"],
        middle: (10_030_000, 105_780_000),
        peoples: &["04", "05"],
    },
    Locality {
        province: "48",
        name: "Đà Nẵng",
        dialling: "0236",
        region: "02",
        communes: ["20194", "20197", "20200", "20209"],
        middle: (16_050_000, 108_200_000),
        peoples: &["04"],
    },
    Locality {
        province: "66",
        name: "Đắk Lắk",
        dialling: "0262",
        region: "04",
        communes: ["22015", "22045", "22051", "22057"],
        middle: (12_670_000, 108_050_000),
        peoples: &["02", "07", "12"],
    },
    Locality {
        province: "38",
        name: "Thanh Hóa",
        dialling: "0237",
        region: "03",
        communes: ["14758", "14797", "14812", "14818"],
        middle: (19_810_000, 105_780_000),
        peoples: &["03", "06"],
    },
    Locality {
        province: "22",
        name: "Quảng Ninh",
        dialling: "0203",
        region: "01",
        communes: ["06652", "06658", "06661", "06673"],
        middle: (20_960_000, 107_050_000),
        peoples: &["04", "09"],
    },
];
