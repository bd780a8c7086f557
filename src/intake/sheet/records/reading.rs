//! How a sheet is read: of all layouts and resources the one that its headings fit best, and the records that its rows
//! make by it.

use crate::intake::sheet::around::context::SheetContext;
use crate::intake::sheet::around::enrolled::grade_by_code;
use crate::intake::sheet::around::said::Said;
use crate::intake::sheet::file::row::SheetRow;
use crate::intake::sheet::headings::columns::Columns;
use crate::intake::sheet::headings::divided_name::divide_names;
use crate::intake::sheet::headings::head::{Head, heads};
use crate::intake::sheet::headings::heading::{Names, Target, key};
use crate::intake::sheet::headings::meaning::{ColumnMeaning, Interpreter};
use crate::intake::sheet::headings::words::words;
use crate::intake::sheet::layouts::layout::{Layout, Signs, layouts};
use crate::intake::sheet::layouts::near::NearSheet;
use crate::intake::sheet::records::parts::{self, SheetTitles};
use crate::model;
use crate::model::lists::Lists;
use crate::model::spec::Spec;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

/// The names of every resource's members.
static NAMES: LazyLock<Vec<Arc<Names>>> =
    LazyLock::new(|| model::all().iter().map(|spec| Arc::new(Names::of(spec))).collect());

/// What headings mean for a resource, by its names and the place of the headings among those tried.
type Understood = HashMap<(usize, usize), Vec<ColumnMeaning>>;

/// What the sheets of a submission are read by.
pub struct Vocabulary<'l> {
    /// The code lists.
    pub lists: &'l Lists,
    /// What is known from outside.
    pub context: SheetContext<'l>,
    /// The one resource whose records are wanted.
    pub only: Option<&'static Spec>,
    /// Of every resource.
    all: Vec<Arc<Names>>,
    candidates: Vec<Candidate<'l>>,
    /// Headings of the layouts that were added, as keys.
    of_layouts: HashSet<String>,
    /// Names of sheets that hold no records in any layout, as keys.
    passed_over: HashSet<String>,
}

/// A way in which a sheet may be meant.
struct Candidate<'l> {
    layout: Option<&'l Layout>,
    signs: Option<Signs>,
    names: Vec<Arc<Names>>,
}

/// What a sheet is.
pub enum Found {
    /// Its rows make these records.
    Records(SheetReading),
    /// It has headings of a layout, but lacks what no record can do without.
    Near(NearSheet),
    /// None of the headings.
    Nothing,
}

/// How the rows of a sheet make records.
pub struct SheetReading {
    /// The columns of each record that a row makes.
    pub parts: Vec<Columns>,
    /// The level of the class, where it is known.
    pub level: Option<char>,
}

/// How well headings fit, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    has_key: bool,
    unknown: Reverse<usize>,
    guessed: Reverse<usize>,
    named: bool,
    known: usize,
    recognised: bool,
}

/// What the headings are in one of the ways.
struct Headed<'h> {
    head: &'h Head,
    /// By resource, then by column.
    meanings: Vec<Vec<ColumnMeaning>>,
    /// Of the class, where it is known.
    level: Option<char>,
    score: (i64, usize),
}

impl<'l> Vocabulary<'l> {
    /// Of all resources, or `only` one: then records of others are left out.
    pub fn new(lists: &'l Lists, context: SheetContext<'l>, only: Option<&'static Spec>) -> Self {
        let all: Vec<Arc<Names>> = NAMES.clone();
        let is_wanted = |spec: &Spec| only.is_none_or(|only| only.name == spec.name);
        let single = all.iter().filter(|names| is_wanted(names.spec));
        let mut candidates: Vec<Candidate> =
            single.map(|names| Candidate { layout: None, signs: None, names: vec![names.clone()] }).collect();
        for layout in context.layouts.iter().chain(layouts()) {
            let names = layout.resources.iter().filter_map(|name| all.iter().find(|names| names.spec.name == *name));
            let names: Vec<Arc<Names>> = names.map(|names| own_names(names, layout)).collect();
            if names.iter().any(|names| is_wanted(names.spec)) {
                candidates.push(Candidate { layout: Some(layout), signs: Some(layout.signs()), names });
            }
        }
        for resources in &words().together {
            let of = |name: &String| all.iter().find(|names| names.spec.name == *name).cloned();
            let names: Vec<Arc<Names>> = resources.iter().filter_map(of).collect();
            if names.iter().any(|names| is_wanted(names.spec)) {
                candidates.push(Candidate { layout: None, signs: None, names });
            }
        }
        let of_layouts = context.layouts.iter().flat_map(Layout::all_headings).collect();
        let passed_over = context.layouts.iter().chain(layouts()).flat_map(|layout| &layout.passed_over);
        let passed_over = passed_over.map(|name| key(name)).collect();
        Self { lists, context, only, all, candidates, of_layouts, passed_over }
    }

