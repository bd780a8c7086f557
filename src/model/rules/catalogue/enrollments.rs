//! DT-010, DT-012, AG, ST: enrollments.

crate::rules! {
    DT_010 = "DT-010" Error ["enrollments", "teaching-assignments"] ["entryDate", "exitDate", "from", "to"]
        "Ngày {value} nằm ngoài năm học {year} (từ {first} đến {last})." / "Kiểm tra lại ngày, hoặc năm học của bản ghi."
        | "{value} is outside the school year {year} ({first} to {last})." / "Check the date, or the school year of the record.",
        sheet_hint "Kiểm tra lại ngày, hoặc năm học ghi cho hàng này." | "Check the date, or the school year of this row."; "Circular 22/2021/TT-BGDĐT, article 13; yearly plan of the school year", needs "schools";
    DT_012 = "DT-012" Error ["enrollments"] ["entryDate", "exitDate"]
        "Ngày rời lớp {exit} sớm hơn ngày vào lớp {entry}." / "Kiểm tra lại hai ngày; có thể đã ghi nhầm chỗ."
        | "The exit on {exit} is before the entry on {entry}." / "Check both dates: they may have changed places."; "School Gateway, enrollments";
    AG_001 = "AG-001" Error ["enrollments"] ["classCode"]
        "Học sinh {age} tuổi học khối {grade:grade-levels}; tuổi chuẩn là {nominal}, sớm nhất {earliest}." / "Kiểm tra lớp của học sinh, hoặc ngày sinh trong hồ sơ học sinh."
        | "A student of {age} in grade {grade:grade-levels}: the usual age is {nominal}, the earliest {earliest}." / "Check the student's class, or the birth date in the student's record.",
        sheet_hint "Kiểm tra lớp của học sinh, hoặc ngày sinh trong danh sách học sinh." | "Check the student's class, or the birth date in the list of students."; "Circular 32/2020/TT-BGDĐT, article 33, until 9 May 2026; Circular 28/2020/TT-BGDĐT, article 33, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026", needs "students" "classes";
    AG_002 = "AG-002" Warning ["enrollments"] ["classCode"]
        "Học sinh {age} tuổi học khối {grade:grade-levels}; tuổi chuẩn là {nominal}, cao nhất thường là {latest}." / "Kiểm tra lớp và ngày sinh; nếu đúng thì giữ nguyên, trường hợp này được phép khi có lý do."
        | "A student of {age} in grade {grade:grade-levels}: the usual age is {nominal}, rarely above {latest}." / "Check the class and the birth date; if both are right, leave them: the regulations allow it for good reason."; "Circular 32/2020/TT-BGDĐT, article 33, until 9 May 2026; Circular 28/2020/TT-BGDĐT, article 33, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026", needs "students" "classes";
    ST_003 = "ST-003" Error ["enrollments"] ["exitDate", "exitType"]
        "Ngày rời lớp và hình thức rời phải đi cùng nhau; bản ghi chỉ có {given:member}." / "Bổ sung {lacking:member}, hoặc bỏ cả hai nếu học sinh vẫn đang học."
        | "An exit has a date and a type; the record has only {given:member}." / "Add {lacking:member}, or leave both out if the student is still in the class.",
        sheet "Ngày rời lớp và hình thức rời phải đi cùng nhau; hàng này chỉ có “{given:member}”." | "An exit has a date and a type; the row has only “{given:member}”.",
        sheet_hint "Điền cột “{lacking:member}”, hoặc xóa cả hai ô nếu học sinh vẫn đang học." | "Fill in the column “{lacking:member}”, or clear both cells if the student is still in the class."; "School Gateway, enrollments";
    ST_004 = "ST-004" Error ["enrollments"] ["exitType", "dropoutReason"]
        "Học sinh thôi học nhưng chưa ghi lý do." / "Chọn lý do trong danh mục “dropout-reasons”."
        | "The student left school and no reason is given." / "Choose the reason from the list dropout-reasons.",
        sheet_hint "Chọn lý do ở cột “{/dropoutReason}”." | "Choose the reason in the column “{/dropoutReason}”."; "Sector database, dropout reasons";
    ST_005 = "ST-005" Error ["enrollments", "students"] ["studentCode", "schoolCode"]
        "Học sinh {student} còn đang học tại trường khác." / "Trường cũ cần ghi ngày rời và hình thức chuyển đi trước; hoặc kiểm tra lại mã học sinh."
        | "Student {student} still has an open enrollment at another school." / "The other school records the exit first; or check the student code."; "Circular 32/2020/TT-BGDĐT, article 35, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026", needs "enrollments";
    ST_006 = "ST-006" Error ["enrollments"] ["entryDate"]
        "Thời gian học từ {entry} trùng với quá trình học tập khác của cùng học sinh, bắt đầu {other}." / "Ghi ngày rời cho lớp trước, không muộn hơn ngày vào lớp sau."
        | "The time from {entry} overlaps another enrollment of the same student, which began on {other}." / "Close the earlier enrollment no later than the day on which the next begins."; "School Gateway, enrollments", needs "enrollments";
    ST_010 = "ST-010" Error ["enrollments"] ["classCode"]
        "Lớp “{class}” không thuộc trường và năm học này, mà thuộc {owner}." / "Chọn lớp của đúng trường và năm học; nếu là lớp mới, gửi bản ghi lớp trước."
        | "The class “{class}” is not of this school and year but of {owner}." / "Name a class of the record's own school and year; if it is new, send the class first.",
        sheet_hint "Chọn lớp của đúng trường và năm học; nếu là lớp mới, gửi danh sách lớp trước, hoặc trong cùng tệp." | "Name a class of the same school and year; if it is new, send the list of classes first, or in the same file."; "School Gateway, enrollments", needs "classes";
}
