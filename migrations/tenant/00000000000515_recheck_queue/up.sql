-- The schools to be judged again are found in the change log by its consumer; writers leave no marks.
CREATE TABLE recheck_queue (
    school_code text COLLATE "C" NOT NULL,
    school_year text COLLATE "C" NOT NULL,
    resource    text COLLATE "C" NOT NULL,
    echo        boolean          NOT NULL DEFAULT false,
    first_at    timestamptz      NOT NULL,
    last_at     timestamptz      NOT NULL,
    PRIMARY KEY (school_code, school_year, resource, echo)
);
COMMENT ON TABLE recheck_queue IS 'Schools to be judged again, as the consumer of the change log found them.';
COMMENT ON COLUMN recheck_queue.school_year IS 'The year of the records changed; empty: those in use.';
COMMENT ON COLUMN recheck_queue.resource IS 'The resource changed; empty: all of them.';
COMMENT ON COLUMN recheck_queue.echo IS 'It comes from another school''s check and is passed on no further.';
COMMENT ON COLUMN recheck_queue.first_at IS 'The first change that nobody has judged yet.';
COMMENT ON COLUMN recheck_queue.last_at IS 'The last one.';
INSERT INTO recheck_queue SELECT school_code, school_year, resource, echo, min(marked_at), max(marked_at) FROM findings_due GROUP BY 1, 2, 3, 4;
DROP TABLE findings_due;
-- What stands was judged already: these begin where the log does.
INSERT INTO change_consumers (name, xid, id) SELECT c.name, b.xid, b.id FROM (VALUES ('recheck'), ('parked')) c(name),
    (SELECT xid, id FROM change_blocks UNION ALL SELECT '0', 0 ORDER BY xid DESC, id DESC LIMIT 1) b;
