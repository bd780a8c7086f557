//! Crosswalks: what the codes of a client's software mean in the sector's code lists.

use crate::model::lists::Lists;
use crate::model::lists::list::{List, holds};
use crate::model::messages::{Message, message};
use crate::model::moment::optional_date;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use uuid::Uuid;

/// Lines that a crosswalk may have.
const MOST_LINES: usize = 5_000;
/// Faults of lines that are told at once.
const MOST_FAULTS: usize = 100;
/// Characters that a foreign code may have.
const LONGEST_CODE: usize = 100;

/// For a time, the client's code stands for the sector's. The same in the API and in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CrosswalkEntry)]
pub struct CrosswalkLine {
    /// What the client sends, 1 to 100 characters; one meaning a day.
    pub foreign_code: String,
    /// What is stored: a code of the list.
    pub code: String,
    /// First day of receipt for which it holds; `null`: always did.
    #[serde(default, deserialize_with = "optional_date")]
    pub valid_from: Option<NaiveDate>,
    /// Last day; `null`: no end is known.
    #[serde(default, deserialize_with = "optional_date")]
    pub valid_to: Option<NaiveDate>,
}

impl CrosswalkLine {
    fn holds(&self, on: NaiveDate) -> bool {
        holds(self.valid_from, self.valid_to, on)
    }
}

/// What a crosswalk makes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading<'a> {
    /// No crosswalk of the list holds on that day: the value stands for itself.
    AsSent,
    /// The sector's code.
    Code(&'a str),
    /// A crosswalk holds, but does not know the value.
    Unmapped,
}

/// The crosswalk of one list.
#[derive(Debug, Clone, Default)]
pub struct Crosswalk {
    /// In the order in which they were given.
    pub lines: Vec<CrosswalkLine>,
    by_code: HashMap<String, Vec<usize>>,
}

impl Crosswalk {
    /// Of these lines.
    pub fn new(lines: Vec<CrosswalkLine>) -> Self {
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::with_capacity(lines.len());
        for (place, line) in lines.iter().enumerate() {
            by_code.entry(composed(&line.foreign_code).into_owned()).or_default().push(place);
        }
        Self { lines, by_code }
    }
    /// What a value means on a day.
    pub fn read(&self, value: &str, on: NaiveDate) -> Reading<'_> {
        let known =
            self.by_code.get(&*composed(value)).into_iter().flatten().filter_map(|place| self.lines.get(*place));
        match known.into_iter().find(|line| line.holds(on)) {
            Some(line) => Reading::Code(&line.code),
            None if self.lines.iter().any(|line| line.holds(on)) => Reading::Unmapped,
            None => Reading::AsSent,
        }
    }
}

/// The same letters compare as the same, however they are encoded.
fn composed(code: &str) -> Cow<'_, str> {
    if code.is_ascii() { Cow::Borrowed(code) } else { Cow::Owned(code.nfc().collect()) }
}

/// The crosswalks of one client.
#[derive(Debug, Clone, Default)]
pub struct Crosswalks {
    /// What messages call the client: name and id.
    pub client: String,
    /// By the name of the list.
    pub lists: BTreeMap<String, Crosswalk>,
}

impl Crosswalks {
    /// What a value of the list means on a day.
    pub fn read(&self, list: &str, value: &str, on: NaiveDate) -> Reading<'_> {
        self.lists.get(list).map_or(Reading::AsSent, |crosswalk| crosswalk.read(value, on))
    }
}

impl Lists {
    /// The crosswalks of a client, if it has any.
    pub fn crosswalks(&self, client: Uuid) -> Option<&Crosswalks> {
        self.crosswalks.get(&client)
    }
    /// What keeps lines from being a crosswalk of the list: the place of a line, or `None` for all of them, and what is
    /// wrong, as a part of a sentence. Empty: nothing.
    pub fn faults_of_crosswalk(&self, name: &str, lines: &[CrosswalkLine]) -> Vec<(Option<usize>, Message)> {
        let whole = |fault: Message| vec![(None, fault)];
        let Some(list) = self.list(name) else { return whole(message("crosswalk-list-unknown").with("list", name)) };
        if lines.is_empty() {
            return whole(message("crosswalk-empty"));
        }
        if lines.len() > MOST_LINES {
            return whole(message("crosswalk-too-long").with("most", MOST_LINES));
        }
        let faults = lines.iter().enumerate();
        let mut faults: Vec<_> =
            faults.filter_map(|(at, line)| Some((Some(at), fault_of(name, list, line)?))).take(MOST_FAULTS).collect();
        if faults.is_empty() {
            faults.extend(overlap(lines).map(|fault| (None, fault)));
        }
        faults
    }
}

