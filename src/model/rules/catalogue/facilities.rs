//! FA: facilities.

crate::rules! {
    FA_001 = "FA-001" Error ["facility-returns"] [] "Số liệu {value} ngoài khoảng hợp lý {minimum} đến {maximum}." / "Kiểm tra số liệu và đơn vị đo (m², chiếc, phòng)."
        | "The figure {value} is outside the plausible {minimum} to {maximum}." / "Check the figure and its unit (m², pieces, rooms)."; "School Gateway, limits of facility returns";
    FA_006 = "FA-006" Error ["facility-returns"] ["rooms"] "Loại phòng {type}: số lượng {count} và diện tích {area} m² không khớp nhau." / "Có phòng thì ghi diện tích lớn hơn 0; không có phòng thì bỏ diện tích."
        | "Room type {type}: {count} room(s) and an area of {area} m² do not agree." / "Rooms have an area above 0; without rooms there is none."; "Circulars 13 and 14/2020/TT-BGDĐT";
    FA_007 = "FA-007" Error ["facility-returns"] ["rooms"] "Loại phòng {type} với tình trạng {condition} xuất hiện hai lần." / "Cộng số lượng và diện tích vào một dòng."
        | "Room type {type} in condition {condition} stands twice." / "Add the counts and the areas into one entry."; "School Gateway, facility returns";
}
