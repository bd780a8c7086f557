//! The arithmetic of marks, exact: everything in whole tenths, rounded half up (Circular 22/2021/TT-BGDĐT, article 9).
//! Floating point would be wrong once in some 250 averages.

use crate::model::lists::Lists;
use crate::model::value::Value;
use std::fmt;

/// A mark in tenths, shown as people write it: 85 is `8.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenths(pub i64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", self.0.abs() / 10, self.0.abs() % 10)
    }
}

/// The marks of one subject in one term, in tenths.
#[derive(Debug, Clone, Copy)]
pub struct TermMarks<'a> {
    /// ĐĐGtx.
    pub regular: &'a [Value],
    /// ĐĐGgk.
    pub midterm: i64,
    /// ĐĐGck.
    pub last: i64,
    /// How often each is counted.
    pub weights: Weights,
}

/// How often the parts of an average are counted, as the rule parameters say for a school year and grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// A regular mark.
    pub regular: i64,
    /// The midterm mark.
    pub midterm: i64,
    /// The final mark.
    pub last: i64,
    /// The first term's average in the year's.
    pub first_term: i64,
    /// The second term's.
    pub second_term: i64,
}

impl Weights {
    /// Those of the school year and, where it is known, the grade; none where there is no such formula.
    pub fn of(lists: &Lists, school_year: &str, grade: Option<&str>) -> Option<Self> {
        let weight = |name: &str| match grade {
            Some(grade) => lists.parameter_in_grade(name, school_year, grade),
            None => lists.parameter(name, school_year),
        };
        let weights = Self {
            regular: weight("term-average.regular-weight")?,
            midterm: weight("term-average.midterm-weight")?,
            last: weight("term-average.final-weight")?,
            first_term: weight("year-average.first-term-weight")?,
            second_term: weight("year-average.second-term-weight")?,
        };
        let parts = [weights.regular, weights.midterm, weights.last, weights.first_term, weights.second_term];
        let usable =
            parts.iter().all(|weight| (0..=100).contains(weight)) && weights.last > 0 && weights.second_term > 0;
        usable.then_some(weights)
    }
    /// ĐTBmcn, in tenths, from the two rounded term averages.
    pub const fn year_average(&self, first_term: i64, second_term: i64) -> i64 {
        half_up(self.first_term * first_term + self.second_term * second_term, self.first_term + self.second_term)
    }
}

impl fmt::Display for TermMarks<'_> {
    /// `8.0 + 9.0 + 2 × 8.0 + 3 × 8.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = |weight: i64| if weight == 1 { String::new() } else { format!("{weight} × ") };
        for mark in self.regular.iter().filter_map(Value::as_decimal) {
            write!(f, "{}{} + ", weight(self.weights.regular), Tenths(mark))?;
        }
        let (midterm, last) = (weight(self.weights.midterm), weight(self.weights.last));
        write!(f, "{midterm}{} + {last}{}", Tenths(self.midterm), Tenths(self.last))
    }
}

/// What a wrong average was likely made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A tie that the binary fraction of a float put below the half.
    BinaryRounding,
    /// A tie rounded to the even neighbour, as spreadsheets' and databases' "banker's rounding" does.
    HalfEven,
    /// The last place cut off.
    CutOff,
    /// The weighted sum divided by six, whatever the number of regular marks.
    DivisionBySix,
    /// The regular marks' own average taken as one mark.
    AverageOfAverages,
    /// Every mark counted once.
    Unweighted,
    /// Midterm and final mark with other weights than two and three.
    OtherWeights,
    /// One of the regular marks left out.
    MarkLeftOut,
    /// None of the known ones.
    Unknown,
}

impl Cause {
    /// The phrase that names it.
    pub fn phrase(self) -> &'static str {
        match self {
            Cause::BinaryRounding => "@binary-rounding",
            Cause::HalfEven => "@half-even",
            Cause::CutOff => "@cut-off",
            Cause::DivisionBySix => "@division-by-six",
            Cause::AverageOfAverages => "@average-of-averages",
            Cause::Unweighted => "@unweighted",
            Cause::OtherWeights => "@other-weights",
            Cause::MarkLeftOut => "@mark-left-out",
            Cause::Unknown => "@cause-unknown",
        }
    }
}

