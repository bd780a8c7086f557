ALTER TABLE history RENAME TO history_after;
ALTER INDEX history_pkey RENAME TO history_after_pkey;
DROP INDEX history_deletions;
CREATE TABLE history (
    resource      text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,
    version       integer          NOT NULL,
    valid_from    timestamptz      NOT NULL,
    valid_to      timestamptz,
    operation     text COLLATE "C" NOT NULL CHECK (operation IN ('update', 'delete')),
    change_id     bigint           NOT NULL,
    xid           xid8             NOT NULL,
    submission_id uuid             NOT NULL,
    client_id     uuid             NOT NULL,
    body          json,
    PRIMARY KEY (resource, key, version),
    CHECK ((operation = 'delete') = (body IS NULL))
);
INSERT INTO history
SELECT r.name, h.key, h.version, h.valid_from, h.valid_to, h.operation, coalesce(h.from_block, 0), pg_current_xact_id(),
    coalesce(h.submission_id, gen_random_uuid()), h.client_id, h.body
FROM history_after h JOIN (VALUES ('schools', 1), ('campuses', 2), ('staff', 3), ('classes', 4), ('students', 5), ('enrollments', 6), ('teaching-assignments', 7), ('subject-results', 8), ('academic-records', 9), ('facility-returns', 10), ('diplomas', 11)) r(name, number) ON r.number = h.resource;
CREATE INDEX history_feed ON history (xid, change_id);
CREATE INDEX history_deletions ON history (resource) WHERE operation = 'delete';
DROP TABLE history_after;
