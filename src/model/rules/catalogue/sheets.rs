//! SH, and DT-002, MK-003: what happens in spreadsheets only.

crate::rules! {
    DT_002 = "DT-002" Info [] [] "Ô ngày chứa số {value} của bảng tính, đã đọc là ngày {date}." / "Không cần làm gì; nên định dạng cột này là ngày."
        | "The cell holds the spreadsheet's serial number {value}; it was read as {date}." / "Nothing to do; better format the column as dates."; "School Gateway, sheets";
    DT_013 = "DT-013" Warning [] [] "Ô ngày có cả giờ ({time}); đã lấy ngày {date}." / "Phần mềm xuất theo múi giờ khác có thể lùi một ngày: so với giấy tờ, sửa ngày nếu sai, rồi bỏ giờ khỏi ô."
        | "The date has a time of day ({time}); the day {date} was taken." / "Software that exports in another time zone may be a day early: compare it with the papers, mend the day if it is wrong, and take the time out of the cell."; "School Gateway, sheets";
    MK_003 = "MK-003" Info [] []
        "Số “{value}” dùng dấu phẩy thập phân, đã đọc là {number:n}." / "Không cần làm gì."
        | "“{value}” has a decimal comma; it was read as {number:n}." / "Nothing to do."; "School Gateway, sheets";
    SH_001 = "SH-001" Error [] [] "Ô này có giá trị lỗi {value} của bảng tính." / "Sửa công thức hoặc nhập giá trị vào ô rồi gửi lại."
        | "The cell holds the spreadsheet's error {value}." / "Mend the formula, or enter the value, and send it again."; "School Gateway, sheets";
    SH_002 = "SH-002" Info [] [] "“{value}” đã mất chữ số 0 ở đầu, đã đọc là {restored}." / "Không cần làm gì; nên định dạng cột mã là văn bản."
        | "“{value}” has lost zeros at its beginning; it was read as {restored}." / "Nothing to do; better format columns of codes as text."; "School Gateway, sheets";
    SH_003 = "SH-003" Info [] []
        "Trang tính “{sheet}” không có hàng tiêu đề của loại dữ liệu nào nên không được đọc." / "Nếu trang có dữ liệu: đặt tên trang theo loại dữ liệu và dùng tiêu đề cột của tệp mẫu."
        | "The sheet “{sheet}” has the headings of no resource and was not read." / "If it holds records: name it as the resource and use the headings of the template.",
        sheet "Trang tính “{sheet}” không có hàng tiêu đề của loại dữ liệu nào nên không được đọc." | "The sheet “{sheet}” has the headings of no kind of records and was not read.",
        sheet_hint "Nếu trang có dữ liệu: đặt tên trang theo loại dữ liệu và dùng tiêu đề cột của tệp mẫu." | "If it holds data: call the sheet after what it holds and use the headings of the template."; "School Gateway, sheets";
    SH_004 = "SH-004" Info [] [] "Cột ẩn {column} “{heading}”{in_sheet} cũng đã được đọc." / "Xóa cột nếu không muốn gửi dữ liệu trong đó."
        | "The hidden column {column} “{heading}”{in_sheet} was read like the others." / "Delete the column if its data are not meant to be sent."; "School Gateway, sheets";
    SH_005 = "SH-005" Info [] [] "Trang “{sheet}” gộp các ô {range}: chỉ ô đầu của vùng gộp có giá trị, các ô khác được đọc là trống." / "Bỏ gộp ô và ghi giá trị vào từng hàng."
        | "The sheet “{sheet}” merges the cells {range}: only the first of them has the value, the others were read as empty." / "Unmerge them and write the value in every row."; "School Gateway, sheets";
    SH_006 = "SH-006" Error [] [] "Ô này chứa công thức mà tệp không kèm kết quả." / "Mở tệp bằng phần mềm bảng tính, lưu lại rồi gửi."
        | "The cell holds a formula whose result is not in the file." / "Open the file in a spreadsheet program, save it and send it again."; "School Gateway, sheets";
    SH_007 = "SH-007" Info [] []
        "{count:n} hàng ẩn{in_sheet} cũng đã được đọc, hàng đầu tiên là hàng {row}." / "Xóa các hàng ẩn nếu không muốn gửi dữ liệu trong đó."
        | "{count:n} hidden {count?row:rows}{in_sheet} {count?was:were} read like the others, the first is row {row}." / "Delete the hidden rows if their data are not meant to be sent."; "School Gateway, sheets";
    SH_008 = "SH-008" Info [] [] "Ô {column}{row}{in_sheet} có giá trị nhưng cột không có tiêu đề; giá trị ở đó không được đọc." / "Ghi tiêu đề cho cột, hoặc xóa các ô này."
        | "The cell {column}{row}{in_sheet} has a value, but its column has no heading; what stands there was not read." / "Give the column its heading, or clear the cells."; "School Gateway, sheets";
    SH_009 = "SH-009" Info [] []
        "{count:n} hàng dưới bảng, từ hàng {row}, không có mã nào và là dòng tổng hoặc dòng ký tên nên không được đọc." / "Không cần làm gì; nếu là bản ghi thì điền các cột mã rồi gửi lại."
        | "{count:n} {count?row:rows} below the table, from row {row} on, {count?has:have} no code and {count?is a total or a signature: it was:are totals or signatures: they were} not read." / "Nothing to do; if they are records, fill in the columns of codes and send them again."; "School Gateway, sheets";
    SH_010 = "SH-010" Warning [] [] "Không nhận ra cột {column} “{heading}”{in_sheet}: dữ liệu trong cột không được đọc." / "Không cần làm gì nếu cột chỉ để người xem; nếu là dữ liệu thì đổi tên cột theo mẫu, hoặc xóa cột."
        | "The column {column} “{heading}”{in_sheet} is not known: what stands in it was not read." / "Nothing to do if it is for people only; if it holds data, give it the heading of the template, or delete it."; "School Gateway, sheets";
    SH_011 = "SH-011" Error [] [] "Ô này là ngày hoặc giờ ({value}), trong khi cần {meant}: bảng tính đã tự đổi giá trị được gõ, có lẽ là {typed}." / "Định dạng ô là Văn bản (Text), gõ lại giá trị rồi gửi lại; điểm lẻ gõ bằng dấu phẩy, ví dụ 8,5."
        | "The cell holds a date or a time ({value}) where {meant} is meant: the spreadsheet changed what was typed, probably {typed}." / "Format the cell as text, type the value again and send it again."; "School Gateway, sheets";
    SH_012 = "SH-012" Error [] [] "Ô này có định dạng phần trăm (hiện {value}), trong khi cần một số, ví dụ 8 hoặc 7,5." / "Đổi định dạng ô thành Số (Number), gõ lại giá trị rồi gửi lại."
        | "The cell has the format of percents (it shows {value}) where a number such as 8 or 7.5 is meant." / "Format the cell as a number, type the value again and send it again."; "School Gateway, sheets";
    SH_013 = "SH-013" Warning [] [] "Cột {column} “{heading}” ghi tháng trước, ngày sau (có {value}): cả cột đã được đọc theo thứ tự đó." / "Kiểm tra các ngày đã đọc; nên ghi ngày/tháng/năm, ví dụ 25/09/2014."
        | "The column {column} “{heading}” has the month before the day (it holds {value}): the whole column was read so." / "Check the days that were read; better write day/month/year, such as 25/09/2014."; "School Gateway, sheets";
    SH_014 = "SH-014" Error [] [] "Không đọc được ô này: tệp bị hỏng, chữ của ô không còn trong tệp." / "Mở tệp bằng phần mềm bảng tính, nhập lại ô này, lưu rồi gửi lại."
        | "The cell cannot be read: the file is damaged and does not hold its text." / "Open the file in a spreadsheet program, enter the cell again, save and send it again."; "School Gateway, sheets";
    SH_015 = "SH-015" Error [] [] "Ô này cần số từ {least} đến {most}, đang ghi “{value}”." / "Ghi số, ví dụ 8 hoặc 7,5; học sinh vắng hoặc chưa có điểm thì để trống."
        | "A number from {least} to {most} is needed here, the cell says “{value}”." / "Write a number such as 8 or 7.5; for a student who was absent or has no mark yet leave the cell empty."; "School Gateway, sheets";
    SH_016 = "SH-016" Error [] [] "Ô này cần một số, đang ghi “{value}”; có lẽ là {number}." / "Chỉ ghi số, bỏ chữ và dấu khác."
        | "A number is needed here, the cell says “{value}”; probably {number} is meant." / "Write the number alone, without letters or other marks."; "School Gateway, sheets";
    SH_017 = "SH-017" Info [] [] "Ô này chứa {value} và hiện {number}; đã lấy số hiện trong ô." / "Không cần làm gì; nên làm tròn ngay trong công thức."
        | "The cell holds {value} and shows {number}; what it shows was taken." / "Nothing to do; better round in the formula."; "School Gateway, sheets";
    SH_018 = "SH-018" Error [] [] "Trang “{sheet}” thiếu cột {expected} nên không được đọc; đã nhận ra các cột {found}." / "Thêm cột còn thiếu với đúng tiêu đề rồi gửi lại, hoặc xóa trang này."
        | "The sheet “{sheet}” lacks the column {expected} and was not read; the columns {found} are known." / "Add the column under its heading and send the file again, or delete the sheet."; "School Gateway, sheets";
    SH_019 = "SH-019" Error [] [] "“{value}” có thể là nhiều giá trị: {candidates}." / "Ghi mã thay cho tên, hoặc ghi thêm cột để phân biệt (ví dụ tỉnh, xã, năm học)."
        | "“{value}” may be one of several: {candidates}." / "Write the code in the place of the name, or add the column that tells them apart (province, commune, school year)."; "School Gateway, sheets";
    SH_020 = "SH-020" Error [] [] "Không tìm thấy “{value}” trong danh mục." / "Ghi đúng tên đầy đủ như trong danh mục, hoặc ghi mã."
        | "“{value}” is the name of none that is known." / "Write the full name as the list has it, or the code."; "School Gateway, sheets";
    SH_021 = "SH-021" Warning [] [] "Chưa đổi được “{value}” thành mã vì danh mục đơn vị hành chính của tỉnh chưa được nạp; bản ghi được lưu không có mã này." / "Ghi mã, hoặc đề nghị Sở nạp danh mục xã, phường rồi gửi lại."
        | "“{value}” could not be turned into a code, for the administrative units of the province are not loaded; the record goes without it." / "Write the code, or ask the department to load the communes and send it again.",
        sheet "Chưa đổi được “{value}” thành mã vì danh mục đơn vị hành chính của tỉnh chưa được nạp; hàng này được lưu không có mã đó." | "“{value}” could not be turned into a code, for the administrative units of the province are not loaded; the row goes without it."; "School Gateway, sheets";
    SH_022 = "SH-022" Warning [] [] "Cột {column} “{heading}”{in_sheet} có ô ngày lẫn với ô chữ như {value}: có lẽ bảng tính đã đổi chỗ ngày và tháng ở các ô ngày, ví dụ {date}; {outcome}." / "Kiểm tra các ngày đã đọc; nên định dạng cả cột là Văn bản (Text) rồi ghi lại ngày/tháng/năm."
        | "The column {column} “{heading}”{in_sheet} has days beside texts such as {value}: the spreadsheet probably exchanged day and month where it made days, for example {date}; {outcome}." / "Check the days that were read; better format the whole column as text and write day/month/year again."; "School Gateway, sheets";
}
