//! Parameters of the rules: figures that a circular may change, each with the school years for which it holds.

use crate::model::lists::list::List;
use std::collections::HashMap;

/// By which circular a secondary student is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Circular 22/2021/TT-BGDĐT, which came in grade by grade.
    Circular22,
    /// Circular 58/2011/TT-BGDĐT, before it.
    Circular58,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Period {
    since: String,
    until: String,
    value: i64,
}

/// The figures by name.
#[derive(Debug, Clone, Default)]
pub struct RuleParameters(HashMap<String, Vec<Period>>);

impl RuleParameters {
    /// Of the list `rule-parameters`.
    pub fn of(list: &List) -> Self {
        let mut named: HashMap<String, Vec<Period>> = HashMap::new();
        for entry in &list.entries {
            let year = |heading| entry.column(heading).unwrap_or_default().to_owned();
            if let Some(value) = entry.column("value").and_then(|value| value.parse().ok()) {
                named.entry(entry.code.clone()).or_default().push(Period {
                    since: year("since"),
                    until: year("until"),
                    value,
                });
            }
        }
        Self(named)
    }
    /// The figure that holds for a school year (`2025-2026`): of several the last one, which is the loaded or the
    /// younger one.
    pub fn get(&self, name: &str, school_year: &str) -> Option<i64> {
        let holds = |period: &&Period| {
            period.since.as_str() <= school_year && (period.until.is_empty() || school_year <= period.until.as_str())
        };
        self.0.get(name)?.iter().rfind(holds).map(|period| period.value)
    }
}
