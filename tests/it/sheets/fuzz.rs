//! Mutations of good bodies through the readers of NDJSON, CSV, XLSX and XLS: whatever comes, no panic, and the same bytes
//! give the same records. A few seconds here; `FUZZ_SECONDS=600 cargo test --release --test it sheets::fuzz` runs each
//! reader for ten minutes. Bodies that once found something stay in `tests/it/sheets/corpus`.

use super::fixture::{Cell, csv, row, table, workbook};
use super::layout_routes::mark_book;
use super::legacy_file::{Xls, compound, xls};
use crate::common::records::{example, ordered, small_school};
use chrono::NaiveDate;
use school_gateway::intake::chunk::{Chunk, ChunkBuilder};
use school_gateway::intake::envelope::envelope;
use school_gateway::intake::gate::Gate;
use school_gateway::intake::json::split::{Form, Piece, Splitter};
use school_gateway::intake::sheet::around::context::{Given, NoFacts, SheetContext};
use school_gateway::intake::sheet::cells::cell::CellReader;
use school_gateway::intake::sheet::cells::day_order::{RowsInOrder, judge};
use school_gateway::intake::sheet::file::delimited::Delimited;
use school_gateway::intake::sheet::file::source;
use school_gateway::intake::sheet::layouts::example::write;
use school_gateway::intake::sheet::layouts::layout::{Layout, layouts};
use school_gateway::intake::sheet::records::convert::Converter;
use school_gateway::intake::sheet::records::plan::{SheetPlan, plan};
use school_gateway::intake::sheet::records::reading::{Found, Vocabulary};
use school_gateway::model::lists::Lists;
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const LIMIT: u64 = 8 << 20;

fn seconds() -> Duration {
    Duration::from_secs(std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3))
}

/// xorshift: the same numbers each time.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
    fn byte(&mut self) -> u8 {
        const TELLING: &[u8] = b"\"',;\t\n\r{}[]<>/&#=+-@0159.: \x00\xff\xc3\x7f";
        if self.next(2) == 0 { TELLING[self.next(TELLING.len())] } else { self.next(256) as u8 }
    }
}

fn mutate(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.next(8) {
        let at = random.next(bytes.len());
        match random.next(7) {
            0 if !bytes.is_empty() => bytes[at] = random.byte(),
            1 => bytes.insert(at, random.byte()),
            2 if !bytes.is_empty() => drop(bytes.drain(at..(at + random.next(40)).min(bytes.len()))),
            3 => {
                let piece: Vec<u8> = bytes[at..(at + random.next(60)).min(bytes.len())].to_vec();
                let to = random.next(bytes.len());
                bytes.splice(to..to, piece);
            }
            4 => bytes.truncate(at),
            5 => {
                let from = random.next(other.len());
                let piece: Vec<u8> = other[from..(from + random.next(200)).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ if !bytes.is_empty() => bytes[at] ^= 1 << random.next(8),
            _ => bytes.push(random.byte()),
        }
    }
    bytes
}

/// Bodies kept from earlier, by the end of their names.
fn corpus(kind: &str) -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sheets/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == kind))
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Runs the reader over the seeds, then over their mutations; a panic leaves its body beside the corpus.
fn fuzz(kind: &str, seeds: Vec<Vec<u8>>, read: impl Fn(&[u8]) -> usize + std::panic::RefUnwindSafe) {
    let seeds: Vec<Vec<u8>> = seeds.into_iter().chain(corpus(kind)).collect();
    let (mut random, mut runs, mut records) = (Random(0x5EED), 0u64, 0);
    let mut one = |body: &[u8]| {
        let read = std::panic::catch_unwind(|| read(body)).unwrap_or_else(|_| {
            let path = std::env::temp_dir().join(format!("school-gateway-fuzz.{kind}"));
            std::fs::write(&path, body).unwrap();
            panic!("the body in {} makes the reader of {kind} panic", path.display());
        });
        records += read;
    };
    seeds.iter().for_each(|seed| one(seed));
    // On a busy machine the seeds alone may take the time.
    let begin = Instant::now();
    while begin.elapsed() < seconds() || runs < 20 {
        let (seed, other) = (&seeds[random.next(seeds.len())], &seeds[random.next(seeds.len())]);
        one(&mutate(&mut random, seed, other));
        runs += 1;
    }
    println!("{kind}: {runs} bodies, {records} records");
    assert!(records > 10, "{runs} bodies, {records} records");
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 11, 24).unwrap()
}

