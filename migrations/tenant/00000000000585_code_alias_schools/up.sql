-- A provisional code belongs to the school that made it: what another school says of it means another person, or nobody.
ALTER TABLE code_aliases ADD COLUMN school_code text COLLATE "C";
UPDATE code_aliases a SET school_code = s.school_code FROM students s WHERE a.resource = 'students' AND s.student_code = a.new_code;
UPDATE code_aliases a SET school_code = s.school_code FROM staff s WHERE a.resource = 'staff' AND s.staff_code = a.new_code;
COMMENT ON COLUMN code_aliases.school_code IS 'The school that had the person when the code gave way; absent: it is not known any more.';
