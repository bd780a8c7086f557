//! Writes `.xls` files (BIFF8 in a compound file), as far as tests need them, damaged ones too.

use super::fixture::Cell;

/// A record.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn is_narrow(text: &str) -> bool {
    units(text).iter().all(|unit| *unit < 256)
}

fn letters(text: &str, narrow: bool) -> Vec<u8> {
    if narrow {
        units(text).iter().map(|unit| *unit as u8).collect()
    } else {
        units(text).iter().flat_map(|unit| unit.to_le_bytes()).collect()
    }
}

/// A text with its count of so many bytes.
fn text(text: &str, count_bytes: usize) -> Vec<u8> {
    let narrow = is_narrow(text);
    let count = (units(text).len() as u16).to_le_bytes();
    [&count[..count_bytes], &[u8::from(!narrow)], &letters(text, narrow)].concat()
}

/// The shared texts in records of at most so many bytes: a text that goes on in the next says anew how wide its letters
/// are, and here it changes from one to the other where it can. Every third is formatted and spoken.
pub fn shared_texts(texts: &[String], longest: usize) -> Vec<u8> {
    let count = (texts.len() as u32).to_le_bytes();
    let (mut out, mut data, mut kind) = (Vec::new(), [count, count].concat(), 0x00FC);
    for (at, text) in texts.iter().enumerate() {
        let is_rich = at % 3 == 2;
        let narrow = is_narrow(text);
        let mut head = (units(text).len() as u16).to_le_bytes().to_vec();
        head.push(u8::from(!narrow) | if is_rich { 12 } else { 0 });
        if is_rich {
            head.extend([2, 0, 5, 0, 0, 0]);
        }
        if data.len() + head.len() + 4 > longest {
            out.extend(record(kind, &std::mem::take(&mut data)));
            kind = 0x003C;
        }
        data.extend(head);
        let mut width = !narrow;
        for unit in units(text) {
            if data.len() + 2 > longest {
                out.extend(record(kind, &std::mem::take(&mut data)));
                kind = 0x003C;
                width = !width || !narrow;
                data.push(u8::from(width));
            }
            if width { data.extend(unit.to_le_bytes()) } else { data.push(unit as u8) }
        }
        if is_rich {
            for byte in [7; 13] {
                if data.len() + 1 > longest {
                    out.extend(record(kind, &std::mem::take(&mut data)));
                    kind = 0x003C;
                }
                data.push(byte);
            }
        }
    }
    out.extend(record(kind, &data));
    out
}

/// A workbook being written.
#[derive(Default)]
pub struct Xls {
    pub from_1904: bool,
    /// Stand before the end of what holds for all sheets.
    pub extra: Vec<u8>,
    /// Bytes of a record of shared texts at most.
    pub longest: usize,
    pub texts: Vec<String>,
    pub formats: Vec<String>,
    /// Name, state (0: visible) and records.
    pub sheets: Vec<(String, u8, Vec<u8>)>,
}

impl Xls {
    fn shared(&mut self, text: &str) -> u32 {
        self.texts.push(text.to_owned());
        self.texts.len() as u32 - 1
    }

    /// The style of a format.
    pub fn style(&mut self, format: &str) -> u16 {
        let known = self.formats.iter().position(|known| known == format);
        1 + known.unwrap_or_else(|| {
            self.formats.push(format.to_owned());
            self.formats.len() - 1
        }) as u16
    }

