-- People whom another school took over from the school that had them: told to that school as a finding.
CREATE TABLE takeovers (
    resource    text        COLLATE "C" NOT NULL,
    code        text        COLLATE "C" NOT NULL,
    from_school text        COLLATE "C" NOT NULL,
    to_school   text        COLLATE "C" NOT NULL,
    taken_at    timestamptz NOT NULL,
    client_id   uuid        NOT NULL,
    PRIMARY KEY (from_school, resource, code)
);
COMMENT ON TABLE takeovers IS 'People whom another school took over from the school that had them, the last time each.';
COMMENT ON COLUMN takeovers.resource IS 'Name of the resource in the API, such as students.';
COMMENT ON COLUMN takeovers.code IS 'The code of the person.';
COMMENT ON COLUMN takeovers.client_id IS 'The client that sent the record from the new school.';
