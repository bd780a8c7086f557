-- History knows school and blocks, names resources by number, is partitioned by month, and keeps intervals that never run backwards.
ALTER TABLE history RENAME TO history_before;
ALTER INDEX history_pkey RENAME TO history_before_pkey;
DROP INDEX history_feed;
DROP INDEX history_deletions;
CREATE TABLE history (
    resource      smallint         NOT NULL,
    key           text COLLATE "C" NOT NULL,
    version       integer          NOT NULL,
    school_code   text COLLATE "C" NOT NULL,
    operation     text COLLATE "C" NOT NULL CHECK (operation IN ('update', 'delete')),
    valid_from    timestamptz      NOT NULL,
    valid_to      timestamptz,
    from_block    bigint,
    to_block      bigint,
    submission_id uuid,
    client_id     uuid             NOT NULL,
    ended_at      timestamptz      NOT NULL,
    body          json,
    PRIMARY KEY (resource, key, version, ended_at),
    CHECK ((operation = 'delete') = (body IS NULL)),
    CHECK (valid_from < valid_to)
) PARTITION BY RANGE (ended_at);
-- A new record may be one that comes back: its version is the next after that of its deletion.
CREATE INDEX history_deletions ON history (resource, key, version) WHERE operation = 'delete';
COMMENT ON TABLE history IS 'Replaced versions of all resources, and a row for each deletion. Current versions stand in the tables of their resources. Partitioned by month.';
COMMENT ON COLUMN history.resource IS 'The number of the resource.';
COMMENT ON COLUMN history.key IS 'The natural key: its parts in the order of the path, with U+001F between them.';
COMMENT ON COLUMN history.version IS 'The version that this row holds; a deletion takes the number after the last version.';
COMMENT ON COLUMN history.school_code IS 'The school that owned this version.';
COMMENT ON COLUMN history.operation IS 'update: a version that was replaced or deleted; delete: the deletion itself.';
COMMENT ON COLUMN history.valid_from IS 'When this version was written, or the record deleted: the clock of the database.';
COMMENT ON COLUMN history.valid_to IS 'When it was replaced or deleted; it held up to, but not at, this instant. Empty for a deletion.';
COMMENT ON COLUMN history.from_block IS 'The block that wrote this version, or deleted the record; empty: before the change log.';
COMMENT ON COLUMN history.to_block IS 'The block that ended this version; empty for a deletion, and before the change log.';
COMMENT ON COLUMN history.submission_id IS 'Submission that wrote it; empty for a single write.';
COMMENT ON COLUMN history.client_id IS 'Client that wrote it.';
COMMENT ON COLUMN history.ended_at IS 'When the row came here: the end of the version, or the deletion.';
COMMENT ON COLUMN history.body IS 'The row as it stood in its table; empty for a deletion.';
CREATE TABLE history_first PARTITION OF history
    FOR VALUES FROM (MINVALUE) TO (date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 month');
CREATE TABLE history_default PARTITION OF history DEFAULT;
INSERT INTO history (resource, key, version, school_code, operation, valid_from, valid_to, submission_id, client_id, ended_at, body)
SELECT r.number, h.key, h.version,
    coalesce(h.body ->> 'school_code', (SELECT u.body ->> 'school_code' FROM history_before u
        WHERE u.resource = h.resource AND u.key = h.key AND u.version = h.version - 1), ''),
    h.operation, h.valid_from, CASE WHEN h.valid_to IS NOT NULL THEN greatest(h.valid_to, h.valid_from + interval '1 microsecond') END,
    (SELECT s.id FROM submissions s WHERE s.id = h.submission_id), h.client_id, coalesce(h.valid_to, h.valid_from), h.body
FROM history_before h JOIN (VALUES ('schools', 1), ('campuses', 2), ('staff', 3), ('classes', 4), ('students', 5), ('enrollments', 6), ('teaching-assignments', 7), ('subject-results', 8), ('academic-records', 9), ('facility-returns', 10), ('diplomas', 11)) r(name, number) ON r.name = h.resource;
DROP TABLE history_before;
