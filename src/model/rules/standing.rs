//! AS-001, CL-011: works a member of staff at a school, and did so in a term or year that is over? Today's state says
//! nothing of those: whoever was known at the school once may have worked there, and of others nothing is known.

use crate::model::classes::Class;
use crate::model::issue::{Issue, Severity};
use crate::model::lists::Lists;
use crate::model::staff::StaffMember;
use crate::model::teaching_assignments::TeachingAssignment;
use crate::model::value::Row;

/// The state "seconded to elsewhere" in the list `staff-statuses`: not active at the employer, but at the school
/// seconded to.
const SECONDED: &str = "7";

/// A member of staff who is named as working at a school.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    /// As the member's record is now.
    pub member: StaffMember<'a>,
    /// Every version of the record, where the member is of another school.
    pub versions: &'a [Row],
    /// The school.
    pub school: &'a str,
    /// The school that took its place, if it ended: with its staff, whose past may have been there.
    pub successor: Option<&'a str>,
    /// Is the time over of which it is said?
    pub over: bool,
}

impl<'a> Standing<'a> {
    /// How grave it is, if it is a fault; of what is over, a warning at most.
    fn fault(&self, lists: &Lists) -> Option<Severity> {
        let was_here = || {
            let versions = self.versions.iter().map(StaffMember);
            versions.chain([self.member]).any(|member| is_of(member, self.school))
                || self.successor.is_some_and(|successor| is_of(self.member, successor))
        };
        match is_active_at(lists, self.member, self.school) {
            Some(false) if !self.over => Some(Severity::Error),
            Some(false) if !was_here() => Some(Severity::Warning),
            _ => None,
        }
    }

    /// Lets `raise` raise the rule if it is broken, and fills it.
    pub fn judge<'i>(&self, lists: &Lists, raise: impl FnOnce() -> &'i mut Issue) {
        let Some(severity) = self.fault(lists) else { return };
        let code = self.member.staff_code().unwrap_or("@none");
        let state = if self.over { "@never-known-there" } else { "@not-active-there" };
        let issue = raise().severity(severity).with("staff", code).with("school", self.school).with("state", state);
        issue.caused_by(format!("staff:{code}"));
    }
}

/// Works the person at the school: employed there and active, or seconded to it? Unknown when data of the person are
/// missing.
pub fn is_active_at(lists: &Lists, member: StaffMember, school: &str) -> Option<bool> {
    let status = member.status()?;
    let active = lists.staff_status_active(status);
    let employed = active && member.school_code()? == school;
    let seconded = (active || status == SECONDED) && member.seconded_to_school_code() == Some(school);
    Some(employed || seconded)
}

/// Is or was the person employed there, or seconded to it, whatever their state?
fn is_of(member: StaffMember, school: &str) -> bool {
    member.school_code() == Some(school) || member.seconded_to_school_code() == Some(school)
}

/// Are the former versions needed of the teacher of this assignment?
pub fn is_assigned_elsewhere(assignment: &Row, member: &Row) -> bool {
    TeachingAssignment(assignment).school_code().is_some_and(|school| !is_of(StaffMember(member), school))
}

/// Are they needed of the homeroom teacher of this class?
pub fn leads_class_elsewhere(class: &Row, member: &Row) -> bool {
    Class(class).school_code().is_some_and(|school| !is_of(StaffMember(member), school))
}
