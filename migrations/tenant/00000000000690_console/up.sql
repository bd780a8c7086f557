-- People who signed in with a client's id and secret, and the files that they sent from their pages.

CREATE TABLE console_sessions (
    digest      bytea       PRIMARY KEY,
    client_id   uuid        NOT NULL REFERENCES clients ON DELETE CASCADE,
    secret_mark bytea       NOT NULL,
    opened_at   timestamptz NOT NULL,
    used_at     timestamptz NOT NULL
);
CREATE INDEX console_sessions_client ON console_sessions (client_id, opened_at DESC);
CREATE INDEX console_sessions_used ON console_sessions (used_at);
COMMENT ON TABLE console_sessions IS 'Sessions at /console; what the browser holds is kept as its digest only.';
COMMENT ON COLUMN console_sessions.digest IS 'SHA-256 of the session''s secret.';
COMMENT ON COLUMN console_sessions.secret_mark IS 'SHA-256 of the hash of the client''s secret: a session ends with the secret that opened it.';
COMMENT ON COLUMN console_sessions.used_at IS 'When a page was asked for last, to a minute.';

CREATE TABLE console_uploads (
    submission_id uuid  PRIMARY KEY REFERENCES submissions ON DELETE CASCADE,
    file_name     text  NOT NULL,
    fields        jsonb NOT NULL
);
COMMENT ON TABLE console_uploads IS 'The file of a submission that was sent from /console; it goes with the body after the retention time.';
COMMENT ON COLUMN console_uploads.fields IS 'What was said beside the file, by the names of the parameters of POST /v1/submissions.';
