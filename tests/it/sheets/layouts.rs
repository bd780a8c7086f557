//! Forms that schools have are read as they stand: what is stored is what the sheet says, whatever the order of its
//! columns, its subject, term and class.

use super::fixture::{Cell, School, XLSX, csv, said, workbook};
use crate::common::answer;
use crate::common::records::{SCHOOL, upsert};
use serde_json::{Value, json};

pub const SIXTH: [&str; 2] = ["3100009101", "3100009102"];
const THIRD: [&str; 2] = ["3100009301", "3100009302"];

/// A school of two classes, 6A and 3A, with two invented pupils in each.
pub async fn school() -> School {
    let school = School::empty().await;
    let mut records = vec![upsert(
        "schools",
        &json!({
            "schoolCode": SCHOOL, "name": "Trường TH&THCS Hoa Phượng", "level": "12", "schoolType": "07", "ownership": "1",
            "provinceCode": "31", "communeCode": "10507", "status": "open",
        }),
    )];
    for (class, grade, birth, students) in [("6A", "06", "2014-05-20", SIXTH), ("3A", "03", "2017-05-20", THIRD)] {
        let of = json!({ "schoolCode": SCHOOL, "schoolYear": "2025-2026", "classCode": class });
        records.push(upsert("classes", &with(&of, json!({ "name": class, "grade": grade }))));
        for code in students {
            let person = json!({
                "studentCode": code, "schoolCode": SCHOOL, "fullName": "Lý Văn Tạm", "birthDate": birth, "sex": "male",
                "ethnicity": "01", "nationality": "VN",
            });
            records.push(upsert("students", &person));
            let entry = json!({ "studentCode": code, "entryDate": "2025-09-05", "entryType": "new" });
            records.push(upsert("enrollments", &with(&of, entry)));
        }
    }
    let (status, report) = school.gateway.submit("", &school.token, &records).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    school
}

fn with(data: &Value, more: Value) -> Value {
    crate::common::records::with(data, more)
}

/// Rows whose cells are apart by bars.
pub fn rows(lines: &[&str]) -> Vec<Vec<Cell>> {
    lines.iter().map(|line| line.split('|').map(|cell| Cell::from(cell.trim())).collect()).collect()
}

/// The same with these columns first and the others behind them, from the row of the headings on.
fn moved(mut rows: Vec<Vec<Cell>>, from: usize, first: &[usize]) -> Vec<Vec<Cell>> {
    let width = rows.iter().map(Vec::len).max().unwrap();
    for row in &mut rows[from..] {
        row.resize(width, Cell::Empty);
        let others = (0..width).filter(|at| !first.contains(at));
        *row = first.iter().copied().chain(others).map(|at| row[at].clone()).collect();
    }
    rows
}

/// Sends a sheet of this name; nothing of it is refused.
async fn taken(school: &School, query: &str, sheet: &str, rows: &[Vec<Cell>]) -> Value {
    let (status, report) = school.send(query, XLSX, workbook(&[(sheet, rows.to_vec())])).await;
    assert_eq!((status, &report["counts"]["rejected"]), (200, &json!(0)), "{report}");
    report
}

async fn result(school: &School, period: &str, student: &str, subject: &str) -> Value {
    school.read(&format!("/v1/subject-results/{SCHOOL}/2025-2026/{period}/{student}/{subject}")).await
}

/// The members of a record, `null` for one that is not there.
fn members<const N: usize>(record: &Value, names: [&str; N]) -> [Value; N] {
    names.map(|name| record[name].clone())
}

const MARKS: [&str; 5] = ["classCode", "regularMarks", "midtermMark", "finalMark", "average"];

