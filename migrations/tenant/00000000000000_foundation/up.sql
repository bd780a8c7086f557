-- What every resource rests on. No extension is needed.

-- Folds Vietnamese text for searching: "Đặng Thị Ứng" and "dang thi ung" are the same. Marks are stripped and đ replaced before the letters
-- are lowered, so that the result does not depend on the locale of the cluster.
CREATE FUNCTION unaccent_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd'));
COMMENT ON FUNCTION unaccent_fold(text) IS 'Lower case without Vietnamese accents, for searching names.';

-- Change ids order the changes of one transaction. Each number taken from here is a block: block * 10000 … block * 10000 + 9999.
CREATE SEQUENCE change_block AS bigint START WITH 1;
COMMENT ON SEQUENCE change_block IS 'Each value hands out 10,000 change ids: value * 10000 and the 9,999 after it.';

-- Versions that no longer hold, and deletions. Current versions stand in the tables of their resources.
CREATE TABLE history (
    resource      text COLLATE "C"   NOT NULL,
    key           text[] COLLATE "C" NOT NULL,
    version       integer            NOT NULL,
    valid_from    timestamptz        NOT NULL,
    valid_to      timestamptz,
    operation     text COLLATE "C"   NOT NULL CHECK (operation IN ('update', 'delete')),
    change_id     bigint             NOT NULL,
    xid           xid8               NOT NULL,
    submission_id uuid               NOT NULL,
    client_id     uuid               NOT NULL,
    body          jsonb,
    PRIMARY KEY (resource, key, version),
    CHECK ((operation = 'delete') = (body IS NULL))
);
-- Every change in the order of the change feed, which reads the current rows beside these.
CREATE INDEX history_feed ON history (xid, change_id);
-- Is anything of a resource ever deleted? Then a new record may be one that comes back.
CREATE INDEX history_deletions ON history (resource) WHERE operation = 'delete';
COMMENT ON TABLE history IS 'Replaced versions of all resources, and a row for each deletion.';
COMMENT ON COLUMN history.resource IS 'Name of the resource in the API, such as subject-results.';
COMMENT ON COLUMN history.key IS 'The natural key, in the order of the path.';
COMMENT ON COLUMN history.version IS 'The version that this row holds; a deletion takes the number after the last version.';
COMMENT ON COLUMN history.valid_from IS 'When this version was written, or the record deleted.';
COMMENT ON COLUMN history.valid_to IS 'When it was replaced or deleted; it held up to, but not at, this instant. Empty for a deletion.';
COMMENT ON COLUMN history.operation IS 'update: a version that was replaced or deleted; delete: the deletion itself.';
COMMENT ON COLUMN history.change_id IS 'Id of the change that wrote this version, or deleted the record.';
COMMENT ON COLUMN history.xid IS 'Transaction of that change; changes are read in the order (xid, change_id).';
COMMENT ON COLUMN history.submission_id IS 'Submission of that change.';
COMMENT ON COLUMN history.client_id IS 'Client of that change.';
COMMENT ON COLUMN history.body IS 'The row as it stood in its table; empty for a deletion.';
