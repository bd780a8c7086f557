//! What administrators send of a reporting period, checked.

use crate::access::Area;
use crate::clock;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::intake::json::field_names::nearest;
use crate::model;
use crate::model::excerpt::clip;
use crate::model::field::FieldType;
use crate::model::lists::reporting::Extension;
use crate::model::lists::{Lists, ReportingPeriod};
use crate::model::moment;
use crate::model::moment::Moment;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The definition of a reporting period.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportingPeriodRequest {
    name: String,
    school_year: String,
    phase: String,
    resources: Vec<String>,
    periods: Option<Vec<String>>,
    opens_on: Moment,
    closes_on: Moment,
    #[serde(default)]
    scope: Scope,
}

/// The schools that it concerns; nothing: all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    schools: Vec<String>,
    communes: Vec<String>,
}

/// ExtensionRequest time for a school.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionRequest {
    until: Moment,
    reason: String,
}

fn fault(detail: String) -> Error {
    Error::new(BAD_REQUEST, detail)
}

/// Words for people: one to so many characters, none of them a control character.
fn words(member: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let sane = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    sane.then(|| text.to_owned())
        .ok_or_else(|| fault(format!("“{member}” has 1 to {most} characters, none of them a control character.")))
}

/// A school year.
fn school_year(year: &str) -> Result<()> {
    moment::school_year(year)
        .then_some(())
        .ok_or_else(|| fault(format!("“{}” is no school year; expected 2025-2026.", clip(year))))
}

/// One of the words, or the 400 that names them.
fn known(member: &str, word: &str, words: &[&str]) -> Result<()> {
    if words.contains(&word) {
        return Ok(());
    }
    let meant = nearest(word, words.iter().copied())
        .map_or_else(String::new, |nearest| format!(" The nearest is “{nearest}”."));
    Err(fault(format!("“{}” is no value of “{member}”; it takes {}.{meant}", clip(word), words.join(", "))))
}

/// The code of a school.
///
/// # Errors
/// A 400.
pub fn school(code: String) -> Result<String> {
    Area::of(false, [code.clone()], []).map(|_| code)
}

/// The periods (GK1, CK1, …) that records of these resources may be of.
fn periods_of(resources: &[String]) -> Vec<&'static str> {
    let mut periods: Vec<&str> = Vec::new();
    for spec in resources.iter().filter_map(|name| model::find(name)) {
        if let Some(FieldType::Choice { values }) = spec.period().map(|place| spec.fields[place].kind) {
            periods.extend(values.iter().filter(|value| !periods.contains(value)).copied().collect::<Vec<_>>());
        }
    }
    periods
}

impl ReportingPeriodRequest {
    /// The reporting period of this id.
    ///
    /// # Errors
    /// A 400 that names what is wrong and what was expected.
    pub fn period(self, id: Uuid, lists: &Lists) -> Result<ReportingPeriod> {
        school_year(&self.school_year)?;
        let phases: Vec<&str> = lists
            .list("reporting-phases")
            .into_iter()
            .flat_map(|list| &list.entries)
            .map(|entry| &*entry.code)
            .collect();
        known("phase", &self.phase, &phases)?;
        let periods = self.periods_covered()?;
        let (opens_at, closes_at) = (self.opens_on.begin(), self.closes_on.end());
        if opens_at >= closes_at {
            return Err(fault(format!(
                "“closesOn” ({}) must be later than “opensOn” ({}).",
                self.closes_on.text(),
                self.opens_on.text()
            )));
        }
        let scope = Area::of(false, self.scope.schools, self.scope.communes)?;
        Ok(ReportingPeriod {
            id,
            name: words("name", &self.name, 200)?,
            school_year: self.school_year,
            phase: self.phase,
            resources: self.resources,
            periods,
            opens_at,
            closes_at,
            schools: scope.schools().clone(),
            communes: scope.communes().clone(),
            extensions: BTreeMap::new(),
        })
    }

    /// Those that were named; when none were, the phase where it is one, else all.
    fn periods_covered(&self) -> Result<Vec<String>> {
        let resources: Vec<&str> = model::all().iter().map(|spec| spec.name).collect();
        self.resources.iter().try_for_each(|name| known("resources", name, &resources))?;
        if self.resources.is_empty() {
            return Err(fault(format!("“resources” names one at least of {}.", resources.join(", "))));
        }
        let possible = periods_of(&self.resources);
        match &self.periods {
            Some(periods) if !periods.is_empty() && possible.is_empty() => {
                Err(fault("“periods” belongs to results; none of the “resources” has periods.".to_owned()))
            }
            Some(periods) => {
                periods.iter().try_for_each(|period| known("periods", period, &possible))?;
                Ok(periods.clone())
            }
            None => Ok(possible.into_iter().filter(|period| *period == self.phase).map(str::to_owned).collect()),
        }
    }
}

impl ExtensionRequest {
    /// The extension, given now.
    ///
    /// # Errors
    /// A 400 that names what is wrong.
    pub fn extension(self) -> Result<Extension> {
        Ok(Extension { until: self.until.end(), reason: words("reason", &self.reason, 500)?, granted_at: clock::now() })
    }
}
