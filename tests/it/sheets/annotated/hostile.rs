//! Packages that were made to do harm come back as what can be read of them, or the report alone does.

use super::super::fixture::{School, XLSX};
use super::package::{Parts, by_hand, inline_sheet, listed, package, parts, rows, sent, sheet_names};
use crate::common::records::SCHOOL;

fn classes() -> Parts {
    let rows: [&[&str]; 2] =
        [&["Mã trường", "Năm học", "Mã lớp", "Tên lớp", "Khối"], &[SCHOOL, "2025-2026", "6A8", "6A8", "bảy"]];
    by_hand(&[("Lớp học", inline_sheet("", &rows))])
}

#[actix_web::test]
async fn names_of_parts_lead_nowhere_and_nothing_outside_is_fetched() {
    let school = School::empty().await;
    let mut made = classes();
    made.insert("../../../../tmp/school-gateway-escaped".into(), b"x".to_vec());
    let relations = "<Relationships><Relationship Id=\"a\" Type=\"x/comments\" Target=\"http://127.0.0.1:1/notes.xml\" TargetMode=\"External\"/><Relationship Id=\"b\" Type=\"x/vmlDrawing\" Target=\"../../../../../etc/passwd\"/></Relationships>";
    made.insert("xl/worksheets/_rels/sheet1.xml.rels".into(), relations.into());
    let (_, bytes, _) = sent(&school, "?mode=validate", XLSX, package(&made)).await;
    assert_eq!(listed(&bytes)[0][0], "E2");
    assert!(!std::path::Path::new("/tmp/school-gateway-escaped").exists());
    let after = parts(&bytes);
    assert!(
        after.contains_key("xl/comments1.xml") && !after.keys().any(|name| name.contains("passwd")),
        "{:?}",
        after.keys()
    );
}

#[actix_web::test]
async fn parts_that_lie_over_each_other_are_not_unfolded() {
    let school = School::empty().await;
    let mut made = classes();
    made.insert(
        "xl/media/large.bin".into(),
        (0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect(),
    );
    let bytes = many_names_of_one_part(&package(&made), "xl/media/large.bin", 500);
    let (_, answer, _) = sent(&school, "?mode=validate", XLSX, bytes.clone()).await;
    assert!(answer.len() < 2 * bytes.len(), "{} from {}", answer.len(), bytes.len());
    assert_eq!((sheet_names(&answer).len(), listed(&answer)[0][0].as_str()), (2, "E2"));
    assert_eq!(rows(&answer, "Lớp học").len(), 2);
}

/// The directory names the same bytes again and again.
fn many_names_of_one_part(package: &[u8], name: &str, times: usize) -> Vec<u8> {
    let end = package.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").unwrap();
    let number = |at: usize| u32::from_le_bytes(package[at..at + 4].try_into().unwrap()) as usize;
    let (size, start) = (number(end + 12), number(end + 16));
    let directory = &package[start..start + size];
    let mut at = 0;
    let entry = loop {
        let short =
            |place: usize| u16::from_le_bytes(directory[at + place..at + place + 2].try_into().unwrap()) as usize;
        let length = 46 + short(28) + short(30) + short(32);
        if &directory[at + 46..at + 46 + short(28)] == name.as_bytes() {
            break &directory[at..at + length];
        }
        at += length;
    };
    let mut bytes = [&package[..start], directory].concat();
    for number in 0..times {
        let mut copy = entry.to_vec();
        copy[46..50].copy_from_slice(format!("{number:04}").as_bytes());
        bytes.extend(copy);
    }
    let length = bytes.len() - start;
    let mut tail = package[end..].to_vec();
    let count = u16::from_le_bytes(tail[10..12].try_into().unwrap()) + times as u16;
    tail[8..10].copy_from_slice(&count.to_le_bytes());
    tail[10..12].copy_from_slice(&count.to_le_bytes());
    tail[12..16].copy_from_slice(&(length as u32).to_le_bytes());
    bytes.extend(tail);
    bytes
}
