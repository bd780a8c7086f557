//! FA: facilities.

crate::rules! {
    FA_001 = "FA-001" Error ["facility-returns"] []
        "Số liệu {value:n} ngoài khoảng hợp lý {minimum:n} đến {maximum:n}." / "Kiểm tra số liệu và đơn vị đo (m², chiếc, phòng)."
        | "The figure {value:n} is outside the plausible {minimum:n} to {maximum:n}." / "Check the figure and its unit (m², pieces, rooms)."; "School Gateway, limits of facility returns";
    FA_003 = "FA-003" Warning ["facility-returns"] ["rooms"]
        "Có {rooms:n} phòng học cho {classes:n} lớp, tức {ratio:n} phòng một lớp; thường từ {minimum:n} đến {maximum:n}." / "Kiểm tra số phòng học (loại PH) và số lớp của năm học; nếu đúng thì giữ nguyên."
        | "{rooms:n} {rooms?classroom:classrooms} for {classes:n} {classes?class:classes} {rooms?is:are} {ratio:n} a class; usual are {minimum:n} to {maximum:n}." / "Check the number of classrooms (type PH) and the year's classes; if they are right, leave them."; "Circular 13/2020/TT-BGDĐT", needs "campuses" "classes";
    FA_004 = "FA-004" Warning ["facility-returns"] ["studentToilets"]
        "Có {toilets:n} phòng vệ sinh học sinh cho {pupils:n} học sinh; mỗi phòng không nên quá {limit:n} học sinh." / "Kiểm tra số phòng vệ sinh và số học sinh; nếu đúng thì giữ nguyên."
        | "{toilets:n} {toilets?toilet:toilets} for {pupils:n} students; there should be no more than {limit:n} to one." / "Check the number of toilets and of students; if they are right, leave them."; "Circular 13/2020/TT-BGDĐT; Joint Circular 13/2016/TTLT-BYT-BGDĐT", needs "campuses" "enrollments";
    FA_005 = "FA-005" Warning ["facility-returns"] []
        "Số liệu là {value:n}, năm học {year} là {before:n}: thay đổi hơn {limit} %." / "Kiểm tra cả hai năm; nếu có xây mới, sửa chữa hoặc thanh lý thì giữ nguyên."
        | "The figure is {value:n}, in {year} it was {before:n}: a change of more than {limit} %." / "Check both years; if something was built, repaired or given up, leave it."; "School Gateway, facility returns", needs "facility-returns";
    FA_006 = "FA-006" Warning ["facility-returns"] ["rooms"]
        "Loại phòng {type:room-types}: số lượng {count:n} và diện tích {area:n} m² không khớp nhau." / "Có phòng thì ghi diện tích lớn hơn 0, chưa đo thì để trống; không có phòng thì bỏ diện tích."
        | "Room type {type:room-types}: {count:n} {count?room:rooms} and an area of {area:n} m² do not agree." / "Rooms have an area above 0; one that is not known is left out, and without rooms there is none."; "Circulars 13 and 14/2020/TT-BGDĐT";
    FA_007 = "FA-007" Error ["facility-returns"] ["rooms"]
        "Loại phòng {type:room-types} với tình trạng {condition:facility-conditions} xuất hiện hai lần." / "Cộng số lượng và diện tích vào một dòng."
        | "Room type {type:room-types} in condition {condition:facility-conditions} stands twice." / "Add the counts and the areas into one entry."; "School Gateway, facility returns";
}
