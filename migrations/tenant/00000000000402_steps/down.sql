ALTER TABLE submissions ADD COLUMN step integer NOT NULL DEFAULT 0, ADD COLUMN writes boolean NOT NULL DEFAULT false;
ALTER TABLE submission_chunks DROP COLUMN done;
