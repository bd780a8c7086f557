//! MK, PR: marks and assessments.

crate::rules! {
    MK_001 = "MK-001" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark"]
        "Điểm {value} ngoài thang 0 đến 10." / "Kiểm tra lại điểm{advice}."
        | "The mark {value} is outside 0 to 10." / "Check the mark{advice}."; "Circular 22/2021/TT-BGDĐT, article 5";
    MK_002 = "MK-002" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark"]
        "Điểm {value} lẻ hơn một chữ số thập phân." / "Làm tròn đến chữ số thập phân thứ nhất."
        | "The mark {value} is finer than one decimal." / "Round it to one decimal."; "Circular 22/2021/TT-BGDĐT, article 6";
    PR_001 = "PR-001" Error ["subject-results"] ["testMark"]
        "Điểm kiểm tra định kỳ {value} không phải là số nguyên từ 1 đến 10." / "Ghi điểm kiểm tra là số nguyên từ 1 đến 10, không cho điểm 0 và không cho điểm thập phân."
        | "The test mark {value} is not a whole number from 1 to 10." / "Give the test mark as a whole number from 1 to 10; neither 0 nor decimals are given."; "Circular 27/2020/TT-BGDĐT, article 7";
    PR_003 = "PR-003" Error ["academic-records"] ["qualities", "competencies"]
        "Mức “{value}” không phải là mức đánh giá phẩm chất, năng lực." / "Dùng T (tốt), Đ (đạt) hoặc C (cần cố gắng)."
        | "“{value}” is not a level of a quality or competency." / "Use T, Đ or C."; "Circular 27/2020/TT-BGDĐT, article 6";
}
