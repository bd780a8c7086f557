//! Keys that stand more than once in a submission: the last of them stands. A provisional code belongs to the school that
//! made it, so what several schools send under one is about as many people, and of each school the last stands.

use crate::error::Result;
use crate::intake::chunk::{Chunk, Frame};
use crate::intake::envelope::PROVISIONAL_KEY;
use crate::model::field::Style;
use crate::model::rules::identity::is_provisional;
use crate::model::rules::text::normalise;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where keys stand again.
#[derive(Debug, Clone, Default)]
pub struct Repeated {
    /// Last place of each key that stands more than once, by its hash.
    last: HashMap<u64, u64>,
    /// Of provisional codes that several schools sent: by the place of each record, the last place at which its school
    /// says the code.
    of_school: HashMap<u64, u64>,
}

impl Repeated {
    /// Finds them among the hashes of all records (8 bytes each, in order). `open` reads a chunk by its place; it is
    /// asked only where a provisional code stands more than once.
    ///
    /// # Errors
    /// Those of `open`.
    pub fn find(hashes: &[Vec<u8>], open: impl FnMut(usize) -> Result<Chunk>) -> Result<Self> {
        let mut sorted: Vec<u64> = Vec::with_capacity(hashes.iter().map(Vec::len).sum::<usize>() / 8);
        hashes.iter().for_each(|chunk| sorted.extend(each(chunk)));
        sorted.sort_unstable();
        let mut last: HashMap<u64, u64> =
            sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0], 0)).collect();
        drop(sorted);
        if last.is_empty() {
            return Ok(Self::default());
        }
        for (index, hash) in (0..).zip(hashes.iter().flat_map(|chunk| each(chunk))) {
            last.entry(hash).and_modify(|last| *last = index);
        }
        let of_school = of_schools(&shared_places(hashes, &last), open)?;
        Ok(Self { last, of_school })
    }

    /// Stands no key more than once?
    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// Did several schools send one provisional code?
    pub fn is_shared(&self) -> bool {
        !self.of_school.is_empty()
    }

    /// The last place at which the key of the record at `index` stands, if that is a later one.
    pub fn later(&self, hash: u64, index: u64) -> Option<u64> {
        let last = self.of_school.get(&index).or_else(|| self.last.get(&hash));
        last.copied().filter(|last| *last != index)
    }
}

