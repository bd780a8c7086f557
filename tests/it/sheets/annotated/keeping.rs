//! What the sender has in his file stays: formulas, drop-downs, conditions, merged cells, notes, pictures, hidden
//! columns, other sheets, names, the sheet that is open.

use super::super::fixture::{School, XLSX, said, table};
use super::package::{Parts, listed, marks, package, parts, rows, sent, sheet_names, text, type_in};
use crate::common::records::{example, with};
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format, Formula, Image, Note, Workbook,
};
use serde_json::json;

/// A picture of one point.
const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
    0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0x60, 0, 0, 0, 2, 0, 1,
    0x48, 0xAF, 0xA4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

/// The letters of the columns of a heading row.
fn column_of(headings: &[String], name: &str) -> String {
    let at = headings.iter().position(|heading| heading == name).unwrap_or_else(|| panic!("{name}: {headings:?}"));
    school_gateway::intake::sheet::file::row::letters(at as u32)
}

/// A workbook of an office: one sheet of two students, the second without a name and of no sex, and much else.
fn of_an_office() -> Vec<u8> {
    let student = example("students");
    let wrong = with(
        &student,
        json!({ "studentCode": "3100012399", "citizenId": "031214000788", "sex": "nobody", "fullName": "" }),
    );
    let rows = table(&[student, wrong]);
    let mut book = Workbook::new();
    let cover = book.add_worksheet().set_name("Bìa & mục lục").unwrap();
    cover.write_string(0, 0, "TRƯỜNG THCS HOA PHƯỢNG").unwrap();
    cover.insert_image(2, 1, &Image::new_from_buffer(PICTURE).unwrap()).unwrap();
    let sheet = book.add_worksheet().set_name("Học sinh").unwrap();
    super::super::fixture::fill(sheet, &rows);
    let bold = Format::new()
        .set_bold()
        .set_border(rust_xlsxwriter::FormatBorder::Thin)
        .set_background_color(Color::RGB(0x00_E2_EF_DA));
    let (sex, name) = (
        rows[0]
            .iter()
            .position(|cell| matches!(cell, super::super::fixture::Cell::Text(text) if text == "sex"))
            .unwrap() as u16,
        rows[0]
            .iter()
            .position(|cell| matches!(cell, super::super::fixture::Cell::Text(text) if text == "fullName"))
            .unwrap() as u16,
    );
    sheet.write_string_with_format(2, sex, "nobody", &bold).unwrap();
    sheet.write_blank(2, name, &bold).unwrap();
    sheet.insert_note(2, sex, &Note::new("Hỏi lại phụ huynh").set_author("Lan")).unwrap();
    sheet.insert_note(1, 0, &Note::new("Đã xem").set_author("Lan")).unwrap();
    let choices = DataValidation::new().allow_list_strings(&["Nam", "Nữ"]).unwrap();
    sheet.add_data_validation(1, sex, 200, sex, &choices).unwrap();
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo("Nam"))
        .set_format(Format::new().set_bold());
    sheet.add_conditional_format(1, sex, 200, sex, &rule).unwrap();
    sheet
        .set_column_hidden(0)
        .unwrap()
        .set_freeze_panes(1, 0)
        .unwrap()
        .set_print_area(0, 0, 2, 5)
        .unwrap()
        .set_active(true);
    sheet.write_formula(10, 30, Formula::new("=COUNTA(A2:A3)").set_result("2")).unwrap();
    sheet.merge_range(11, 29, 11, 31, "", &Format::new()).unwrap();
    let sums = book.add_worksheet().set_name("Tổng hợp").unwrap();
    sums.write_formula(0, 0, Formula::new("='Học sinh'!AE11*2").set_result("4")).unwrap();
    sums.set_print_area(0, 0, 3, 3).unwrap();
    book.define_name("SoHocSinh", "='Học sinh'!$AE$11").unwrap();
    book.define_name("'Tổng hợp'!Rieng", "='Tổng hợp'!$A$1").unwrap();
    book.save_to_buffer().unwrap()
}

