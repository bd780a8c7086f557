//! What the headings over a column mean together: a member, of a subject or a period where they name one.

use crate::intake::sheet::headings::head::HeadColumn;
use crate::intake::sheet::headings::heading::{HeadingStep, Names, Target, key};
use crate::intake::sheet::headings::words::words;
use crate::model::lists::Lists;

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMeaning {
    /// What it fills.
    pub target: Target,
    /// The subject that its headings name.
    pub subject: Option<String>,
    /// The period that they name.
    pub period: Option<String>,
    /// Only the lowest of its headings is understood.
    pub guessed: bool,
    /// The headings for people.
    pub heading: String,
}

/// Reads headings for the records of one resource.
pub struct Interpreter<'n> {
    /// The names of its members.
    pub names: &'n Names,
    /// The code lists.
    pub lists: &'n Lists,
    /// The level of the class, where it is known: subjects of one name differ by it.
    pub level: Option<char>,
}

impl Interpreter<'_> {
    /// What the headings over a column mean.
    pub fn read(&self, column: &HeadColumn) -> ColumnMeaning {
        let found = match column.keys.as_slice() {
            [only] => self.single(only, &column.texts[0]),
            [] => self.of(Target::Unknown),
            keys => self.several(keys, column),
        };
        let heading = match &found.target {
            // The same in other words, as templates have it.
            Target::Member(..) if column.keys.len() > 1 && self.all_same(&column.keys).is_some() => {
                column.texts.first().cloned().unwrap_or_default()
            }
            _ => column.heading(),
        };
        ColumnMeaning { heading, ..found }
    }

    fn of(&self, target: Target) -> ColumnMeaning {
        ColumnMeaning { target, subject: None, period: None, guessed: false, heading: String::new() }
    }

    fn single(&self, heading: &str, text: &str) -> ColumnMeaning {
        if let Some(found) = self.of_period(heading, false) {
            return found;
        }
        let target = self.names.target(heading, self.lists);
        if matches!(target, Target::Member(..) | Target::Operation | Target::Aid(_)) {
            return self.of(target);
        }
        if let Some(subject) = self.subject(heading) {
            return ColumnMeaning { subject: Some(subject), ..self.of(self.member("average")) };
        }
        if let Some(found) = self.of_period(heading, true) {
            return found;
        }
        // What stands in brackets explains: how a day is written, that the cell must be filled.
        let bare = text.split(['(', '[']).next().map(key).filter(|bare| !bare.is_empty() && bare != heading);
        match bare.map(|bare| self.names.target(&bare, self.lists)) {
            Some(known) if known != Target::Unknown && target == Target::Unknown => self.of(known),
            _ => self.of(target),
        }
    }

    /// `ĐTBmhk1`, `ĐTBmcn`, and alone `HK1`: the average of a period.
    fn of_period(&self, heading: &str, alone: bool) -> Option<ColumnMeaning> {
        let numbered = heading.rsplit_once(' ').and_then(|(word, number)| {
            let period = match number {
                "1" | "i" => "CK1",
                "2" | "ii" => "CK2",
                _ => return None,
            };
            Some((words().numbered.get(word)?.as_str(), period))
        });
        let said = || words().period_of.get(heading).map(|period| ("average", period.as_str()));
        let named = || words().periods.get(heading).filter(|_| alone).map(|period| ("average", period.as_str()));
        let (member, period) = numbered.or_else(said).or_else(named)?;
        let target = self.member(member);
        (target != Target::Unknown).then(|| ColumnMeaning { period: Some(period.to_owned()), ..self.of(target) })
    }

    fn several(&self, keys: &[String], column: &HeadColumn) -> ColumnMeaning {
        if let Some(target) = self.all_same(keys) {
            return self.of(target);
        }
        let joined = keys.join(" ");
        for text in [joined.clone(), without_counters(&joined)] {
            match self.names.target(&text, self.lists) {
                Target::Unknown => (),
                known => return self.of(known),
            }
        }
        let facets = self.facets(keys);
        let found = facets.meaning(self);
        let is_label = !words().groups.contains_key(&keys[0]);
        if found.target != Target::Unknown || !column.spans || !is_label {
            return found;
        }
        if of_another_kind(keys) {
            return found;
        }
        // What stands over several columns may be any words.
        let lowest = self.single(&keys[keys.len() - 1], &column.texts[column.texts.len() - 1]);
        ColumnMeaning { guessed: true, ..lowest }
    }

    /// The one member that each of the headings names.
    fn all_same(&self, keys: &[String]) -> Option<Target> {
        let mut targets = keys.iter().map(|key| self.names.target(key, self.lists));
        let first = targets.next().filter(|target| matches!(target, Target::Member(..) | Target::Operation))?;
        targets.all(|target| target == first).then_some(first)
    }

    fn facets<'k>(&self, keys: &'k [String]) -> Facets<'k> {
        let mut facets = Facets::default();
        for (at, key) in keys.iter().enumerate() {
            let is_last = at + 1 == keys.len();
            match words().groups.get(key) {
                Some(context) if !is_last && self.has_context(context) => {
                    if !context.is_empty() {
                        facets.context = Some(context);
                    }
                    continue;
                }
                _ => (),
            }
            if facets.subject.is_none() && facets.may_be_subject() && self.subject(key).is_some() {
                facets.subject = self.subject(key);
            } else if let Some(period) = words().periods.get(key).filter(|_| facets.period.is_none()) {
                facets.period = Some(period);
            } else {
                facets.rest.push(key);
            }
        }
        facets
    }

    /// Has the resource what the context is about?
    fn has_context(&self, context: &str) -> bool {
        match context {
            "" => true,
            "subjects" => self.names.spec.comment_subjects.is_some(),
            context => {
                words().within.get(context).is_some_and(|within| {
                    within.values().any(|path| self.names.at_path(&full(context, path)).is_some())
                }) || self.names.spec.field_by_json(context.split('.').next().unwrap_or_default()).is_some()
            }
        }
    }

    /// The member at a path of the table of words.
    fn member(&self, path: &str) -> Target {
        self.names.at_path(path).map_or(Target::Unknown, |(at, number)| Target::Member(at, number))
    }

    /// The one subject of this name at the level; strands of a subject have their own code though no grade lists them.
    pub fn subject(&self, name: &str) -> Option<String> {
        self.names.spec.comment_subjects.as_ref()?;
        subject_of(name, self.level, self.lists)
    }
}

