-- Which gateway receives a body: when it is gone, what came of the body stands, and its idempotency key is free again.
ALTER TABLE submissions ADD COLUMN gateway uuid;
COMMENT ON COLUMN submissions.gateway IS 'The running gateway that receives the body; it holds an advisory lock of this id as long as it lives.';
