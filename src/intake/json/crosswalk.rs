//! PT-019: the codes of a client's software become the sector's before anything else looks at them.

use crate::intake::json::parse::ParseContext;
use crate::model::excerpt::clip;
use crate::model::field::{Field, Privacy};
use crate::model::issue::{Issue, Severity};
use crate::model::lists::{Crosswalks, Reading};
use crate::model::rules::catalogue as rule;

impl<'a> ParseContext<'a> {
    /// What a value of the list means by the client's crosswalk, if it has one; `None`: the crosswalk does not know it,
    /// which is told.
    pub(crate) fn translate<'t>(&mut self, list: &'static str, field: &Field, given: &'t str) -> Option<&'t str>
    where
        'a: 't,
    {
        let Some(crosswalks) = self.crosswalks else { return Some(given) };
        let foreign = given.trim();
        match crosswalks.read(list, foreign, self.received) {
            Reading::AsSent => Some(given),
            _ if foreign.is_empty() => Some(given),
            Reading::Code(code) if code == foreign => Some(code),
            Reading::Code(code) => {
                let issue = self.raise(&rule::PT_019).severity(Severity::Info).with("outcome", "@is-read-as");
                tell(issue, field, crosswalks, list, foreign, &format!(" “{code}”"));
                Some(code)
            }
            Reading::Unmapped => {
                let issue = self.refuse(&rule::PT_019).with("outcome", "@has-no-mapping");
                tell(issue, field, crosswalks, list, foreign, "");
                None
            }
        }
    }
}

/// Fills the message; the same foreign code is one cause.
fn tell(issue: &mut Issue, field: &Field, crosswalks: &Crosswalks, list: &str, foreign: &str, code: &str) {
    issue.with("list", list).with("client", &crosswalks.client);
    if field.privacy == Privacy::Sensitive {
        issue
            .with_sensitive("value", clip(foreign))
            .with_sensitive("code", code)
            .caused_by(format!("crosswalk:{list}"));
    } else {
        issue.with("value", clip(foreign)).with("code", code).caused_by(format!("crosswalk:{list}:{}", clip(foreign)));
    }
}
