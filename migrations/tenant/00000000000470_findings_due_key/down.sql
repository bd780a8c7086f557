CREATE INDEX findings_due_school ON findings_due (school_code);
ALTER TABLE findings_due
    DROP CONSTRAINT findings_due_pkey,
    ADD PRIMARY KEY (id);