    /// Looks at the first rows of a sheet of this name, which may be that of a resource.
    pub fn read(&self, rows: &[SheetRow], sheet: &str, named: Option<&'static Spec>) -> Found {
        let above = |head: &Head| {
            let mut said = Said::by_titles(&rows[..head.first]);
            said.complete(self.given());
            said.complete(Said::by_name(sheet));
            said.complete(Said::by_name(self.context.given.file_name.as_deref().unwrap_or_default()));
            said
        };
        let is_known = |key: &str| {
            self.of_layouts.contains(key)
                || words().knows(key)
                || self.all.iter().any(|names| matches!(names.member(key, self.lists), Some(Target::Member(..))))
        };
        let mut heads = heads(rows, &is_known);
        heads.iter_mut().for_each(|head| divide_names(head, rows));
        let levels: Vec<Option<char>> = heads.iter().map(|head| self.level(&above(head), head, rows)).collect();
        let mut understood = Understood::new();
        let mut found: Vec<(Fit, SheetReading)> = Vec::new();
        let mut near: Option<NearSheet> = None;
        for candidate in &self.candidates {
            let Some(headed) = self.headed(candidate, &heads, &levels, &mut understood) else { continue };
            if !self.is_recognised(candidate, &headed, rows, sheet) {
                continue;
            }
            let said = above(headed.head);
            let level = headed.level;
            let titles = SheetTitles { said, rows: &rows[..headed.head.first], layout: candidate.layout, level };
            let mut parts = parts::of(&candidate.names, headed.head, &headed.meanings, titles, self);
            if let Some(only) = self.only {
                parts.retain(|columns| columns.spec.name == only.name);
            }
            let Some(first) = parts.first() else { continue };
            if parts.iter().all(|columns| columns.key_columns().is_empty()) {
                let this = NearSheet::of(candidate.layout, &candidate.names, headed.head, &headed.meanings);
                near = [near, Some(this)].into_iter().flatten().max_by_key(NearSheet::known);
                continue;
            }
            let fit = Fit {
                has_key: parts.iter().all(Columns::has_key),
                unknown: Reverse(first.unknown.len()),
                guessed: Reverse(headed.meanings.iter().flatten().filter(|meaning| meaning.guessed).count()),
                named: named.is_some_and(|named| parts.iter().any(|columns| columns.spec.name == named.name)),
                known: parts.iter().map(Columns::known).sum(),
                recognised: candidate.layout.is_some(),
            };
            found.push((fit, SheetReading { parts, level }));
        }
        match best(found) {
            Some(reading) => Found::Records(reading),
            None => near.map_or(Found::Nothing, Found::Near),
        }
    }

    /// Is a sheet of this name one that holds no records, in any layout?
    pub fn passes_over(&self, sheet: &str) -> bool {
        self.passed_over.contains(&key(sheet))
    }

    /// What the parameters say.
    fn given(&self) -> Said {
        let say = |value: &Option<String>| {
            value.clone().map(|value| crate::intake::sheet::around::said::Saying { value, at: None })
        };
        let given = self.context.given;
        Said {
            year: say(&given.school_year),
            period: say(&given.period),
            class: say(&given.class_code),
            ..Said::default()
        }
    }