pub fn mark_sheet() -> Vec<Vec<Cell>> {
    rows(&[
        "UBND PHƯỜNG THÀNH ĐÔNG||||BẢNG ĐIỂM MÔN TOÁN",
        "TRƯỜNG TH&THCS HOA PHƯỢNG||||Học kỳ 1 - Năm học 2025-2026",
        "||||Lớp 6A - Giáo viên: Nghiêm Thị Thơ",
        "",
        "STT|Mã học sinh|Họ và tên|Ngày sinh|Giới tính|ĐĐGtx|||||ĐĐGgk|ĐĐGck|ĐTBmhk1",
        "|||||1|2|3|4|5",
        "1|3100009101|Đinh Gia Bảo|14/02/2014|Nam|8|7,5|9|8||8|8,5|8,2",
        "2|3100009102|Lương Khánh Chi|08/09/2014|Nữ|6|7|6,5|7||6,5|6|6,4",
        "",
        "|||||||||Hải Phòng, ngày 10 tháng 01 năm 2026",
        "|||||||||Giáo viên bộ môn",
    ])
}

#[actix_web::test]
async fn a_mark_sheet_says_subject_term_year_and_class_in_its_title() {
    let school = school().await;
    let report = taken(&school, "", "6A", &mark_sheet()).await;
    assert_eq!(report["counts"]["created"], 2, "{report}");
    let first = result(&school, "CK1", SIXTH[0], "TOAN").await;
    assert_eq!(members(&first, MARKS), [json!("6A"), json!([8.0, 7.5, 9.0, 8.0]), json!(8.0), json!(8.5), json!(8.2)]);
    // Another term and subject, columns in another order, further sheets, and the same sheet once more.
    let mut other = mark_sheet();
    other[0][4] = "BẢNG ĐIỂM MÔN KHOA HỌC TỰ NHIÊN".into();
    other[1][4] = "Học kì II - Năm học 2025-2026".into();
    other[4][12] = "ĐTBmhk2".into();
    let other = moved(other, 4, &[2, 1, 10, 11, 12]);
    let lists = rows(&["Kinh", "Tày"]);
    let book = workbook(&[("DanToc", lists), ("6A HK2", other), ("6A", mark_sheet())]);
    let (status, report) = school.send("", XLSX, book).await;
    assert_eq!(
        (status, &report["counts"]["created"], &report["counts"]["unchanged"]),
        (200, &json!(2), &json!(2)),
        "{report}"
    );
    let second = result(&school, "CK2", SIXTH[1], "KHTN").await;
    assert_eq!(members(&second, MARKS), [json!("6A"), json!([6.0, 7.0, 6.5, 7.0]), json!(6.5), json!(6.0), json!(6.4)]);
}

#[actix_web::test]
async fn form_one_of_the_sector_says_its_subject_in_the_name_of_its_file_or_as_parameters() {
    let school = school().await;
    let sheet = rows(&[
        "STT|Lớp|Mã định danh Bộ GD&ĐT|Họ và tên|Ngày sinh|ĐĐGtx1|ĐĐGtx2|ĐĐGtx3|ĐĐGtx4|ĐĐGtx5|ĐĐGgk|ĐĐGck|Nhận xét",
        "1|6A|3100009101|Đinh Gia Bảo|14/02/2014|8|7.5|9|8||8|8.5|Tiến bộ",
        "2|6A|3100009102|Lương Khánh Chi|08/09/2014|6|7|6.5|7||6.5|6|",
    ]);
    let report = taken(&school, "?fileName=diem-toan-hk1.xlsx", "Sheet1", &sheet).await;
    assert_eq!(report["counts"]["created"], 2, "{report}");
    let first = result(&school, "CK1", SIXTH[0], "TOAN").await;
    assert_eq!(members(&first, MARKS), [json!("6A"), json!([8.0, 7.5, 9.0, 8.0]), json!(8.0), json!(8.5), Value::Null]);
    assert_eq!(first["comment"], "Tiến bộ");
    // A parameter stands before what the name of the file says.
    let query = "?fileName=diem-toan-hk1.xlsx&subjectCode=NGUVAN&period=CK2&schoolYear=2025-2026";
    let report = taken(&school, query, "Sheet1", &moved(sheet, 0, &[2, 11, 10])).await;
    assert_eq!(report["counts"]["created"], 2, "{report}");
    assert_eq!(result(&school, "CK2", SIXTH[1], "NGUVAN").await["finalMark"], 6.0);
}

