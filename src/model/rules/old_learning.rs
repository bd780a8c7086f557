//! Learning by Circular 58/2011/TT-BGDĐT, article 13 (amended by Circular 26/2020/TT-BGDĐT): the average of all
//! subjects, one leading subject, and no subject below a floor.

use crate::model::lists::Lists;
use crate::model::rules::learning::SubjectOutcome;
use crate::model::rules::marks::{Tenths, half_up};
use crate::model::rules::schemes::OLD_LEARNING;

/// What a level asks for; marks in tenths.
#[derive(Debug, Clone, Copy)]
struct Demand {
    /// The average of all scored subjects.
    average: i64,
    /// Every scored subject.
    floor: i64,
    /// Must every comment subject be Đ, and a leading subject reach the average asked for?
    full: bool,
}

/// Clauses 1 to 4, the highest first, with the figures of a school year.
#[derive(Debug, Clone)]
pub struct OldDemands {
    demands: [Demand; 4],
    /// One of these must reach the average that a level asks for.
    leading: &'static [&'static str],
}

/// Clause 6: who by the average reaches the first, but falls to the second because of one subject alone, gets the
/// third. Places in [`OLD_LEARNING`].
const ADJUSTED: [(usize, usize, usize); 4] = [(0, 2, 1), (0, 3, 2), (1, 3, 2), (1, 4, 3)];

impl Demand {
    /// Is it met, if the subject at `but` is not held against it?
    fn is_met(&self, subjects: &[(&str, SubjectOutcome)], leading: &[&str], but: Option<usize>) -> bool {
        let others =
            || subjects.iter().enumerate().filter(|(place, _)| Some(*place) != but).map(|(_, (_, outcome))| *outcome);
        let above = |outcome| match outcome {
            SubjectOutcome::Scored(score) => score >= self.floor,
            SubjectOutcome::Commented(passed) => passed || !self.full,
        };
        self.reaches_average(subjects) && self.is_led(subjects, leading) && others().all(above)
    }
    fn reaches_average(&self, subjects: &[(&str, SubjectOutcome)]) -> bool {
        average(subjects).is_some_and(|average| average >= self.average)
    }
    fn is_led(&self, subjects: &[(&str, SubjectOutcome)], leading: &[&str]) -> bool {
        let leads = |(code, outcome): &(&str, SubjectOutcome)| {
            leading.contains(code) && matches!(outcome, SubjectOutcome::Scored(score) if *score >= self.average)
        };
        !self.full || subjects.iter().any(leads)
    }
}

fn average(subjects: &[(&str, SubjectOutcome)]) -> Option<i64> {
    let scores: Vec<i64> = subjects
        .iter()
        .filter_map(|(_, outcome)| if let SubjectOutcome::Scored(score) = outcome { Some(*score) } else { None })
        .collect();
    (!scores.is_empty()).then(|| half_up(scores.iter().sum(), scores.len() as i64))
}

impl OldDemands {
    /// Those of a school year and grade.
    pub fn of(lists: &Lists, school_year: &str, grade: &str) -> Option<Self> {
        let figure = |name| lists.parameter_in_grade(name, school_year, grade);
        let demand = |average, floor, full| Some(Demand { average: figure(average)?, floor: figure(floor)?, full });
        let three = figure("circular-58.foreign-language-leads") == Some(1);
        Some(Self {
            demands: [
                demand("circular-58.good-average", "circular-58.good-mark", true)?,
                demand("circular-58.fair-average", "circular-58.fair-mark", true)?,
                demand("circular-58.middle-average", "circular-58.middle-mark", true)?,
                demand("circular-58.weak-average", "circular-58.weak-mark", false)?,
            ],
            leading: if three { &["TOAN", "NGUVAN", "NN1"] } else { &["TOAN", "NGUVAN"] },
        })
    }

    /// Place in [`OLD_LEARNING`] of the level by clauses 1 to 5, the subject at `but` not held against it.
    fn plain(&self, subjects: &[(&str, SubjectOutcome)], but: Option<usize>) -> usize {
        self.demands
            .iter()
            .position(|demand| demand.is_met(subjects, self.leading, but))
            .unwrap_or(OLD_LEARNING.len() - 1)
    }

    /// The level, and whether clause 6 raised it.
    pub fn level(&self, subjects: &[(&str, SubjectOutcome)]) -> (&'static str, bool) {
        let plain = self.plain(subjects, None);
        let best = (0..subjects.len()).map(|place| self.plain(subjects, Some(place))).min().unwrap_or(plain);
        let adjusted =
            ADJUSTED.iter().find(|(would, fell, _)| (*would, *fell) == (best, plain)).map(|(.., level)| *level);
        (OLD_LEARNING[adjusted.unwrap_or(plain)], adjusted.is_some())
    }

