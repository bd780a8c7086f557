//! How history keeps versions that hold no longer: under which key, and with what.

use crate::model::record_key::SEPARATOR;
use crate::model::spec::Spec;
use crate::store::table::quoted;

/// When a version of `t` ends and the next begins: now, but after it began, whatever became of the clock meanwhile.
pub const END: &str = "greatest(p.at, t.changed_at + interval '1 microsecond')";

/// The columns of history that are written.
pub const COLUMNS: &str = "resource, key, version, school_code, operation, valid_from, valid_to, from_block, to_block, \
     submission_id, client_id, ended_at, body";

/// A key as history keeps it, of expressions for its parts.
pub fn joined(parts: &[String]) -> String {
    parts.join(&format!(" || '{SEPARATOR}' || "))
}

/// The key of `t` as history keeps it.
pub fn key_text(spec: &Spec) -> String {
    joined(&spec.key.iter().map(|name| format!("t.{}::text", quoted(name))).collect::<Vec<_>>())
}

/// `INSERT INTO history …` of the versions that `source` (a FROM clause with `t`, with the instant `p` and with `c`,
/// which names the block) yields. The body holds the resource's own columns: the others are columns of history as well,
/// and to write them out twice would take as long again.
pub fn replaced(spec: &Spec, source: &str) -> String {
    let own: Vec<String> = spec.fields.iter().map(|field| format!("t.{}", quoted(field.name))).collect();
    format!(
        "INSERT INTO history ({COLUMNS}) \
         SELECT {}, {}, t.version, t.school_code, 'update', t.changed_at, {END}, t.block, c.block, t.submission_id, \
         t.client_id, {END}, row_to_json(b) FROM {source} CROSS JOIN LATERAL (SELECT {} OFFSET 0) b",
        spec.number,
        key_text(spec),
        own.join(", ")
    )
}

/// `INSERT INTO history …` of the deletions of what `source` yields.
pub fn deleted(spec: &Spec, source: &str) -> String {
    format!(
        "INSERT INTO history ({COLUMNS}) \
         SELECT {}, {}, t.version + 1, t.school_code, 'delete', {END}, NULL, c.block, NULL, p.submission, p.client, {END}, \
         NULL FROM {source}",
        spec.number,
        key_text(spec)
    )
}