/// The parts that differ, or are new.
fn changed<'p>(before: &Parts, after: &'p Parts) -> Vec<&'p str> {
    after.iter().filter(|(name, bytes)| before.get(*name) != Some(bytes)).map(|(name, _)| name.as_str()).collect()
}

#[actix_web::test]
async fn the_senders_own_file_comes_back_and_can_be_mended_and_sent() {
    let school = School::filled().await;
    let office = of_an_office();
    let (status, bytes, report) = sent(&school, "", XLSX, office.clone()).await;
    assert_eq!((status, report["counts"]["rejected"].as_u64()), (200, Some(1)), "{report}");
    let (before, after) = (parts(&office), parts(&bytes));
    assert!(before.keys().all(|name| after.contains_key(name)), "{:?}", after.keys());
    assert_eq!(
        changed(&before, &after),
        [
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
            "xl/styles.xml",
            "xl/workbook.xml",
            "xl/worksheets/sheet2.xml",
            "xl/worksheets/sheet4.xml"
        ]
    );
    assert_eq!(sheet_names(&bytes), ["Lỗi cần sửa", "Bìa & mục lục", "Học sinh", "Tổng hợp"]);
    assert_eq!(rows(&bytes, "Học sinh"), rows(&office, "Học sinh"), "no cell is moved, renamed or translated");
    names_lead_where_they_led(&before, &after);

    let headings = &rows(&bytes, "Học sinh")[0];
    let (sex, name) = (format!("{}3", column_of(headings, "sex")), format!("{}3", column_of(headings, "fullName")));
    let entries = listed(&bytes);
    let entry = entries.iter().find(|entry| entry[0] == sex).unwrap_or_else(|| panic!("{entries:?}"));
    assert_eq!(
        (entry[1].as_str(), entry[2].as_str(), entry[6].as_str(), entry[7].as_str()),
        ("Học sinh", "3", "Lỗi", "PT-014")
    );
    assert!(entry[3].ends_with("– sex") && !entry[4].is_empty() && !entry[5].is_empty(), "{entry:?}");
    assert!(
        marks(&bytes).contains(&format!("{name} Lỗi PT-013")) || entries.iter().any(|entry| entry[0] == name),
        "{entries:?}"
    );
    let list = text(&after, "xl/worksheets/sheet4.xml");
    assert!(list.contains(&format!("location=\"'Học sinh'!{sex}\"")), "{list}");
    it_is_noted(&after, &sex, &name);
    it_is_coloured(&before, &after, &sex, &name);

    // As it is: nothing new is said. Mended: taken.
    let (_, again, repeated) = sent(&school, "", XLSX, bytes.clone()).await;
    assert_eq!((said(&repeated), &repeated["counts"]["rejected"]), (said(&report), &json!(1)), "{repeated}");
    assert_eq!(marks(&again), marks(&bytes));
    let mut mended = parts(&again);
    type_in(&mut mended, "xl/worksheets/sheet2.xml", &sex, "Nam");
    type_in(&mut mended, "xl/worksheets/sheet2.xml", &name, "Trần Thị Bé");
    let (status, clean, report) = sent(&school, "", XLSX, package(&mended)).await;
    assert_eq!(
        (status, &report["counts"]["created"], &report["counts"]["rejected"]),
        (200, &json!(1), &json!(0)),
        "{report}"
    );
    it_is_clean(&parts(&clean), &sex, &name);
}

/// Names and views of sheets mean the same sheets as before.
fn names_lead_where_they_led(before: &Parts, after: &Parts) {
    let (before, after) = (text(before, "xl/workbook.xml"), text(after, "xl/workbook.xml"));
    assert!(before.contains("activeTab=\"1\"") && after.contains("activeTab=\"2\""), "{after}");
    let local = |text: &str| -> Vec<(u32, String)> {
        let names = text.split("<definedName ").skip(1).filter_map(|name| {
            let (_, rest) = name.split_once("localSheetId=\"")?;
            Some((rest.split('"').next()?.parse().unwrap(), name.split_once('>')?.1.split('<').next()?.to_owned()))
        });
        names.collect()
    };
    let moved: Vec<(u32, String)> = local(before).into_iter().map(|(at, meaning)| (at + 1, meaning)).collect();
    assert!(moved.len() == 3 && local(after) == moved, "{after}");
    assert!(after.contains(">'Học sinh'!$AE$11<"), "{after}");
}

