//! SC, CL: schools and classes.

crate::rules! {
    SC_001 = "SC-001" Error ["schools"] ["schoolCode"] "Mã trường “{value}” không gồm tám chữ số." / "Ghi mã trường tám chữ số do ngành cấp, giữ số 0 ở đầu."
        | "The school code “{value}” is not eight digits." / "Write the eight digits that the sector gave, leading zeros kept."; "School codes of the sector database";
    SC_002 = "SC-002" Warning ["schools"] ["schoolCode"] "Hai chữ số đầu “{value}” của mã trường không phải là mã tỉnh đã biết." / "Kiểm tra mã trường; hai chữ số đầu là mã tỉnh."
        | "The first two digits “{value}” of the school code are no known province." / "Check the code; its first two digits are the province."; "Decision 124/2004/QĐ-TTg; Decision 19/2025/QĐ-TTg";
    SC_004 = "SC-004" Warning ["schools"] ["schoolCode", "level"]
        "Chữ số thứ sáu của mã trường là {found}, cấp học {level:school-levels} cần {expected}." / "Kiểm tra mã trường và cấp học; một trong hai có thể sai."
        | "The sixth digit of the school code is {found}; level {level:school-levels} takes {expected}." / "Check the code and the level: one of them may be wrong."; "School codes of the sector database";
    SC_006 = "SC-006" Error ["campuses", "staff", "classes", "students", "enrollments", "teaching-assignments", "subject-results", "academic-records", "facility-returns", "diplomas"] ["schoolCode"]
        "Trường {school} đã {status}, không nhận dữ liệu mới." / "Gửi dữ liệu về trường kế thừa. Việc đã qua của trường cũ vẫn gửi được: ngày rời lớp, trạng thái không còn làm việc, kết quả của kì đã xong, văn bằng, và các năm trước ngày giải thể, sáp nhập nếu bản ghi của trường có ghi ngày đó (Hiệu lực từ)."
        | "School {school} is {status} and receives nothing new." / "Send the record for the school that took over. What is past may still be sent: exits, states that are not active, results of periods that are over, diplomas, and years before the end if the school's record says when that was (validFrom).",
        sheet_hint "Gửi dữ liệu về trường kế thừa. Việc đã qua của trường cũ vẫn gửi được: ngày rời lớp, trạng thái không còn làm việc, kết quả của kì đã xong, văn bằng, và các năm trước ngày giải thể, sáp nhập nếu bản ghi của trường có ghi ngày đó (Hiệu lực từ)." | "Send the record for the school that took over. What is past may still be sent: exits, states that are not active, results of periods that are over, diplomas, and years before the end if the school's record says when that was (Hiệu lực từ)."; "School Gateway, schools", needs "schools";
    SC_008 = "SC-008" Error ["schools"] ["successorCode", "status"] "Trường đã sáp nhập nhưng {fault}." / "Ghi mã của trường nhận sáp nhập vào {/successorCode}; nếu không có trường nào tiếp nhận thì ghi trạng thái Giải thể."
        | "The school was merged, but {fault}." / "Name in {/successorCode} the school that took it in; if none did, the status is closed.",
        sheet_hint "Ghi mã của trường nhận sáp nhập vào cột “{/successorCode}”; nếu không có trường nào tiếp nhận thì ghi trạng thái Giải thể." | "Name in the column “{/successorCode}” the school that took it in; if none did, the status is closed."; "School Gateway, schools";
    SC_007 = "SC-007" Warning ["schools"] ["name", "communeCode"] "Trong xã {commune} đã có trường khác tên “{name}” (mã {other})." / "Kiểm tra xem có phải cùng một trường với hai mã không; nếu là hai trường thì giữ nguyên."
        | "The commune {commune} already has another school named “{name}” (code {other})." / "See whether one school has two codes; if they are two schools, leave it."; "School Gateway, schools", needs "schools";
    CL_002 = "CL-002" Error ["classes"] ["grade"]
        "Trường có cấp học {level:school-levels} không dạy khối {grade:grade-levels}." / "Kiểm tra khối của lớp, hoặc cấp học của trường."
        | "A school of level {level:school-levels} does not teach grade {grade:grade-levels}." / "Check the grade of the class, or the level of the school."; "Education Law 43/2019/QH14, article 28", needs "schools";
    CL_010 = "CL-010" Warning ["classes", "enrollments"] ["electiveSubjects"]
        "Lớp trung học phổ thông có đúng bốn môn lựa chọn khác nhau; đang có: {found:subjects}." / "Chọn bốn môn khác nhau trong: {expected:subjects}. Lớp có nhiều nhóm lựa chọn thì ghi môn của từng học sinh vào quá trình học tập."
        | "An upper-secondary class takes exactly four different elective subjects; it has: {found:subjects}." / "Choose four different ones of: {expected:subjects}. Of a class of several groups, name the subjects of each student in the enrollment."; "Circular 13/2022/TT-BGDĐT", since "2022-2023";
    CL_011 = "CL-011" Error ["classes"] ["homeroomStaffCode"] "Giáo viên chủ nhiệm {staff} {state} tại trường {school}." / "Kiểm tra mã giáo viên, trường và trạng thái làm việc (hoặc nơi biệt phái) của người này."
        | "The homeroom teacher {staff} {state} school {school}." / "Check the staff code, and the person's school, status or secondment."; "Circular 32/2020/TT-BGDĐT, article 27, until 9 May 2026; Circular 15/2026/TT-BGDĐT, from 10 May 2026", needs "staff";
}
