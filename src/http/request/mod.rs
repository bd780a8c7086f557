//! What a request brings: who calls, in which language, with which parameters.

pub mod caller; // from the Bearer token to the client
pub mod context; // request id and language
pub mod replacement; // parameters of a replacement
pub mod reporting_period; // what administrators send of a reporting period
