//! What a request brings: who calls, in which language, with which parameters, headers and body.

pub mod body; // JSON bodies, typed, all faults of one told at once
pub mod body_schema; // a JSON value held against the schema of a type
pub mod caller; // from the Bearer token to the client
pub mod context; // request id and language
pub mod fault; // what is wrong with a parameter or a member
pub mod headers; // conditions, preferences, keys
pub mod json_tree; // JSON as it was sent
pub mod media; // media type, charset and coding of a body
pub mod negotiation; // what the client wants to get
pub mod paging; // pages of lists
pub mod parameters; // what stands behind `?`
pub mod replacement; // parameters of a replacement
pub mod reporting_period; // what administrators send of a reporting period
pub mod sheet_parameters; // what a request says of the sheets in its body
pub(crate) mod submission_headers; // headers of a submission
pub mod values; // codes, ids and days