/// Our words stand at both cells, below those of the office; its other note stays.
fn it_is_noted(after: &Parts, sex: &str, name: &str) {
    let notes = text(after, "xl/comments1.xml");
    let note = |cell: &str| {
        let (_, rest) = notes.split_once(&format!("ref=\"{cell}\"")).unwrap_or_else(|| panic!("{cell}: {notes}"));
        rest.split("</comment>").next().unwrap().to_owned()
    };
    let of_sex = note(sex);
    assert!(of_sex.find("Hỏi lại phụ huynh").unwrap() < of_sex.find("School Gateway:").unwrap(), "{of_sex}");
    assert!(note(name).contains("School Gateway:") && note("A2").contains("Đã xem") && !note("A2").contains("School"));
    let shapes = text(after, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(notes.matches("<comment ").count(), shapes.matches("<v:shape ").count(), "{shapes}");
}

/// The faulty cells have the format that they had, with another fill.
fn it_is_coloured(before: &Parts, after: &Parts, sex: &str, name: &str) {
    let format = |parts: &Parts, cell: &str| {
        let sheet = text(parts, "xl/worksheets/sheet2.xml");
        let (_, rest) = sheet.split_once(&format!("<c r=\"{cell}\"")).unwrap();
        let at: usize = rest.split_once(" s=\"").unwrap().1.split('"').next().unwrap().parse().unwrap();
        let (_, formats) = text(parts, "xl/styles.xml").split_once("<cellXfs").unwrap();
        formats.split("<xf ").nth(at + 1).unwrap().to_owned()
    };
    for cell in [sex, name] {
        let attribute = |text: &str, name: &str| {
            text.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().to_owned()
        };
        let (was, is) = (format(before, cell), format(after, cell));
        assert_eq!(
            ["fontId", "borderId", "numFmtId"].map(|part| attribute(&was, part)),
            ["fontId", "borderId", "numFmtId"].map(|part| attribute(&is, part))
        );
        let fills = text(after, "xl/styles.xml").split_once("<fills").unwrap().1;
        let fill = fills.split("<fill>").nth(attribute(&is, "fillId").parse::<usize>().unwrap() + 1).unwrap();
        assert!(fill.contains("FFFFC9CE") && fill.contains("FEE2EFDA"), "{fill}");
    }
}

/// What was mended is neither coloured nor noted any more; the fill of the office is back.
fn it_is_clean(clean: &Parts, sex: &str, name: &str) {
    let (notes, shapes) = (text(clean, "xl/comments1.xml"), text(clean, "xl/drawings/vmlDrawing1.vml"));
    assert!(
        !notes.contains("School Gateway:") && notes.contains("Hỏi lại phụ huynh") && notes.contains("Đã xem"),
        "{notes}"
    );
    assert_eq!((notes.matches("<comment ").count(), shapes.matches("<v:shape ").count()), (2, 2), "{shapes}");
    let (styles, sheet) = (text(clean, "xl/styles.xml"), text(clean, "xl/worksheets/sheet2.xml"));
    for cell in [sex, name] {
        let at: usize = sheet
            .split_once(&format!("<c r=\"{cell}\""))
            .unwrap()
            .1
            .split_once(" s=\"")
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let format = styles.split_once("<cellXfs").unwrap().1.split("<xf ").nth(at + 1).unwrap();
        let fill: usize = format.split_once("fillId=\"").unwrap().1.split('"').next().unwrap().parse().unwrap();
        let fill = styles.split_once("<fills").unwrap().1.split("<fill>").nth(fill + 1).unwrap();
        assert!(fill.contains("FFE2EFDA") && !fill.contains("FFFFC9CE"), "{cell}: {fill}");
    }
    let names = text(clean, "xl/workbook.xml");
    assert_eq!((names.matches("<sheet ").count(), names.contains("activeTab=\"2\"")), (4, true), "{names}");
}
