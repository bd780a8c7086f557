-- The comments say “student”, as the definitions do.
COMMENT ON TABLE students IS 'Học sinh: a student, a person of the country; `schoolCode` is the school that manages the record (OneRoster user with demographics, Ed-Fi Student).';
COMMENT ON TABLE enrollments IS 'Quá trình học: a student''s time in a class, from entry to exit (OneRoster enrollment, Ed-Fi StudentSchoolAssociation).';
COMMENT ON COLUMN enrollments.from_school_code IS 'Mã trường chuyển đến từ: the school the student came from.';
COMMENT ON COLUMN enrollments.to_school_code IS 'Mã trường chuyển đi: the school the student left for.';
COMMENT ON TABLE subject_results IS 'Kết quả môn học: marks or level of a student in a subject for a period (OneRoster result, Ed-Fi Grade).';
COMMENT ON TABLE academic_records IS 'Kết quả rèn luyện, học tập: what a student''s period or year amounts to beyond the single subjects (Ed-Fi StudentAcademicRecord).';
COMMENT ON COLUMN diplomas.student_code IS 'Mã học sinh; absent for students from before the codes.';
