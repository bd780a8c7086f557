//! What each kind of client may ever do. Whether a certain school is within its reach is the
//! [`Area`](crate::access::Area)'s business.

use crate::access::kind::Kind;
use crate::error::{Error, FORBIDDEN, Result};
use crate::model::spec::Spec;

/// Something a client wants to do.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Write, delete or submit records (a dry run too).
    WriteRecords,
    /// Read records of a resource, or their changes.
    ReadRecords(&'static Spec),
    /// Read submissions and their reports: one's own, or all of the area.
    ReadSubmissions,
    /// Read what the whole-school checks found.
    ReadFindings,
    /// Decide of a finding.
    DecideFindings,
    /// Read statistics and coverage.
    ReadStatistics,
    /// Read the reporting periods.
    ReadReportingPeriods,
    /// Verify a diploma.
    VerifyDiploma,
    /// Manage clients, grants, reporting periods and reference data.
    Administer,
}

impl Action {
    /// May this kind do it at all?
    pub fn is_for(self, kind: Kind) -> bool {
        match self {
            Action::WriteRecords => kind == Kind::SchoolSoftware,
            Action::ReadRecords(spec) => {
                matches!(kind, Kind::SchoolSoftware | Kind::SectorStaff) || (kind == Kind::Consumer && spec.consumer)
            }
            Action::ReadSubmissions | Action::ReadFindings => matches!(kind, Kind::SchoolSoftware | Kind::SectorStaff),
            Action::ReadReportingPeriods => matches!(kind, Kind::SchoolSoftware | Kind::SectorStaff | Kind::Admin),
            Action::DecideFindings | Action::ReadStatistics => kind == Kind::SectorStaff,
            Action::VerifyDiploma => kind == Kind::PublicService,
            Action::Administer => kind == Kind::Admin,
        }
    }

    /// Lets the kind pass.
    ///
    /// # Errors
    /// A 403 that says what the kind may not do.
    pub fn allow(self, kind: Kind) -> Result<()> {
        if self.is_for(kind) {
            return Ok(());
        }
        Err(Error::new(
            FORBIDDEN,
            format!("A client of the kind {kind} may not {self}; ask the department for a client of another kind."),
        ))
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Action::WriteRecords => f.write_str("write records"),
            Action::ReadRecords(spec) => write!(f, "read {}", spec.name),
            Action::ReadSubmissions => f.write_str("read submissions"),
            Action::ReadFindings => f.write_str("read findings"),
            Action::DecideFindings => f.write_str("decide of findings"),
            Action::ReadStatistics => f.write_str("read statistics"),
            Action::ReadReportingPeriods => f.write_str("read reporting periods"),
            Action::VerifyDiploma => f.write_str("verify diplomas"),
            Action::Administer => f.write_str("manage clients, reporting periods and reference data"),
        }
    }
}

/// May a client of this kind, with or without the scope `sensitive.read`, see sensitive fields of the records it may
/// read?
pub fn sees_sensitive(kind: Kind, scope: bool) -> bool {
    match kind {
        Kind::SchoolSoftware => true,
        Kind::SectorStaff => scope,
        Kind::PublicService | Kind::Consumer | Kind::Admin => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ALL;

    fn may(kind: Kind) -> Vec<String> {
        let others = [
            Action::WriteRecords,
            Action::ReadSubmissions,
            Action::ReadFindings,
            Action::DecideFindings,
            Action::ReadStatistics,
            Action::ReadReportingPeriods,
            Action::VerifyDiploma,
            Action::Administer,
        ];
        others.into_iter().filter(|action| action.is_for(kind)).map(|action| action.to_string()).collect()
    }

    #[test]
    fn each_kind_does_its_own_business_only() {
        assert_eq!(
            may(Kind::SchoolSoftware),
            ["write records", "read submissions", "read findings", "read reporting periods"]
        );
        assert_eq!(
            may(Kind::SectorStaff),
            ["read submissions", "read findings", "decide of findings", "read statistics", "read reporting periods"]
        );
        assert_eq!(may(Kind::PublicService), ["verify diplomas"]);
        assert_eq!(
            may(Kind::Admin),
            ["read reporting periods", "manage clients, reporting periods and reference data"]
        );
        assert!(may(Kind::Consumer).is_empty());
    }

    #[test]
    fn records_are_read_by_those_concerned() {
        for spec in ALL {
            let action = Action::ReadRecords(spec);
            assert!(action.is_for(Kind::SchoolSoftware) && action.is_for(Kind::SectorStaff));
            assert!(!action.is_for(Kind::Admin) && !action.is_for(Kind::PublicService));
            assert_eq!(action.is_for(Kind::Consumer), spec.consumer, "{}", spec.name);
        }
    }

    #[test]
    fn the_scope_opens_sensitive_fields_to_sector_staff_alone() {
        let with: Vec<_> = Kind::ALL.into_iter().filter(|kind| sees_sensitive(*kind, true)).collect();
        assert_eq!(with, [Kind::SchoolSoftware, Kind::SectorStaff]);
        assert!(!sees_sensitive(Kind::SectorStaff, false));
    }
}
