DROP TABLE parked_waits, parked_records, submission_issues, submission_deferred, submission_chunks, submission_schools, submissions;