fn fault_of(name: &str, list: &List, line: &CrosswalkLine) -> Option<Message> {
    let foreign: String = line.foreign_code.chars().filter(|letter| !letter.is_control()).take(LONGEST_CODE).collect();
    if foreign.is_empty() || foreign != line.foreign_code || foreign.trim() != foreign {
        let expected = message("foreign-code-expected").with("most", LONGEST_CODE);
        return Some(message("foreign-code-malformed").with("foreign", foreign).with("expected", expected));
    }
    if list.entry(&line.code).is_none() {
        let code: String = line.code.chars().filter(|letter| !letter.is_control()).take(40).collect();
        let nearest = list.nearest(&code);
        let fault = match &nearest {
            Some(nearest) => message("foreign-code-for-none-near")
                .with("code", code)
                .with("foreign", foreign)
                .with("list", name)
                .with("nearest", nearest),
            None => message("foreign-code-for-none").with("code", code).with("foreign", foreign).with("list", name),
        };
        return Some(fault);
    }
    match (line.valid_from, line.valid_to) {
        (Some(from), Some(to)) if to < from => {
            Some(message("foreign-code-ends-early").with("foreign", foreign).with("to", to).with("from", from))
        }
        _ => None,
    }
}

/// A foreign code means one thing on a day.
fn overlap(lines: &[CrosswalkLine]) -> Option<Message> {
    let mut sorted: Vec<&CrosswalkLine> = lines.iter().collect();
    sorted.sort_by_key(|line| (&line.foreign_code, line.valid_from));
    let overlaps = |pair: &&[&CrosswalkLine]| {
        let (first, second) = (pair[0], pair[1]);
        first.foreign_code == second.foreign_code
            && first.valid_to.is_none_or(|to| second.valid_from.is_none_or(|from| from <= to))
    };
    let pair = sorted.windows(2).find(overlaps)?;
    Some(message("foreign-code-twice").with("foreign", &pair[0].foreign_code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::issue::Language;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn line(foreign: &str, code: &str, from: Option<&str>, to: Option<&str>) -> CrosswalkLine {
        CrosswalkLine {
            foreign_code: foreign.into(),
            code: code.into(),
            valid_from: from.map(day),
            valid_to: to.map(day),
        }
    }

    #[test]
    fn a_value_is_read_by_the_day_and_strictly_while_any_line_holds() {
        let crosswalk = Crosswalk::new(vec![
            line("1", "female", None, Some("2025-07-31")),
            line("1", "male", Some("2025-08-01"), Some("2026-05-31")),
            line("0", "female", Some("2025-08-01"), Some("2026-05-31")),
        ]);
        let read = |value: &str, on: &str| crosswalk.read(value, day(on));
        assert_eq!(
            [read("1", "2025-07-31"), read("1", "2025-08-01")],
            [Reading::Code("female"), Reading::Code("male")]
        );
        assert_eq!([read("0", "2025-07-31"), read("male", "2025-08-01")], [Reading::Unmapped, Reading::Unmapped]);
        assert_eq!(read("male", "2026-06-01"), Reading::AsSent, "no line holds any more");
    }

    #[test]
    fn lines_must_name_codes_of_the_list_and_mean_one_thing() {
        let lists = Lists::embedded();
        let fault = |list: &str, lines: &[CrosswalkLine]| {
            let first = lists.faults_of_crosswalk(list, lines).into_iter().next();
            first.map(|(_, fault)| fault.in_language(Language::English)).unwrap_or_default()
        };
        assert_eq!(fault("sexes", &[line("1", "male", None, None), line("0", "female", None, None)]), "");
        assert_eq!(
            fault(
                "sexes",
                &[line("1", "male", None, Some("2025-07-31")), line("1", "female", Some("2025-08-01"), None)]
            ),
            ""
        );
        for (lines, expected) in [
            (vec![], "without entries"),
            (vec![line("1", "mal", None, None)], "the nearest is “male”"),
            (vec![line("", "male", None, None)], "1 to 100 characters"),
            (vec![line(" 1", "male", None, None)], "no space at its ends"),
            (vec![line("1", "male", Some("2025-08-01"), Some("2025-07-31"))], "before it begins"),
            (vec![line("1", "male", None, None), line("1", "female", Some("2025-08-01"), None)], "stands twice"),
            (
                vec![line("1", "male", None, Some("2025-08-01")), line("1", "female", Some("2025-08-01"), None)],
                "stands twice",
            ),
            (vec![line("1", "male", None, None), line("1", "male", None, None)], "stands twice"),
        ] {
            let found = fault("sexes", &lines);
            assert!(found.contains(expected), "{lines:?}: {found}");
        }
        assert!(fault("nothing", &[line("1", "male", None, None)]).contains("no code list"));
    }
}