    /// Why a level is not reached, or what speaks for it: `ĐTB 7.9 < 8.0`, `TOAN 4.9 < 5.0`, `GDTC CĐ`.
    pub fn account(&self, level: &str, subjects: &[(&str, SubjectOutcome)]) -> Vec<String> {
        let Some(demand) =
            OLD_LEARNING.iter().position(|known| *known == level).and_then(|place| self.demands.get(place))
        else {
            return Vec::new();
        };
        let mut account = Vec::new();
        let mean = average(subjects).map_or_else(|| "@none".to_owned(), |average| Tenths(average).to_string());
        if !demand.reaches_average(subjects) {
            account.push(format!("ĐTB {mean} < {}", Tenths(demand.average)));
        }
        if !demand.is_led(subjects, self.leading) {
            account.push(format!("{} < {}", self.leading.join(", "), Tenths(demand.average)));
        }
        account.extend(subjects.iter().filter_map(|(code, outcome)| match outcome {
            SubjectOutcome::Commented(false) if demand.full => Some(format!("{code} CĐ")),
            SubjectOutcome::Scored(score) if *score < demand.floor => {
                Some(format!("{code} {} < {}", Tenths(*score), Tenths(demand.floor)))
            }
            _ => None,
        }));
        if account.is_empty() {
            account.push(format!("ĐTB {mean} ≥ {}", Tenths(demand.average)));
        }
        account
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECTS: [&str; 11] =
        ["TOAN", "NGUVAN", "NN1", "VATLI", "HOAHOC", "SINHHOC", "LICHSU", "DIALI", "GDCD", "CONGNGHE", "TINHOC"];

    /// The level of averages in tenths, with or without physical education passed.
    fn level_in(year: &str, scores: &[i64], passed: bool) -> &'static str {
        let mut subjects: Vec<(&str, SubjectOutcome)> =
            SUBJECTS.iter().copied().zip(scores.iter().copied().map(SubjectOutcome::Scored)).collect();
        subjects.push(("GDTC", SubjectOutcome::Commented(passed)));
        OldDemands::of(&Lists::embedded(), year, "09").unwrap().level(&subjects).0
    }
    fn level(scores: &[i64]) -> &'static str {
        level_in("2023-2024", scores, true)
    }

    #[test]
    fn good_takes_the_average_a_leading_subject_and_a_floor() {
        assert_eq!(level(&[80, 70, 70, 85, 85, 85, 85, 80, 80, 80, 80]), "G");
        // 7.95 is rounded to 8.0; 7.9 is not enough.
        assert_eq!(level(&[80, 79, 80, 80, 80, 79, 80, 80, 79, 79, 79]), "G");
        assert_eq!(level(&[80, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79]), "K");
        assert_eq!(level(&[79, 79, 79, 90, 90, 90, 90, 90, 90, 90, 90]), "K");
        assert_eq!(level(&[90, 90, 90, 90, 90, 90, 90, 90, 90, 64, 90]), "K");
    }
    #[test]
    fn the_foreign_language_leads_since_circular_26() {
        let scores = [79, 79, 80, 85, 85, 85, 85, 85, 85, 85, 85];
        assert_eq!(level_in("2020-2021", &scores, true), "G");
        assert_eq!(level_in("2019-2020", &scores, true), "K");
    }
    #[test]
    fn the_lower_levels_have_lower_figures() {
        assert_eq!(level(&[65; 11]), "K");
        assert_eq!(level(&[50; 11]), "TB");
        assert_eq!(level(&[35; 11]), "Y");
        assert_eq!(level(&[34; 11]), "KEM");
        assert_eq!(level(&[50, 50, 50, 50, 50, 50, 50, 50, 50, 34, 60]), "Y");
        assert_eq!(level(&[40, 40, 40, 40, 40, 40, 40, 40, 40, 19, 50]), "KEM");
        assert_eq!(level_in("2023-2024", &[50; 11], false), "Y", "a comment subject is not passed");
    }
    #[test]
    fn one_subject_alone_is_adjusted_by_clause_6() {
        let but_one = |others: i64, one: i64| {
            level(&[others, others, others, others, others, others, others, others, others, one, others])
        };
        assert_eq!(but_one(90, 45), "K", "G that fell to TB");
        assert_eq!(but_one(95, 30), "TB", "G that fell to Y");
        assert_eq!(but_one(75, 30), "TB", "K that fell to Y");
        assert_eq!(but_one(75, 15), "Y", "K that fell to KEM");
        assert_eq!(but_one(60, 15), "KEM", "TB is not adjusted");
        assert_eq!(level_in("2023-2024", &[85; 11], false), "TB", "a comment subject alone: G that fell to Y");
    }
    #[test]
    fn a_level_is_accounted_for() {
        let demands = OldDemands::of(&Lists::embedded(), "2023-2024", "09").unwrap();
        let subjects = [
            ("TOAN", SubjectOutcome::Scored(70)),
            ("VATLI", SubjectOutcome::Scored(60)),
            ("GDTC", SubjectOutcome::Commented(false)),
        ];
        assert_eq!(
            demands.account("G", &subjects),
            ["ĐTB 6.5 < 8.0", "TOAN, NGUVAN, NN1 < 8.0", "VATLI 6.0 < 6.5", "GDTC CĐ"]
        );
        assert_eq!(demands.account("Y", &subjects), ["ĐTB 6.5 ≥ 3.5"]);
    }
}
