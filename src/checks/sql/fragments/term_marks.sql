-- The marks that count most of one term, as a student's. {{1}}: the school year, {{2}}: the period.
SELECT r.class_code, r.student_code, r.subject_code, coalesce(r.average, r.final_mark, r.test_mark)::float8 AS mark
FROM subject_results r
WHERE r.school_code = a.school_code
    AND r.school_year = {{1}}
    AND r.period = {{2}}
