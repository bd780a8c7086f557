//! MK, PR: marks and assessments.

crate::rules! {
    MK_001 = "MK-001" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark"]
        "Điểm {value} ngoài thang 0 đến 10." / "Kiểm tra lại điểm{advice}."
        | "The mark {value} is outside 0 to 10." / "Check the mark{advice}."; "Circular 22/2021/TT-BGDĐT, article 5";
    MK_002 = "MK-002" Error ["subject-results"] ["regularMarks", "midtermMark", "finalMark", "average", "reassessedMark"]
        "Điểm {value} lẻ hơn một chữ số thập phân." / "Làm tròn đến chữ số thập phân thứ nhất."
        | "The mark {value} is finer than one decimal." / "Round it to one decimal."; "Circular 22/2021/TT-BGDĐT, article 6";
}
