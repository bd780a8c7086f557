//! MK, PR: marks and assessments.

crate::rules! {
    NM_001 = "NM-001" Warning ["subject-results", "academic-records"] ["studentCode"] "Bên cạnh mã {value} ghi tên “{found}”, nhưng mã này là của {stored}." / "Kiểm tra xem các hàng có bị lệch một dòng không; sửa mã, hoặc sửa tên trong hồ sơ học sinh."
        | "The name “{found}” stands beside the code {value}, which is that of {stored}." / "See whether the rows are shifted by one; correct the code, or the name in the student's record.",
        sheet_hint "Kiểm tra xem các hàng có bị lệch một dòng không; sửa mã, hoặc sửa tên trong danh sách học sinh." | "See whether the rows are shifted by one; correct the code, or the name in the list of students."; "School Gateway, sheets", needs "students";
    MK_001 = "MK-001" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark"]
        "Điểm {value:n} ngoài thang 0 đến 10." / "Kiểm tra lại điểm{advice}."
        | "The mark {value:n} is outside 0 to 10." / "Check the mark{advice}."; "Circular 22/2021/TT-BGDĐT, article 5";
    MK_002 = "MK-002" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark"]
        "Điểm {value:n} lẻ hơn một chữ số thập phân." / "Ghi điểm đến một chữ số thập phân{advice}."
        | "The mark {value:n} is finer than one decimal." / "Give marks to one decimal{advice}."; "Circular 22/2021/TT-BGDĐT, article 6";
    PR_001 = "PR-001" Error ["subject-results"] ["testMark"]
        "Điểm kiểm tra định kì {value:n} không phải là số nguyên từ 1 đến 10." / "Ghi điểm kiểm tra là số nguyên từ 1 đến 10, không cho điểm 0 và không cho điểm thập phân."
        | "The test mark {value:n} is not a whole number from 1 to 10." / "Give the test mark as a whole number from 1 to 10; neither 0 nor decimals are given."; "Circular 27/2020/TT-BGDĐT, article 7";
    PR_003 = "PR-003" Error ["academic-records"] ["qualities", "competencies"]
        "Mức “{value}” không phải là mức đánh giá phẩm chất, năng lực." / "Dùng T (tốt), Đ (đạt) hoặc C (cần cố gắng)."
        | "“{value}” is not a level of a quality or competency." / "Use T, Đ or C."; "Circular 27/2020/TT-BGDĐT, article 6";
    MK_005 = "MK-005" Warning ["subject-results"] ["regularMarks"]
        "Có {given} điểm đánh giá thường xuyên; môn {periods} tiết một năm có {allowed} điểm mỗi học kì." / "Kiểm tra các cột điểm thường xuyên; điểm của chuyên đề học tập cũng là điểm thường xuyên, nếu đúng thì giữ nguyên."
        | "There are {given} regular marks; a subject of {periods} periods a year has {allowed} a term." / "Check the regular marks; those of topic clusters are regular marks too: if they are right, leave them."; "Circular 22/2021/TT-BGDĐT, article 6", needs "classes";
    MK_006 = "MK-006" Warning ["subject-results"] ["average", "midtermMark", "finalMark"]
        "Có điểm trung bình {value:n} nhưng thiếu điểm giữa kì hoặc cuối kì." / "Bổ sung điểm giữa kì và cuối kì; nếu là điểm tổng kết học sinh mang theo khi chuyển đến thì giữ nguyên."
        | "There is an average of {value:n}, but the midterm or final mark is missing." / "Add both marks; if the student brought only the average along, leave it."; "Circular 22/2021/TT-BGDĐT, article 9";
    MK_007 = "MK-007" Error ["subject-results"] ["average", "regularMarks", "midtermMark", "finalMark"]
        "Điểm trung bình gửi lên là {value:n}; các điểm thành phần ({marks:n}) cho {expected:n}." / "Có thể do: {cause}. Tính lại: ({marks:n}) chia {weight}, làm tròn đến 0,1."
        | "The average sent is {value:n}; the marks ({marks:n}) give {expected:n}." / "Likely cause: {cause}. Compute again: ({marks:n}) / {weight}, rounded to 0.1.",
        sheet "Ô điểm trung bình ghi {value:n}; các điểm thành phần ({marks:n}) cho {expected:n}." | "The cell of the average says {value:n}; the marks ({marks:n}) give {expected:n}."; "Circular 22/2021/TT-BGDĐT, article 9", since "2020-2021";
    MK_009 = "MK-009" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark", "level", "reassessedLevel"]
        "Môn {subject:subjects} đánh giá {mode}, không ghi {given}." / "Bỏ giá trị này, hoặc kiểm tra lại mã môn học."
        | "The subject {subject:subjects} is assessed {mode}; {given} has no place there." / "Leave the value out, or check the subject code.",
        sheet_hint "Xóa giá trị trong ô, hoặc kiểm tra lại môn học." | "Clear the cell, or check the subject."; "Circular 22/2021/TT-BGDĐT, article 5", since "2020-2021", needs "classes";
    MK_010 = "MK-010" Error ["subject-results"] ["subjectCode"]
        "Môn {subject:subjects} không có trong chương trình khối {grade:grade-levels}." / "Kiểm tra mã môn học, hoặc lớp của học sinh."
        | "The subject {subject:subjects} is not taught in grade {grade:grade-levels}." / "Check the subject code, or the student's class."; "Circular 32/2018/TT-BGDĐT; Circular 13/2022/TT-BGDĐT", since "2020-2021", needs "classes";
    MK_011 = "MK-011" Error ["academic-records"] ["learningLevel"]
        "Mức kết quả học tập gửi lên là {value}; kết quả các môn của {period:reporting-phases} cho mức {expected}: {reason} ({detail:subjects})." / "Tính lại mức học tập theo Thông tư áp dụng cho năm học và khối lớp này, kể cả trường hợp chỉ một môn làm mức bị hạ; hoặc sửa kết quả môn học còn sai."
        | "The learning level sent is {value}; the subject results of {period:reporting-phases} give {expected}: {reason} ({detail:subjects})." / "Work the level out again by the circular that holds for this year and grade, with its clause on one subject alone; or correct the subject result that is wrong."; "Circular 22/2021/TT-BGDĐT, article 9; Circular 58/2011/TT-BGDĐT, article 13", needs "schools" "students" "classes" "subject-results";
    MK_008 = "MK-008" Error ["subject-results"] ["average"]
        "Điểm trung bình cả năm gửi lên là {value:n}; hai học kì {first:n} và {second:n} cho {expected:n}." / "Có thể do: {cause}. Tính lại từ điểm trung bình đã làm tròn của hai học kì: ({formula:n}) chia {weight}, làm tròn đến 0,1."
        | "The year average sent is {value:n}; the terms {first:n} and {second:n} give {expected:n}." / "Likely cause: {cause}. Compute again from the rounded averages of the terms: ({formula:n}) / {weight}, rounded to 0.1."; "Circular 22/2021/TT-BGDĐT, article 9; Circular 58/2011/TT-BGDĐT, article 11", needs "classes" "subject-results";
    MK_012 = "MK-012" Error ["academic-records"] ["award", "learningLevel", "conductLevel"]
        "Khen thưởng gửi lên là {value}; kết quả cả năm cho: {expected}, vì {reason} ({detail:subjects})." / "Sửa danh hiệu khen thưởng, hoặc sửa kết quả học tập, kết quả rèn luyện còn sai."
        | "The award sent is {value}; the year's results give: {expected}, for {reason} ({detail:subjects})." / "Correct the award, or the learning or conduct level that is wrong."; "Circular 22/2021/TT-BGDĐT, article 15; Circular 58/2011/TT-BGDĐT, article 18", needs "classes" "academic-records" "subject-results";
    MK_013 = "MK-013" Error ["academic-records"] ["promoted", "learningLevel", "conductLevel", "excusedAbsences", "unexcusedAbsences"]
        "Gửi lên là {value}; kết quả cả năm cho: {expected}, vì {reason} ({detail})." / "Sửa việc lên lớp, hoặc sửa kết quả học tập, kết quả rèn luyện, số buổi nghỉ còn sai."
        | "Sent was: {value}; the year's results give: {expected}, for {reason} ({detail})." / "Correct the promotion, or the levels or absences that are wrong."; "Circular 22/2021/TT-BGDĐT, article 12; Circular 58/2011/TT-BGDĐT, article 15", needs "classes" "academic-records";
    MK_014 = "MK-014" Warning ["subject-results"] ["period"]
        "Có kết quả {period:reporting-phases} của môn {subject:subjects} nhưng không có kết quả học kì I (CK1), dù học sinh đã học tại trường từ {entry}." / "Gửi kết quả học kì I của môn này; nếu môn chỉ dạy ở học kì II hoặc học sinh chưa học môn này ở học kì I thì giữ nguyên."
        | "There is a result of {period:reporting-phases} in {subject:subjects}, but none of the first term (CK1), although the student has been at the school since {entry}." / "Send the first term's result; if the subject was not taken then, leave it."; "School Gateway, results", needs "enrollments" "subject-results" "teaching-assignments";
    MK_015 = "MK-015" Error ["subject-results", "academic-records"] []
        "Kết quả đã lưu của trường {school} không được sửa: kì báo cáo “{period}” {state} {day}." / "Nếu kết quả sai, đề nghị Sở gia hạn kì báo cáo cho trường rồi gửi lại."
        | "A stored result of the school {school} may not be changed: the reporting period “{period}” {state} {day}." / "If the result is wrong, ask the department to give the school more time, then send it again."; "School Gateway, reporting periods", needs "stored";
    MK_020 = "MK-020" Error ["academic-records"] ["conductLevel"]
        "Mức kết quả rèn luyện cả năm gửi lên là {value}; học kì I mức {first} và học kì II mức {second} cho mức {expected}." / "Sửa mức kết quả rèn luyện cả năm, hoặc mức của học kì còn sai; học kì II quyết định nhiều hơn."
        | "The conduct of the year sent is {value}; {first} in the first and {second} in the second term give {expected}." / "Correct the level of the year, or of the term that is wrong; the second term weighs more."; "Circular 22/2021/TT-BGDĐT, article 8", since "2021-2022", needs "classes" "academic-records";
    PR_006 = "PR-006" Error ["academic-records"] ["yearResult"]
        "Kết quả giáo dục năm học gửi lên là {value}; các môn học và bài kiểm tra cuối năm cho {expected}: {reason} ({detail:subjects})." / "Sửa kết quả năm học, hoặc sửa mức và điểm kiểm tra còn sai ở các môn."
        | "The year's result sent is {value}; the subjects and the tests at the year's end give {expected}: {reason} ({detail:subjects})." / "Correct the year's result, or the levels and test marks that are wrong."; "Circular 27/2020/TT-BGDĐT, article 9", since "2020-2021", needs "academic-records" "classes" "subject-results";
    MK_017 = "MK-017" Error ["subject-results", "academic-records"] ["classCode"]
        "Học sinh không học lớp {class} trong {period:reporting-phases}; lớp đã biết trong năm học: {known}." / "Sửa mã lớp, hoặc gửi quá trình học tập của học sinh ở lớp này."
        | "The student was not in class {class} in {period:reporting-phases}; classes known in that year: {known}." / "Correct the class, or send the student's enrollment in it."; "School Gateway, results", needs "enrollments";
    MK_019 = "MK-019" Error ["subject-results"] ["exempt"]
        "Học sinh được miễn môn {subject:subjects} nhưng bản ghi vẫn có điểm." / "Bỏ điểm, hoặc bỏ đánh dấu miễn học; chỉ môn Giáo dục quốc phòng và an ninh có thể miễn phần thực hành mà vẫn có điểm lí thuyết."
        | "The student is exempt from {subject:subjects}, yet the record holds marks." / "Leave the marks out, or take the exemption back; only in defence education the practice may be exempt and the theory marked.",
        sheet "Học sinh được miễn môn {subject:subjects} nhưng hàng này vẫn có điểm." | "The student is exempt from {subject:subjects}, yet the row holds marks.",
        sheet_hint "Xóa điểm trong hàng này, hoặc bỏ đánh dấu miễn học." | "Clear the marks of this row, or take the exemption back."; "Circular 22/2021/TT-BGDĐT, article 11";
    PR_002 = "PR-002" Error ["subject-results"] ["level", "reassessedLevel"]
        "Mức “{value}” của môn {subject:subjects} không phải là mức đánh giá ở tiểu học." / "Dùng T (hoàn thành tốt), H (hoàn thành) hoặc C (chưa hoàn thành)."
        | "“{value}” in {subject:subjects} is not a level of primary school." / "Use T, H or C."; "Circular 27/2020/TT-BGDĐT, article 6", since "2020-2021", needs "classes";
    PR_004 = "PR-004" Error ["subject-results"] ["testMark"]
        "Môn {subject:subjects} không có bài kiểm tra định kì ở {period:reporting-phases}." / "Bỏ điểm kiểm tra, hoặc kiểm tra lại môn và kì."
        | "The subject {subject:subjects} has no test in {period:reporting-phases}." / "Leave the test mark out, or check the subject and the period.",
        sheet_hint "Xóa điểm kiểm tra trong ô, hoặc kiểm tra lại môn và kì." | "Clear the test mark, or check the subject and the period."; "Circular 27/2020/TT-BGDĐT, article 7", since "2020-2021", needs "classes";
    PR_005 = "PR-005" Warning ["subject-results"] ["level", "testMark"]
        "Mức {level} khác thường so với điểm kiểm tra {mark}." / "Kiểm tra lại mức và điểm; nếu đúng thì giữ nguyên."
        | "The level {level} is unusual beside a test mark of {mark}." / "Check both; if they are right, leave them."; "Circular 27/2020/TT-BGDĐT, article 7", since "2020-2021", needs "classes";
    PR_007 = "PR-007" Warning ["academic-records"] ["qualities", "competencies"]
        "Cuối năm học còn thiếu đánh giá “{member:member}”." / "Bổ sung mức T, Đ hoặc C."
        | "At the end of the year the assessment of “{member:member}” is missing." / "Add T, Đ or C."; "Circular 27/2020/TT-BGDĐT, article 6", since "2020-2021", needs "classes";
}
