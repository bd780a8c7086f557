-- A row keeps the block that it comes from in the place of change id and transaction, whose index made every new version touch every index. Half of each page is
-- left free, so that a new version finds room beside the old one and no index has to learn of it. What is stored becomes the first blocks of the log.

DROP INDEX schools_feed;
ALTER TABLE schools DROP COLUMN change_id;
ALTER TABLE schools DROP COLUMN xid;
ALTER TABLE schools ADD COLUMN block bigint;
ALTER TABLE schools ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code) - 1) / 5000 AS part
    FROM schools r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 1, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 1, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE schools t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE schools ALTER COLUMN block SET NOT NULL;
ALTER TABLE schools SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX campuses_feed;
ALTER TABLE campuses DROP COLUMN change_id;
ALTER TABLE campuses DROP COLUMN xid;
ALTER TABLE campuses ADD COLUMN block bigint;
ALTER TABLE campuses ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.campus_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.campus_code) - 1) / 5000 AS part
    FROM campuses r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 2, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 2, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE campuses t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE campuses ALTER COLUMN block SET NOT NULL;
ALTER TABLE campuses SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX staff_feed;
ALTER TABLE staff DROP COLUMN change_id;
ALTER TABLE staff DROP COLUMN xid;
ALTER TABLE staff ADD COLUMN block bigint;
ALTER TABLE staff ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.staff_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.staff_code) - 1) / 5000 AS part
    FROM staff r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 3, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 3, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE staff t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE staff ALTER COLUMN block SET NOT NULL;
ALTER TABLE staff SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX classes_feed;
ALTER TABLE classes DROP COLUMN change_id;
ALTER TABLE classes DROP COLUMN xid;
ALTER TABLE classes ADD COLUMN block bigint;
ALTER TABLE classes ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.school_year::text || E'\x1f' || r.class_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.school_year, r.class_code) - 1) / 5000 AS part
    FROM classes r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 4, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 4, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE classes t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE classes ALTER COLUMN block SET NOT NULL;
ALTER TABLE classes SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX students_feed;
ALTER TABLE students DROP COLUMN change_id;
ALTER TABLE students DROP COLUMN xid;
ALTER TABLE students ADD COLUMN block bigint;
ALTER TABLE students ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.student_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.student_code) - 1) / 5000 AS part
    FROM students r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 5, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 5, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE students t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE students ALTER COLUMN block SET NOT NULL;
ALTER TABLE students SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX enrollments_feed;
ALTER TABLE enrollments DROP COLUMN change_id;
ALTER TABLE enrollments DROP COLUMN xid;
ALTER TABLE enrollments ADD COLUMN block bigint;
ALTER TABLE enrollments ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.school_year::text || E'\x1f' || r.student_code::text || E'\x1f' || r.entry_date::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.school_year, r.student_code, r.entry_date) - 1) / 5000 AS part
    FROM enrollments r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 6, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 6, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE enrollments t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE enrollments ALTER COLUMN block SET NOT NULL;
ALTER TABLE enrollments SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX teaching_assignments_feed;
ALTER TABLE teaching_assignments DROP COLUMN change_id;
ALTER TABLE teaching_assignments DROP COLUMN xid;
ALTER TABLE teaching_assignments ADD COLUMN block bigint;
ALTER TABLE teaching_assignments ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.school_year::text || E'\x1f' || r.term::text || E'\x1f' || r.class_code::text || E'\x1f' || r.subject_code::text || E'\x1f' || r.staff_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.school_year, r.term, r.class_code, r.subject_code, r.staff_code) - 1) / 5000 AS part
    FROM teaching_assignments r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 7, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 7, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE teaching_assignments t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE teaching_assignments ALTER COLUMN block SET NOT NULL;
