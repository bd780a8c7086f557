//! Packages of workbooks: made by hand, taken apart, changed as a person changes cells.

use super::super::fixture::{School, XLSX};
use crate::common::answer;
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
pub const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a package.
pub type Parts = BTreeMap<String, Vec<u8>>;

pub fn parts(bytes: &[u8]) -> Parts {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        assert!(parts.insert(part.name().unwrap().into_owned(), bytes).is_none(), "a part twice");
    }
    parts
}

pub fn package(parts: &Parts) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn text<'p>(parts: &'p Parts, name: &str) -> &'p str {
    let bytes = parts.get(name).unwrap_or_else(|| panic!("no {name} among {:?}", parts.keys()));
    std::str::from_utf8(bytes).unwrap()
}

/// A package by hand, of these sheets: name and XML.
pub fn by_hand(sheets: &[(&str, String)]) -> Parts {
    let each = |make: fn(usize, &str) -> String| {
        (1..).zip(sheets).map(|(number, (name, _))| make(number, name)).collect::<String>()
    };
    let mut parts = Parts::new();
    let mut add = |name: &str, text: String| parts.insert(name.to_owned(), text.into_bytes());
    add(
        "[Content_Types].xml",
        format!(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{}</Types>",
            each(|number, _| format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
            ))
        ),
    );
    add(
        "_rels/.rels",
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    add(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{}</sheets></workbook>",
            each(|number, name| format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"))
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
            each(|number, _| format!(
                "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            ))
        ),
    );
    for (number, (_, sheet)) in (1..).zip(sheets) {
        add(&format!("xl/worksheets/sheet{number}.xml"), sheet.clone());
    }
    parts
}

/// Rows of inline texts as a sheet: an empty text is no cell at all. `p` is the prefix of its elements.
pub fn inline_sheet(p: &str, rows: &[&[&str]]) -> String {
    let mut text = String::new();
    for row in rows {
        text += &format!("<{p}row>");
        for (column, cell) in ('A'..).zip(*row).filter(|(_, cell)| !cell.is_empty()) {
            let row = rows.iter().position(|known| known == row).unwrap() + 1;
            text += &format!("<{p}c r=\"{column}{row}\" t=\"inlineStr\"><{p}is><{p}t>{cell}</{p}t></{p}is></{p}c>");
        }
        text += &format!("</{p}row>");
    }
    let named = if p.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{}", p.trim_end_matches(':')) };
    format!("<{p}worksheet {named}=\"{MAIN}\"><{p}sheetData>{text}</{p}sheetData></{p}worksheet>")
}

/// Types a text into a cell, as the editor of a spreadsheet does: its format stays.
pub fn type_in(parts: &mut Parts, sheet: &str, cell: &str, value: &str) {
    let xml = text(parts, sheet).to_owned();
    let begin = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no {cell} in {xml}"));
    let open = begin + xml[begin..].find('>').unwrap();
    let end = match xml[..open].ends_with('/') {
        true => open + 1,
        false => begin + xml[begin..].find("</c>").unwrap() + 4,
    };
    let style = xml[begin..open].split_once(" s=\"").map(|(_, rest)| rest.split('"').next().unwrap());
    let style = style.map(|style| format!(" s=\"{style}\"")).unwrap_or_default();
    let typed = format!("<c r=\"{cell}\"{style} t=\"inlineStr\"><is><t>{value}</t></is></c>");
    parts.insert(sheet.to_owned(), format!("{}{typed}{}", &xml[..begin], &xml[end..]).into_bytes());
}

/// Sends a sheet and asks for it back: status, file, and the report as JSON.
pub async fn sent(school: &School, query: &str, media: &str, body: Vec<u8>) -> (u16, Vec<u8>, Value) {
    sent_in(school, query, media, body, "vi").await
}

pub async fn sent_in(
    school: &School,
    query: &str,
    media: &str,
    body: Vec<u8>,
    language: &str,
) -> (u16, Vec<u8>, Value) {
    let request = school.gateway.request("POST", &format!("/v1/submissions{query}"), &school.token);
    let request = request.header("content-type", media).header("accept", XLSX).header("accept-language", language);
    let found = request.body(body).send().await.unwrap();
    let (status, kind) = (found.status().as_u16(), found.headers()["content-type"].to_str().unwrap().to_owned());
    let location = found.headers()["location"].to_str().unwrap().to_owned();
    let bytes = found.bytes().await.unwrap().to_vec();
    assert_eq!(kind, XLSX, "{}", String::from_utf8_lossy(&bytes));
    let (_, report) = answer(school.gateway.request("GET", &location, &school.token)).await;
    (status, bytes, report)
}

/// The cells of a sheet as text.
pub fn rows(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

pub fn sheet_names(bytes: &[u8]) -> Vec<String> {
    Xlsx::<_>::new(Cursor::new(bytes)).unwrap().sheet_names()
}

/// The entries of the list: cell, sheet, row, column, what is wrong, what to do, severity, rule.
pub fn listed(bytes: &[u8]) -> Vec<Vec<String>> {
    let list = rows(bytes, &sheet_names(bytes)[0]);
    list.into_iter().skip(5).map(|mut row| row.drain(..8).collect()).collect()
}

/// `cell severity code` of the entries.
pub fn marks(bytes: &[u8]) -> Vec<String> {
    listed(bytes).iter().map(|entry| [&entry[0], &entry[6], &entry[7]].map(String::as_str).join(" ")).collect()
}
