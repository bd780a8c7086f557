//! The session of a connection: what is set once when it opens, and whether it is ours for as long as it is open.

use crate::error::{Error, INTERNAL, Result};
use crate::store::engine::Engine;
use crate::store::migrations::enter_schema;
use crate::store::pg::statement::{Argument, Statement};
use diesel::PgConnection;
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
    let mark = Uuid::now_v7().to_string();
    let set = "SELECT set_config('school_gateway.session', $1, false)";
    Statement::with(set, vec![Argument::Text(mark.as_str().into())]).first_row(one)?;
    // Nothing is under way on the first: whoever lends its session to others lends it now.
    let found = Statement::new("SELECT current_setting('school_gateway.session', true)").first_row(other)?;
    if found.as_ref().and_then(|cells| cells.text(0)) == Some(&mark) {
        let sentence = "Between the gateway and the database stands a pooler that lends sessions for a transaction: let it lend \
             them for a connection (PgBouncer: pool_mode = session), or give the gateway the address of the database itself.";
        return Err(Error::for_operator(INTERNAL, sentence));
    }
    Ok(())
}
