//! Where the issues of one record go: the first hundred in full, the rest counted, so that a record costs what its length
//! is worth, whatever stands in it.

use crate::model::field::Field;
use crate::model::issue::{Issue, Rule, Severity};
use crate::model::rules::catalogue;

/// Issues of a record that are told in full.
pub const IN_FULL: usize = 100;

/// The issues of one record, with the means to point at its members.
pub struct IssueSink {
    fields: &'static [Field],
    /// The first that were found.
    pub issues: Vec<Issue>,
    /// Pointers of the members that count; empty: all do.
    confined_to: Vec<String>,
    /// Boxed, as what follows: a sink is made for every text, and nearly none has these.
    further: Option<Box<Further>>,
    /// The last that does not count: filled by whoever raised it, and told to nobody.
    ignored: Option<Box<Issue>>,
}

/// What was found beyond the first hundred.
#[derive(Default)]
struct Further {
    count: u64,
    /// The worst of them, but for the last.
    worst: Option<Severity>,
    /// Still being filled by whoever raised it.
    last: Option<Issue>,
}

impl Further {
    fn settle(&mut self) {
        let last = self.last.take().map(|issue| issue.severity);
        self.worst = self.worst.into_iter().chain(last).min();
    }
    /// The one issue that tells of all of them (PT-023).
    fn summary(mut self) -> Option<Issue> {
        self.settle();
        let worst = self.worst?;
        let mut issue = Issue::new(&catalogue::PT_023, "");
        issue.with("count", self.count).with("limit", IN_FULL).severity(worst);
        Some(issue)
    }
}

impl IssueSink {
    /// For a record of these fields.
    pub fn new(fields: &'static [Field]) -> Self {
        Self { fields, issues: Vec::new(), confined_to: Vec::new(), further: None, ignored: None }
    }
    /// For a record of which only these members are looked at, and itself.
    pub fn confined(fields: &'static [Field], members: &[usize]) -> Self {
        let mut sink = Self::new(fields);
        sink.confined_to = members.iter().map(|at| sink.pointer(*at)).collect();
        sink
    }
    /// Goes on with what another sink gave.
    pub fn resumed(fields: &'static [Field], issues: Vec<Issue>) -> Self {
        let mut sink = Self::new(fields);
        let count = |issue: &Issue| issue.value("count").and_then(|count| count.parse::<u64>().ok()).unwrap_or(1);
        for issue in issues {
            if issue.rule.code == catalogue::PT_023.code {
                let further = sink.further.get_or_insert_default();
                further.count += count(&issue);
                further.worst = further.worst.into_iter().chain([issue.severity]).min();
            } else {
                sink.absorb(issue);
            }
        }
        sink
    }
    /// The record is read again from its beginning: nothing that was found so far stands.
    pub fn begin_anew(&mut self) {
        self.issues.clear();
        self.further = None;
    }
    /// `/birthDate` for the place of `birth_date`.
    pub fn pointer(&self, at: impl Into<usize>) -> String {
        self.fields.get(at.into()).map(|field| format!("/{}", field.json)).unwrap_or_default()
    }
    /// Is what is raised from now on counted only? Then nothing need be found out to fill it.
    pub fn is_full(&self) -> bool {
        self.issues.len() >= IN_FULL
    }
    /// Raises `rule` at a member; fill its placeholders with [`Issue::with`].
    pub fn raise(&mut self, rule: &'static Rule, at: impl Into<usize>) -> &mut Issue {
        let pointer = self.pointer(at);
        self.raise_at(rule, pointer)
    }
    /// Raises `rule` at a JSON pointer relative to the record's `data`.
    pub fn raise_at(&mut self, rule: &'static Rule, pointer: impl Into<String>) -> &mut Issue {
        self.absorb(Issue::new(rule, pointer))
    }
    /// Takes an issue that was raised elsewhere.
    pub fn absorb(&mut self, issue: Issue) -> &mut Issue {
        let counts =
            self.confined_to.is_empty() || issue.pointer.is_empty() || self.confined_to.contains(&issue.pointer);
        if counts && !self.is_full() {
            self.issues.push(issue);
            let last = self.issues.len() - 1;
            return &mut self.issues[last];
        }
        if counts {
            let further = self.further.get_or_insert_default();
            further.settle();
            further.count += 1;
            return further.last.insert(issue);
        }
        self.ignored.insert(Box::new(issue))
    }
    /// A rule panicked: the record is refused for that (PT-022), with `what` is left of it.
    pub fn failed<T>(&mut self, what: T) -> T {
        if !self.issues.iter().any(Issue::is_failure) {
            self.issues.push(Issue::new(&catalogue::PT_022, ""));
        }
        what
    }
    /// Is there an error among them?
    pub fn has_error(&self) -> bool {
        let severities = |further: &Further| further.last.iter().map(|issue| issue.severity).chain(further.worst).min();
        let further = self.further.as_deref().and_then(severities);
        self.issues.iter().map(|issue| issue.severity).chain(further).any(|severity| severity == Severity::Error)
    }
    /// All that is to be told.
    pub fn into_issues(self) -> Vec<Issue> {
        let mut issues = self.issues;
        issues.extend(self.further.and_then(|further| further.summary()));
        issues
    }
}

/// These issues of one record, the first of them in full.
pub fn bounded(issues: Vec<Issue>) -> Vec<Issue> {
    IssueSink::resumed(&[], issues).into_issues()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_are_told_and_the_rest_counted_with_the_worst_severity() {
        let mut sink = IssueSink::new(&[]);
        for _ in 0..IN_FULL {
            sink.raise_at(&catalogue::TX_001, "/a");
        }
        assert!(!sink.has_error());
        sink.raise_at(&catalogue::TX_004, "/b");
        sink.raise_at(&catalogue::PT_004, "/c").severity(Severity::Info);
        let issues = sink.into_issues();
        let further = issues.last().unwrap();
        assert_eq!(
            (issues.len(), further.value("count"), further.severity),
            (IN_FULL + 1, Some("2"), Severity::Warning)
        );
        let mut sink = IssueSink::resumed(&[], issues);
        sink.raise_at(&catalogue::PT_004, "/d");
        assert!(sink.has_error());
        let issues = sink.into_issues();
        let further = issues.last().unwrap();
        assert_eq!((issues.len(), further.value("count"), further.severity), (IN_FULL + 1, Some("3"), Severity::Error));
    }
}