/// Through the gate, as a submission would go.
fn admit(pieces: Vec<Piece>) -> usize {
    let mut filling = ChunkBuilder::default();
    let count = pieces.len();
    pieces.into_iter().zip(0..).for_each(|(piece, index)| filling.push(piece, index));
    let chunk = Chunk::open(&filling.seal().unwrap().data, 0).unwrap();
    let (lists, mut scratch) = (Lists::embedded(), Vec::new());
    let gate = Gate { lists: &lists, received: day(), crosswalks: None, largest_record: 256 << 10 };
    for frame in chunk.frames() {
        match frame.table {
            Some(table) => drop(gate.admit(table, frame.index, frame.operation, frame.data(), &mut scratch)),
            None => drop(envelope(frame.bytes)),
        }
        school_gateway::intake::notes::read(frame.notes);
    }
    count
}

/// Records of sheets are JSON that the envelope takes, unless their row is no UTF-8.
fn sheet_records(records: Vec<(Vec<u8>, bool)>) -> usize {
    for (bytes, too_long) in &records {
        let sound = *too_long
            || std::str::from_utf8(bytes).is_err()
            || serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
        assert!(sound, "{}", String::from_utf8_lossy(bytes));
    }
    admit(
        records.iter().map(|(bytes, too_long)| if *too_long { Piece::TooLong } else { Piece::Noted(bytes) }).collect(),
    )
}

#[test]
fn fuzz_ndjson() {
    let lines: Vec<u8> = small_school().iter().flat_map(|record| format!("{record}\n").into_bytes()).collect();
    fuzz("ndjson", vec![lines], |body| {
        let mut pieces: Vec<Option<Vec<u8>>> = Vec::new();
        for form in [Form::Lines, Form::Array] {
            let mut splitter = Splitter::new(form, 10_000);
            let mut take =
                |piece: Piece| pieces.push(if let Piece::Bytes(bytes) = piece { Some(bytes.to_vec()) } else { None });
            let sound = body.chunks(777).try_for_each(|part| splitter.push(part, &mut take)).is_ok();
            if sound {
                let _ = splitter.finish(false, &mut take);
            }
        }
        admit(pieces.iter().map(|piece| piece.as_deref().map_or(Piece::TooLong, Piece::Bytes)).collect())
    });
}

#[test]
fn fuzz_csv() {
    let seeds = ordered()
        .zip([b',', b';', b'\t'].into_iter().cycle())
        .map(|(spec, delimiter)| csv(&table(&[example(spec.name)]), delimiter))
        .chain(layouts().iter().map(|layout| csv(&example_rows(layout), b';')));
    let lists = Lists::embedded();
    fuzz("csv", seeds.collect(), |body| {
        let spec = ordered().nth(body.len() % ordered().count()).unwrap();
        let mut total = 0;
        for spec in [
            spec,
            school_gateway::model::find("students").unwrap(),
            school_gateway::model::find("subject-results").unwrap(),
        ] {
            let mut rows = Delimited::new(body, 10_000);
            let given = Given::default();
            let vocabulary = Vocabulary::new(&lists, nothing_known(&given), Some(spec));
            let Found::Records(reading) = rows.locate(&vocabulary, None) else { continue };
            let (mut records, mut reader) = (Vec::new(), CellReader::new(&lists, day()));
            let mut converter = Converter::new("", &reading.parts, Vec::new());
            let _ = converter
                .run(&mut rows, &mut reader, &mut |record| records.push((record.bytes.to_vec(), record.too_long)));
            converter.finish(&[], &mut |record| records.push((record.bytes.to_vec(), record.too_long)));
            total += sheet_records(records);
        }
        total
    });
}

/// A layout as an administrator adds it.
static ADDED: LazyLock<Vec<Layout>> = LazyLock::new(|| vec![serde_json::from_value(mark_book()).unwrap()]);

/// Nothing is known but what a sheet says, and a layout more.
fn nothing_known(given: &Given) -> SheetContext<'_> {
    SheetContext { given, school: Some("31000501"), facts: &NoFacts, layouts: &ADDED }
}

