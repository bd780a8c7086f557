-- The change log: a row says what one transaction changed of one resource in one school. Everything that reacts to a change reads here.
CREATE TABLE change_blocks (
    id            bigint           NOT NULL,
    xid           xid8             NOT NULL DEFAULT pg_current_xact_id(),
    at            timestamptz      NOT NULL,
    school_code   text COLLATE "C" NOT NULL,
    resource      smallint         NOT NULL,
    client_id     uuid,
    actor         text COLLATE "C",
    request_id    text COLLATE "C",
    submission_id uuid,
    keys          bytea            NOT NULL,
    sha256        bytea            NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
-- The order of readers.
CREATE INDEX change_blocks_order ON change_blocks (xid, id);
COMMENT ON TABLE change_blocks IS 'The change log: what one transaction changed of one resource in one school, in the order (xid, id). Partitioned by month.';
COMMENT ON COLUMN change_blocks.id IS 'From the sequence change_block, each value of which hands out 10,000.';
COMMENT ON COLUMN change_blocks.xid IS 'The transaction. Who reads in the order (xid, id) and stays below pg_snapshot_xmin(pg_current_snapshot()) misses nothing.';
COMMENT ON COLUMN change_blocks.at IS 'The clock of the database, read under the lock of the school: within a school it only rises.';
COMMENT ON COLUMN change_blocks.school_code IS 'The school whose records were changed.';
COMMENT ON COLUMN change_blocks.resource IS 'The number of the resource, which its definition says and which never changes.';
COMMENT ON COLUMN change_blocks.client_id IS 'The client that changed them; empty: they stood before the log began.';
COMMENT ON COLUMN change_blocks.actor IS 'The person who did, where one is known.';
COMMENT ON COLUMN change_blocks.request_id IS 'The request, of a single write.';
COMMENT ON COLUMN change_blocks.submission_id IS 'The submission; empty for a single write.';
COMMENT ON COLUMN change_blocks.keys IS 'What was changed, in order: operation, version and key of each record. The first byte says the format: 0 plain, 1 compressed with Zstandard.';
COMMENT ON COLUMN change_blocks.sha256 IS 'SHA-256 over the canonical form of the block with the hashes of its records; docs/operators.md says which.';
-- Other months are added by the gateway, ahead of time.
CREATE TABLE change_blocks_first PARTITION OF change_blocks
    FOR VALUES FROM (MINVALUE) TO (date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 month');
CREATE TABLE change_blocks_default PARTITION OF change_blocks DEFAULT;
COMMENT ON SEQUENCE change_block IS 'Each value hands out 10,000 ids of blocks: value * 10000 and the 9,999 after it.';

-- Who reads the log, and how far each has come.
CREATE TABLE change_consumers (
    name     text COLLATE "C" PRIMARY KEY,
    xid      xid8             NOT NULL DEFAULT '0',
    id       bigint           NOT NULL DEFAULT 0,
    moved_at timestamptz      NOT NULL DEFAULT now()
);
COMMENT ON TABLE change_consumers IS 'Readers of the change log, each with the last block that it has worked off.';
COMMENT ON COLUMN change_consumers.xid IS 'Transaction of that block.';
COMMENT ON COLUMN change_consumers.id IS 'Id of that block.';
COMMENT ON COLUMN change_consumers.moved_at IS 'When it went on last.';
