//! How history keeps versions that hold no longer: under which key, and with what.

use crate::model::spec::Spec;
use crate::store::table::quoted;

/// Between the parts of a key in history. It stands in no part: TX-008 refuses control characters.
pub const SEPARATOR: &str = "\u{1f}";

/// A key as history keeps it, of expressions for its parts.
pub fn joined(parts: &[String]) -> String {
    parts.join(&format!(" || '{SEPARATOR}' || "))
}

/// The key of `t` as history keeps it.
pub fn key_text(spec: &Spec) -> String {
    joined(&spec.key.iter().map(|name| format!("t.{}::text", quoted(name))).collect::<Vec<_>>())
}

/// `INSERT INTO history …` of the versions that `source` (a FROM clause with `t`) yields. The body holds the resource's
/// own columns: the others are columns of history as well, and to write them out twice would take as long again.
pub fn replaced(spec: &Spec, source: &str) -> String {
    let own: Vec<String> = spec.fields.iter().map(|field| format!("t.{}", quoted(field.name))).collect();
    format!(
        "INSERT INTO history (resource, key, version, valid_from, valid_to, operation, change_id, xid, submission_id, client_id, body) \
         SELECT '{}', {}, t.version, t.changed_at, p.at, 'update', t.change_id, t.xid, t.submission_id, t.client_id, row_to_json(b) FROM {source} \
         CROSS JOIN LATERAL (SELECT {} OFFSET 0) b",
        spec.name,
        key_text(spec),
        own.join(", ")
    )
}
