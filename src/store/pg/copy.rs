//! COPY into any table, through diesel's connection.

pub use diesel::pg::CopyFormat;
use diesel::pg::{CopyTarget, Pg};
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::result::Error;
use diesel::sql_types::BigInt;
use std::cell::RefCell;

diesel::table! {
    /// Stands for any table: diesel wants a type where COPY needs a name.
    any_table (id) {
        id -> BigInt,
    }
}

thread_local! {
    /// diesel takes the target of COPY as a type, so the text of a generated one passes through here.
    static TARGET: RefCell<String> = const { RefCell::new(String::new()) };
}
struct NamedTarget;

impl CopyTarget for NamedTarget {
    type Table = any_table::table;
    type SqlType = BigInt;
    fn walk_target(mut out: AstPass<'_, '_, Pg>) -> QueryResult<()> {
        TARGET.with_borrow(|target| out.push_sql(target));
        Ok(())
    }
}

/// `COPY target FROM STDIN` with rows in PostgreSQL's text or binary format; `target` is `table (columns)`. The number
/// of rows copied.
pub fn copy(connection: &mut PgConnection, target: &str, format: CopyFormat, rows: &[u8]) -> QueryResult<usize> {
    TARGET.with_borrow_mut(|text| {
        text.clear();
        text.push_str(target);
    });
    diesel::copy_from(any_table::table)
        .from_raw_data(NamedTarget, |sink| {
            for part in rows.chunks(1 << 16) {
                sink.write_all(part).map_err(unwrapped)?;
            }
            Ok::<(), Error>(())
        })
        .with_format(format)
        .execute(connection)
}

/// The error of the database that the sink hands over inside one of input and output.
fn unwrapped(error: std::io::Error) -> Error {
    error.downcast().unwrap_or_else(|error| Error::QueryBuilderError(Box::new(error)))
}
