//! Learning levels of secondary school: Circular 22/2021/TT-BGDĐT, article 9, clauses 2 and 3.

use crate::model::lists::Lists;
use crate::model::rules::marks::Tenths;

/// The level of a term or year, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// CĐ, chưa đạt.
    Failed,
    /// Đ, đạt.
    Passed,
    /// K, khá.
    Fair,
    /// T, tốt.
    Good,
}

/// What a student achieved in one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectOutcome {
    /// A scored subject: its average, in tenths.
    Scored(i64),
    /// A comment subject: was it Đ?
    Commented(bool),
}

/// What a level asks for; marks in tenths.
#[derive(Debug, Clone, Copy)]
struct Demand {
    level: Level,
    /// Every scored subject.
    floor: i64,
    /// At least `count` scored subjects.
    leading: i64,
    /// How many subjects must stand out.
    count: usize,
    /// Comment subjects that may be CĐ.
    failures: usize,
}

/// Clause 2 a, b and c, the highest first, with the figures of a school year.
#[derive(Debug, Clone, Copy)]
pub struct Demands([Demand; 3]);

impl Level {
    /// The code in `TT22_LEVEL`.
    pub fn code(self) -> &'static str {
        match self {
            Level::Failed => "CĐ",
            Level::Passed => "Đ",
            Level::Fair => "K",
            Level::Good => "T",
        }
    }
    /// The level of this code.
    pub fn of(code: &str) -> Option<Self> {
        [Level::Good, Level::Fair, Level::Passed, Level::Failed].into_iter().find(|level| level.code() == code)
    }
    fn next_below(self) -> Level {
        match self {
            Level::Good => Level::Fair,
            Level::Fair => Level::Passed,
            Level::Passed | Level::Failed => Level::Failed,
        }
    }
}

impl Demand {
    fn is_met(&self, outcomes: &[SubjectOutcome]) -> bool {
        let scores = || {
            outcomes
                .iter()
                .filter_map(|outcome| if let SubjectOutcome::Scored(score) = outcome { Some(*score) } else { None })
        };
        let failures = outcomes.iter().filter(|outcome| matches!(outcome, SubjectOutcome::Commented(false))).count();
        failures <= self.failures
            && scores().all(|score| score >= self.floor)
            && scores().filter(|score| *score >= self.leading).count() >= self.count
    }
    /// What keeps it from being met, or, where nothing does, what it counts.
    fn account(&self, subjects: &[(&str, SubjectOutcome)]) -> Vec<String> {
        let scored = || {
            subjects.iter().filter_map(|(code, outcome)| {
                if let SubjectOutcome::Scored(score) = outcome { Some((code, *score)) } else { None }
            })
        };
        let failed: Vec<&str> = subjects
            .iter()
            .filter(|(_, outcome)| *outcome == SubjectOutcome::Commented(false))
            .map(|(code, _)| *code)
            .collect();
        let mut account: Vec<String> = Vec::new();
        if failed.len() > self.failures {
            account.extend(failed.iter().map(|code| format!("{code} CĐ")));
        }
        let low = scored().filter(|(_, score)| *score < self.floor);
        account.extend(low.map(|(code, score)| format!("{code} {} < {}", Tenths(score), Tenths(self.floor))));
        let leading = scored().filter(|(_, score)| *score >= self.leading).count();
        if leading < self.count || account.is_empty() {
            account.push(format!("{leading}/{} ≥ {}", self.count, Tenths(self.leading)));
        }
        account
    }
}

impl Demands {
    /// Those of a school year and grade; `None` where the circular was not yet in force.
    pub fn of(lists: &Lists, school_year: &str, grade: &str) -> Option<Self> {
        let figure = |name| lists.parameter_in_grade(name, school_year, grade);
        let count = usize::try_from(figure("learning.leading-subjects")?).ok()?;
        let demand = |level, floor, leading, failures| {
            Some(Demand { level, floor: figure(floor)?, leading: figure(leading)?, count, failures })
        };
        Some(Self([
            demand(Level::Good, "learning.good-mark", "learning.good-mark-of-six", 0)?,
            demand(Level::Fair, "learning.fair-mark", "learning.fair-mark-of-six", 0)?,
            demand(Level::Passed, "learning.pass-mark", "learning.pass-mark-of-six", 1)?,
        ]))
    }

    /// The level by clause 2 alone.
    pub fn plain_level(&self, outcomes: &[SubjectOutcome]) -> Level {
        self.0.iter().find(|demand| demand.is_met(outcomes)).map_or(Level::Failed, |demand| demand.level)
    }

    /// The levels that clause 3 can be read to give, the likelier first: where one subject alone pulls the level down
    /// by two or more, it becomes the next below what it would have been. The circular does not say whether that
    /// subject is then thought of as excellent or as left out of the six; the two differ only where a student has no
    /// more than five other leading subjects.
    pub fn levels(&self, outcomes: &[SubjectOutcome]) -> [Level; 2] {
        let plain = self.plain_level(outcomes);
        let mut changed = outcomes.to_vec();
        let excellent = (0..outcomes.len()).map(|place| {
            changed[place] = match outcomes[place] {
                SubjectOutcome::Scored(_) => SubjectOutcome::Scored(100),
                SubjectOutcome::Commented(_) => SubjectOutcome::Commented(true),
            };
            let level = self.plain_level(&changed);
            changed[place] = outcomes[place];
            level
        });
        let excellent = raised(plain, excellent);
        let without = |place: usize| self.plain_level(&[&outcomes[..place], &outcomes[place + 1..]].concat());
        [excellent, raised(plain, (0..outcomes.len()).map(without))]
    }

