//! TX, DT: texts and dates.

crate::rules! {
    DT_001 = "DT-001" Error [] [] "“{value}” không phải là ngày hợp lệ." / "Ghi ngày theo dạng NĂM-THÁNG-NGÀY, ví dụ 2012-09-05."
        | "“{value}” is not a date." / "Write dates as YEAR-MONTH-DAY, for example 2012-09-05."; "School Gateway, resources; ISO 8601";
}
