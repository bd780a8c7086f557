ALTER TABLE submissions DROP COLUMN replacement;
