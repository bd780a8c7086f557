//! Who may do what: clients and their areas, secrets, tokens and the keys that sign them, limits and the audit log.

pub mod permissions;
pub mod area;
pub mod audit;
pub mod bulkhead;
pub mod clients;
pub mod issuers;
pub mod keys;
pub mod kind;
pub mod limits;
pub mod occupancy;
pub mod proof;
pub mod secrets;
pub mod sessions;
pub mod snapshot;
pub mod tokens;
pub mod turns;
pub mod watch;

pub use area::Area;
pub use kind::ClientKind;
pub use permissions::Permission;
pub use snapshot::Access;

/// The one scope there is: read sensitive fields unmasked.
pub const SENSITIVE_READ: &str = "sensitive.read";

/// A scope that a client may be granted, and ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub enum Scope {
    /// See sensitive members unmasked.
    #[serde(rename = "sensitive.read")]
    SensitiveRead,
}

impl Scope {
    /// As tokens name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::SensitiveRead => SENSITIVE_READ,
        }
    }
}
