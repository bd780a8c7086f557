//! TX, DT: texts and dates.

crate::rules! {
    DT_001 = "DT-001" Error [] [] "“{value}” không phải là ngày hợp lệ." / "Ghi ngày theo dạng NĂM-THÁNG-NGÀY, ví dụ 2012-09-05."
        | "“{value}” is not a date." / "Write dates as YEAR-MONTH-DAY, for example 2012-09-05."; "School Gateway, resources; ISO 8601";
    TX_001 = "TX-001" Info [] [] "x" / "x" | "x" / "x"; "x";
    TX_006 = "TX-006" Info [] [] "x" / "x" | "x" / "x"; "x";
    TX_002 = "TX-002" Error [] [] "Văn bản không phải UTF-8 (từ byte thứ {at})." / "Xuất dữ liệu với bảng mã UTF-8 rồi gửi lại."
        | "The text is not UTF-8 (from byte {at})." / "Export the data as UTF-8 and send it again."; "RFC 8259, section 8.1";
}
