ALTER TABLE submissions DROP COLUMN given;
DROP TABLE sheet_layouts;
