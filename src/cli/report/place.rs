//! Where a record stands in a file that is at hand: its line, for people who look for it with an editor.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::Path,
};

use serde_json::{Value, json};

use crate::intake::sniff;
use crate::intake::sniff::Content;
use crate::submission::offline::Files;

/// Lines of some records, by the records' places.
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<u64, u32>);

impl Lines {
    /// Looks the records up. What cannot be read has none.
    pub fn of(path: &Path, largest_record: usize, wanted: &BTreeSet<u64>) -> Self {
        if wanted.is_empty() {
            return Self::default();
        }
        Self::read(path, largest_record, wanted).unwrap_or_default()
    }

    fn read(path: &Path, largest_record: usize, wanted: &BTreeSet<u64>) -> Option<Self> {
        let mut opened = sniff::decompressed(sniff::peek(File::open(path).ok()?).ok()?).ok()?;
        let form = Content::of(&path.to_string_lossy(), &opened.head).form()?;
        let mut files = Files::new(largest_record);
        files.take_in("", form, &mut opened.reader).ok()?;
        files.close().ok()?;
        Some(Self(wanted.iter().filter_map(|index| Some((*index, files.position(*index)?.line))).collect()))
    }

    /// Puts file and line to an issue or group of the gateway's, by the member that holds the record's place.
    pub fn mark(&self, found: &mut Value, member: &str, file: &str) {
        found["file"] = json!(file);
        found["line"] = json!(found[member].as_u64().and_then(|index| self.0.get(&index)));
    }
}
