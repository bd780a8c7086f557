//! A sheet passed on, with marks and without.

use super::*;
use crate::intake::sheet::file::package::Budget;

fn passed(sheet: &str, marks: &[(u64, u32)], notes: Option<&str>) -> (String, Option<String>) {
    let mut styles = Styles::of(None, "urn:x").unwrap();
    let marks: Vec<MarkedCell> = marks
        .iter()
        .map(|(row, column)| MarkedCell { row: *row, column: *column, severity: Severity::Error })
        .collect();
    let mut out = Vec::new();
    let source = Xml::new(sheet.as_bytes(), Budget::of(1 << 20));
    let passed = SheetPass::new(source, &mut out, &mut styles, &marks, notes, false).run().unwrap();
    (String::from_utf8(out).unwrap(), passed.drawing)
}

#[test]
fn a_sheet_without_marks_stays_as_it_was_written() {
    let sheet = "<?xml version=\"1.0\"?>\r\n<x:worksheet xmlns:x='urn:x' ><x:sheetData><x:row ><x:c/><x:c t=\"n\"><x:v>1</x:v></x:c ></x:row></x:sheetData>\n<x:extLst/></x:worksheet>";
    assert_eq!(passed(sheet, &[], None).0, sheet);
}

#[test]
fn cells_that_are_not_there_are_put_in_where_they_belong() {
    let sheet = "<worksheet><cols><col min=\"4\" max=\"4\" style=\"0\"/></cols><sheetData><row r=\"2\" spans=\"1:3\"><c r=\"B2\"/><c><v>1</v></c></row><row r=\"4\"/></sheetData></worksheet>";
    let (made, _) = passed(sheet, &[(1, 0), (2, 0), (2, 2), (2, 3), (3, 1), (4, 1), (9, 0)], None);
    let rows = made.split_once("<sheetData>").unwrap().1.split_once("</sheetData>").unwrap().0;
    assert_eq!(
        rows,
        "<row r=\"1\"><c r=\"A1\" s=\"1\"/></row><row r=\"2\"><c r=\"A2\" s=\"1\"/><c r=\"B2\"/><c s=\"1\"><v>1</v></c><c r=\"D2\" s=\"1\"/></row>\
         <row r=\"3\"><c r=\"B3\" s=\"1\"/></row><row r=\"4\"><c r=\"B4\" s=\"1\"/></row><row r=\"9\"><c r=\"A9\" s=\"1\"/></row>"
    );
    assert!(
        passed("<worksheet><sheetData/></worksheet>", &[(2, 1)], None)
            .0
            .contains("<row r=\"2\"><c r=\"B2\" s=\"1\"/></row>")
    );
}

#[test]
fn the_notes_stand_in_their_place() {
    let sheet =
        |tail: &str| format!("<worksheet xmlns:q=\"http://x/relationships\"><sheetData></sheetData>{tail}</worksheet>");
    let tail = |given: &str| {
        let (made, drawing) = passed(&sheet(given), &[], Some("rId7"));
        (made.split_once("</sheetData>").unwrap().1.replace("</worksheet>", ""), drawing)
    };
    let own = "<legacyDrawing q:id=\"rId7\"/>";
    assert_eq!(tail(""), (own.to_owned(), None));
    assert_eq!(
        tail("<pageMargins left=\"1\"/><drawing q:id=\"a\"/><tableParts><tablePart/></tableParts><extLst/>").0,
        format!("<pageMargins left=\"1\"/><drawing q:id=\"a\"/>{own}<tableParts><tablePart/></tableParts><extLst/>")
    );
    assert_eq!(
        tail("<legacyDrawing q:id=\"b\"/><extLst/>"),
        ("<legacyDrawing q:id=\"b\"/><extLst/>".to_owned(), Some("b".to_owned()))
    );
    assert_eq!(passed("<worksheet><sheetData/></worksheet>", &[], None).0, "<worksheet><sheetData/></worksheet>");
}
