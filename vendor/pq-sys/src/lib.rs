//! The bindings of libpq as they are, but for one function: asked for the hint of an error, it gives the SQLSTATE.
//!
//! diesel 2.3 asks libpq for the SQLSTATE of every error and keeps it to itself; of a deadlock, a lock or statement timeout, a full
//! disk or a server that shuts down nothing remains but words in the language of the server. The hint it passes on. When diesel
//! gives the SQLSTATE itself, this folder and the `[patch]` in `Cargo.toml` go, and `src/store/pg/failure.rs` asks diesel.

use std::ffi::{c_char, c_int};

pub use bindings::*;

/// A field of an error, as libpq's function of this name; in the place of the hint the SQLSTATE.
///
/// # Safety
/// As libpq's: `result` is null or a result that was not cleared yet, and the text lives as long as that.
#[allow(non_snake_case)]
pub unsafe fn PQresultErrorField(result: *const PGresult, field: c_int) -> *mut c_char {
    let field = if field == c_int::from(PG_DIAG_MESSAGE_HINT) { c_int::from(PG_DIAG_SQLSTATE) } else { field };
    // SAFETY: nothing but the name of the field is another; libpq knows both.
    unsafe { bindings::PQresultErrorField(result, field) }
}
