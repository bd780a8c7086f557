-- The file of a sheet as it was sent, so that it can be given back with what is to be mended.

CREATE TABLE submission_files (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    number        integer NOT NULL,
    data          bytea   NOT NULL,
    PRIMARY KEY (submission_id, number)
);
ALTER TABLE submission_files ALTER COLUMN data SET STORAGE EXTERNAL;
COMMENT ON TABLE submission_files IS 'The parts of a sheet''s file in their order, unpacked from how it was sent and each compressed; it holds personal data and goes with the submission''s issues.';
