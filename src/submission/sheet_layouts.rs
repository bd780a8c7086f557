//! Layouts of sheets that administrators added.

use crate::intake::sheet::layouts::layout::Layout;
use crate::store::pg::statement::{Argument, Statement};
use diesel::prelude::*;

/// All of them by name.
///
/// # Errors
/// Those of the database.
pub fn all(connection: &mut PgConnection) -> QueryResult<Vec<Layout>> {
    let mut layouts = Vec::new();
    Statement::with("SELECT definition::text FROM sheet_layouts ORDER BY name", Vec::new()).each(
        connection,
        |cells| {
            // A later program may know members that this one does not: what it cannot read is none of its layouts.
            layouts.extend(cells.text(0).and_then(|text| serde_json::from_str::<Layout>(text).ok()));
            Ok(())
        },
    )?;
    Ok(layouts)
}

/// Stores one; `true`: there was none of this name.
///
/// # Errors
/// Those of the database.
pub fn put(connection: &mut PgConnection, layout: &Layout) -> QueryResult<bool> {
    let sql = "INSERT INTO sheet_layouts (name, definition, changed_at) VALUES ($1, $2::jsonb, now()) \
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, changed_at = excluded.changed_at \
         RETURNING (xmax = 0)";
    let definition = serde_json::to_string(layout).unwrap_or_default();
    let arguments = vec![Argument::Text(layout.name.clone().into()), Argument::Text(definition.into())];
    let row = Statement::with(sql, arguments).first_row(connection)?;
    Ok(row.and_then(|cells| cells.boolean(0)).unwrap_or_default())
}

/// Removes one; `false`: there is none.
///
/// # Errors
/// Those of the database.
pub fn delete(connection: &mut PgConnection, name: &str) -> QueryResult<bool> {
    let sql = "DELETE FROM sheet_layouts WHERE name = $1";
    Ok(Statement::with(sql, vec![Argument::Text(name.into())]).run(connection)? == 1)
}
