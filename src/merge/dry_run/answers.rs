//! What rules look at, with the accepted records laid over it. Each question goes to the database; what is stored of
//! records that were accepted counts no more, and their rows are added.

use crate::merge::dry_run::{DryRun, Overlay};
use crate::merge::memory::RowCount;
use crate::merge::source::{Answer, Ask, KeyParts, RowSource, What};
use crate::model::spec::Count;
use crate::model::value::Row;
use diesel::QueryResult;
use std::collections::HashMap;

/// The places of a question and of one of its keys.
type Place = (usize, usize);

impl RowSource for DryRun<'_> {
    fn answer(&mut self, asks: &[Ask], each: &mut dyn FnMut(usize, usize, Answer)) -> QueryResult<()> {
        let overlay = &*self.overlay;
        let (places, stored): (Vec<usize>, Vec<Ask>) =
            asks.iter().enumerate().filter_map(|(at, ask)| Some((at, overlay.question(ask)?))).unzip();
        let mut told = Told::default();
        self.database.answer(&stored, &mut |at, key, answer| {
            let place = (places[at], key);
            told.stored(overlay, &asks[place.0], place, answer, each);
        })?;
        for (at, ask) in asks.iter().enumerate().filter(|(_, ask)| overlay.touches(ask.from)) {
            for (number, key) in ask.keys.iter().enumerate() {
                told.laid(overlay, ask, (at, number), key, each);
            }
        }
        self.look_further(asks, &told, each)
    }
}

impl DryRun<'_> {
    /// Of one row of many it was asked whether there is any, and the one that was found counts no more: all are looked at.
    fn look_further(
        &mut self,
        asks: &[Ask],
        told: &Told,
        each: &mut dyn FnMut(usize, usize, Answer),
    ) -> QueryResult<()> {
        let overlay = &*self.overlay;
        for (at, ask) in asks.iter().enumerate() {
            let open: Vec<usize> = (0..ask.keys.len()).filter(|key| told.is_open((at, *key))).collect();
            if open.is_empty() {
                continue;
            }
            let keys = open.iter().map(|key| ask.keys[*key]).collect();
            let further = Ask { keys, ..every_row(ask) };
            self.database.answer(&[further], &mut |_, key, answer| {
                if matches!(&answer, Answer::Row(row) if !overlay.covers(ask.from, row)) {
                    each(at, open[key], answer);
                }
            })?;
        }
        Ok(())
    }
}

impl Overlay {
    /// What the database is asked instead; `None`: nothing. Where records of the resource were accepted, rows are not
    /// counted there: they are told one by one.
    fn question<'k, 'r>(&self, ask: &Ask<'k, 'r>) -> Option<Ask<'k, 'r>> {
        match ask.what {
            What::WriteStatus => None,
            What::Number(_) if self.touches(ask.from) => Some(every_row(ask)),
            what => Some(Ask { from: ask.from, join: ask.join, what, keys: ask.keys.clone(), lock: false }),
        }
    }
}

/// The same question for every row with its key.
fn every_row<'k, 'r>(ask: &Ask<'k, 'r>) -> Ask<'k, 'r> {
    let join = ask.join.rows.as_deref().unwrap_or(ask.join);
    let only = if let What::Rows { only, .. } = ask.what { only } else { &[] };
    let what = What::Rows { known: &join.on, only, any: false };
    Ask { from: ask.from, join, what, keys: ask.keys.clone(), lock: false }
}

/// What was told so far.
#[derive(Default)]
struct Told {
    counted: HashMap<Place, RowCount>,
    /// Where it was asked whether there is any row: was one told?
    any: HashMap<Place, bool>,
}

impl Told {
    /// Passes on what the database answered, unless it counts no more.
    fn stored(
        &mut self,
        overlay: &Overlay,
        ask: &Ask,
        place: Place,
        answer: Answer,
        each: &mut dyn FnMut(usize, usize, Answer),
    ) {
        let covered = |row: &Row| overlay.touches(ask.from) && overlay.covers(ask.from, row);
        match (ask.what, answer) {
            (What::Number(count), Answer::Row(row)) => {
                let counted = self.counted.entry(place).or_default();
                if !covered(&row) {
                    counted.add(ask.from, count, &row);
                }
            }
            (What::Rows { any, .. }, Answer::Row(row)) => {
                let is_covered = covered(&row);
                if any {
                    self.any.insert(place, !is_covered);
                }
                if !is_covered {
                    each(place.0, place.1, Answer::Row(row));
                }
            }
            (What::Stored, Answer::Stored(stored)) if covered(&stored.row) => {}
            (_, answer) => each(place.0, place.1, answer),
        }
    }

    /// Tells what was accepted.
    fn laid(
        &mut self,
        overlay: &Overlay,
        ask: &Ask,
        place: Place,
        key: &KeyParts,
        each: &mut dyn FnMut(usize, usize, Answer),
    ) {
        match ask.what {
            What::Rows { only, any, .. } => overlay.rows.rows(ask, (only, any), key, &mut |row| {
                self.any.entry(place).and_modify(|told| *told = true);
                each(place.0, place.1, Answer::Row(row));
            }),
            What::Number(count) => each(place.0, place.1, Answer::Number(self.number(overlay, ask, count, place, key))),
            What::Stored => {
                if let Some(Some(version)) = overlay.version(ask.from, key) {
                    each(place.0, place.1, Answer::Stored(version));
                }
            }
            // What was accepted is the parent itself; what it replaces is one of the stored versions.
            What::Versions { .. } | What::WriteStatus => {}
        }
    }

    fn number(&mut self, overlay: &Overlay, ask: &Ask, count: &Count, place: Place, key: &KeyParts) -> i64 {
        let mut counted = self.counted.remove(&place).unwrap_or_default();
        overlay.rows.count_under(ask, count, key, &mut counted);
        counted.number(count)
    }

    /// Was there a row, but none that counts?
    fn is_open(&self, place: Place) -> bool {
        self.any.get(&place) == Some(&false)
    }
}
