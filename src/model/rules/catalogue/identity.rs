//! ID, PH, AD, ST: people, their numbers, telephones and addresses.

crate::rules! {
    ID_001 = "ID-001" Error ["students", "staff", "diplomas"] ["citizenId", "contacts"] "Số định danh cá nhân “{value}” không gồm 12 chữ số (đang có {length} ký tự)." / "Ghi đủ 12 chữ số như trên thẻ căn cước hoặc giấy khai sinh."
        | "The citizen number “{value}” is not twelve digits (it has {length} characters)." / "Write the twelve digits of the identity card or birth certificate."; "Decree 137/2015/NĐ-CP, article 13";
    ID_002 = "ID-002" Error ["students", "staff", "diplomas"] ["citizenId", "contacts"] "Ba chữ số đầu “{prefix}” của số định danh không phải mã tỉnh, thành phố nơi đăng ký khai sinh." / "Kiểm tra lại số định danh; mã của người sinh ở nước ngoài chỉ được cảnh báo."
        | "The first three digits “{prefix}” of the citizen number are no province's." / "Check the number; the code of a country of birth is only warned of."; "Circular 59/2021/TT-BCA";
    ID_003 = "ID-003" Error ["students", "staff", "diplomas"] ["citizenId", "sex", "birthDate"] "Chữ số thứ tư của số định danh là {found}, không khớp giới tính và thế kỷ sinh (cần {expected})." / "Kiểm tra số định danh, giới tính và ngày sinh; một trong ba có thể sai."
        | "The fourth digit of the citizen number is {found}; sex and century of birth give {expected}." / "Check the number, the sex and the birth date: one of them may be wrong."; "Decree 137/2015/NĐ-CP, article 13; Circular 59/2021/TT-BCA";
    ID_004 = "ID-004" Error ["students", "staff", "diplomas"] ["citizenId", "birthDate"] "Chữ số thứ năm và sáu của số định danh không khớp năm sinh." / "Kiểm tra số định danh và ngày sinh; một trong hai có thể sai."
        | "The fifth and sixth digits of the citizen number are not those of the birth year." / "Check the number and the birth date: one of them may be wrong."; "Decree 137/2015/NĐ-CP, article 13";
    ID_005 = "ID-005" Error ["students", "staff"] ["citizenId"] "Số định danh {value} đã thuộc về người khác (mã {other})." / "Kiểm tra lại: mỗi số chỉ thuộc về một người. Người từ trường khác chuyển đến thì gửi dưới mã đã được cấp."
        | "The citizen number {value} belongs to another person (code {other})." / "Check it: each number belongs to one person. Whoever came from another school is sent under the code that they were given."; "Decree 137/2015/NĐ-CP, article 12";
    ID_006 = "ID-006" Warning ["students", "staff"] ["citizenId"]
        "Chưa có số định danh cá nhân." / "Bổ sung số định danh khi có; số này in trên giấy khai sinh từ năm 2016 và trên thẻ căn cước. Người nước ngoài không có số: ghi quốc tịch."
        | "The citizen number is missing." / "Add it when it is known; birth certificates since 2016 and identity cards show it. Foreigners have none: give their nationality."; "Decree 137/2015/NĐ-CP";
    ID_008 = "ID-008" Error ["students", "staff", "diplomas"] ["citizenId", "contacts"] "Số định danh chỉ có 11 chữ số: bảng tính đã làm mất số 0 ở đầu." / "Có lẽ số đúng là {padded}; định dạng cột là văn bản rồi xuất lại."
        | "The citizen number has eleven digits: a spreadsheet has lost its leading zero." / "It probably is {padded}; format the column as text and export again."; "Decree 137/2015/NĐ-CP, article 13";
    ID_010 = "ID-010" Error ["students"] ["contacts", "citizenId"]
        "Số định danh của cha mẹ hoặc người giám hộ trùng với số của học sinh." / "Kiểm tra lại; có thể đã chép nhầm số của học sinh sang cha mẹ hoặc người giám hộ."
        | "A contact's citizen number is the student's own." / "Check both: one was probably copied to the other."; "School Gateway, students";
    ID_020 = "ID-020" Error ["students", "staff"] ["studentCode", "staffCode"] "Mã “{value}” không gồm mười chữ số và cũng không phải mã tạm (dạng TAM-31000501-0001)." / "Dùng mã mười chữ số do ngành cấp; chưa có thì dùng mã tạm: TAM-, mã trường, số thứ tự."
        | "The code “{value}” is neither ten digits nor a provisional one such as TAM-31000501-0001." / "Use the ten digits given by the sector, or until then a provisional code: TAM-, the school's code, a number."; "Identification codes of the sector database";
    ID_021 = "ID-021" Error ["students", "staff"] ["studentCode", "staffCode", "citizenId"] "Người này đã có mã {other}; mã không được thay đổi." / "Gửi dữ liệu với mã {other}, mã theo người suốt đời."
        | "This person already has the code {other}; codes do not change." / "Send the record under the code {other}, which is for life."; "Identification codes of the sector database";
    ID_023 = "ID-023" Info ["students", "staff"] ["studentCode", "staffCode"] "Đang dùng mã tạm {value}." / "Thay bằng mã mười chữ số khi ngành cấp mã."
        | "The code {value} is provisional." / "Replace it when the sector gives the ten digits."; "Identification codes of the sector database";
    ID_024 = "ID-024" Info ["students", "staff"] ["studentCode", "staffCode"] "Mã tạm {value} đã được thay bằng mã {other}." / "Dùng mã {other} trong phần mềm từ nay; mã tạm chỉ còn để nhận ra người học."
        | "The provisional code {value} gave way to {other}." / "Use {other} in your program from now on; the provisional code is only still recognised."; "Identification codes of the sector database";
    ID_025 = "ID-025" Error ["students", "staff"] ["studentCode", "staffCode"] "Mã {value} là của hồ sơ do trường khác quản lý." / "Kiểm tra lại mã. Nếu người này chuyển đến: gửi số định danh và ngày sinh đúng như trường cũ đã ghi, hoặc đề nghị trường cũ ghi việc rời trường trước."
        | "The code {value} is that of a record which another school manages." / "Check the code. If the person has come from there: send the citizen number and birth date as that school has them, or ask it to record the exit first."; "School Gateway, who may write what", needs "stored";
    ST_011 = "ST-011" Error ["students", "staff"] ["studentCode", "staffCode"] "Mã tạm {value} là của trường khác." / "Đặt mã tạm có mã của chính trường mình, ví dụ TAM-31000501-0001. Người chuyển trường cần có mã chính thức trước: trường cũ thay mã tạm rồi mới chuyển."
        | "The provisional code {value} is another school's." / "Make one that carries the code of your own school, such as TAM-31000501-0001. Whoever changes schools needs the official code first: the former school puts it in the place of the provisional one."; "School Gateway, who may write what", needs "stored";
    PH_001 = "PH-001" Warning ["schools", "staff", "students"] ["phone", "principalPhone", "contacts"] "Số điện thoại {value} không có đầu số hoặc độ dài của số di động hay cố định Việt Nam." / "Kiểm tra lại: di động 10 chữ số, cố định 11 chữ số bắt đầu bằng 02."
        | "The telephone number {value} has neither the prefix nor the length of a Vietnamese number." / "Check it: mobile numbers have ten digits, landlines eleven that begin with 02."; "Circular 22/2014/TT-BTTTT";
    AD_001 = "AD-001" Error ["schools", "campuses", "students", "staff"] ["communeCode", "permanentCommuneCode"] "Mã xã “{value}” không có, hoặc chưa có hiệu lực vào ngày {date}." / "Kiểm tra mã trong danh mục đơn vị hành chính (sau 01/07/2025 chỉ còn tỉnh và xã)."
        | "The commune “{value}” does not exist, or not yet on {date}." / "Check the code among the administrative units (since 1 July 2025 provinces and communes only)."; "Decision 19/2025/QĐ-TTg", needs "administrative-units";
    AD_002 = "AD-002" Warning ["schools", "campuses", "students", "staff"] ["communeCode", "permanentCommuneCode"] "Xã “{value}” ({name}) đã hết hiệu lực từ ngày {ended}; nay thuộc: {successors}." / "Cập nhật theo đơn vị hành chính mới."
        | "The commune “{value}” ({name}) ended on {ended}; it went into: {successors}." / "Change it to the unit of today."; "Decision 19/2025/QĐ-TTg", needs "administrative-units";
    AD_003 = "AD-003" Error ["schools", "campuses", "students", "staff"] ["communeCode", "permanentCommuneCode", "provinceCode", "permanentProvinceCode"] "Xã “{value}” không thuộc tỉnh “{province}” mà thuộc: {expected}." / "Kiểm tra mã tỉnh và mã xã; một trong hai có thể sai, hoặc là mã cũ trước 01/07/2025."
        | "The commune “{value}” is not in province “{province}” but in: {expected}." / "Check both codes: one may be wrong, or one from before 1 July 2025."; "Decision 19/2025/QĐ-TTg", needs "administrative-units";
    PV_001 = "PV-001" Error ["schools", "students"] ["provinceCode", "birthplaceProvinceCode", "nativeProvinceCode", "permanentProvinceCode"] "Mã tỉnh “{value}” không có trong danh mục vào ngày {date}." / "Dùng mã tỉnh trong danh mục tỉnh, thành phố; mã gần nhất hoặc mã thay thế: {nearest}."
        | "“{value}” is no province of {date}." / "Use a code of the list of provinces; the nearest, or the one into which it went: {nearest}."; "Decision 124/2004/QĐ-TTg; Decision 19/2025/QĐ-TTg";
    NA_001 = "NA-001" Error ["students", "staff"] ["nationality"] "“{value}” không phải là mã quốc tịch hai chữ hoa theo ISO 3166-1." / "Ghi VN cho người Việt Nam; mã nước khác theo danh mục quốc gia. Mã gần nhất: {nearest}."
        | "“{value}” is no country code of two capitals of ISO 3166-1." / "Write VN for Vietnamese; the list of countries has the others. The nearest: {nearest}."; "ISO 3166-1";
    HT_001 = "HT-001" Warning ["students", "facility-returns"] ["heightCm", "weightKg", "landAreaM2", "rooms"] "Số {value} {unit} ngoài khoảng thường gặp từ {minimum} đến {maximum} {unit}." / "{advice}"
        | "{value} {unit} is outside the usual {minimum} to {maximum} {unit}." / "{advice}"; "School Gateway, units of measurement";
    ST_002 = "ST-002" Error ["students"] ["disability", "disabilityType"]
        "Học sinh khuyết tật và dạng khuyết tật phải đi cùng nhau; bản ghi chỉ có {given:member}." / "Bổ sung {lacking:member}, hoặc bỏ cả hai nếu học sinh không khuyết tật."
        | "A disability has the flag and its type; the record has only {given:member}." / "Add {lacking:member}, or leave both out if the student has no disability.",
        sheet "Học sinh khuyết tật và dạng khuyết tật phải đi cùng nhau; hàng này chỉ có “{given:member}”." | "A disability has the mark and its type; the row has only “{given:member}”.",
        sheet_hint "Điền cột “{lacking:member}”, hoặc xóa cả hai ô nếu học sinh không khuyết tật." | "Fill in the column “{lacking:member}”, or clear both cells if the student has no disability."; "Law on Persons with Disabilities 51/2010/QH12, article 3";
    ST_008 = "ST-008" Warning ["students"] ["contacts"]
        "Học sinh chưa có thông tin cha mẹ hoặc người giám hộ." / "Bổ sung ít nhất một người: cha, mẹ hoặc người giám hộ."
        | "The student has no contact." / "Add a parent or guardian."; "School Gateway, students";
}
