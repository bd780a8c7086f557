//! Workbooks written part by part: libraries write no formula without a result.

use school_gateway::model::rules::examples::ExampleSheet;
use serde_json::Value;
use std::io::Write;

/// A workbook of these sheets.
pub fn workbook(sheets: &[ExampleSheet]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let numbered = || (1..).zip(sheets);
    let listed: String =
        numbered().map(|(number, sheet)| format!("<sheet name=\"{}\" r:id=\"s{number}\"/>", sheet.name)).collect();
    part("xl/workbook.xml", &format!("<workbook xmlns:r=\"r\"><sheets>{listed}</sheets></workbook>"));
    let target = |number: usize| {
        format!("<Relationship Id=\"s{number}\" Type=\"x/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>")
    };
    let styles = "<Relationship Id=\"styles\" Type=\"x/styles\" Target=\"styles.xml\"/>";
    let targets: String = numbered().map(|(number, _)| target(number)).collect::<String>() + styles;
    part("xl/_rels/workbook.xml.rels", &format!("<Relationships>{targets}</Relationships>"));
    let formats = formats(sheets);
    for (number, sheet) in numbered() {
        part(&format!("xl/worksheets/sheet{number}.xml"), &worksheet(sheet, &formats));
    }
    let own: String =
        (200..).zip(&formats).map(|(id, code)| format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>")).collect();
    let styles: String = (200..).zip(&formats).map(|(id, _)| format!("<xf numFmtId=\"{id}\"/>")).collect();
    part("xl/styles.xml", &format!("<styleSheet><numFmts>{own}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"));
    zip.finish().unwrap().into_inner()
}

/// The formats that cells name; the first is that of all others.
fn formats(sheets: &[ExampleSheet]) -> Vec<String> {
    let named = sheets.iter().flat_map(|sheet| sheet.rows.iter().flatten());
    let named = named.filter_map(|cell| cell.get("format")?.as_str().map(str::to_owned));
    std::iter::once("General".to_owned()).chain(named).collect()
}

fn worksheet(sheet: &ExampleSheet, formats: &[String]) -> String {
    let number = |letters: &str| letters.bytes().fold(0, |number, letter| number * 26 + u32::from(letter - b'A') + 1);
    let hidden = |letters: &String| format!("<col min=\"{0}\" max=\"{0}\" hidden=\"1\"/>", number(letters));
    let columns: String = sheet.hidden_columns.iter().map(hidden).collect();
    let rows: String = (1..)
        .zip(&sheet.rows)
        .map(|(number, cells)| row(number, sheet.hidden_rows.contains(&number), cells, formats))
        .collect();
    let merged: String = sheet.merged.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect();
    let some =
        |name: &str, inner: &str| if inner.is_empty() { String::new() } else { format!("<{name}>{inner}</{name}>") };
    format!(
        "<worksheet>{}<sheetData>{rows}</sheetData>{}</worksheet>",
        some("cols", &columns),
        some("mergeCells", &merged)
    )
}

fn row(number: u32, hidden: bool, cells: &[Value], formats: &[String]) -> String {
    let cell = |(letter, value): (u8, &Value)| {
        let place = format!("r=\"{}{number}\"", char::from(letter));
        match value {
            Value::String(text) if text.starts_with('=') => format!("<c {place}><f>{}</f></c>", &text[1..]),
            Value::String(text) if text.starts_with('#') => format!("<c {place} t=\"e\"><v>{text}</v></c>"),
            Value::String(text) => format!("<c {place} t=\"str\"><v>{text}</v></c>"),
            Value::Object(cell) if cell.contains_key("text") => {
                format!("<c {place} t=\"s\"><v>{}</v></c>", cell["text"])
            }
            Value::Object(cell) => {
                let style = formats.iter().position(|code| cell["format"] == *code).unwrap();
                format!("<c {place} s=\"{style}\"><v>{}</v></c>", cell["number"])
            }
            other => format!("<c {place}><v>{other}</v></c>"),
        }
    };
    let hidden = if hidden { " hidden=\"1\"" } else { "" };
    format!("<row r=\"{number}\"{hidden}>{}</row>", (b'A'..).zip(cells).map(cell).collect::<String>())
}
