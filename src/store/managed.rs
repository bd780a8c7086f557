//! Which schools a commune manages, in SQL: what [`managing_commune`](crate::model::schools::managing_commune) says of one.

use crate::model::schools::DEPARTMENT_LEVELS;

/// Begins the condition that a commune of an array manages the school `alias`; the array follows, and `)`.
pub fn managed_by_any_of(alias: &str) -> String {
    let levels = DEPARTMENT_LEVELS.map(|level| format!("'{level}'")).join(", ");
    format!(
        "coalesce({alias}.managing_authority, CASE WHEN {alias}.level IN ({levels}) THEN 'department' ELSE 'commune' END) \
         = 'commune' AND {alias}.commune_code = ANY("
    )
}
