//! The statement that writes blocks of the change log, alone or as an arm of another.

/// Arguments of [`ORIGIN`] and [`insertion`]: instant, submission, client, actor; one array for ids, schools, requests, keys and sums.
pub const ARGUMENTS: usize = 9;

/// Who writes, and when: a name for the first arguments.
pub const ORIGIN: &str =
    "p AS (SELECT $1::timestamptz AS at, $2::uuid AS submission, $3::uuid AS client, $4::text AS actor)";

/// Inserts the blocks that the other arguments hold.
pub fn insertion(resource: i16) -> String {
    format!(
        "INSERT INTO change_blocks (id, at, school_code, resource, client_id, actor, request_id, submission_id, keys, sha256) \
         SELECT x.id, p.at, x.school, {resource}, p.client, p.actor, x.request, p.submission, x.keys, x.sum \
         FROM p, unnest($5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::bytea[]) x(id, school, request, keys, sum)"
    )
}
