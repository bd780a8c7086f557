//! The session of a connection: what is set once when it opens, and whether it is ours for as long as it is open.

use crate::error::{Error, INTERNAL, Result};
use crate::store::engine::Engine;
use crate::store::migrations::enter_schema;
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use uuid::Uuid;

/// Settings of a session, sent once when it opens, its schema among them: that takes no way to the database of its own.
pub(super) fn settings(engine: Engine, timeout_seconds: u64, schema: &str) -> String {
    // Compiling queries at run time costs more than these queries take.
    // What an inner loop found is hardly ever asked for twice: batches and checks name each key once.
    // A kept plan that was made while a table was small would read the whole of it for each key when it has grown.
    format!(
        "SET application_name = 'school-gateway'; SET timezone = 'UTC'; SET client_min_messages = warning; SET jit = off; \
         {}; SET enable_seqscan = off; SET enable_memoize = off; \
         SET statement_timeout = '{timeout_seconds}s'; SET idle_in_transaction_session_timeout = '15min'; {}",
        engine.session(),
        enter_schema(schema)
    )
}

/// Makes sure that a session is kept for a connection until it closes. A pooler that lends sessions for a transaction would
/// have one tenant's statements run in the schema that another's connection set.
///
/// # Errors
/// What the operator has to set otherwise, and those of the database.
pub fn are_apart(one: &mut PgConnection, other: &mut PgConnection) -> Result<()> {
    let mark = Uuid::now_v7();
    // In words that take nothing prepared, which such a pooler would mix up too.
    one.batch_execute(&format!("SET school_gateway.session = '{mark}'"))?;
    // Nothing is under way on the first: whoever lends its session to others lends it now.
    let differs = format!("1 / (current_setting('school_gateway.session', true) IS DISTINCT FROM '{mark}')::integer");
    if let Err(diesel::result::Error::DatabaseError(..)) = other.batch_execute(&format!("SELECT {differs}")) {
        let sentence = "Between the gateway and the database stands a pooler that lends sessions for a transaction: let it lend \
             them for a connection (PgBouncer: pool_mode = session), or give the gateway the address of the database itself.";
        return Err(Error::for_operator(INTERNAL, sentence));
    }
    Ok(())
}
