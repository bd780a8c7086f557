//! Requests that this program sends itself: one place that knows how its clients are made.

use reqwest::{Client, ClientBuilder};
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// A client for this address, to be completed. TLS is rustls on ring, and trusts what the system trusts; where it is
/// not needed, the system need not have any certificates.
pub fn builder(url: &str) -> ClientBuilder {
    // An `Err` says that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().connect_timeout(CONNECT);
    if url.starts_with("https:") { builder } else { builder.tls_certs_only([]) }
}
