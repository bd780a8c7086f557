ALTER TABLE parked_records DROP COLUMN school_code;
ALTER TABLE submission_issues DROP COLUMN school_code;
