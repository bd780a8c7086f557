//! A layout: what is particular to a form that schools have. Headings in general are known by the table of words
//! ([`words`](crate::intake::sheet::headings::words)).

use crate::intake::sheet::headings::heading::{Names, key};
use crate::intake::sheet::headings::words::words;
use crate::model;
use crate::model::excerpt::clip;
use crate::model::messages::{Message, message};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Characters of a layout's name.
const NAME: usize = 60;
/// Headings, titles and rows that a definition may have.
const MOST: usize = 500;

/// The definition of a layout, as it stands in a file of the program and as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SheetLayout)]
pub struct Layout {
    /// Lower-case letters, digits and hyphens.
    pub name: String,
    /// What it is called.
    pub title: LayoutTitle,
    /// Whose records its rows make. What several of them have goes to the first.
    pub resources: Vec<String>,
    /// By what it is recognised.
    #[serde(default)]
    pub recognised_by: RecognisedBy,
    /// Headings that mean something of their own here: heading and member (`average`, `contacts.father.phone`).
    #[serde(default)]
    pub headings: BTreeMap<String, String>,
    /// Headings of columns that only people read.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// What is said for every row unless the sheet says it otherwise: `period`, `subjectCode`, `schoolYear`, `classCode`.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Names of sheets that hold no records: lists for drop-downs.
    #[serde(default)]
    pub passed_over: Vec<String>,
    /// An example with invented people.
    #[serde(default)]
    pub example: LayoutExample,
}

/// What a layout is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutTitle {
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// By what a layout is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecognisedBy {
    /// Headings that all stand in the sheet, in any row of the headings.
    #[serde(default)]
    pub headings: Vec<String>,
    /// WordTable of which one stands above the headings, in the name of the sheet or of the file; none: any sheet.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// The sheet that shows a layout.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LayoutExample {
    /// Its name.
    #[serde(default)]
    pub sheet: String,
    /// Its rows: titles, headings, records. An empty text is an empty cell.
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
    /// Cells that are merged, first and last: `F6:J6`.
    #[serde(default)]
    pub merged: Vec<String>,
}

/// The layouts of the program, each a file.
const FILES: [&str; 12] = [
    include_str!("sector-pupils.json"),
    include_str!("sector-class-list.json"),
    include_str!("sector-personnel.json"),
    include_str!("subject-mark-sheet.json"),
    include_str!("sector-marks-1.json"),
    include_str!("sector-marks-2.json"),
    include_str!("term-summary.json"),
    include_str!("sector-primary-year.json"),
    include_str!("primary-subject.json"),
    include_str!("primary-qualities.json"),
    include_str!("school-mark-sheet.json"),
    include_str!("school-classes.json"),
];

static LAYOUTS: LazyLock<Vec<Layout>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| serde_json::from_str(text).ok()).collect());

/// The layouts of the program.
pub fn layouts() -> &'static [Layout] {
    &LAYOUTS
}

/// By what a layout is recognised, as keys.
pub struct Signs {
    headings: Vec<String>,
    titles: Vec<String>,
}

impl Signs {
    /// Is it recognised by these headings (keys), and by what stands above them?
    pub fn are_met(&self, headings: &[&str], above: &[String]) -> bool {
        let stands = |heading: &String| headings.contains(&heading.as_str());
        let is_said = |title: &String| above.iter().any(|text| text.contains(title.as_str()));
        self.headings.iter().all(stands) && (self.titles.is_empty() || self.titles.iter().any(is_said))
    }
}

impl Layout {
    /// By what it is recognised.
    pub fn signs(&self) -> Signs {
        let keys = |texts: &[String]| texts.iter().map(|text| key(text)).collect();
        Signs { headings: keys(&self.recognised_by.headings), titles: keys(&self.recognised_by.titles) }
    }

    /// Names of members that are known in it besides those of the table: heading (as a key) and path.
    pub fn own_headings(&self) -> impl Iterator<Item = (String, &str)> {
        self.headings.iter().map(|(heading, path)| (key(heading), path.as_str()))
    }

    /// Every heading that it names, as a key.
    pub fn all_headings(&self) -> impl Iterator<Item = String> {
        self.headings.keys().chain(&self.ignored).chain(&self.recognised_by.headings).map(|heading| key(heading))
    }

    /// What keeps a definition from being one; `None`: nothing.
    pub fn fault(&self) -> Option<Message> {
        let is_name = |name: &str| {
            !name.is_empty()
                && name.len() <= NAME
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        let wrong = |member: &'static str, value: &str, expected: Message| {
            Some(message("layout-fault").with("member", member).with("value", clip(value)).with("expected", expected))
        };
        if !is_name(&self.name) {
            return wrong("name", &self.name, message("layout-name").with("most", NAME));
        }
        if self.title.vi.trim().is_empty() || self.title.en.trim().is_empty() {
            return wrong("title", &self.title.vi, message("layout-title"));
        }
        let known = || model::all().iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
        let unknown = self.resources.iter().find(|name| model::find(name).is_none());
        if unknown.is_some() || self.resources.is_empty() {
            let value = unknown.map_or("", String::as_str);
            return wrong("resources", value, message("layout-resources").with("known", known()));
        }
        let names: Vec<Names> = self.resources.iter().filter_map(|name| model::find(name)).map(Names::of).collect();
        if let Some(path) = self.headings.values().find(|path| names.iter().all(|names| names.at_path(path).is_none()))
        {
            return wrong("headings", path, message("layout-member"));
        }
        let is_fixed = |name: &str| ["schoolYear", "period", "subjectCode", "classCode"].contains(&name);
        if let Some(name) = self.fixed.keys().find(|name| !is_fixed(name)) {
            return wrong("fixed", name, message("layout-fixed"));
        }
        let count = self.headings.len() + self.recognised_by.headings.len() + self.example.rows.len();
        if count > MOST {
            return wrong("example", &count.to_string(), message("layout-size").with("most", MOST));
        }
        let has_sign = !self.recognised_by.headings.is_empty() || !self.recognised_by.titles.is_empty();
        if has_sign { None } else { wrong("recognisedBy", "", message("layout-sign")) }
    }

    /// The members that it fills, with the headings of its example.
    pub fn example_headings(&self) -> Vec<String> {
        let rows = &self.example.rows;
        let is_heading = |text: &String| {
            let key = key(text);
            words().knows(&key) || words().members.iter().any(|(_, headings)| headings.contains(&key))
        };
        let widest = rows.iter().max_by_key(|row| row.iter().filter(|text| is_heading(text)).count());
        widest.into_iter().flatten().filter(|text| !text.is_empty()).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_layouts_each_of_a_name_of_its_own() {
        let layouts: Vec<Layout> = FILES.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let names: std::collections::BTreeSet<&str> = layouts.iter().map(|layout| layout.name.as_str()).collect();
        assert_eq!(names.len(), FILES.len());
        for layout in &layouts {
            assert!(layout.fault().is_none(), "{}: {:?}", layout.name, layout.fault());
            assert!(!layout.example_headings().is_empty(), "{}", layout.name);
        }
    }
}