/// The one subject that a name (as a key) means at a level.
pub fn subject_of(name: &str, level: Option<char>, lists: &Lists) -> Option<String> {
    let codes = words().subjects.get(name)?;
    let Some(level) = level else { return codes.first().filter(|_| codes.len() == 1).cloned() };
    let mut taught = codes.iter().filter(|code| lists.subject(&level.to_string(), code).is_some());
    match (taught.next(), taught.next()) {
        (Some(code), None) => Some(code.clone()),
        (None, _) => codes.iter().find(|code| lists.subject("3", code).is_some()).or(codes.last()).cloned(),
        _ => None,
    }
}

/// A path of the table within a context: members of an object and of an element are named by themselves there.
fn full(context: &str, path: &str) -> String {
    match context {
        "permanent" | "native" => path.to_owned(),
        context => format!("{context}.{path}"),
    }
}

/// `Điểm thường xuyên` over `Lần 1`: the word before the number says no more than that.
fn without_counters(joined: &str) -> String {
    let counters = ["lan", "cot", "bai", "so"];
    let words: Vec<&str> = joined.split(' ').collect();
    let is_number = |at: usize| words.get(at).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let kept = (0..words.len()).filter(|at| !(counters.contains(&words[*at]) && is_number(at + 1)));
    kept.map(|at| words[at]).collect::<Vec<_>>().join(" ")
}

/// Is it the name of a member over periods, which is not of the records at hand: `Hạnh kiểm` over `HKI`?
fn of_another_kind(keys: &[String]) -> bool {
    let is_member = |key: &String| words().members.iter().any(|(_, headings)| headings.contains(key));
    keys.last().is_some_and(|last| words().periods.contains_key(last)) && keys.first().is_some_and(is_member)
}

/// What headings one over the other say.
#[derive(Default)]
struct Facets<'k> {
    context: Option<&'static str>,
    subject: Option<String>,
    period: Option<&'static String>,
    rest: Vec<&'k str>,
}

impl Facets<'_> {
    fn may_be_subject(&self) -> bool {
        self.rest.is_empty() && self.context.is_none_or(|context| context == "subjects")
    }

    fn meaning(self, by: &Interpreter) -> ColumnMeaning {
        let rest = self.rest.join(" ");
        let target = match (&self.subject, self.context) {
            (Some(_), _) if rest.is_empty() => by.member("average"),
            (Some(_), _) => match words().under_subject.get(&rest) {
                Some(member) => by.member(member),
                None => by.names.target(&rest, by.lists),
            },
            (None, Some("subjects") | None) if rest.is_empty() && self.period.is_some() => by.member("average"),
            (None, Some("subjects") | None) => by.names.target(&rest, by.lists),
            (None, Some(context)) => within(context, &rest, by),
        };
        let period = self.period.cloned();
        let is_of_subject = self.subject.is_some() && !matches!(target, Target::Member(..));
        let target = if is_of_subject { Target::Unknown } else { target };
        ColumnMeaning { target, subject: self.subject, period, guessed: false, heading: String::new() }
    }
}

