DROP INDEX parked_records_ready;
CREATE INDEX parked_records_ready ON parked_records (parked_at) WHERE ready;
ALTER TABLE parked_records DROP COLUMN level;
ALTER TABLE submission_deferred DROP COLUMN level;