fn example_rows(layout: &Layout) -> Vec<Vec<Cell>> {
    layout.example.rows.iter().map(|cells| row(&cells.iter().map(String::as_str).collect::<Vec<_>>())).collect()
}

/// A workbook of each layout.
fn layout_books() -> Vec<Vec<u8>> {
    layouts().iter().chain(ADDED.iter()).map(|layout| write(layout).unwrap()).collect()
}

fn read_workbook(body: &[u8], lists: &Lists) -> usize {
    let Ok(mut book) = source::open(Cursor::new(body.to_vec()), LIMIT) else { return 0 };
    let given = Given::default();
    let Ok(plans) = plan(&mut *book, &Vocabulary::new(lists, nothing_known(&given), None)) else { return 0 };
    let is_from_1904 = book.is_from_1904();
    let mut records = Vec::new();
    for plan in plans {
        let SheetPlan::Records { sheet, reading } = plan else { continue };
        let (Ok(mut rows), mut reader) = (book.rows(sheet), CellReader::new(lists, day())) else { continue };
        (reader.from_1904, reader.context) = (is_from_1904, Some(nothing_known(&given)));
        let judged = judge(&mut *rows, &reading.parts).unwrap_or_default();
        drop(rows);
        let Ok(mut rows) = book.rows(sheet) else { continue };
        let mut converter = Converter::new("x", &reading.parts, Vec::new());
        converter.hidden_columns(rows.hidden_columns());
        converter.judged_columns(&judged);
        let mut ordered = RowsInOrder::new(&mut *rows, &judged, reading.parts[0].last_heading);
        let _ = converter
            .run(&mut ordered, &mut reader, &mut |record| records.push((record.bytes.to_vec(), record.too_long)));
        converter.finish(rows.merged(), &mut |record| records.push((record.bytes.to_vec(), record.too_long)));
    }
    sheet_records(records)
}

/// A workbook whose parts are mutated and packed again: what is damaged as a ZIP never comes to the readers of XML.
fn repacked(random: &mut Random, body: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(body)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = random.next(zip.len());
    for at in 0..zip.len() {
        let mut bytes = Vec::new();
        let mut part = zip.by_index(at).unwrap();
        part.read_to_end(&mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        drop(part);
        let is_sheet = name.contains("sheet") || name.contains("shared");
        if at == chosen || (is_sheet && random.next(2) == 0) {
            bytes = mutate(random, &bytes.clone(), &bytes);
        }
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        out.start_file(name, stored).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn fuzz_xlsx() {
    let sheets: Vec<_> = ordered().map(|spec| (spec.name, table(&[example(spec.name)]))).collect();
    let whole = workbook(&sheets);
    let parts = workbook(&sheets[..2]);
    let lists = Lists::embedded();
    let books: Vec<Vec<u8>> = std::iter::once(parts).chain(layout_books()).collect();
    fuzz("xlsx", std::iter::once(whole).chain(books.clone()).collect(), |body| {
        let mut random = Random(body.iter().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(*byte)) + 1);
        let book = &books[random.next(books.len())];
        read_workbook(body, &lists) + read_workbook(&repacked(&mut random, book), &lists)
    });
}

/// As [`mutate`], of a stream, packed again: what is damaged as a compound file seldom comes to the reader of records.
fn recompounded(random: &mut Random, stream: &[u8]) -> Vec<u8> {
    compound("Workbook", &mutate(random, stream, stream))
}

#[test]
fn fuzz_xls() {
    let tables = ordered().map(|spec| (spec.name, table(&[example(spec.name)])));
    let forms = layouts().iter().map(|layout| (layout.name.as_str(), example_rows(layout)));
    let sheets: Vec<_> = tables.take(3).chain(forms).collect();
    let mut book = Xls { longest: 200, ..Xls::default() };
    sheets.iter().for_each(|(name, rows)| book.sheet(name, rows));
    let (whole, stream) = (xls(&sheets), book.stream());
    let lists = Lists::embedded();
    fuzz("xls", vec![whole, book.file()], |body| {
        let mut random = Random(body.iter().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(*byte)) + 1);
        read_workbook(body, &lists) + read_workbook(&recompounded(&mut random, &stream), &lists)
    });
}
