ALTER TABLE submissions ADD COLUMN gateway uuid;
ALTER TABLE submissions DROP COLUMN leased_until;
