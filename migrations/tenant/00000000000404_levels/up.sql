ALTER TABLE submission_deferred ADD COLUMN level smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN submission_deferred.level IS 'The step in which the record comes: the year''s results after those of its terms.';

ALTER TABLE parked_records ADD COLUMN level smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN parked_records.level IS 'The step in which the record comes when many are ready.';
DROP INDEX parked_records_ready;
CREATE INDEX parked_records_ready ON parked_records (level, parked_at, submission_id, index) WHERE ready;
