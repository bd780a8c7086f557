ALTER TABLE submissions DROP COLUMN runs;
