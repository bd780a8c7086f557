-- Reports begin with the errors, wherever in the submission they are.
CREATE INDEX submission_issues_severity ON submission_issues (submission_id, severity, index);