#[actix_web::test]
async fn form_two_of_the_sector_has_marks_apart_by_spaces_and_its_pupils_say_their_class() {
    let school = school().await;
    let sheet = rows(&[
        "STT|Mã định danh Bộ GD&ĐT|Họ và tên|Ngày sinh|ĐĐGtx|ĐĐGgk|ĐĐGck|ĐTBmhk|Mã nhận xét|Nội dung nhận xét",
        "1|3100009101|Đinh Gia Bảo|14/02/2014|8  7,5  9  8|8|8,5|8,2||Chăm chỉ",
        "2|3100009102|Lương Khánh Chi|08/09/2014|6  7  6,5  7|6,5|6|6,4||",
    ]);
    let report = taken(&school, "?fileName=Ngu%20van_HKII.xlsx", "Sheet1", &sheet).await;
    assert_eq!(report["counts"]["created"], 2, "{report}");
    let first = result(&school, "CK2", SIXTH[0], "NGUVAN").await;
    assert_eq!(members(&first, MARKS), [json!("6A"), json!([8.0, 7.5, 9.0, 8.0]), json!(8.0), json!(8.5), json!(8.2)]);
    assert_eq!(first["comment"], "Chăm chỉ");
}

#[actix_web::test]
async fn a_row_that_numbers_the_columns_is_no_record() {
    let school = school().await;
    let sheet = rows(&[
        "UBND phường Thành Đông|||BẢNG ĐIỂM HỌC KỲ",
        "Trường TH&THCS Hoa Phượng|||2025-2026 - Học kỳ: 1",
        "Lớp: 6A|||Môn học: Tin học",
        "",
        "STT|Tên lớp|Mã định danh|Họ và tên|Ngày sinh|ĐĐGtx||ĐĐGgk|ĐĐGck",
        "|||||1|2",
        "1|2|3|4|5|6|7|8|9",
        "1|6A|3100009101|Đinh Gia Bảo|14/02/2014|8|7.5|8|8.5",
        "STT|Tên lớp|Mã định danh|Họ và tên|Ngày sinh|ĐĐGtx||ĐĐGgk|ĐĐGck",
        "2|6A|3100009102|Lương Khánh Chi|08/09/2014|6|7|6.5|6",
    ]);
    let report = taken(&school, "", "Worksheet", &sheet).await;
    assert_eq!((&report["counts"]["received"], &report["counts"]["created"]), (&json!(2), &json!(2)), "{report}");
    assert_eq!(result(&school, "CK1", SIXTH[1], "TINHOC").await["regularMarks"], json!([6.0, 7.0]));
}

fn summary() -> Vec<Vec<Cell>> {
    rows(&[
        "UBND PHƯỜNG THÀNH ĐÔNG||||BẢNG TỔNG HỢP KẾT QUẢ GIÁO DỤC HỌC KỲ 1, NĂM HỌC 2025 - 2026",
        "TRƯỜNG TH&THCS HOA PHƯỢNG||||Khối 6 - Lớp 6A - (Học kỳ 1)",
        "",
        "STT|Mã học sinh|Số định danh cá nhân|Họ và tên|Toán|LS&ĐL|Ng.ngữ|GDTC|HĐTN&HN|Kết quả học tập|Kết quả rèn luyện|Buổi nghỉ|||Ghi chú",
        "||||(HS 1)|(HS 1)|(HS 1)|(N.xét)|(N.xét)|(Học kỳ 1)|(Học kỳ 1)|P|K|Tổng",
        "1|3100009101|031214009101|Đinh Gia Bảo|8,3|7,9|8,1|Đ|Đ|Tốt|Tốt|1|0|1|Ngoan",
        "2|3100009102|031314009102|Lương Khánh Chi|6,3|6,0|5,9|M|CĐ|Khá|Đạt|3|2|5|",
        "",
        "|||||||||Hải Phòng, ngày 12 tháng 01 năm 2026",
        "|||||||||HIỆU TRƯỞNG",
    ])
}

