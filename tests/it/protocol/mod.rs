//! The letter of HTTP: parameters, bodies, headers and pages are taken and answered as the standards and the document
//! say, whatever is sent.

mod bodies;
mod headers;
mod hostile;
mod pages;

use crate::common::Gateway;
use crate::common::records::SCHOOL;

/// A gateway that does not slow down a client that asks much.
fn patient() -> Gateway {
    Gateway::start_with(&["--rate-limit", "1000000", "--rate-burst", "1000000"])
}

/// Tokens of a client for each part of the API: software of the school, staff of the sector, an administrator.
async fn tokens(gateway: &Gateway) -> [String; 3] {
    [
        gateway.software(SCHOOL).await,
        gateway.token_for("sector-staff", &["--all-schools", "--scope", "sensitive.read"]).await,
        gateway.token_for("admin", &[]).await,
    ]
}
