-- Steps of a submission are done in two lanes, so not in one order: each chunk knows what is done of it.
ALTER TABLE submission_chunks ADD COLUMN done bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN submission_chunks.done IS 'Which parts of the chunk are worked off, in the bits of parts: a run cut short goes on with the others.';
ALTER TABLE submissions DROP COLUMN step, DROP COLUMN writes;
-- What was half done begins anew: records that are stored are found unchanged.
DELETE FROM submission_issues WHERE submission_id IN (SELECT id FROM submissions WHERE status = 'processing');
DELETE FROM submission_deferred WHERE submission_id IN (SELECT id FROM submissions WHERE status = 'processing');
UPDATE submissions SET counts = '{}' WHERE status = 'processing';
