-- Students who are still in a class for which they are too young. The record's own rule refuses such; a birth date or
-- the grade of a class that was changed afterwards is seen here. Only what that rule would refuse is found.
SELECT a.school_code, a.school_year, {{enrollment_key}} AS key, '/classCode' AS pointer,
    jsonb_build_object(
        'age', e.age::text, 'grade', e.grade, 'nominal', e.nominal::text, 'earliest', (e.nominal - a.early)::text
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT e.student_code, e.entry_date, c.grade, g.age::integer AS nominal,
        left(a.school_year, 4)::integer - extract(year FROM s.birth_date)::integer AS age
    FROM enrollments e
    JOIN classes c ON c.school_code = a.school_code
        AND c.school_year = a.school_year
        AND c.class_code = e.class_code
    JOIN grades g ON g.grade = c.grade
    JOIN students s ON s.student_code = e.student_code
    WHERE e.school_code = a.school_code
        AND e.school_year = a.school_year
        AND e.exit_date IS NULL
    OFFSET 0
) e
WHERE e.age < e.nominal - a.most
