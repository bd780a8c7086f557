//! What a cell shows: formats of numbers and days, damaged cells, days that programs moved.

use super::fixture::{Cell, School, XLSX, csv, row, said, table, workbook};
use crate::common::records::{example, with};
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};

/// A sheet of one record of a resource with these cells in the place of its own.
fn one(resource: &str, changes: &[(&str, Cell)]) -> Vec<Vec<Cell>> {
    let mut rows = table(&[example(resource)]);
    for (heading, cell) in changes {
        let known = |known: &Cell| matches!(known, Cell::Text(text) if text == heading);
        let at = rows[0].iter().position(known).unwrap_or_else(|| {
            rows[0].push(Cell::from(*heading));
            rows[1].push(Cell::Empty);
            rows[0].len() - 1
        });
        rows[1][at] = cell.clone();
    }
    rows
}

fn shown(number: f64, format: &'static str) -> Cell {
    Cell::Formatted(number, format)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// What is said of a member: code, message and hint of every issue.
fn of_member<'r>(report: &'r Value, pointer: &str) -> Vec<(&'r str, String)> {
    let issues = report["issues"].as_array().unwrap_or_else(|| panic!("{report}")).iter();
    let words = |issue: &Value| format!("{} {}", issue["message"].as_str().unwrap(), issue["hint"].as_str().unwrap());
    issues
        .filter(|issue| issue["pointer"] == pointer)
        .map(|issue| (issue["code"].as_str().unwrap(), words(issue)))
        .collect()
}

#[actix_web::test]
async fn codes_are_read_as_their_cells_show_them() {
    let school = School::filled().await;
    for (cell, code) in [
        (shown(6.1, "0.00"), "6.10"),
        (shown(7.2, "#,##0.00"), "7.20"),
        (shown(8.15, "0.0"), "8.2"),
        (shown(1.0, "00"), "01"),
        (shown(12.0, "000"), "012"),
        (shown(5.0, "0.00"), "5"),
        (Cell::Number(9.3), "9.3"),
        (shown(6.1, "General"), "6.1"),
    ] {
        let rows = one("classes", &[("classCode", cell.clone()), ("name", text("Lớp mới"))]);
        let (status, report) = school.send_sheet("classes", rows).await;
        assert_eq!((status, report["counts"]["created"].as_u64()), (200, Some(1)), "{cell:?}: {report}");
        school.read(&format!("/v1/classes/31000501/2025-2026/{code}")).await;
    }
    let kept = [
        ("phone", shown(912_345_678.0, "0000000000"), json!("0912345678")),
        ("phone", shown(2_253_123_456.0, "00000000000"), json!("02253123456")),
        ("permanentCommuneCode", shown(10_507.0, "000000"), Value::Null),
        ("note", shown(7.0, "000"), json!("007")),
    ];
    for (member, cell, value) in kept {
        let (_, report) = school.send_sheet("students", one("students", &[(member, cell.clone())])).await;
        if value.is_null() {
            assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "six digits are no commune: {report}");
            continue;
        }
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{member} {cell:?}: {report}");
        assert_eq!(school.read("/v1/students/3100012345").await[member], value, "{member} {cell:?}");
        assert!(of_member(&report, &format!("/{member}")).is_empty(), "nothing was repaired: {report}");
    }
}

