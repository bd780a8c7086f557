-- What clients sent, and what became of it. Bodies, issues and parked records hold personal data: they go after the retention time.

CREATE TABLE submissions (
    id              uuid        PRIMARY KEY,
    client_id       uuid        NOT NULL,
    status          text        NOT NULL CHECK (status IN ('receiving', 'queued', 'processing', 'completed', 'failed')),
    result          text        CHECK (result IN ('accepted', 'partial', 'rejected')),
    mode            text        NOT NULL CHECK (mode IN ('commit', 'validate')),
    atomicity       text        NOT NULL CHECK (atomicity IN ('record', 'all')),
    on_missing      text        NOT NULL CHECK (on_missing IN ('park', 'reject')),
    respond_async   boolean     NOT NULL,
    idempotency_key text,
    fingerprint     text        NOT NULL,
    received_at     timestamptz NOT NULL,
    completed_at    timestamptz,
    bytes           bigint      NOT NULL DEFAULT 0,
    sha256          text,
    records         bigint      NOT NULL DEFAULT 0,
    cut             boolean     NOT NULL DEFAULT false,
    step            integer     NOT NULL DEFAULT 0,
    writes          boolean     NOT NULL DEFAULT false,
    attempts        integer     NOT NULL DEFAULT 0,
    counts          jsonb       NOT NULL DEFAULT '{}',
    purged          boolean     NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX submissions_idempotency ON submissions (client_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX submissions_open ON submissions (received_at) WHERE status IN ('receiving', 'queued', 'processing');
CREATE INDEX submissions_newest ON submissions (received_at DESC, id DESC);
CREATE INDEX submissions_of_client ON submissions (client_id, received_at DESC, id DESC);
COMMENT ON TABLE submissions IS 'One row for each body of records a client sent.';
COMMENT ON COLUMN submissions.step IS 'How many steps of the work are committed: a run cut short goes on here.';
COMMENT ON COLUMN submissions.writes IS 'Something was written after a record was set aside, so that trying it again may help.';
COMMENT ON COLUMN submissions.cut IS 'The body ended before it was whole.';

CREATE TABLE submission_schools (
    submission_id uuid NOT NULL REFERENCES submissions ON DELETE CASCADE,
    school_code   text COLLATE "C" NOT NULL,
    PRIMARY KEY (submission_id, school_code)
);
CREATE INDEX submission_schools_school ON submission_schools (school_code, submission_id);

CREATE TABLE submission_chunks (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    number        integer NOT NULL,
    first_index   bigint  NOT NULL,
    records       integer NOT NULL,
    parts         bigint  NOT NULL,
    hashes        bytea   NOT NULL,
    data          bytea   NOT NULL,
    PRIMARY KEY (submission_id, number)
);
ALTER TABLE submission_chunks ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE submission_chunks IS 'The records of a body in frames, compressed; durable before the work begins.';

CREATE TABLE submission_deferred (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    index         bigint  NOT NULL,
    chunk         integer NOT NULL,
    resource      text    NOT NULL,
    operation     text    NOT NULL,
    PRIMARY KEY (submission_id, index)
);
COMMENT ON TABLE submission_deferred IS 'Records that other records of the same submission may yet help: tried again at the end.';

CREATE TABLE submission_issues (
    submission_id uuid     NOT NULL REFERENCES submissions ON DELETE CASCADE,
    index         bigint   NOT NULL,
    severity      smallint NOT NULL,
    pointer       text     COLLATE "C" NOT NULL,
    ordinal       integer  NOT NULL,
    resource      text,
    key           jsonb,
    code          text     NOT NULL,
    "values"      jsonb    NOT NULL,
    cause         text,
    PRIMARY KEY (submission_id, index, severity, pointer, ordinal)
);
COMMENT ON COLUMN submission_issues.severity IS '0 error, 1 warning, 2 info: the order of the report.';

CREATE TABLE parked_records (
    submission_id uuid        NOT NULL REFERENCES submissions ON DELETE CASCADE,
    index         bigint      NOT NULL,
    client_id     uuid        NOT NULL,
    resource      text        NOT NULL,
    key           text        COLLATE "C" NOT NULL,
    data          text        NOT NULL,
    parked_at     timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    ready         boolean     NOT NULL DEFAULT false,
    tried_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (submission_id, index)
);
CREATE INDEX parked_records_key ON parked_records (resource, key);
CREATE INDEX parked_records_ready ON parked_records (parked_at) WHERE ready;
CREATE INDEX parked_records_expiry ON parked_records (expires_at);

CREATE TABLE parked_waits (
    submission_id uuid   NOT NULL,
    index         bigint NOT NULL,
    resource      text   NOT NULL,
    key           text   COLLATE "C" NOT NULL,
    PRIMARY KEY (submission_id, index, resource, key),
    FOREIGN KEY (submission_id, index) REFERENCES parked_records ON DELETE CASCADE
);
CREATE INDEX parked_waits_parent ON parked_waits (resource, key);
COMMENT ON TABLE parked_waits IS 'Which parents a parked record waits for.';
