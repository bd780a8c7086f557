-- A record of a sheet changes those members only for which the sheet has columns, also when it had to wait.
ALTER TABLE parked_records ADD COLUMN members text;
COMMENT ON COLUMN parked_records.members IS 'Of a record of a sheet: paths of the members for which the sheet has columns; absent: the record stands for itself.';
