ALTER TABLE submissions DROP COLUMN gateway;