/// What a heading names under one that sets a context.
fn within(context: &str, heading: &str, by: &Interpreter) -> Target {
    if let Some(path) = words().within.get(context).and_then(|within| within.get(heading)) {
        return by.member(&full(context, path));
    }
    let outer = context.split('.').next().unwrap_or_default();
    match by.names.target(heading, by.lists) {
        Target::Member(at, number) if by.names.leaves[at].steps.first().is_some_and(|step| is_named(step, outer)) => {
            Target::Member(at, number)
        }
        _ => by.names.member(&format!("{} {heading}", key(outer)), by.lists).unwrap_or(Target::Unknown),
    }
}

fn is_named(step: &HeadingStep, name: &str) -> bool {
    matches!(step, HeadingStep::Member(known) if *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(resource: &str, level: Option<char>, texts: &[&str]) -> String {
        let (names, lists) = (Names::of(crate::model::find(resource).unwrap()), Lists::embedded());
        let column = HeadColumn {
            column: 3,
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            keys: texts.iter().map(|text| key(text)).collect(),
            row: 1,
            spans: true,
        };
        let found = Interpreter { names: &names, lists: &lists, level }.read(&column);
        let member = match &found.target {
            Target::Member(at, number) => {
                let steps = names.leaves[*at].steps.iter().filter_map(|step| match step {
                    HeadingStep::Member(name) => Some(*name),
                    _ => None,
                });
                format!("{}{number}", steps.collect::<Vec<_>>().join("."))
            }
            other => format!("{other:?}"),
        };
        [member, found.subject.unwrap_or_default(), found.period.unwrap_or_default()].join(" ").trim_end().to_owned()
    }

    #[test]
    fn headings_mean_what_they_say_together() {
        let results = |texts: &[&str]| read("subject-results", Some('2'), texts);
        assert_eq!(results(&["ĐĐGtx", "3"]), "regularMarks3");
        assert_eq!(results(&["Điểm thường xuyên", "Lần 2"]), "regularMarks2");
        assert_eq!(results(&["Hạnh kiểm", "HKI"]), "Unknown  CK1");
        assert_eq!(results(&["KHTN", "(HS 1)"]), "average KHTN");
        assert_eq!(results(&["GDTC", "(N.xét)"]), "average GDTC");
        assert_eq!(results(&["Ng.ngữ"]), "average NN1");
        assert_eq!(results(&["Học kì II", "Văn"]), "average NGUVAN CK2");
        assert_eq!(results(&["ĐTBmhk2"]), "average  CK2");
        assert_eq!(results(&["ĐTBmcn"]), "average  CN");
        assert_eq!(results(&["HK1"]), "average  CK1");
        assert_eq!(results(&["ĐTBmhk"]), "average");
        assert_eq!(results(&["Ngày sinh"]), "Unknown");
        let records = |texts: &[&str]| read("academic-records", Some('1'), texts);
        assert_eq!(records(&["Năng lực đặc thù", "Tin học"]), "competencies.informatics");
        assert_eq!(records(&["Năng lực cốt lõi", "Năng lực chung", "Tự chủ và tự học"]), "competencies.autonomy");
        assert_eq!(records(&["Phẩm chất chủ yếu", "Trách nhiệm"]), "qualities.responsibility");
        assert_eq!(records(&["Buổi nghỉ", "P"]), "excusedAbsences");
        assert_eq!(records(&["Kết quả học tập", "(Học kỳ 1)"]), "learningLevel  CK1");
        let primary = |texts: &[&str]| read("subject-results", Some('1'), texts);
        assert_eq!(primary(&["Môn học và hoạt động giáo dục", "Tiếng việt", "Điểm KTĐK"]), "testMark TIENGVIET");
        assert_eq!(primary(&["Môn học và hoạt động giáo dục", "Nghệ thuật (Mĩ thuật)", "Mức đạt được"]), "level NTMT");
        assert_eq!(read("students", None, &["Thông tin mẹ", "Họ và tên"]), "contacts.fullName101");
        assert_eq!(read("students", None, &["Họ tên bố"]), "contacts.fullName100");
        assert_eq!(read("students", None, &["Ngày sinh (dd/mm/yyyy)"]), "birthDate");
    }
}
