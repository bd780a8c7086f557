ALTER TABLE submissions DROP COLUMN issue_groups;