/// `numerator / denominator`, rounded half up. Neither is negative.
pub const fn half_up(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator) / (2 * denominator)
}

impl TermMarks<'_> {
    fn regular_sum(&self) -> i64 {
        self.regular.iter().filter_map(Value::as_decimal).sum()
    }
    fn count(&self) -> i64 {
        self.regular.len() as i64
    }
    fn weighted_sum(&self) -> i64 {
        self.weights.regular * self.regular_sum() + self.weights.midterm * self.midterm + self.weights.last * self.last
    }
    /// How often all of them are counted together.
    pub fn weight(&self) -> i64 {
        self.weights.regular * self.count() + self.weights.midterm + self.weights.last
    }
    /// ĐTBmhk, in tenths.
    pub fn average(&self) -> i64 {
        half_up(self.weighted_sum(), self.weight())
    }
    /// What could have made `given` of these marks.
    pub fn likely_cause(&self, given: i64) -> Cause {
        self.rounding_cause(given).or_else(|| self.formula_cause(given)).unwrap_or(Cause::Unknown)
    }
    /// A tie goes up; whoever let it fall rounded to even, or had less than a tie in binary.
    fn rounding_cause(&self, given: i64) -> Option<Cause> {
        let (sum, weights) = (self.weighted_sum(), self.weight());
        if given != sum / weights {
            return None;
        }
        let is_tie = 2 * (sum % weights) == weights;
        Some(match given % 2 {
            _ if !is_tie => Cause::CutOff,
            0 => Cause::HalfEven,
            _ => Cause::BinaryRounding,
        })
    }
    fn formula_cause(&self, given: i64) -> Option<Cause> {
        let (sum, count) = (self.regular_sum(), self.count().max(1));
        let exams = 2 * self.midterm + 3 * self.last;
        let candidates = [
            (half_up(sum + exams, 6), Cause::DivisionBySix),
            (half_up(sum + count * exams, 6 * count), Cause::AverageOfAverages),
            (half_up(half_up(sum, count) + exams, 6), Cause::AverageOfAverages),
            (half_up(sum + count * (self.midterm + self.last), 3 * count), Cause::AverageOfAverages),
            (half_up(sum + self.midterm + self.last, count + 2), Cause::Unweighted),
            (half_up(sum + 3 * self.midterm + 2 * self.last, count + 5), Cause::OtherWeights),
            (half_up(sum + self.midterm + 2 * self.last, count + 3), Cause::OtherWeights),
            (half_up(sum + 2 * self.midterm + 2 * self.last, count + 4), Cause::OtherWeights),
        ];
        let known = candidates.into_iter().find(|(wrong, _)| *wrong == given).map(|(_, cause)| cause);
        known.or_else(|| self.leaves_one_out(given).then_some(Cause::MarkLeftOut))
    }
    fn leaves_one_out(&self, given: i64) -> bool {
        let without = |mark: i64| {
            half_up(self.weighted_sum() - self.weights.regular * mark, self.weight() - self.weights.regular)
        };
        self.regular.iter().filter_map(Value::as_decimal).any(|mark| without(mark) == given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    fn weights() -> Weights {
        Weights::of(&Lists::embedded(), "2025-2026", Some("06")).unwrap()
    }
    fn tenths(text: &str) -> i64 {
        let (whole, part) = text.split_once('.').unwrap();
        whole.parse::<i64>().unwrap() * 10 + part.parse::<i64>().unwrap()
    }
    fn regular(marks: &[i64]) -> Vec<Value> {
        marks.iter().map(|mark| Value::Decimal(*mark)).collect()
    }

    /// Half up by exact fractions, the long way: the greatest tenth whose lower border is not above the quotient.
    fn slow_half_up(numerator: i64, denominator: i64) -> i64 {
        (0..=100).rev().find(|tenth| (2 * tenth - 1) * denominator <= 2 * numerator).unwrap()
    }

    #[test]
    fn every_vector_of_the_circular_holds() {
        let vectors: Vec<&str> = include_str!("tt22-average-vectors.csv").lines().skip(1).collect();
        assert!(vectors.len() >= 250);
        for vector in vectors {
            let cells: Vec<&str> = vector.trim_end().split(',').collect();
            let marks = regular(&cells[1].split(' ').map(tenths).collect::<Vec<_>>());
            let term =
                TermMarks { regular: &marks, midterm: tenths(cells[2]), last: tenths(cells[3]), weights: weights() };
            assert_eq!(term.average(), tenths(cells[4]), "{vector}");
            let causes = match cells[7] {
                "float_wrong" => tenths(cells[5]),
                "half_even_differs" => tenths(cells[6]),
                _ => continue,
            };
            let expected = if cells[7] == "half_even_differs" {
                &[Cause::HalfEven][..]
            } else {
                &[Cause::BinaryRounding, Cause::HalfEven]
            };
            assert!(expected.contains(&term.likely_cause(causes)), "{vector}");
        }
    }

    #[test]
    fn averages_agree_with_exact_fractions() {
        let mut random = StdRng::seed_from_u64(22);
        for _ in 0..20_000 {
            let marks: Vec<i64> = (0..random.random_range(0..=6)).map(|_| random.random_range(0..=100)).collect();
            let (midterm, last) = (random.random_range(0..=100), random.random_range(0..=100));
            let sum = marks.iter().sum::<i64>() + 2 * midterm + 3 * last;
            let exact = slow_half_up(sum, marks.len() as i64 + 5);
            assert_eq!(
                TermMarks { regular: &regular(&marks), midterm, last, weights: weights() }.average(),
                exact,
                "{marks:?} {midterm} {last}"
            );
        }
    }

    #[test]
    fn every_year_average_agrees_with_exact_fractions() {
        for (first, second) in (0..=100).flat_map(|first| (0..=100).map(move |second| (first, second))) {
            assert_eq!(weights().year_average(first, second), slow_half_up(first + 2 * second, 3));
        }
    }

    #[test]
    fn likely_causes_are_told_apart() {
        let cause = |marks: &[i64], midterm, last, given| {
            TermMarks { regular: &regular(marks), midterm, last, weights: weights() }.likely_cause(given)
        };
        // 6.05 and 6.15 exactly; 8.083… cut to 8.0.
        assert_eq!(cause(&[93, 33, 90], 86, 32, 60), Cause::HalfEven);
        assert_eq!(cause(&[65, 65, 65], 60, 59, 61), Cause::BinaryRounding);
        assert_eq!(cause(&[80], 81, 81, 80), Cause::CutOff);
        assert_eq!(cause(&[50, 50], 50, 50, 58), Cause::DivisionBySix);
        assert_eq!(cause(&[100, 100, 100, 100], 50, 50, 58), Cause::AverageOfAverages);
        assert_eq!(cause(&[100, 100], 70, 50, 80), Cause::Unweighted);
        assert_eq!(cause(&[80, 80], 80, 80, 12), Cause::Unknown);
        // 7.0, 5.0 and 9.0 by the circular give 7.3; with the weights 3 and 2, 6.7.
        assert_eq!(cause(&[70], 50, 90, 67), Cause::OtherWeights);
        // Without the 2.0 the others give 8.0 instead of 7.3.
        assert_eq!(cause(&[80, 80, 20], 80, 80, 80), Cause::MarkLeftOut);
    }

    #[test]
    fn tenths_are_shown_as_marks() {
        assert_eq!(
            [Tenths(85), Tenths(100), Tenths(0), Tenths(5)].map(|mark| mark.to_string()),
            ["8.5", "10.0", "0.0", "0.5"]
        );
    }
}