#[actix_web::test]
async fn days_in_the_place_of_codes_and_marks_are_refused_with_what_was_typed() {
    let school = School::filled().await;
    for (resource, member, cell, typed) in [
        ("classes", "classCode", shown(46_028.0, "d/m"), "6/1."),
        ("classes", "classCode", shown(46_059.0, "dd/mm/yyyy"), "6/2."),
        ("classes", "classCode", shown(46_174.0, "m/d"), "6/1."),
        ("classes", "name", shown(46_181.0, "d-mmm"), "8/6, 6/8."),
        ("classes", "grade", shown(46_181.0, "m/d/yyyy"), "6/8."),
        ("subject-results", "midtermMark", shown(46_150.0, "d.m"), "8.5."),
        ("subject-results", "finalMark", shown(46_148.0, "m/d"), "5.6."),
        ("subject-results", "regularMarks.1", shown(46_150.0, "d-mmm"), "8.5, 5.8."),
        ("subject-results", "finalMark", shown(46_167.0, "d-mmm"), "5.25."),
        ("subject-results", "finalMark", shown(0.312_5, "h:mm"), "07:30."),
        ("students", "sex", shown(46_028.0, "d/m"), "6/1."),
    ] {
        let pointer = format!("/{}", member.replace(".1", "/0"));
        let (_, report) = school.send_sheet(resource, one(resource, &[(member, cell.clone())])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{member} {cell:?}: {report}");
        let said = of_member(&report, &pointer);
        assert!(matches!(&said[..], [("SH-011", words)] if words.contains(typed)), "{member} {cell:?}: {said:?}");
    }
    // In free text a day is what the cell shows, where its format says how.
    for (cell, note) in [(shown(46_028.0, "d/m"), "6/1"), (shown(46_028.0, "dd/mm/yyyy"), "06/01/2026")] {
        let (_, report) = school.send_sheet("students", one("students", &[("note", cell)])).await;
        assert_eq!(school.read("/v1/students/3100012345").await["note"], note, "{report}");
    }
}

#[actix_web::test]
async fn an_average_of_a_formula_is_what_its_cell_shows() {
    let school = School::filled().await;
    let own = example("subject-results")["average"].as_f64().unwrap();
    for (number, format, code) in
        [(own + 0.04, "0.0", "SH-017"), (own - 0.049_9, "#,##0.0", "SH-017"), (own, "0.0", ""), (own, "0.00", "")]
    {
        let rows = one("subject-results", &[("average", shown(number, format))]);
        let (_, report) = school.send_sheet("subject-results", rows).await;
        assert_eq!(report["counts"]["unchanged"].as_u64(), Some(1), "{number} {format}: {report}");
        let codes: Vec<&str> = of_member(&report, "/average").iter().map(|(code, _)| *code).collect();
        assert_eq!(codes.concat(), code, "{number} {format}: {report}");
    }
    // Shown with more places than a mark has, it is what it is.
    let rows = one("subject-results", &[("average", shown(own + 0.04, "0.00"))]);
    let (_, report) = school.send_sheet("subject-results", rows).await;
    assert!(of_member(&report, "/average").iter().any(|(code, _)| *code == "MK-002"), "{report}");
}

#[actix_web::test]
async fn percents_are_no_marks() {
    let school = School::filled().await;
    for (cell, percent) in [(shown(0.8, "0%"), "80%"), (shown(0.755, "0.0%"), "75.5%"), (text("90%"), "90%")] {
        let (_, report) = school.send_sheet("subject-results", one("subject-results", &[("midtermMark", cell)])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{report}");
        let said = of_member(&report, "/midtermMark");
        let is_named = |words: &String| words.contains(percent) && words.contains("định dạng phần trăm");
        assert!(matches!(&said[..], [("SH-012", words)] if is_named(words)), "{said:?}");
    }
}

#[actix_web::test]
async fn words_in_columns_of_marks_are_told_as_people_speak() {
    let school = School::filled().await;
    for (written, code, words) in [
        ("V", "SH-015", "học sinh vắng"),
        ("Vắng", "SH-015", "số từ 0 đến 10"),
        ("7.5đ", "SH-016", "có lẽ là 7.5"),
        ("7,5 điểm", "SH-016", "có lẽ là 7,5"),
        ("8/10", "SH-016", "có lẽ là 8"),
    ] {
        let (_, report) =
            school.send_sheet("subject-results", one("subject-results", &[("finalMark", text(written))])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{written}: {report}");
        let said = of_member(&report, "/finalMark");
        assert!(matches!(&said[..], [(known, all)] if *known == code && all.contains(words)), "{written}: {said:?}");
        assert!(!said[0].1.contains("JSON"), "{said:?}");
    }
    for nothing in ["-", "–", "—", "--"] {
        let changes = [("regularMarks.4", text(nothing)), ("heightCm", text(nothing))];
        let (_, report) = school.send_sheet("students", one("students", &changes[1..])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{nothing}: {report}");
        assert!(school.read("/v1/students/3100012345").await["heightCm"].is_null(), "{report}");
        let (_, report) = school.send_sheet("subject-results", one("subject-results", &changes[..1])).await;
        assert!(!said(&report).iter().any(|issue| issue.contains("/regularMarks/3")), "{nothing}: {report}");
    }
}

#[actix_web::test]
async fn a_time_close_to_midnight_is_the_day_that_was_meant() {
    let school = School::filled().await;
    for (cell, date, code) in [
        (shown(41_886.999_502_3, "dd/mm/yyyy"), "2014-09-05", ""),
        (shown(41_886.993_1, "dd/mm/yyyy"), "2014-09-05", ""),
        (shown(41_887.006_9, "dd/mm/yyyy"), "2014-09-05", ""),
        (shown(41_886.708_333_3, "dd/mm/yyyy"), "2014-09-04", "DT-013"),
        (shown(41_886.99, "dd/mm/yyyy hh:mm"), "2014-09-04", "DT-013"),
        (Cell::Number(41_886.999_9), "2014-09-05", "DT-002"),
        (text("4/9/2014 23:59:17"), "2014-09-05", ""),
        (text("2014-09-04 17:00:00"), "2014-09-04", "DT-013"),
        (text("4/9/2014 5:00:00 CH"), "2014-09-04", "DT-013"),
    ] {
        let (_, report) = school.send_sheet("students", one("students", &[("birthDate", cell.clone())])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{cell:?}: {report}");
        assert_eq!(school.read("/v1/students/3100012345").await["birthDate"], date, "{cell:?}: {report}");
        let codes: Vec<&str> = of_member(&report, "/birthDate").iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, code.split(' ').filter(|code| !code.is_empty()).collect::<Vec<_>>(), "{cell:?}: {report}");
    }
    // An instant is another day elsewhere.
    for instant in ["2014-09-04T17:00:00.000Z", "2014-09-05T00:00:00+07:00", "2014-09-04 17:00:00Z"] {
        let body = csv(&one("students", &[("birthDate", text(instant))]), b',');
        let (_, report) = school.send_csv("students", body).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{instant}: {report}");
        assert!(matches!(&of_member(&report, "/birthDate")[..], [("DT-001", _)]), "{instant}: {report}");
    }
}

/// A workbook whose days are counted from 1904, as those of old Macintoshes are.
fn from_1904(mut body: Vec<u8>) -> Vec<u8> {
    body = rewritten(&body, "xl/workbook.xml", |xml| xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    body
}

/// The workbook with one of its parts changed.
fn rewritten(body: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(body)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut bytes = Vec::new();
        let mut file = zip.by_index(at).unwrap();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == part {
            let changed = change(String::from_utf8(bytes.clone()).unwrap());
            assert_ne!(changed.as_bytes(), bytes, "{part} is changed");
            bytes = changed.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[actix_web::test]
async fn days_counted_from_1904_are_those_days_whatever_their_cells_show() {
    let school = School::filled().await;
    for cell in [shown(40_425.0, "dd/mm/yyyy"), Cell::Number(40_425.0), text("40425")] {
        let body = from_1904(workbook(&[("students", one("students", &[("birthDate", cell.clone())]))]));
        let (_, report) = school.send("", XLSX, body).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{cell:?}: {report}");
        assert_eq!(school.read("/v1/students/3100012345").await["birthDate"], "2014-09-05", "{cell:?}: {report}");
        school
            .gateway
            .submit("", &school.token, &[crate::common::records::upsert("students", &example("students"))])
            .await;
    }
}

/// Pupils with these birth dates, and the dates that are to be stored.
fn pupils(dates: &[&str]) -> Vec<Vec<Cell>> {
    let mut rows = table(&[example("students")]);
    let at =
        |heading: &str| rows[0].iter().position(|cell| matches!(cell, Cell::Text(text) if text == heading)).unwrap();
    let (code, date, citizen) = (at("studentCode"), at("birthDate"), at("citizenId"));
    let first = rows.pop().unwrap();
    for (number, text) in dates.iter().enumerate() {
        let mut row = first.clone();
        row[code] = Cell::Text(format!("31000124{number:02}"));
        row[date] = Cell::Text((*text).to_owned());
        row[citizen] = Cell::Empty;
        rows.push(row);
    }
    rows
}

#[actix_web::test]
async fn a_column_whose_months_stand_first_is_named_once_and_read_so() {
    let school = School::filled().await;
    let dates = ["3/8/2014", "3/28/2014", "11/30/2013", "2/11/2014", "2014-07-01", "10/7/2014 0:00"];
    let stored = ["2014-03-08", "2014-03-28", "2013-11-30", "2014-02-11", "2014-07-01", "2014-10-07"];
    let body = csv(&pupils(&dates), b';');
    for (query, media, body) in
        [("?resource=students", "text/csv", body), ("", XLSX, workbook(&[("students", pupils(&dates))]))]
    {
        let (_, report) = school.send(query, media, body).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{report}");
        let named: Vec<&Value> =
            report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == "SH-013").collect();
        assert!(matches!(&named[..], [one] if one["heading"] == "birthDate" && one["row"] == 1), "{named:?}");
        assert!(named[0]["message"].as_str().unwrap().contains("3/28/2014"), "{named:?}");
        for (number, date) in stored.iter().enumerate() {
            assert_eq!(school.read(&format!("/v1/students/31000124{number:02}")).await["birthDate"], *date);
        }
    }
    // What fits both orders, or speaks for both, has the day first.
    for dates in [["3/8/2014", "2/11/2014", "1/1/2014"], ["3/8/2014", "28/3/2014", "3/28/2014"]] {
        let (_, report) = school.send_csv("students", csv(&pupils(&dates), b',')).await;
        assert!(!said(&report).iter().any(|issue| issue.starts_with("SH-013")), "{report}");
        assert_eq!(school.read("/v1/students/3100012400").await["birthDate"], "2014-08-03");
    }
}

#[actix_web::test]
async fn characters_that_xml_cannot_hold_are_decoded_everywhere() {
    let school = School::filled().await;
    // The library writes what looks like an escape as it stands: it is the cell that is escaped.
    let mut rows = one("students", &[("note", text("NOTE")), ("fullName", text("NAME"))]);
    rows[0] = row(&rows[0]
        .iter()
        .map(|cell| if let Cell::Text(text) = cell { text.as_str() } else { "" })
        .collect::<Vec<_>>())
    .into_iter()
    .map(|cell| if matches!(&cell, Cell::Text(text) if text == "note") { text("HEADING") } else { cell })
    .collect();
    let body = rewritten(&workbook(&[("students", rows)]), "xl/sharedStrings.xml", |xml| {
        xml.replace("NOTE", "một_x000D_\nhai _x005F_x000D_ _x00E1_")
            .replace("NAME", "Nguyễn _x004D_inh An")
            .replace("HEADING", "_x000D_\nGhi_x0020_chú_x000D_")
    });
    let (_, report) = school.send("", XLSX, body).await;
    assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{report}");
    let stored = school.read("/v1/students/3100012345").await;
    assert_eq!((&stored["note"], &stored["fullName"]), (&json!("một\nhai _x000D_ á"), &json!("Nguyễn Minh An")));
    // A cell that holds its text itself.
    let rows = one("students", &[("note", Cell::Number(4_711.0))]);
    let body = rewritten(&workbook(&[("students", rows)]), "xl/worksheets/sheet1.xml", |xml| {
        let inline = " t=\"inlineStr\"><is><t>X_x000D_\nY</t></is></c>";
        xml.replace("><v>4711</v></c>", inline)
    });
    let (_, report) = school.send("", XLSX, body).await;
    assert_eq!(school.read("/v1/students/3100012345").await["note"], "X\nY", "{report}");
}

#[actix_web::test]
async fn a_text_that_the_file_lacks_empties_nothing() {
    let school = School::filled().await;
    let stored = school.read("/v1/students/3100012345").await;
    for lost in ["4711", "x", "-1"] {
        let body = workbook(&[("students", one("students", &[("note", text("mất"))]))]);
        let mut texts = String::new();
        zip::ZipArchive::new(Cursor::new(&body))
            .unwrap()
            .by_name("xl/sharedStrings.xml")
            .unwrap()
            .read_to_string(&mut texts)
            .unwrap();
        let place = texts.matches("<si>").count() - 1;
        let body = rewritten(&body, "xl/worksheets/sheet1.xml", |xml| {
            xml.replace(&format!("t=\"s\"><v>{place}</v>"), &format!("t=\"s\"><v>{lost}</v>"))
        });
        let (_, report) = school.send("", XLSX, body).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(1), "{lost}: {report}");
        let errors: Vec<String> =
            said(&report).into_iter().filter(|issue| issue.starts_with("SH-014 /note students 2 ")).collect();
        assert_eq!(errors.len(), 1, "{lost}: {report}");
        assert_eq!(school.read("/v1/students/3100012345").await, stored);
    }
}

#[actix_web::test]
async fn a_citizen_number_that_lost_its_zero_gets_it_back_where_it_fits_the_person() {
    let school = School::empty().await;
    let mut records = crate::common::records::small_school();
    let at = records.iter().position(|record| record["resource"] == "students").unwrap();
    records[at]["data"] = with(&records[at]["data"], json!({ "citizenId": null }));
    school.gateway.submit("", &school.token, &records).await;
    let known = example("students")["citizenId"].as_str().unwrap().to_owned();
    assert!(known.starts_with('0') && known.len() == 12, "{known}");
    let cell = Cell::Number(known.parse().unwrap());
    for cell in [cell, text(&known[1..]), shown(known.parse().unwrap(), "0")] {
        let (_, report) = school.send_sheet("students", one("students", &[("citizenId", cell.clone())])).await;
        assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{cell:?}: {report}");
        let issues = report["issues"].as_array().unwrap();
        let padded = issues.iter().find(|issue| issue["code"] == "ID-008").unwrap_or_else(|| panic!("{report}"));
        assert_eq!((&padded["severity"], &padded["pointer"]), (&json!("warning"), &json!("/citizenId")));
        assert_eq!(school.read("/v1/students/3100012345").await["citizenId"], known);
    }
    // With its zero it is not this person's.
    let other = Cell::Number((known[..4].to_owned() + "99" + &known[6..]).parse().unwrap());
    let (_, report) = school.send_sheet("students", one("students", &[("citizenId", other)])).await;
    let said = of_member(&report, "/citizenId");
    assert!(report["counts"]["rejected"] == 1 && matches!(&said[..], [("ID-008", _)]), "{report}");
    // Beside a contact nobody knows more than the number.
    let contact = [("contacts.1.citizenId", Cell::Number(31_185_012_399.0))];
    let (_, report) = school.send_sheet("students", one("students", &contact)).await;
    assert_eq!(report["counts"]["rejected"].as_u64(), Some(0), "{report}");
    assert_eq!(school.read("/v1/students/3100012345").await["contacts"][0]["citizenId"], "031185012399");
}
