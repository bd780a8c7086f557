//! What each kind of client may ever do. Whether a certain school is within its reach is the
//! [`Area`](crate::access::Area)'s business.

use crate::access::kind::ClientKind;
use crate::error::{Error, FORBIDDEN, Result};
use crate::model::messages::{Message, message};
use crate::model::spec::Spec;

/// Something a client wants to do.
#[derive(Debug, Clone, Copy)]
pub enum Permission {
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

impl Permission {
    /// May this kind do it at all?
    pub fn is_for(self, kind: ClientKind) -> bool {
        match self {
            Permission::WriteRecords => kind == ClientKind::SchoolSoftware,
            Permission::ReadRecords(spec) => {
                matches!(kind, ClientKind::SchoolSoftware | ClientKind::SectorStaff)
                    || (kind == ClientKind::Consumer && spec.consumer)
            }
            Permission::ReadSubmissions | Permission::ReadFindings => {
                matches!(kind, ClientKind::SchoolSoftware | ClientKind::SectorStaff)
            }
            Permission::ReadReportingPeriods => {
                matches!(kind, ClientKind::SchoolSoftware | ClientKind::SectorStaff | ClientKind::Admin)
            }
            Permission::DecideFindings | Permission::ReadStatistics => kind == ClientKind::SectorStaff,
            Permission::VerifyDiploma => kind == ClientKind::PublicService,
            Permission::Administer => kind == ClientKind::Admin,
        }
    }

    /// What it is to do, as a part of a sentence.
    pub fn in_words(self) -> Message {
        match self {
            Permission::WriteRecords => message("write-records"),
            Permission::ReadRecords(spec) => message("read-resource").with("resource", spec.name),
            Permission::ReadSubmissions => message("read-submissions"),
            Permission::ReadFindings => message("read-findings"),
            Permission::DecideFindings => message("decide-findings"),
            Permission::ReadStatistics => message("read-statistics"),
            Permission::ReadReportingPeriods => message("read-reporting-periods"),
            Permission::VerifyDiploma => message("verify-diplomas"),
            Permission::Administer => message("administrate"),
        }
    }

    /// Lets the kind pass.
    ///
    /// # Errors
    /// A 403 that says what the kind may not do.
    pub fn allow(self, kind: ClientKind) -> Result<()> {
        if self.is_for(kind) {
            return Ok(());
        }
        Err(Error::new(FORBIDDEN, message("kind-may-not").with("kind", kind).with("action", self.in_words())))
    }
}

/// May a client of this kind, with or without the scope `sensitive.read`, see sensitive fields of the records it may
/// read?
pub fn sees_sensitive(kind: ClientKind, scope: bool) -> bool {
    match kind {
        ClientKind::SchoolSoftware => true,
        ClientKind::SectorStaff => scope,
        ClientKind::PublicService | ClientKind::Consumer | ClientKind::Admin => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ALL;
    use crate::model::issue::Language;

    fn may(kind: ClientKind) -> Vec<String> {
        let others = [
            Permission::WriteRecords,
            Permission::ReadSubmissions,
            Permission::ReadFindings,
            Permission::DecideFindings,
            Permission::ReadStatistics,
            Permission::ReadReportingPeriods,
            Permission::VerifyDiploma,
            Permission::Administer,
        ];
        others
            .into_iter()
            .filter(|action| action.is_for(kind))
            .map(|action| action.in_words().in_language(Language::English))
            .collect()
    }

    #[test]
    fn each_kind_does_its_own_business_only() {
        assert_eq!(
            may(ClientKind::SchoolSoftware),
            ["write records", "read submissions", "read findings", "read reporting periods"]
        );
        assert_eq!(
            may(ClientKind::SectorStaff),
            ["read submissions", "read findings", "decide of findings", "read statistics", "read reporting periods"]
        );
        assert_eq!(may(ClientKind::PublicService), ["verify diplomas"]);
        assert_eq!(
            may(ClientKind::Admin),
            ["read reporting periods", "manage clients, reporting periods and reference data"]
        );
        assert!(may(ClientKind::Consumer).is_empty());
    }

    #[test]
    fn records_are_read_by_those_concerned() {
        for spec in ALL {
            let action = Permission::ReadRecords(spec);
            assert!(action.is_for(ClientKind::SchoolSoftware) && action.is_for(ClientKind::SectorStaff));
            assert!(!action.is_for(ClientKind::Admin) && !action.is_for(ClientKind::PublicService));
            assert_eq!(action.is_for(ClientKind::Consumer), spec.consumer, "{}", spec.name);
        }
    }

    #[test]
    fn the_scope_opens_sensitive_fields_to_sector_staff_alone() {
        let with: Vec<_> = ClientKind::ALL.into_iter().filter(|kind| sees_sensitive(*kind, true)).collect();
        assert_eq!(with, [ClientKind::SchoolSoftware, ClientKind::SectorStaff]);
        assert!(!sees_sensitive(ClientKind::SectorStaff, false));
    }
}
