//! CL, SF, ST, AS, MK, ID: what shows only in a whole school. These stand as findings; no record is rejected for them.

crate::rules! {
    CL_003 = "CL-003" Warning ["classes"] []
        "Lớp {class} có {count:n} học sinh; lớp tiểu học có nhiều nhất {limit} học sinh." / "Kiểm tra lớp của từng học sinh, ghi ngày rời cho em đã đi; nếu số liệu đúng thì trường xem xét tách lớp."
        | "Class {class} has {count:n} students; a primary class has at most {limit}." / "Check the students' classes and close the enrollments of those who left; if the number is right, consider another class."; "Circular 28/2020/TT-BGDĐT, article 16, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026";
    CL_004 = "CL-004" Warning ["classes"] []
        "Lớp {class} có {count:n} học sinh; lớp trung học có nhiều nhất {limit} học sinh." / "Kiểm tra lớp của từng học sinh, ghi ngày rời cho em đã đi; nếu số liệu đúng thì trường xem xét tách lớp."
        | "Class {class} has {count:n} students; a secondary class has at most {limit}." / "Check the students' classes and close the enrollments of those who left; if the number is right, consider another class."; "Circular 32/2020/TT-BGDĐT, article 16, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026";
    CL_005 = "CL-005" Warning ["classes"] []
        "Lớp {class} không có học sinh nào." / "Gửi quá trình học tập của học sinh lớp này, hoặc xóa lớp nếu không mở."
        | "Class {class} has no students." / "Send the enrollments of its students, or delete the class if it is not taught."; "School Gateway, classes";
    CL_006 = "CL-006" Warning ["classes"] ["homeroomStaffCode"] "Lớp {class} chưa có giáo viên chủ nhiệm." / "Ghi mã giáo viên chủ nhiệm vào bản ghi lớp."
        | "Class {class} has no homeroom teacher." / "Name the homeroom teacher in the record of the class.",
        sheet_hint "Điền giáo viên chủ nhiệm của lớp vào cột “{/homeroomStaffCode}” của danh sách lớp." | "Fill in the homeroom teacher in the column “{/homeroomStaffCode}” of the list of classes."; "Circular 32/2020/TT-BGDĐT, article 27, until 9 May 2026; Circular 28/2020/TT-BGDĐT, article 27, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026";
    CL_008 = "CL-008" Warning ["classes"] ["homeroomStaffCode"]
        "Giáo viên {staff} chủ nhiệm cả lớp {other} và lớp {class}." / "Kiểm tra giáo viên chủ nhiệm của hai lớp; nếu là lớp ghép, ghi lớp kia vào {/combinedWithClassCode}."
        | "Teacher {staff} is the homeroom teacher of class {other} and of class {class}." / "Check the homeroom teachers of both; if the classes are taught together, name the other in {/combinedWithClassCode}.",
        sheet_hint "Kiểm tra giáo viên chủ nhiệm của hai lớp; nếu là lớp ghép, ghi lớp kia vào cột “{/combinedWithClassCode}”." | "Check the homeroom teachers of both; if the classes are taught together, name the other in the column “{/combinedWithClassCode}”."; "School Gateway, classes";
    SF_004 = "SF-004" Warning ["schools"] []
        "Trường có {count} hiệu trưởng đang làm việc; cần đúng một." / "Kiểm tra chức vụ và trạng thái của cán bộ quản lý trong dữ liệu cán bộ giáo viên nhân viên."
        | "The school has {count} active {count?principal:principals}; it takes exactly one." / "Check position and status of the managers among the staff."; "Education Law 43/2019/QH14, article 56";
    SF_007 = "SF-007" Warning ["staff"] ["email"]
        "Thư điện tử của {staff} cũng là của {other}." / "Kiểm tra địa chỉ thư của hai người; mỗi người một địa chỉ riêng."
        | "The e-mail address of member {staff} is also that of {other}." / "Check the addresses of both: each has one of his own."; "School Gateway, staff";
    AS_003 = "AS-003" Warning ["teaching-assignments"] ["role", "staffCode"]
        "Lớp {class}, môn {subject:subjects}, học kì {term}: {other} và {staff} cùng là giáo viên chính." / "Để một người là giáo viên chính; nếu thay nhau trong học kì, ghi ngày bắt đầu và kết thúc của từng người."
        | "Class {class}, subject {subject:subjects}, term {term}: {other} and {staff} are both the main teacher." / "Keep one as the main teacher; if one followed the other, give the days from and to of each."; "School Gateway, teaching assignments";
    AS_005 = "AS-005" Warning ["classes"] []
        "Lớp {class} chưa có giáo viên môn {subject:subjects} ở học kì {term}." / "Gửi phân công giảng dạy của môn này."
        | "Class {class} has no teacher of {subject:subjects} in term {term}." / "Send the teaching assignment of the subject."; "School Gateway, teaching assignments";
    ST_007 = "ST-007" Warning ["enrollments"] ["entryType"] "Học sinh {student} chuyển đến ngày {date} nhưng không trường nào ghi chuyển đi trong vòng {days} ngày." / "Đề nghị trường cũ ghi ngày rời và hình thức chuyển đi; hoặc kiểm tra lại hình thức vào lớp."
        | "Student {student} transferred in on {date}, and no school recorded the transfer out within {days} days." / "Ask the former school to record the exit; or check the entry type."; "Circular 32/2020/TT-BGDĐT, article 35, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026";
    MK_016 = "MK-016" Warning ["subject-results"] []
        "Lớp {class}, môn {subject:subjects}, {period:reporting-phases}: điểm của {count:n} học sinh có vẻ lệch một dòng ({direction} khớp với kì trước hơn nhiều so với chính học sinh đó)." / "Đối chiếu bảng điểm gốc: kiểm tra cột điểm có bị dán lệch một dòng so với danh sách lớp."
        | "Class {class}, subject {subject:subjects}, {period:reporting-phases}: the marks of {count:n} students look shifted by one row ({direction} fits last term's marks far better than the student's own)." / "Compare with the mark book: the column may have been pasted one row off the list of the class."; "School Gateway, results";
    MK_018 = "MK-018" Warning ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "testMark"]
        "Lớp {class}, môn {subject:subjects}, {period:reporting-phases}: cả {count:n} học sinh cùng có {mark:n} ở cột {column}." / "Đối chiếu bảng điểm gốc: cột này có thể đã được điền tự động."
        | "Class {class}, subject {subject:subjects}, {period:reporting-phases}: all {count:n} students have {mark:n} as the {column}." / "Compare with the mark book: the column may have been filled in automatically."; "School Gateway, results";
    MK_021 = "MK-021" Warning ["classes"] []
        "Lớp {class} chưa có kết quả nào của {period:reporting-phases}, {reason}." / "Gửi kết quả môn học của lớp này."
        | "Class {class} has no results of {period:reporting-phases}, {reason}." / "Send the subject results of the class."; "School Gateway, results";
    MK_022 = "MK-022" Warning ["subject-results"] [] "Học sinh {student} lớp {class} chưa có kết quả nào của {period:reporting-phases}, trong khi {count}/{students} học sinh trong lớp đã có." / "Gửi kết quả của học sinh; nếu em đã rời lớp thì ghi ngày rời, nếu được miễn đánh giá thì ghi trong hồ sơ học sinh."
        | "Student {student} of class {class} has no results of {period:reporting-phases}, while {count} of the class's {students} have." / "Send the student's results; record the exit of one who left, and the exemption of one who is not assessed."; "School Gateway, results";
    ID_022 = "ID-022" Warning ["students"] ["fullName", "birthDate", "contacts"] "Có thể trùng hồ sơ: học sinh {student} cùng {likeness} với {other}." / "Kiểm tra hai hồ sơ: nếu là một em, giữ mã đã cấp trước và chuyển dữ liệu về mã đó; nếu là hai em, đề nghị Sở xác nhận."
        | "Likely duplicate: student {student} has the same {likeness} as {other}." / "Check both records: if they are one child, keep the code that was given first and move the data to it; if two, ask the department to confirm."; "Identification codes of the sector database";
    ST_012 = "ST-012" Warning ["students"] ["schoolCode"] "Hồ sơ học sinh {student} đã do trường {school} quản lý từ ngày {date}." / "Nếu em đã chuyển đi, ghi ngày rời và hình thức chuyển đi. Nếu không, liên hệ trường đó hoặc báo Sở."
        | "The record of student {student} is managed by school {school} since {date}." / "If the student has moved there, record the exit. If not, ask that school, or tell the department."; "School Gateway, who may write what";
    SF_012 = "SF-012" Warning ["staff"] ["schoolCode"]
        "Hồ sơ cán bộ giáo viên nhân viên {staff} đã do trường {school} quản lý từ ngày {date}." / "Nếu người này không chuyển đến đó, liên hệ trường đó hoặc báo Sở."
        | "The record of member of staff {staff} is managed by school {school} since {date}." / "If they have not moved there, ask that school, or tell the department."; "School Gateway, who may write what";
}