#[actix_web::test]
async fn a_summary_makes_a_result_of_each_subject_and_a_record_of_the_term() {
    let school = school().await;
    let (_, report) = school.send("", XLSX, workbook(&[("6a", summary())])).await;
    assert_eq!(report["byResource"]["subject-results"]["received"], 10, "{report}");
    assert_eq!(report["byResource"]["academic-records"]["received"], 2, "{report}");
    let exempt = result(&school, "CK1", SIXTH[1], "GDTC").await;
    assert_eq!(members(&exempt, ["exempt", "average", "level"]), [json!(true), Value::Null, Value::Null]);
    assert_eq!(result(&school, "CK1", SIXTH[1], "HDTNHN").await["level"], "CĐ");
    let record = school.read(&format!("/v1/academic-records/{SCHOOL}/2025-2026/CK1/{}", SIXTH[1])).await;
    assert_eq!(
        members(&record, ["classCode", "learningLevel", "conductLevel", "excusedAbsences", "unexcusedAbsences"]),
        [json!("6A"), json!("K"), json!("Đ"), json!(3), json!(2)]
    );
}

/// What a teacher works out of the marks for himself is no result of the year, and costs no row.
#[actix_web::test]
async fn a_grade_that_a_teacher_works_out_beside_the_marks_is_told_once() {
    let school = school().await;
    let mut sheet = mark_sheet();
    sheet[4].push("Xếp loại".into());
    let worked_out = r#"IF(M7>=8,"Giỏi","Đạt")"#;
    sheet[6].push(Cell::Formula(worked_out, "Giỏi"));
    sheet[7].push(Cell::Formula(worked_out, "Đạt"));
    let (_, report) = school.send("", XLSX, workbook(&[("6A", sheet)])).await;
    assert_eq!((&report["counts"]["received"], &report["counts"]["rejected"]), (&json!(2), &json!(0)), "{report}");
    assert_eq!(said(&report).iter().filter(|issue| issue.starts_with("SH-010")).count(), 1, "{report}");
}

/// An issue of one of the records that a row makes stands in the row and in the column of its subject.
#[actix_web::test]
async fn issues_of_unfolded_records_name_the_cell() {
    let school = school().await;
    let mut sheet = summary();
    sheet[6][6] = "85".into();
    sheet[5][10] = "Siêu".into();
    let (_, report) = school.send("", XLSX, workbook(&[("DanToc", rows(&["Kinh"])), ("6A", sheet)])).await;
    let said = said(&report);
    assert!(said.contains(&"MK-001 /average 6A 7 G".to_owned()), "{said:?}");
    assert!(said.iter().any(|issue| issue.ends_with("/conductLevel 6A 6 K")), "{said:?}");
    let of_mark = report["issues"].as_array().unwrap().iter().find(|issue| issue["code"] == "MK-001").unwrap();
    assert_eq!((&of_mark["heading"], &of_mark["key"]["subjectCode"]), (&json!("Ng.ngữ (HS 1)"), &json!("NN1")));
}