    /// The headings as they are best understood in one of the ways; `None`: they are none.
    fn headed<'h>(
        &self,
        candidate: &Candidate,
        heads: &'h [Head],
        levels: &[Option<char>],
        understood: &mut Understood,
    ) -> Option<Headed<'h>> {
        let mut best: Option<Headed> = None;
        for (place, (head, level)) in heads.iter().zip(levels).enumerate() {
            let mut of = |names: &Arc<Names>| {
                let read = || {
                    let reader = Interpreter { names, lists: self.lists, level: *level };
                    head.columns.iter().map(|column| reader.read(column)).collect()
                };
                understood.entry((Arc::as_ptr(names) as usize, place)).or_insert_with(read).clone()
            };
            let meanings: Vec<Vec<ColumnMeaning>> = candidate.names.iter().map(&mut of).collect();
            let (mut known, mut beside, mut guessed) = (0_i64, 0_i64, 0_i64);
            for at in 0..head.columns.len() {
                let of_column = meanings.iter().filter_map(|meanings| meanings.get(at));
                let mut targets = of_column.clone().map(|meaning| &meaning.target);
                guessed += i64::from(of_column.clone().any(|meaning| meaning.guessed));
                if targets
                    .clone()
                    .any(|target| matches!(target, Target::Member(..) | Target::Operation | Target::Aid(_)))
                {
                    known += 1;
                } else if targets.any(|target| *target == Target::Companion) || self.is_of_a_parent(candidate, head, at)
                {
                    beside += 1;
                }
            }
            let all = head.columns.len() as i64;
            if known == 0 || (known < 2 && all > 1) || 2 * (known + beside) <= all {
                continue;
            }
            let score = (4 * (known + beside) - 2 * all - guessed, head.tiers);
            if best.as_ref().is_none_or(|best| best.score < score) {
                best = Some(Headed { head, meanings, level: *level, score });
            }
        }
        best
    }

    /// Does the heading name a member of a record that these refer to: what is known of the student beside his code?
    fn is_of_a_parent(&self, candidate: &Candidate, head: &Head, column: usize) -> bool {
        head.columns.get(column).is_some_and(|column| self.names_parent(&candidate.names, &column.keys))
    }

    /// Do these headings name a member of a record that those of the resources refer to?
    pub(crate) fn names_parent(&self, of: &[Arc<Names>], keys: &[String]) -> bool {
        let parents = of.iter().flat_map(|names| names.spec.references).map(|reference| reference.to);
        let key = keys.join(" ");
        parents
            .filter_map(|name| self.all.iter().find(|names| names.spec.name == name))
            .any(|names| matches!(names.target(&key, self.lists), Target::Member(..) | Target::Aid(_)))
    }

    fn is_recognised(&self, candidate: &Candidate, headed: &Headed, rows: &[SheetRow], sheet: &str) -> bool {
        let Some(signs) = &candidate.signs else { return true };
        let columns = &headed.head.columns;
        let joined: Vec<String> =
            columns.iter().flat_map(|column| [column.keys.join(" "), key(&column.heading())]).collect();
        let keys = columns.iter().flat_map(|column| column.keys.iter().map(String::as_str));
        let headings: Vec<&str> = keys.chain(joined.iter().map(String::as_str)).collect();
        let titles = rows[..headed.head.first].iter().flat_map(|row| {
            row.cells().filter_map(|(_, cell)| crate::intake::sheet::records::convert::shown(cell)).collect::<Vec<_>>()
        });
        let file = self.context.given.file_name.clone().unwrap_or_default();
        let above: Vec<String> = titles.chain([sheet.to_owned(), file]).map(|text| key(&text)).collect();
        signs.are_met(&headings, &above)
    }

    /// The level of the class: by its grade, else by that of the first row's class, else by the school's.
    fn level(&self, said: &Said, head: &Head, rows: &[SheetRow]) -> Option<char> {
        let of_grade = |grade: &str| self.lists.grade(grade).map(|grade| grade.level);
        let of_class = |class: &str| {
            let year = said.year.as_ref().map(|year| year.value.as_str());
            let stored = self.context.classes_called(class, year).into_iter().next().map(|class| class.grade);
            of_grade(&stored.or_else(|| grade_by_code(class))?)
        };
        let by_grade = || said.grade.as_ref().and_then(|grade| of_grade(&format!("{:0>2}", grade.value)));
        let by_class = || said.class.as_ref().and_then(|class| of_class(&class.value));
        let by_row = || {
            let is_class = |key: &String| {
                self.all.iter().any(|names| {
                matches!(names.member(key, self.lists), Some(Target::Member(at, _)) if names.leaves[at].field.json == "classCode")
            })
            };
            let column = head.columns.iter().find(|column| column.keys.iter().any(is_class))?;
            let below = rows.iter().filter(|row| row.number > head.last_row);
            below
                .filter_map(|row| crate::intake::sheet::records::convert::shown(row.cell(column.column)))
                .find_map(|class| of_class(&class))
        };
        let by_school = || {
            let school = self.context.school()?.to_owned();
            let schools = self.context.facts.schools();
            let level = &schools.iter().find(|known| known.code == school)?.level;
            match self.lists.level_combines(level) {
                [] => level.chars().next().filter(|_| level.len() == 1),
                levels => levels.first().copied().filter(|_| levels.len() == 1),
            }
        };
        by_class().or_else(by_grade).or_else(by_row).or_else(by_school)
    }
}

/// The names of a resource with those that only the layout gives them.
fn own_names(names: &Arc<Names>, layout: &Layout) -> Arc<Names> {
    if layout.headings.is_empty() && layout.ignored.is_empty() {
        return names.clone();
    }
    let mut own = Names::clone(names);
    layout.own_headings().for_each(|(heading, path)| own.rename(heading, path));
    layout.ignored.iter().for_each(|heading| own.forget(&key(heading)));
    Arc::new(own)
}

/// The reading that fits best; none when two of different resources do equally well.
fn best(mut found: Vec<(Fit, SheetReading)>) -> Option<SheetReading> {
    if found.iter().any(|(fit, _)| fit.named) && !found.iter().any(|(fit, _)| fit.has_key && !fit.named) {
        found.retain(|(fit, _)| fit.named);
    }
    found.sort_by_key(|(fit, _)| Reverse(*fit));
    let resources = |reading: &SheetReading| -> Vec<&'static str> {
        let mut names: Vec<&str> = reading.parts.iter().map(|columns| columns.spec.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let (first, reading) = found.first()?;
    let others = found.iter().skip(1).filter(|(_, other)| resources(other) != resources(reading));
    let is_open =
        others.clone().any(|(fit, _)| fit == first) || (!first.has_key && !first.recognised && others.count() > 0);
    if is_open { None } else { found.into_iter().next().map(|(_, reading)| reading) }
}
