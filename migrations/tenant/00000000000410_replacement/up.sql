-- A submission may be the whole set of a school's records of a resource: what it lacks is removed.
ALTER TABLE submissions ADD COLUMN replacement jsonb;
COMMENT ON COLUMN submissions.replacement IS 'The set that its records replace: resource, school, school year, and the removals that the client confirmed. Empty: none.';
