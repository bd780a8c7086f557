ALTER TABLE parked_records DROP COLUMN members;
