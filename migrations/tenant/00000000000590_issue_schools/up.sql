-- A submission may bring the records of several schools: whoever is concerned with one of them sees no more than that one's.
ALTER TABLE submission_issues ADD COLUMN school_code text COLLATE "C";
ALTER TABLE parked_records ADD COLUMN school_code text COLLATE "C";
COMMENT ON COLUMN submission_issues.school_code IS 'The school of the record; absent: it cannot be read, or the issue is of the submission as a whole.';
COMMENT ON COLUMN parked_records.school_code IS 'The school of the record.';
