//! The five kinds of clients.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::messages::message;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client is; decides what it may ever do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientKind {
    /// A school's or vendor's software: writes and reads the records of its schools.
    SchoolSoftware,
    /// The department's staff: reads its area.
    SectorStaff,
    /// A public service: verifies diplomas.
    PublicService,
    /// Another information system: reads rosters and results.
    Consumer,
    /// Manages clients and reference data; sees no records.
    Admin,
}

impl ClientKind {
    /// Every kind.
    pub const ALL: [ClientKind; 5] = [
        ClientKind::SchoolSoftware,
        ClientKind::SectorStaff,
        ClientKind::PublicService,
        ClientKind::Consumer,
        ClientKind::Admin,
    ];

    /// `school-software`, as in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ClientKind::SchoolSoftware => "school-software",
            ClientKind::SectorStaff => "sector-staff",
            ClientKind::PublicService => "public-service",
            ClientKind::Consumer => "consumer",
            ClientKind::Admin => "admin",
        }
    }

    /// The kind of this name.
    ///
    /// # Errors
    /// A 400 that names the five.
    pub fn parse(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let known = Self::ALL.map(ClientKind::as_str).join(", ");
            Error::new(
                BAD_REQUEST,
                message("client-kind-unknown").with("value", name.escape_debug()).with("known", known),
            )
        })
    }
}

impl std::fmt::Display for ClientKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::ClientKind;

    #[test]
    fn every_kind_is_read_back_and_a_wrong_one_names_them() {
        for kind in ClientKind::ALL {
            assert_eq!(ClientKind::parse(kind.as_str()).unwrap(), kind);
        }
        let error = ClientKind::parse("teacher").unwrap_err().to_string();
        assert!(ClientKind::ALL.iter().all(|kind| error.contains(kind.as_str())), "{error}");
    }
}