fn each(chunk: &[u8]) -> impl Iterator<Item = u64> {
    chunk.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Chunk and place of each record whose key is a provisional code that stands more than once, by the key's hash.
type Places = BTreeMap<u64, Vec<(usize, u64)>>;

fn shared_places(hashes: &[Vec<u8>], last: &HashMap<u64, u64>) -> Places {
    let mut places = Places::new();
    if !last.keys().any(|hash| hash & PROVISIONAL_KEY != 0) {
        return places;
    }
    let chunks = hashes.iter().enumerate().flat_map(|(at, chunk)| each(chunk).map(move |hash| (at, hash)));
    for (index, (at, hash)) in (0..).zip(chunks) {
        if hash & PROVISIONAL_KEY != 0 && last.contains_key(&hash) {
            places.entry(hash).or_default().push((at, index));
        }
    }
    places
}

/// Of codes that several schools say, the last place of each school. A record that names no school, such as a deletion,
/// is about whoever has the code.
fn of_schools(places: &Places, open: impl FnMut(usize) -> Result<Chunk>) -> Result<HashMap<u64, u64>> {
    let schools = schools(places, open)?;
    let mut found = HashMap::new();
    for group in places.values() {
        let said = || group.iter().map(|(_, index)| (schools.get(index).map(String::as_str), *index));
        let last: HashMap<Option<&str>, u64> = said().collect();
        if last.keys().flatten().count() < 2 {
            continue;
        }
        let (of_any, of_all) = (last.get(&None).copied(), last.values().copied().max());
        found.extend(said().filter_map(|(school, index)| {
            let own = school.map(|_| last.get(&school).copied().max(of_any));
            Some((index, own.unwrap_or(of_all)?))
        }));
    }
    Ok(found)
}

/// The school that the record at each of these places names, if its key is a provisional code.
fn schools(places: &Places, mut open: impl FnMut(usize) -> Result<Chunk>) -> Result<HashMap<u64, String>> {
    let mut wanted: BTreeMap<usize, HashSet<u64>> = BTreeMap::new();
    for (at, index) in places.values().flatten() {
        wanted.entry(*at).or_default().insert(*index);
    }
    let mut schools = HashMap::new();
    for (at, wanted) in wanted {
        let chunk = open(at)?;
        let frames = chunk.frames().filter(|frame| wanted.contains(&frame.index));
        schools.extend(frames.filter_map(|frame| Some((frame.index, school(&frame)?))));
    }
    Ok(schools)
}

fn school(frame: &Frame) -> Option<String> {
    let table = frame.table?;
    let data: Value = serde_json::from_str(frame.data()).ok()?;
    let text = |place: usize, style| {
        let text = data.get(table.spec.fields[place].json)?.as_str()?;
        Some(normalise(style, text).text.into_owned())
    };
    text(*table.key.first()?, Style::PersonCode).filter(|code| is_provisional(code))?;
    text(table.owner, Style::Identifier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::chunk::ChunkBuilder;
    use crate::intake::json::split::Piece;
    use serde_json::json;

    /// Which records another takes the place of, two records a chunk.
    fn later(records: &[Value]) -> Vec<Option<u64>> {
        let (mut chunks, mut hashes) = (Vec::new(), Vec::new());
        for (at, pair) in records.chunks(2).enumerate() {
            let mut chunk = ChunkBuilder::default();
            for (index, record) in (2 * at as u64..).zip(pair) {
                chunk.push(Piece::Bytes(record.to_string().as_bytes()), index);
            }
            let sealed = chunk.seal().unwrap();
            chunks.push(sealed.data);
            hashes.push(sealed.hashes);
        }
        let repeated = Repeated::find(&hashes, |at| Chunk::open(&chunks[at], 2 * at as u64)).unwrap();
        (0..)
            .zip(hashes.iter().flat_map(|chunk| each(chunk)))
            .map(|(index, hash)| repeated.later(hash, index))
            .collect()
    }
    fn student(code: &str, school: &str) -> Value {
        json!({ "resource": "students", "data": { "studentCode": code, "schoolCode": school } })
    }
    fn deletion(data: Value) -> Value {
        json!({ "resource": "students", "operation": "delete", "data": data })
    }

    #[test]
    fn the_last_of_a_key_stands() {
        let (a, b) = ("31000501", "31000502");
        let [official, other] = [student("3100000001", a), student("3100000001", b)];
        assert_eq!(later(&[official.clone(), other.clone()]), [Some(1), None], "an official code is one person's");
        assert_eq!(later(&[official, student("3100000002", a), other]), [Some(2), None, None]);
    }
    #[test]
    fn of_a_provisional_code_the_last_of_each_school_stands() {
        let (a, b) = (student("TAM-1", "31000501"), student(" TAM-1", "31000502"));
        assert_eq!(later(&[a.clone(), b.clone()]), [None, None]);
        assert_eq!(
            later(&[a.clone(), b.clone(), a.clone(), b.clone(), a.clone()]),
            [Some(4), Some(3), Some(4), None, None]
        );
        assert_eq!(
            later(&[a.clone(), student("TAM-1", " 31000501")]),
            [Some(1), None],
            "one school, written another way"
        );
        let bare = deletion(json!({ "studentCode": "TAM-1" }));
        assert_eq!(later(&[a.clone(), b.clone(), bare.clone()]), [Some(2), Some(2), None], "whosever it is");
        assert_eq!(later(&[bare, a.clone(), b.clone()]), [Some(2), None, None]);
        let own = deletion(json!({ "studentCode": "TAM-1", "schoolCode": "31000502" }));
        assert_eq!(later(&[a, b, own]), [None, Some(2), None]);
    }
}
