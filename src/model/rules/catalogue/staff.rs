//! SF, AS: staff and teaching assignments.

crate::rules! {
    SF_001 = "SF-001" Error ["staff"] ["schoolCode"]
        "Cán bộ giáo viên nhân viên {staff} đang làm việc tại trường khác, trường đó không biệt phái đến đây." / "Trường cũ cập nhật trạng thái (chuyển đi, thôi việc) trước, hoặc trường cũ ghi trường biệt phái đến."
        | "Member of staff {staff} is active at another school, which has not seconded them here." / "Let that school change the status first, or let it state the secondment."; "School Gateway, who may write what", needs "stored";
    SF_002 = "SF-002" Warning ["staff"] ["qualification"]
        "Trình độ {value:training-levels} thấp hơn trình độ chuẩn của nhà giáo cấp {level:school-levels}." / "Kiểm tra trình độ đào tạo; chuẩn là cao đẳng sư phạm với mầm non, đại học với các cấp khác."
        | "Qualification {value:training-levels} is below the standard for teachers of level {level:school-levels}." / "Check it: the standard is a college of education for preschool, a university for the other levels."; "Education Law 43/2019/QH14, article 72", needs "schools";
    SF_003 = "SF-003" Warning ["staff"] ["rank"]
        "Hạng chức danh nghề nghiệp {value:teacher-ranks} không thuộc cấp học {level:school-levels}." / "Kiểm tra mã hạng chức danh nghề nghiệp: V.07.02 mầm non, V.07.03 tiểu học, V.07.04 THCS, V.07.05 THPT."
        | "Rank {value:teacher-ranks} is not one of level {level:school-levels}." / "Check the rank: V.07.02 is preschool, V.07.03 primary, V.07.04 lower and V.07.05 upper secondary."; "Circulars 01, 02, 03 and 04/2021/TT-BGDĐT", needs "schools";
    SF_006 = "SF-006" Warning ["staff"] ["weeklyPeriods"]
        "Số tiết dạy {value:n} một tuần cao hơn {limit:n} (định mức {norm:n} tiết của cấp {level:school-levels})." / "Kiểm tra số tiết; nếu đúng, xem lại việc phân công."
        | "{value:n} periods a week are more than {limit:n} (the norm of level {level:school-levels} is {norm:n})." / "Check the number; if it is right, look at how the teaching is shared out."; "Circular 28/2009/TT-BGDĐT, until 21 April 2025; Circular 05/2025/TT-BGDĐT, from 22 April 2025", needs "schools";
    SF_010 = "SF-010" Error ["staff"] ["birthDate"]
        "Cán bộ giáo viên nhân viên chưa đủ {limit} tuổi." / "Kiểm tra ngày sinh."
        | "The member of staff is younger than {limit}." / "Check the birth date."; "Law on Public Employees 58/2010/QH12, article 22";
    SF_011 = "SF-011" Warning ["staff"] ["birthDate", "status"]
        "Cán bộ giáo viên nhân viên đang làm việc nhưng đã đến tuổi nghỉ hưu từ {date}." / "Kiểm tra ngày sinh và trạng thái; nếu đã nghỉ hưu, cập nhật trạng thái."
        | "The member of staff is active, but reached the age of retirement on {date}." / "Check the birth date and the status; if retired, change the status."; "Decree 135/2020/NĐ-CP, article 4";
    AS_001 = "AS-001" Error ["teaching-assignments"] ["staffCode"] "Giáo viên {staff} {state} tại trường {school}." / "Kiểm tra mã giáo viên, trường và trạng thái làm việc (hoặc nơi biệt phái) của người này."
        | "Teacher {staff} {state} school {school}." / "Check the staff code, and the person's school, status or secondment."; "School Gateway, teaching assignments", needs "staff";
    AS_004 = "AS-004" Error ["teaching-assignments"] ["subjectCode"]
        "Môn {subject:subjects} không có trong chương trình khối {grade:grade-levels}." / "Kiểm tra mã môn và lớp; danh mục môn tại /v1/code-lists/subjects."
        | "Subject {subject:subjects} is not taught in grade {grade:grade-levels}." / "Check the subject and the class; the subjects are at /v1/code-lists/subjects.",
        sheet_hint "Kiểm tra môn và lớp trong hàng này." | "Check the subject and the class of this row."; "Circular 32/2018/TT-BGDĐT", needs "classes";
}
