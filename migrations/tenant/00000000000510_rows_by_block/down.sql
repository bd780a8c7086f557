ALTER TABLE schools RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE schools ADD COLUMN change_id bigint;
ALTER TABLE schools ADD COLUMN xid xid8;
UPDATE schools SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE schools ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE schools ALTER COLUMN xid SET NOT NULL;
ALTER TABLE schools ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE schools DROP COLUMN block;
CREATE INDEX schools_feed ON schools (xid, change_id);

ALTER TABLE campuses RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE campuses ADD COLUMN change_id bigint;
ALTER TABLE campuses ADD COLUMN xid xid8;
UPDATE campuses SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE campuses ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE campuses ALTER COLUMN xid SET NOT NULL;
ALTER TABLE campuses ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE campuses DROP COLUMN block;
CREATE INDEX campuses_feed ON campuses (xid, change_id);

ALTER TABLE staff RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE staff ADD COLUMN change_id bigint;
ALTER TABLE staff ADD COLUMN xid xid8;
UPDATE staff SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE staff ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE staff ALTER COLUMN xid SET NOT NULL;
ALTER TABLE staff ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE staff DROP COLUMN block;
CREATE INDEX staff_feed ON staff (xid, change_id);

ALTER TABLE classes RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE classes ADD COLUMN change_id bigint;
ALTER TABLE classes ADD COLUMN xid xid8;
UPDATE classes SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE classes ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE classes ALTER COLUMN xid SET NOT NULL;
ALTER TABLE classes ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE classes DROP COLUMN block;
CREATE INDEX classes_feed ON classes (xid, change_id);

ALTER TABLE students RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE students ADD COLUMN change_id bigint;
ALTER TABLE students ADD COLUMN xid xid8;
UPDATE students SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE students ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE students ALTER COLUMN xid SET NOT NULL;
ALTER TABLE students ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE students DROP COLUMN block;
CREATE INDEX students_feed ON students (xid, change_id);

ALTER TABLE enrollments RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE enrollments ADD COLUMN change_id bigint;
ALTER TABLE enrollments ADD COLUMN xid xid8;
UPDATE enrollments SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE enrollments ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE enrollments ALTER COLUMN xid SET NOT NULL;
ALTER TABLE enrollments ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE enrollments DROP COLUMN block;
CREATE INDEX enrollments_feed ON enrollments (xid, change_id);

ALTER TABLE teaching_assignments RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE teaching_assignments ADD COLUMN change_id bigint;
ALTER TABLE teaching_assignments ADD COLUMN xid xid8;
UPDATE teaching_assignments SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE teaching_assignments ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE teaching_assignments ALTER COLUMN xid SET NOT NULL;
ALTER TABLE teaching_assignments ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE teaching_assignments DROP COLUMN block;
CREATE INDEX teaching_assignments_feed ON teaching_assignments (xid, change_id);

ALTER TABLE subject_results RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE subject_results ADD COLUMN change_id bigint;
ALTER TABLE subject_results ADD COLUMN xid xid8;
UPDATE subject_results SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE subject_results ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE subject_results ALTER COLUMN xid SET NOT NULL;
ALTER TABLE subject_results ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE subject_results DROP COLUMN block;
CREATE INDEX subject_results_feed ON subject_results (xid, change_id);

ALTER TABLE academic_records RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE academic_records ADD COLUMN change_id bigint;
ALTER TABLE academic_records ADD COLUMN xid xid8;
UPDATE academic_records SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE academic_records ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE academic_records ALTER COLUMN xid SET NOT NULL;
ALTER TABLE academic_records ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE academic_records DROP COLUMN block;
CREATE INDEX academic_records_feed ON academic_records (xid, change_id);

ALTER TABLE facility_returns RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE facility_returns ADD COLUMN change_id bigint;
ALTER TABLE facility_returns ADD COLUMN xid xid8;
UPDATE facility_returns SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE facility_returns ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE facility_returns ALTER COLUMN xid SET NOT NULL;
ALTER TABLE facility_returns ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE facility_returns DROP COLUMN block;
CREATE INDEX facility_returns_feed ON facility_returns (xid, change_id);

ALTER TABLE diplomas RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE diplomas ADD COLUMN change_id bigint;
ALTER TABLE diplomas ADD COLUMN xid xid8;
UPDATE diplomas SET change_id = block, xid = pg_current_xact_id(), submission_id = coalesce(submission_id, gen_random_uuid());
ALTER TABLE diplomas ALTER COLUMN change_id SET NOT NULL;
ALTER TABLE diplomas ALTER COLUMN xid SET NOT NULL;
ALTER TABLE diplomas ALTER COLUMN submission_id SET NOT NULL;
ALTER TABLE diplomas DROP COLUMN block;
CREATE INDEX diplomas_feed ON diplomas (xid, change_id);

ALTER TABLE code_aliases DROP COLUMN block;
ALTER TABLE code_aliases ADD COLUMN submission_id uuid;
UPDATE code_aliases SET submission_id = gen_random_uuid();
ALTER TABLE code_aliases ALTER COLUMN submission_id SET NOT NULL;