#[actix_web::test]
async fn the_year_of_primary_school_in_three_rows_of_headings() {
    let school = school().await;
    let sheet = rows(&[
        "STT|Mã lớp|Mã học sinh|Họ tên|Môn học và hoạt động giáo dục|||||Năng lực cốt lõi||Phẩm chất chủ yếu||Lên lớp|Xếp loại",
        "||||Toán||Tiếng việt||Hoạt động trải nghiệm|Năng lực chung|Năng lực đặc thù|Yêu nước|Nhân ái",
        "||||Mức đạt được|Điểm KTĐK|Mức đạt được|Điểm KTĐK|Mức đạt được|Tự chủ và tự học|Khoa học",
        "1|3A|3100009301|Phùng Nhật Anh|T|9|H|8|T|T|Đ|T|T|x|Hoàn thành xuất sắc",
        "2|3A|3100009302|Trịnh Hà My|H|7|H|6|H|Đ|Đ|T|Đ|x|Hoàn thành",
    ]);
    let (_, report) = school.send("?fileName=ketqua-cn.xlsx", XLSX, workbook(&[("Sheet1", sheet)])).await;
    assert_eq!(report["byResource"]["subject-results"]["received"], 6, "{report}");
    let first = result(&school, "CN", THIRD[0], "TOAN").await;
    assert_eq!(members(&first, ["classCode", "level", "testMark"]), [json!("3A"), json!("T"), json!(9)]);
    assert_eq!(result(&school, "CN", THIRD[1], "HDTN").await["level"], "H");
    let record = school.read(&format!("/v1/academic-records/{SCHOOL}/2025-2026/CN/{}", THIRD[1])).await;
    assert_eq!(members(&record, ["yearResult", "promoted"]), [json!("HT"), json!(true)], "{record}");
    assert_eq!((&record["competencies"]["science"], &record["qualities"]["kindness"]), (&json!("Đ"), &json!("Đ")));
}

#[actix_web::test]
async fn a_subject_and_the_qualities_of_primary_school_say_their_term_in_a_column() {
    let school = school().await;
    let subject = rows(&[
        "STT|Lớp|Mã học sinh|Họ và tên|Mức đạt được|Điểm KTĐK|Mã nhận xét|Nội dung nhận xét|Thời điểm đánh giá",
        "1|3A|3100009301|Phùng Nhật Anh|T|9||Em học tốt|Cuối học kì I",
        "2|3A|3100009302|Trịnh Hà My|Hoàn thành|7|||Cuối học kì I",
    ]);
    taken(&school, "?fileName=Danh%20gia%20Tieng%20Viet.xlsx", "Nhận xét", &subject).await;
    let second = result(&school, "CK1", THIRD[1], "TIENGVIET").await;
    assert_eq!(members(&second, ["level", "testMark", "classCode"]), [json!("H"), json!(7), json!("3A")]);
    let qualities = rows(&[
        "STT|Lớp|Mã định danh|Họ và tên|Năng lực chung|||Năng lực đặc thù|||Phẩm chất chủ yếu||Thời điểm đánh giá",
        "||||Tự chủ và tự học|Giao tiếp và hợp tác|GQVĐ và sáng tạo|Ngôn ngữ|Tin học|Thẩm mĩ|Yêu nước|Trách nhiệm",
        "1|3A|3100009301|Phùng Nhật Anh|T|Đ|T|T|Đ|T|T|C|Giữa học kì II",
    ]);
    taken(&school, "", "NLPC", &qualities).await;
    let record = school.read(&format!("/v1/academic-records/{SCHOOL}/2025-2026/GK2/{}", THIRD[0])).await;
    assert_eq!(
        (
            &record["competencies"]["communication"],
            &record["competencies"]["informatics"],
            &record["qualities"]["responsibility"]
        ),
        (&json!("Đ"), &json!("Đ"), &json!("C")),
        "{record}"
    );
    let (_, none) =
        school.gateway.get(&format!("/v1/subject-results?schoolCode={SCHOOL}&subjectCode=TINHOC"), &school.token).await;
    assert_eq!(none["items"], json!([]), "a competency is no subject");
}

/// Communes of Hải Phòng, two of one name.
async fn load_units(school: &School) {
    let folder = crate::common::Folder::new();
    let units = "code,name,level,parent,valid_from,valid_to,successor_codes\n31,Thành phố Hải Phòng,province,VN,,,\n\
        10507,Phường Thành Đông,commune,31,2025-07-01,,\n10508,Xã An Phú,commune,31,2025-07-01,,\n10509,Phường An Phú,commune,31,2025-07-01,,\n";
    let path = folder.file("admin-units.csv", units);
    school.gateway.run(&["reference", "load", path.to_str().unwrap()]);
}

