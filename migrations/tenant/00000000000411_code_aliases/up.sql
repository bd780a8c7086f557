-- Provisional codes that gave way to official ones. What still names the old code means the new one.
CREATE TABLE code_aliases (
    resource      text        COLLATE "C" NOT NULL,
    old_code      text        COLLATE "C" NOT NULL,
    new_code      text        COLLATE "C" NOT NULL,
    identified_at timestamptz NOT NULL,
    submission_id uuid        NOT NULL,
    client_id     uuid        NOT NULL,
    PRIMARY KEY (resource, old_code)
);
CREATE INDEX code_aliases_new ON code_aliases (resource, new_code);
COMMENT ON TABLE code_aliases IS 'Provisional codes of people, and the official ones that took their place.';
COMMENT ON COLUMN code_aliases.resource IS 'Name of the resource in the API, such as students.';
COMMENT ON COLUMN code_aliases.old_code IS 'The provisional code. No record has it any more.';
COMMENT ON COLUMN code_aliases.new_code IS 'The official code.';
COMMENT ON COLUMN code_aliases.identified_at IS 'When it took its place.';
COMMENT ON COLUMN code_aliases.submission_id IS 'The request that named it: the id stands in the records and history that it wrote.';
COMMENT ON COLUMN code_aliases.client_id IS 'The client that named it.';
