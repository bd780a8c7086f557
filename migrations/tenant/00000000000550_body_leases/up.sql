-- A body on its way in is leased to the gateway that receives it, which renews the lease. Whoever comes after it has
-- run out ends the body, its own gateway too: it may have lost the database in the middle.
ALTER TABLE submissions ADD COLUMN leased_until timestamptz;
COMMENT ON COLUMN submissions.leased_until IS 'While the body is received: until when its gateway has promised to be at it.';
ALTER TABLE submissions DROP COLUMN gateway;