    /// Why a level is not reached, or, for the lowest and for one that is reached, what speaks for it: `TOAN 4.9 <
    /// 5.0`, `GDTC CĐ`, `5/6 ≥ 8.0`.
    pub fn account(&self, level: Level, subjects: &[(&str, SubjectOutcome)]) -> Vec<String> {
        let demand = self.0.iter().find(|demand| demand.level == level);
        demand.map(|demand| demand.account(subjects)).unwrap_or_default()
    }
}

/// The plain level, or the next below what it would have been without one subject's fault.
fn raised(plain: Level, would_have_been: impl Iterator<Item = Level>) -> Level {
    match would_have_been.max() {
        Some(level) if level as u8 >= plain as u8 + 2 => level.next_below(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores in tenths; `true` and `false` for comment subjects.
    fn outcomes(scores: &[i64], comments: &[bool]) -> Vec<SubjectOutcome> {
        scores
            .iter()
            .map(|score| SubjectOutcome::Scored(*score))
            .chain(comments.iter().map(|passed| SubjectOutcome::Commented(*passed)))
            .collect()
    }
    fn levels(outcomes: &[SubjectOutcome]) -> [Level; 2] {
        Demands::of(&Lists::embedded(), "2025-2026", "06").unwrap().levels(outcomes)
    }
    fn level(scores: &[i64], comments: &[bool]) -> &'static str {
        let [excellent, left_out] = levels(&outcomes(scores, comments));
        assert_eq!(excellent, left_out);
        excellent.code()
    }
    const COMMENTS: [bool; 4] = [true; 4];

    #[test]
    fn demands_hold_since_the_circular() {
        assert!(Demands::of(&Lists::embedded(), "2020-2021", "06").is_none());
        assert!(Demands::of(&Lists::embedded(), "2021-2022", "06").is_some());
    }
    #[test]
    fn good_takes_six_leading_subjects_and_none_below_six_and_a_half() {
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 65, 65], &COMMENTS), "T");
        assert_eq!(level(&[80, 80, 80, 80, 80, 79, 65, 65], &COMMENTS), "K");
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 65, 64], &COMMENTS), "K");
    }
    #[test]
    fn fair_takes_six_leading_subjects_and_none_below_five() {
        assert_eq!(level(&[65, 65, 65, 65, 65, 65, 50, 50], &COMMENTS), "K");
        assert_eq!(level(&[65, 65, 65, 65, 65, 64, 50, 50], &COMMENTS), "Đ");
        assert_eq!(level(&[65, 65, 65, 65, 65, 65, 49, 49], &COMMENTS), "Đ");
    }
    #[test]
    fn passed_takes_six_leading_subjects_and_none_below_three_and_a_half() {
        assert_eq!(level(&[50, 50, 50, 50, 50, 50, 35, 35], &COMMENTS), "Đ");
        assert_eq!(level(&[50, 50, 50, 50, 50, 49, 35, 35], &COMMENTS), "CĐ");
        assert_eq!(level(&[50, 50, 50, 50, 50, 50, 35, 34], &COMMENTS), "CĐ");
    }
    #[test]
    fn passed_forgives_one_comment_subject() {
        assert_eq!(level(&[60; 8], &[true, true, true, false]), "Đ");
        assert_eq!(level(&[60; 8], &[true, true, false, false]), "CĐ");
    }
    #[test]
    fn one_subject_alone_does_not_pull_the_level_down_by_two() {
        // T but for one subject at 4.0 (by itself Đ) or 3.0 (by itself CĐ).
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 80, 40], &COMMENTS), "K");
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 80, 30], &COMMENTS), "K");
        // K but for one subject at 3.0.
        assert_eq!(level(&[65, 65, 65, 65, 65, 65, 65, 30], &COMMENTS), "Đ");
        // T but for one comment subject.
        assert_eq!(level(&[80; 8], &[true, true, true, false]), "K");
    }
    #[test]
    fn two_subjects_do_pull_it_down() {
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 40, 40], &COMMENTS), "Đ");
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 80, 40], &[true, true, true, false]), "Đ");
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 30, 30], &COMMENTS), "CĐ");
    }
    #[test]
    fn a_fall_by_one_level_is_not_mended() {
        assert_eq!(level(&[80, 80, 80, 80, 80, 80, 80, 60], &COMMENTS), "K");
        assert_eq!(level(&[50, 50, 50, 50, 50, 50, 50, 30], &COMMENTS), "CĐ");
    }
    #[test]
    fn both_readings_stand_where_the_fallen_subject_would_be_the_sixth() {
        let [excellent, left_out] = levels(&outcomes(&[80, 80, 80, 80, 80, 70, 70, 40], &COMMENTS));
        assert_eq!((excellent.code(), left_out.code()), ("K", "Đ"));
    }
    #[test]
    fn a_better_result_never_lowers_the_level() {
        for place in 0..8 {
            let mut before = Level::Failed;
            for score in 0..=100 {
                let mut scores = [82, 75, 66, 81, 64, 90, 80, 85];
                scores[place] = score;
                let after = levels(&outcomes(&scores, &COMMENTS))[0];
                assert!(after >= before, "{place} {score}");
                before = after;
            }
        }
    }
}
