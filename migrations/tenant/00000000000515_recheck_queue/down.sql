CREATE TABLE findings_due (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    school_code text        COLLATE "C" NOT NULL,
    school_year text        COLLATE "C" NOT NULL,
    resource    text        COLLATE "C" NOT NULL,
    echo        boolean     NOT NULL DEFAULT false,
    marked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (school_code, id)
);
INSERT INTO findings_due (school_code, school_year, resource, echo, marked_at) SELECT school_code, school_year, resource, echo, last_at FROM recheck_queue;
DROP TABLE recheck_queue;
DELETE FROM change_consumers;
