//! DP: diplomas.

crate::rules! {
    DP_001 = "DP-001" Warning ["diplomas"] ["graduationYear", "birthDate"] "Năm tốt nghiệp {year} là trước khi đủ {limit} tuổi." / "Kiểm tra năm tốt nghiệp và ngày sinh; nếu đúng thì giữ nguyên."
        | "Graduation in {year} is before the age of {limit}." / "Check the year of graduation and the birth date; if they are right, leave them."; "Education Law 43/2019/QH14, article 28";
    DP_002 = "DP-002" Error ["diplomas"] ["replacesDiplomaNumber", "status"]
        "Văn bằng cấp lại nhưng không ghi số hiệu văn bằng được thay thế." / "Ghi số hiệu văn bằng cũ vào {/replacesDiplomaNumber}."
        | "The diploma is a reissue, but does not say what it replaces." / "Give the number of the former diploma in {/replacesDiplomaNumber}.",
        sheet_hint "Ghi số hiệu văn bằng cũ vào cột “{/replacesDiplomaNumber}”." | "Give the number of the former diploma in the column “{/replacesDiplomaNumber}”."; "Circular 21/2019/TT-BGDĐT";
    DP_003 = "DP-003" Error ["diplomas"] ["issuedOn", "graduationYear"] "Ngày cấp {date} trước năm tốt nghiệp {year}." / "Kiểm tra ngày cấp và năm tốt nghiệp."
        | "Issued on {date}, before the year of graduation {year}." / "Check the date of issue and the year of graduation."; "Circular 21/2019/TT-BGDĐT";
    DP_004 = "DP-004" Error ["diplomas"] ["diplomaNumber", "schoolCode"] "Văn bằng số {value} nằm trong sổ gốc của trường khác." / "Kiểm tra số hiệu. Nếu trường kia ghi nhầm, đề nghị trường đó xóa bản ghi trước."
        | "The diploma {value} is in the register of another school." / "Check the number. If the other school has it by mistake, ask it to delete the record first.",
        sheet_hint "Kiểm tra số hiệu. Nếu trường kia ghi nhầm, đề nghị trường đó xóa văn bằng này khỏi dữ liệu của họ trước." | "Check the number. If the other school has it by mistake, ask it to take this diploma out of its data first."; "School Gateway, who may write what", needs "stored";
}
