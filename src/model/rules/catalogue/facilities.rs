//! FA: facilities.

crate::rules! {
    FA_001 = "FA-001" Error ["facility-returns"] [] "Số liệu {value} ngoài khoảng hợp lý {minimum} đến {maximum}." / "Kiểm tra số liệu và đơn vị đo (m², chiếc, phòng)."
        | "The figure {value} is outside the plausible {minimum} to {maximum}." / "Check the figure and its unit (m², pieces, rooms)."; "School Gateway, limits of facility returns";
    FA_003 = "FA-003" Warning ["facility-returns"] ["rooms"] "Có {rooms} phòng học cho {classes} lớp, tức {ratio} phòng một lớp; thường từ {minimum} đến {maximum}." / "Kiểm tra số phòng học (loại PH) và số lớp của năm học; nếu đúng thì giữ nguyên."
        | "{rooms} classroom(s) for {classes} class(es) are {ratio} a class; usual are {minimum} to {maximum}." / "Check the number of classrooms (type PH) and the year's classes; if they are right, leave them."; "Circular 13/2020/TT-BGDĐT", needs "campuses" "classes";
    FA_004 = "FA-004" Warning ["facility-returns"] ["studentToilets"] "Có {toilets} phòng vệ sinh học sinh cho {pupils} học sinh; mỗi phòng không nên quá {limit} học sinh." / "Kiểm tra số phòng vệ sinh và số học sinh; nếu đúng thì giữ nguyên."
        | "{toilets} toilet(s) for {pupils} students; there should be no more than {limit} to one." / "Check the number of toilets and of students; if they are right, leave them."; "Circular 13/2020/TT-BGDĐT; Joint Circular 13/2016/TTLT-BYT-BGDĐT", needs "campuses" "enrollments";
    FA_005 = "FA-005" Warning ["facility-returns"] [] "Số liệu là {value}, năm học {year} là {before}: thay đổi hơn {limit} %." / "Kiểm tra cả hai năm; nếu có xây mới, sửa chữa hoặc thanh lí thì giữ nguyên."
        | "The figure is {value}, in {year} it was {before}: a change of more than {limit} %." / "Check both years; if something was built, repaired or given up, leave it."; "School Gateway, facility returns", needs "facility-returns";
    FA_006 = "FA-006" Error ["facility-returns"] ["rooms"] "Loại phòng {type}: số lượng {count} và diện tích {area} m² không khớp nhau." / "Có phòng thì ghi diện tích lớn hơn 0; không có phòng thì bỏ diện tích."
        | "Room type {type}: {count} room(s) and an area of {area} m² do not agree." / "Rooms have an area above 0; without rooms there is none."; "Circulars 13 and 14/2020/TT-BGDĐT";
    FA_007 = "FA-007" Error ["facility-returns"] ["rooms"] "Loại phòng {type} với tình trạng {condition} xuất hiện hai lần." / "Cộng số lượng và diện tích vào một dòng."
        | "Room type {type} in condition {condition} stands twice." / "Add the counts and the areas into one entry."; "School Gateway, facility returns";
}
