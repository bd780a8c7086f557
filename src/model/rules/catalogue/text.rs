//! TX, DT: texts and dates.

crate::rules! {
    DT_001 = "DT-001" Error [] []
        "“{value}” không phải là ngày{reason?}." / "Ghi ngày theo dạng NĂM-THÁNG-NGÀY, ví dụ 2012-09-05."
        | "“{value}” is not a date{reason?}." / "Write dates as YEAR-MONTH-DAY, for example 2012-09-05.",
        sheet_hint "Ghi ngày/tháng/năm, ví dụ 05/09/2012." | "Write day/month/year, for example 05/09/2012."; "School Gateway, resources; ISO 8601";
    DT_003 = "DT-003" Error ["students", "staff", "diplomas"] ["birthDate"] "Ngày sinh {value} là ngày trong tương lai." / "Kiểm tra lại ngày sinh theo giấy khai sinh."
        | "The birth date {value} is in the future." / "Check it against the birth certificate."; "School Gateway, resources";
    TX_001 = "TX-001" Info [] [] "Dấu tiếng Việt viết rời đã được chuyển về dạng dựng sẵn (NFC)." / "Không cần làm gì; nên chọn bảng mã Unicode dựng sẵn khi nhập liệu."
        | "The text was not in the composed form of Unicode (NFC) and has been normalised." / "Nothing to do; better set the keyboard or export to composed Unicode."; "TCVN 6909:2001; Unicode Annex 15";
    TX_002 = "TX-002" Error [] []
        "Văn bản không phải UTF-8 (từ byte thứ {at})." / "Xuất dữ liệu với bảng mã UTF-8 rồi gửi lại."
        | "The text is not UTF-8 (from byte {at})." / "Export the data as UTF-8 and send it again.",
        sheet "Văn bản không ở bảng mã UTF-8." | "The text is not UTF-8.",
        sheet_hint "Lưu tệp dạng “CSV UTF-8” hoặc .xlsx rồi gửi lại." | "Save the file as “CSV UTF-8” or .xlsx and send it again."; "RFC 8259, section 8.1";
    TX_003 = "TX-003" Warning [] [] "“{value}” có vẻ bị sai bảng mã ({encoding}); có lẽ là {reading}." / "Xuất lại dữ liệu theo Unicode (UTF-8) rồi gửi lại; hệ thống không tự sửa."
        | "“{value}” looks damaged by an encoding ({encoding}); it probably reads {reading}." / "Export the data as Unicode (UTF-8) and send it again; nothing was changed.",
        sheet_hint "Gõ lại ô này, hoặc xuất lại tệp theo bảng mã Unicode (UTF-8) rồi gửi lại; hệ thống không tự sửa." | "Type the cell anew, or export the file as Unicode (UTF-8), and send it again; nothing was changed."; "TCVN 6909:2001";
    TX_004 = "TX-004" Warning [] [] "Họ tên “{value}” viết toàn chữ {case}." / "Viết hoa chữ cái đầu của mỗi từ, ví dụ Nguyễn Văn An."
        | "The name “{value}” is all in {case} case." / "Write a capital at the beginning of each word, such as Nguyễn Văn An."; "Decree 30/2020/NĐ-CP, annex II";
    TX_005 = "TX-005" Error [] [] "Họ tên có chữ số hoặc ký tự điều khiển." / "Ghi đúng họ tên theo giấy khai sinh, bỏ số thứ tự và ký tự lạ."
        | "The name has digits or control characters." / "Write the name as on the birth certificate, without numbers or stray characters."; "Decree 30/2020/NĐ-CP, annex II";
    TX_006 = "TX-006" Info [] [] "Khoảng trắng thừa đã được bỏ (số điện thoại được đưa về dạng trong nước)." / "Không cần làm gì."
        | "Superfluous spaces were taken out (a telephone number was brought to its national form)." / "Nothing to do."; "School Gateway, texts";
    TX_007 = "TX-007" Warning [] [] "Họ tên “{value}” chỉ có một từ." / "Ghi đủ họ, chữ đệm và tên; nếu đúng là tên một từ thì giữ nguyên."
        | "The name “{value}” is a single word." / "Write the full name; if it really is one word, leave it."; "School Gateway, texts";
    TX_008 = "TX-008" Error [] []
        "Văn bản có ký tự điều khiển (mã {character})." / "Xóa ký tự lạ, thường do sao chép từ phần mềm khác, rồi gửi lại."
        | "The text has a control character ({character})." / "Delete the stray character, often left by copying from another program, and send it again.",
        sheet_hint "Xóa ký tự lạ trong ô (thường do sao chép từ phần mềm khác), hoặc gõ lại ô, rồi gửi lại." | "Delete the stray character in the cell, or type the cell anew, and send the sheet again."; "School Gateway, texts";
    TX_011 = "TX-011" Info [] [] "Ký tự không nhìn thấy đã được bỏ, chữ toàn rộng và chữ giống Đ đã được thay bằng chữ thường dùng." / "Không cần làm gì; nên gõ lại thay vì sao chép từ trang web hoặc tệp PDF."
        | "Characters that show nothing were dropped; full-width forms and look-alikes of Đ were replaced." / "Nothing to do; better type such texts than copy them from web pages or PDF files."; "TCVN 6909:2001; Unicode Annex 15";
    TX_012 = "TX-012" Error [] [] "“{value}” có chữ “{letter}” ({character}) không phải chữ Latinh dù trông giống." / "Gõ lại bằng bàn phím tiếng Việt; có lẽ là “{reading}”."
        | "“{value}” has the letter “{letter}” ({character}), which is not Latin though it may look so." / "Type it again; it probably is “{reading}”."; "Unicode Technical Standard 39";
    TX_010 = "TX-010" Error [] [] "Văn bản bắt đầu bằng “{character}”, phần mềm bảng tính sẽ hiểu là công thức." / "Bỏ ký tự này ở đầu."
        | "The text begins with “{character}”; a spreadsheet would run it as a formula." / "Take the character away from the beginning."; "School Gateway, texts";
}