#[actix_web::test]
async fn a_list_of_pupils_makes_pupils_with_their_parents_and_their_time_in_the_class() {
    let school = school().await;
    load_units(&school).await;
    let sheet = |commune: &str| {
        rows(&[
            "STT|Mã lớp|Mã học sinh|Họ đệm|Tên|Ngày, tháng, năm sinh|Nữ|Trạng thái HS|Ngày nhập trạng thái|Dân tộc|Quốc tịch|Tỉnh/Thành phố (Theo địa chỉ thường trú)|Xã/Phường (Theo địa chỉ thường trú)|SĐT|Họ tên bố|Năm sinh cha|Họ tên mẹ|Số điện thoại mẹ|Số định danh cá nhân",
            &format!(
                "1|3A|3100009301|Phùng Nhật|Anh|21/03/2017||Đang học|08/09/2025|Kinh|Việt Nam|Thành phố Hải Phòng|{commune}|0901234567|Phùng Văn Cường|1985|Tô Thị Diệp|0901234569|031217009301"
            ),
            "2|3A|3100009399|Trịnh Hà|My|05/11/2017|x|Chuyển đến kỳ 1|01/10/2025|Tày|Việt Nam|Hải Phòng|Phường Thành Đông|0901234568|||Vũ Thị Hoan||031317009399",
        ])
    };
    let book = workbook(&[
        ("Sheet1", sheet("Phường Thành Đông")),
        ("DanToc", rows(&["Kinh", "Tày"])),
        ("GioiTinh", rows(&["Nam", "Nữ"])),
    ]);
    let (status, report) = school.send("", XLSX, book).await;
    assert_eq!((status, &report["byResource"]["students"]["rejected"]), (200, &json!(0)), "{report}");
    let first = school.read("/v1/students/3100009301").await;
    assert_eq!(
        members(
            &first,
            [
                "fullName",
                "birthDate",
                "sex",
                "ethnicity",
                "nationality",
                "permanentProvinceCode",
                "permanentCommuneCode"
            ]
        ),
        ["Phùng Nhật Anh", "2017-03-21", "male", "01", "VN", "31", "10507"].map(|text| json!(text))
    );
    let contacts = json!([
        { "relationship": "father", "fullName": "Phùng Văn Cường", "birthYear": 1985 },
        { "relationship": "mother", "fullName": "Tô Thị Diệp", "phone": "0901234569" }
    ]);
    assert_eq!(first["contacts"], contacts);
    let second = school.read("/v1/students/3100009399").await;
    assert_eq!((&second["sex"], second["contacts"].as_array().map(Vec::len)), (&json!("female"), Some(1)));
    let entered = school.read(&format!("/v1/enrollments/{SCHOOL}/2025-2026/3100009399/2025-10-01")).await;
    assert_eq!(members(&entered, ["classCode", "entryType"]), [json!("3A"), json!("transfer-in")]);
    // A name that two communes bear is told with both, and none that bears it with none.
    for (commune, code, words) in [("An Phú", "SH-019", "10508"), ("Phường Không Có", "SH-020", "Không Có")] {
        let (_, report) = school.send("?mode=validate", XLSX, workbook(&[("Sheet1", sheet(commune))])).await;
        let issues = report["issues"].as_array().unwrap();
        let found = issues.iter().find(|issue| issue["code"] == code).unwrap_or_else(|| panic!("{report}"));
        assert_eq!((&found["row"], &found["column"]), (&json!(2), &json!("M")), "{found}");
        assert!(found["message"].as_str().unwrap().contains(words), "{found}");
    }
}

