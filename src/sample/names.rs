//! Words of which invented names are made. No list holds a whole name.

use crate::sample::random::Random;

const FAMILY: &[&str] = &[
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ",
    "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Mai", "Cao", "Lương", "Tạ", "Đoàn", "Lâm",
];
const MIDDLE_OF_MEN: &[&str] = &[
    "Văn", "Văn", "Đức", "Minh", "Quang", "Hữu", "Công", "Xuân", "Gia", "Tuấn", "Quốc", "Thành", "Đình", "Anh", "Bảo",
    "Trọng", "Duy", "Hoàng",
];
const MIDDLE_OF_WOMEN: &[&str] = &[
    "Thị",
    "Thị",
    "Thị Thu",
    "Thị Minh",
    "Ngọc",
    "Thanh",
    "Khánh",
    "Phương",
    "Thùy",
    "Bảo",
    "Hà",
    "Quỳnh",
    "Kim",
    "Mỹ",
    "Hoài",
    "Thị Hồng",
    "Diệu",
];
const GIVEN_OF_MEN: &[&str] = &[
    "An", "Bình", "Cường", "Dũng", "Đạt", "Đông", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khang", "Khánh", "Khoa",
    "Kiên", "Lâm", "Long", "Lộc", "Mạnh", "Nam", "Nghĩa", "Nhân", "Phong", "Phúc", "Quân", "Quyết", "Sơn", "Tài",
    "Tâm", "Thắng", "Thịnh", "Tiến", "Toàn", "Trung", "Tú", "Tùng", "Việt", "Vinh",
];
const GIVEN_OF_WOMEN: &[&str] = &[
    "Anh",
    "Bích",
    "Chi",
    "Cúc",
    "Diệp",
    "Dung",
    "Duyên",
    "Giang",
    "Hà",
    "Hạnh",
    "Hằng",
    "Hiền",
    "Hoa",
    "Hồng",
    "Huệ",
    "Hương",
    "Lan",
    "Linh",
    "Loan",
    "Ly",
    "Mai",
    "My",
    "Nga",
    "Ngân",
    "Nguyệt",
    "Nhi",
    "Nhung",
    "Oanh",
    "Phượng",
    "Quyên",
    "Tâm",
    "Thảo",
    "Thư",
    "Thủy",
    "Trang",
    "Trâm",
    "Uyên",
    "Vân",
    "Vy",
    "Yến",
];
const STREETS: &[&str] = &[
    "đường Hoa Sen",
    "đường Ánh Trăng",
    "phố Bến Đò",
    "đường Cây Đa",
    "phố Lúa Vàng",
    "đường Ven Sông",
    "ngõ Vườn Đào",
    "đường Đồng Xanh",
];
const OCCUPATIONS: &[&str] = &[
    "Nông dân",
    "Công nhân",
    "Giáo viên",
    "Buôn bán nhỏ",
    "Viên chức",
    "Lái xe",
    "Thợ may",
    "Kỹ sư",
    "Nội trợ",
    "Y tá",
];
const FIRST_OF_SCHOOLS: &[&str] = &[
    "Nắng",
    "Mây",
    "Sông",
    "Đồi",
    "Suối",
    "Vườn",
    "Cánh Đồng",
    "Bình Minh",
    "Hoa",
    "Rừng",
    "Biển",
    "Làng",
    "Gió",
    "Sao",
    "Trăng",
    "Ngọn Đèn",
    "Cây",
    "Bến",
    "Đường",
    "Núi",
    "Hồ",
    "Mùa Xuân",
    "Mùa Hạ",
    "Mùa Thu",
    "Cầu Vồng",
    "Chim Én",
    "Con Thuyền",
    "Lá",
    "Giếng",
    "Nhịp Cầu",
];
const SECOND_OF_SCHOOLS: &[&str] = &[
    "Mai",
    "Hồng",
    "Xanh",
    "Vàng",
    "Lành",
    "Thắm",
    "Biếc",
    "Trong",
    "Mới",
    "Nhỏ",
    "Thơm",
    "Sáng",
    "Ấm",
    "Quê",
    "Việt",
    "Hiền",
    "Bạc",
    "Tím",
    "Cao",
    "Êm",
    "Ngát",
    "Vui",
    "Hòa",
    "An",
    "Sớm",
    "Rộng",
    "Dài",
    "Thanh",
    "Ngọc",
    "Ban",
    "Phương Đông",
    "Phương Nam",
    "Quê Hương",
    "Tuổi Thơ",
    "Ước Mơ",
    "Hi Vọng",
    "Tri Thức",
    "Bạn Bè",
    "Yêu Thương",
    "Tương Lai",
];

/// Male or female, as the list `sexes` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `male`
    Male,
    /// `female`
    Female,
}

impl Sex {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
        }
    }
}

/// A family name.
pub fn family(random: &mut Random) -> &'static str {
    random.pick(FAMILY)
}

/// A full name of this family.
pub fn full(random: &mut Random, family: &str, sex: Sex) -> String {
    let (middle, given) = match sex {
        Sex::Male => (random.pick(MIDDLE_OF_MEN), random.pick(GIVEN_OF_MEN)),
        Sex::Female => (random.pick(MIDDLE_OF_WOMEN), random.pick(GIVEN_OF_WOMEN)),
    };
    format!("{family} {middle} {given}")
}

/// House number and street.
pub fn address(random: &mut Random) -> String {
    format!("Số {} {}", random.between(1, 240), random.pick(STREETS))
}

/// What a parent does.
pub fn occupation(random: &mut Random) -> &'static str {
    random.pick(OCCUPATIONS)
}

/// The name of a school, other for every number below 1,200; a Roman numeral tells those above apart.
pub fn school(number: usize) -> String {
    let (first, rest) = (number % FIRST_OF_SCHOOLS.len(), number / FIRST_OF_SCHOOLS.len());
    let (second, round) = (rest % SECOND_OF_SCHOOLS.len(), rest / SECOND_OF_SCHOOLS.len());
    let suffix = ["", " II", " III", " IV", " V", " VI"].get(round).copied().unwrap_or(" VII");
    format!("{} {}{suffix}", FIRST_OF_SCHOOLS[first], SECOND_OF_SCHOOLS[second])
}

/// The text without accents, in lower case, letters only: for e-mail addresses.
pub fn plain(text: &str) -> String {
    crate::model::lists::fold::fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}
