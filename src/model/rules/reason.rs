//! Why a level, an award or a promotion is what it is: a phrase in both languages and the figures that decided, which
//! need none.

use crate::model::issue::Issue;

/// Figures that are shown one by one.
const SHOWN: usize = 4;

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A phrase: `@promotion-absences`.
    pub phrase: &'static str,
    /// What decided: `47 > 45`, `GDTC CĐ`, `TOAN 4.9 < 5.0`.
    pub detail: String,
}

impl Reason {
    /// A reason of these figures.
    pub fn new(phrase: &'static str, detail: impl Into<String>) -> Self {
        Self { phrase, detail: detail.into() }
    }
    /// A reason of several figures; of more than a few the rest is counted.
    pub fn of(phrase: &'static str, figures: &[String]) -> Self {
        let shown = figures.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = figures.len().saturating_sub(SHOWN);
        Self {
            phrase,
            detail: if shown.is_empty() {
                "@none".to_owned()
            } else if more > 0 {
                format!("{shown}, +{more}")
            } else {
                shown
            },
        }
    }
    /// Fills the placeholders `reason` and `detail`.
    pub fn fill(&self, issue: &mut Issue) {
        issue.with("reason", self.phrase).with("detail", &self.detail);
    }
}