#[actix_web::test]
async fn a_class_list_names_its_class_in_the_title_and_finds_year_and_entry_by_what_is_stored() {
    let school = school().await;
    let sheet = rows(&[
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO THÀNH PHỐ HẢI PHÒNG",
        "DANH SÁCH HỌC SINH LỚP 6A",
        "",
        "STT|Mã định danh Bộ GD&ĐT|Họ tên|Ngày sinh|Giới tính|Dân tộc|Trạng thái|Tên cha|Lớp học|Khối học|Số định danh cá nhân",
        "1|3100009101|Đinh Gia Bảo|14/02/2014|Nam|Kinh|Đang học|Đinh Văn Giáp|6A|Khối 6|031214009101",
        "2|3100009102|Lương Khánh Chi|08/09/2014|Nữ|Kinh|Đang học||6A|Khối 6|031314009102",
        "3|3100009103|Tạ Thu Hà|01/10/2014|Nữ|Kinh|Đang học||6A|Khối 6|031314009103",
    ]);
    let report = taken(&school, "", "Sheet1", &moved(sheet, 3, &[8, 2, 1])).await;
    // Those that are there stay as they are; who is new begins with the school year.
    assert_eq!(report["byResource"]["enrollments"]["unchanged"], 2, "{report}");
    let new = school.read(&format!("/v1/enrollments/{SCHOOL}/2025-2026/3100009103/2025-09-05")).await;
    assert_eq!(members(&new, ["classCode", "entryType"]), [json!("6A"), json!("new")]);
    assert_eq!(school.read("/v1/students/3100009101").await["fullName"], "Đinh Gia Bảo");
}

#[actix_web::test]
async fn staff_say_school_position_and_qualification_by_name() {
    let school = school().await;
    load_units(&school).await;
    let sheet = |name: &str| {
        rows(&[
            "STT|UBND Xã|Tên trường|Mã định danh Bộ GD&ĐT|Họ tên|Ngày sinh|Giới tính|Dân tộc|Số CMND/CCCD|Trạng thái CB|Vị trí việc làm|Nhóm chức vụ|Hình thức hợp đồng|Trình độ chuyên môn nghiệp vụ|Môn dạy",
            &format!(
                "1|UBND phường Thành Đông|{name}|3190009001|Nghiêm Thị Thơ|12/04/1980|Nữ|Kinh|031180009001|Đang làm việc|Giáo viên THCS|Tổ trưởng chuyên môn|Viên chức HĐLV không xác định thời hạn|Đại học sư phạm|Toán"
            ),
        ])
    };
    taken(&school, "", "Sheet1", &sheet("Trường TH&THCS Hoa Phượng")).await;
    let teacher = school.read("/v1/staff/3190009001").await;
    assert_eq!(
        members(&teacher, ["schoolCode", "group", "position", "contractType", "qualification", "status", "subjects"]),
        [json!(SCHOOL), json!("2"), json!("28"), json!("1"), json!("16"), json!("1"), json!(["TOAN"])]
    );
    let (_, report) = school.send("", XLSX, workbook(&[("Sheet1", sheet("Trường THCS Chưa Có"))])).await;
    assert_eq!(said(&report).iter().filter(|issue| *issue == "SH-020 /schoolCode Sheet1 2 C").count(), 1, "{report}");
}

/// As a table of text the same forms are read too.
#[actix_web::test]
async fn a_form_as_csv_gives_the_same() {
    let school = school().await;
    taken(&school, "", "6A", &mark_sheet()).await;
    let (status, report) = school.send_csv("subject-results", csv(&mark_sheet(), b';')).await;
    assert_eq!((status, &report["counts"]["unchanged"]), (200, &json!(2)), "{report}");
}