    /// The records of a cell.
    pub fn cell(&mut self, row: u16, column: u16, cell: &Cell) -> Vec<u8> {
        let head = |style: u16| [row, column, style].map(u16::to_le_bytes).concat();
        let formula = |result: [u8; 8]| record(0x0006, &[&head(0)[..], &result, &[0; 8]].concat());
        match cell {
            Cell::Empty => record(0x0201, &head(0)),
            Cell::Text(words) if words.starts_with("label:") => record(0x0204, &[head(0), text(words, 2)].concat()),
            Cell::Text(words) => {
                let at = self.shared(words).to_le_bytes();
                record(0x00FD, &[&head(0)[..], &at].concat())
            }
            Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e8 => {
                record(0x027E, &[&head(0)[..], &(((*number as i32) << 2) as u32 | 2).to_le_bytes()].concat())
            }
            Cell::Number(number) => record(0x0203, &[&head(0)[..], &number.to_le_bytes()].concat()),
            Cell::Formatted(number, format) => {
                let style = self.style(format);
                record(0x0203, &[&head(style)[..], &number.to_le_bytes()].concat())
            }
            Cell::Boolean(truth) => record(0x0205, &[&head(0)[..], &[u8::from(*truth), 0]].concat()),
            Cell::Formula(_, "TRUE") => formula([1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
            Cell::Formula(_, "#N/A") => formula([2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]),
            Cell::Formula(_, "") => formula([3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
            Cell::Formula(_, result) => match result.parse::<f64>() {
                Ok(number) => formula(number.to_le_bytes()),
                // A shared formula stands between the formula and its text.
                Err(_) => [
                    formula([0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
                    record(0x04BC, &[0; 12]),
                    record(0x0207, &text(result, 2)),
                ]
                .concat(),
            },
        }
    }

    /// Adds a sheet of these rows.
    pub fn sheet(&mut self, name: &str, rows: &[Vec<Cell>]) {
        let cells =
            (0..).zip(rows).flat_map(|(row, cells)| (0..).zip(cells).map(move |(column, cell)| (row, column, cell)));
        let body = cells.flat_map(|(row, column, cell)| self.cell(row, column, cell)).collect();
        self.sheets.push((name.to_owned(), 0, body));
    }

    /// The stream.
    pub fn stream(&self) -> Vec<u8> {
        let begin = |what: u16| record(0x0809, &[&[0, 6][..], &what.to_le_bytes(), &[0; 12]].concat());
        let mut globals = begin(5);
        globals.extend(record(0x0022, &[u8::from(self.from_1904), 0]));
        for (id, code) in (164u16..).zip(&self.formats) {
            globals.extend(record(0x041E, &[&id.to_le_bytes()[..], &text(code, 2)].concat()));
        }
        let ids = std::iter::once(0).chain((164..).take(self.formats.len()));
        globals.extend(ids.flat_map(|id: u16| record(0x00E0, &[&[0, 0][..], &id.to_le_bytes(), &[0; 16]].concat())));
        let names: usize = self.sheets.iter().map(|(name, ..)| 4 + 6 + text(name, 1).len()).sum();
        let texts = shared_texts(&self.texts, if self.longest == 0 { 8_224 } else { self.longest });
        let mut at = globals.len() + names + texts.len() + self.extra.len() + 4;
        let mut bodies = Vec::new();
        for (name, state, body) in &self.sheets {
            let head = [&(at as u32).to_le_bytes()[..], &[*state, 0], &text(name, 1)].concat();
            globals.extend(record(0x0085, &head));
            let whole = [begin(0x10), body.clone(), record(0x000A, &[])].concat();
            at += whole.len();
            bodies.extend(whole);
        }
        [globals, texts, self.extra.clone(), record(0x000A, &[]), bodies].concat()
    }

    pub fn file(&self) -> Vec<u8> {
        compound("Workbook", &self.stream())
    }
}

/// A workbook of these sheets.
pub fn xls(sheets: &[(&str, Vec<Vec<Cell>>)]) -> Vec<u8> {
    let mut book = Xls::default();
    sheets.iter().for_each(|(name, rows)| book.sheet(name, rows));
    book.file()
}

/// Sectors of a compound file; the small ones in the stream of the root.
const SECTOR: usize = 512;
const FREE: u32 = 0xFFFF_FFFF;
const END: u32 = 0xFFFF_FFFE;
const TABLE: u32 = 0xFFFF_FFFD;
const LIST: u32 = 0xFFFF_FFFC;

/// A compound file of one stream; a short one lies in small sectors.
pub fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let is_small = stream.len() < 4_096;
    let padded = |bytes: &[u8]| {
        let mut padded = bytes.to_vec();
        padded.resize(bytes.len().next_multiple_of(SECTOR).max(SECTOR), 0);
        padded
    };
    let content = padded(stream);
    let sectors = content.len() / SECTOR;
    // The table of sectors; what lists it beyond the header; the directory; the table of small sectors; the stream.
    let mut tables = (sectors + 2).div_ceil(127) + 1;
    let lists = tables.saturating_sub(100).div_ceil(127);
    tables += lists.div_ceil(128);
    let mut table: Vec<u32> = vec![TABLE; tables];
    table.extend(vec![LIST; lists]);
    let directory = table.len() as u32;
    table.extend([END, END]);
    let first = table.len() as u32;
    table.extend((first + 1..).take(sectors - 1).chain([END]));
    assert!(table.len() <= tables * 128);
    table.resize(tables * 128, FREE);
    let mut header = [0; SECTOR];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    let mut put = |at: usize, number: u32| header[at..at + 4].copy_from_slice(&number.to_le_bytes());
    (24..32).step_by(4).zip([0x0003_003E, 0x0009_FFFE]).for_each(|(at, number)| put(at, number));
    put(32, 6);
    put(44, tables as u32);
    put(48, directory);
    put(56, 4_096);
    put(60, if is_small { directory + 1 } else { END });
    put(64, u32::from(is_small));
    put(68, if lists > 0 { tables as u32 } else { END });
    put(72, lists as u32);
    let listed: Vec<u32> = (0..tables as u32).collect();
    (0..109).for_each(|at| put(76 + 4 * at, listed.get(at).copied().unwrap_or(FREE)));
    let mut list_sectors: Vec<u8> = Vec::new();
    for (number, chunk) in listed.get(109..).unwrap_or_default().chunks(127).enumerate() {
        let mut sector = chunk.to_vec();
        sector.resize(127, FREE);
        sector.push(if number + 1 < lists { tables as u32 + number as u32 + 1 } else { END });
        list_sectors.extend(sector.iter().flat_map(|number| number.to_le_bytes()));
    }
    list_sectors.resize(lists * SECTOR, 0xFF);
    let entry = |name: &str, kind: u8, first: u32, length: usize| {
        let mut entry = [0; 128];
        units(name)
            .iter()
            .zip((0..).step_by(2))
            .for_each(|(unit, at)| entry[at..at + 2].copy_from_slice(&unit.to_le_bytes()));
        entry[64..66].copy_from_slice(&(2 * units(name).len() as u16 + 2).to_le_bytes());
        (entry[66], entry[67]) = (kind, 1);
        (68..80).for_each(|at| entry[at] = 0xFF);
        entry[116..120].copy_from_slice(&first.to_le_bytes());
        entry[120..124].copy_from_slice(&(length as u32).to_le_bytes());
        entry
    };
    let root = entry("Root Entry", 5, if is_small { first } else { END }, if is_small { content.len() } else { 0 });
    let own = entry(name, 2, if is_small { 0 } else { first }, stream.len());
    let small = stream.len().div_ceil(64);
    let mut small_table: Vec<u32> = (1..).take(small.saturating_sub(1)).chain([END]).collect();
    small_table.resize(128, FREE);
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let small_table = numbers(if is_small { &small_table } else { &[FREE; 128] });
    [header.to_vec(), numbers(&table), list_sectors, padded(&[root, own].concat()), small_table, content].concat()
}
