-- What counting the issues by cause gave, so that reading a report does not read all its issues.
ALTER TABLE submissions ADD COLUMN issue_groups jsonb;
COMMENT ON COLUMN submissions.issue_groups IS 'The largest groups of issues: how many, and the place of the first; NULL: not counted since the issues changed.';