#[actix_web::test]
async fn a_sheet_that_nearly_fits_is_told_what_it_lacks() {
    let school = school().await;
    let mut sheet = mark_sheet();
    sheet[4][1] = "Mã số thẻ thư viện".into();
    let (status, problem) = school.send("", XLSX, workbook(&[("6A", sheet.clone())])).await;
    let detail = problem["detail"].as_str().unwrap();
    assert_eq!(status, 400, "{problem}");
    for words in ["6A", "thiếu cột “Mã học sinh”", "ĐĐGgk", "Mã số thẻ thư viện", "/v1/sheet-layouts"]
    {
        assert!(detail.contains(words), "{words}: {detail}");
    }
    // Beside a sheet that is read, it is one piece that is refused.
    let (status, report) = school.send("", XLSX, workbook(&[("6A", mark_sheet()), ("6A cũ", sheet)])).await;
    assert_eq!(
        (status, &report["counts"]["rejected"], &report["counts"]["created"]),
        (200, &json!(1), &json!(2)),
        "{report}"
    );
    assert!(said(&report).iter().any(|issue| issue.starts_with("SH-018  6A cũ 6")), "{report}");
}

#[actix_web::test]
async fn an_unknown_column_is_told_once_and_its_rows_are_kept() {
    let school = school().await;
    let mut sheet = mark_sheet();
    sheet[4].push("Sở trường".into());
    sheet[6].push("Bơi".into());
    sheet[7].push("Hát".into());
    let report = taken(&school, "", "6A", &sheet).await;
    let unknown: Vec<String> = said(&report).into_iter().filter(|issue| issue.starts_with("SH-010")).collect();
    assert_eq!(unknown, ["SH-010  6A 6 N"], "{report}");
    // A heading that is nearly a member's loses no value: its rows are refused, and it is told once.
    sheet[4][13] = "Nhận xétt".into();
    let (status, report) = school.send("", XLSX, workbook(&[("6A", sheet)])).await;
    let near: Vec<String> = said(&report).into_iter().filter(|issue| issue.starts_with("PT-004")).collect();
    assert_eq!((status, &report["counts"]["rejected"]), (422, &json!(2)), "{report}");
    assert_eq!(near, ["PT-004 /Nhận xétt 6A 6 N"], "{report}");
    let groups = report["issueGroups"].as_array().unwrap();
    assert_eq!(groups.iter().find(|group| group["code"] == "PT-004").unwrap()["count"], 1, "{report}");
}

#[actix_web::test]
async fn parameters_of_sheets_are_checked_and_tell_requests_apart() {
    let school = school().await;
    let book = workbook(&[("Sheet1", rows(&["Mã HS|Lớp|TX|Giữa kì|Cuối kì", "3100009101|6A|8 7 9 8|8|8"]))]);
    for (query, words) in [
        ("?period=HK1", "CK1"),
        ("?schoolYear=2025", "2025-2026"),
        ("?schoolCode=123", "tám chữ số"),
        ("?subjectCode=XYZ", "subjects"),
        ("?classCode=123456789012345678901", "20"),
    ] {
        let (status, problem) = school.send(query, XLSX, book.clone()).await;
        assert_eq!(status, 400, "{query}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{query}: {problem}");
    }
    let (status, problem) = school.send("?period=CK1", "application/x-ndjson", b"{}\n".to_vec()).await;
    assert_eq!((status, problem["detail"].as_str().unwrap().contains("period")), (400, true), "{problem}");
    let keyed = |query: &str| {
        let request = school.gateway.request("POST", &format!("/v1/submissions{query}"), &school.token);
        answer(request.header("content-type", XLSX).header("idempotency-key", "once").body(book.clone()))
    };
    let of = "&subjectCode=TOAN&schoolYear=2025-2026";
    let (status, report) = keyed(&format!("?period=CK1{of}")).await;
    assert_eq!((status, &report["counts"]["created"]), (200, &json!(1)), "{report}");
    assert_eq!(keyed(&format!("?period=CK1{of}")).await.0, 200);
    assert_eq!(keyed(&format!("?period=CK2{of}")).await.0, 422, "another term is another request");
    // Without the term nothing stands for it.
    let (_, report) = school.send("?subjectCode=TOAN", XLSX, book.clone()).await;
    assert!(said(&report).iter().any(|issue| issue.starts_with("PT-012 /period Sheet1 2")), "{report}");
}
