-- Has this student a result in the period `p`? {{1}}: the student's code.
SELECT true AS found
FROM subject_results r
WHERE r.school_code = a.school_code
    AND r.school_year = a.school_year
    AND r.period = p.period
    AND r.student_code = {{1}}
LIMIT 1