ALTER TABLE teaching_assignments SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX subject_results_feed;
ALTER TABLE subject_results DROP COLUMN change_id;
ALTER TABLE subject_results DROP COLUMN xid;
ALTER TABLE subject_results ADD COLUMN block bigint;
ALTER TABLE subject_results ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.school_year::text || E'\x1f' || r.period::text || E'\x1f' || r.student_code::text || E'\x1f' || r.subject_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.school_year, r.period, r.student_code, r.subject_code) - 1) / 5000 AS part
    FROM subject_results r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 8, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 8, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE subject_results t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE subject_results ALTER COLUMN block SET NOT NULL;
ALTER TABLE subject_results SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX academic_records_feed;
ALTER TABLE academic_records DROP COLUMN change_id;
ALTER TABLE academic_records DROP COLUMN xid;
ALTER TABLE academic_records ADD COLUMN block bigint;
ALTER TABLE academic_records ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.school_year::text || E'\x1f' || r.period::text || E'\x1f' || r.student_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.school_year, r.period, r.student_code) - 1) / 5000 AS part
    FROM academic_records r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 9, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 9, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE academic_records t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE academic_records ALTER COLUMN block SET NOT NULL;
ALTER TABLE academic_records SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX facility_returns_feed;
ALTER TABLE facility_returns DROP COLUMN change_id;
ALTER TABLE facility_returns DROP COLUMN xid;
ALTER TABLE facility_returns ADD COLUMN block bigint;
ALTER TABLE facility_returns ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.school_code::text || E'\x1f' || r.school_year::text || E'\x1f' || r.campus_code::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.school_code, r.school_year, r.campus_code) - 1) / 5000 AS part
    FROM facility_returns r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 10, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 10, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE facility_returns t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE facility_returns ALTER COLUMN block SET NOT NULL;
ALTER TABLE facility_returns SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

DROP INDEX diplomas_feed;
ALTER TABLE diplomas DROP COLUMN change_id;
ALTER TABLE diplomas DROP COLUMN xid;
ALTER TABLE diplomas ADD COLUMN block bigint;
ALTER TABLE diplomas ALTER COLUMN submission_id DROP NOT NULL;
CREATE TEMP TABLE origin_rows AS
    SELECT r.ctid AS place, r.school_code, r.diploma_number::text AS key, r.version, lpad(to_hex(r.hash_high), 16, '0') || lpad(to_hex(r.hash_low), 16, '0') AS hash,
        (row_number() OVER (PARTITION BY r.school_code ORDER BY r.diploma_number) - 1) / 5000 AS part
    FROM diplomas r;
CREATE TEMP TABLE origin_blocks AS
    SELECT b.*, nextval('change_block') * 10000 AS id, clock_timestamp() AS at FROM (
        SELECT school_code, part, string_agg('c' || version || E'\x1f' || key || E'\n', '' ORDER BY key) AS lines,
            string_agg('c' || version || E'\x1f' || key || E'\t' || hash || E'\n', '' ORDER BY key) AS hashed
        FROM origin_rows GROUP BY school_code, part ORDER BY school_code, part) b;
INSERT INTO change_blocks (id, at, school_code, resource, keys, sha256)
    SELECT id, at, school_code, 11, '\x00'::bytea || convert_to(lines, 'UTF8'),
        sha256(convert_to(concat_ws(E'\n', 'change-block/1', id, (extract(epoch FROM at) * 1000000)::bigint, school_code, 11, '', '', '', '', hashed), 'UTF8'))
    FROM origin_blocks;
UPDATE diplomas t SET block = b.id, submission_id = (SELECT s.id FROM submissions s WHERE s.id = t.submission_id)
    FROM origin_rows r JOIN origin_blocks b ON b.school_code = r.school_code AND b.part = r.part WHERE t.ctid = r.place;
DROP TABLE origin_rows;
DROP TABLE origin_blocks;
ALTER TABLE diplomas ALTER COLUMN block SET NOT NULL;

-- Which block gave a person his official code.
ALTER TABLE code_aliases DROP COLUMN submission_id;
ALTER TABLE code_aliases ADD COLUMN block bigint;
COMMENT ON COLUMN code_aliases.block IS 'The first block that has records under the new code; empty: before the change log.';
