-- Students who are still in a class for which they are too young. The record's own rule refuses such; a birth date or
-- the grade of a class that was changed afterwards is seen here. Only what that rule would refuse is found.
SELECT a.school_code, a.school_year, {{enrollment_key}} AS key, '/classCode' AS pointer,
    jsonb_build_object(
        'age', e.age::text, 'grade', e.grade, 'nominal', e.nominal::text, 'earliest', (e.nominal - a.early)::text
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT e.student_code, e.entry_date, c.grade, c.nominal,
        left(a.school_year, 4)::integer - (
            SELECT extract(year FROM s.birth_date)::integer
            FROM students s
            WHERE s.student_code = e.student_code
        ) AS age
    FROM (
        SELECT c.class_code, c.grade, (SELECT g.age::integer FROM grades g WHERE g.grade = c.grade) AS nominal
        FROM classes c
        WHERE c.school_code = a.school_code
            AND c.school_year = a.school_year
        OFFSET 0
    ) c
    CROSS JOIN LATERAL (
        SELECT e.student_code, e.entry_date
        FROM enrollments e
        WHERE e.school_code = a.school_code
            AND e.school_year = a.school_year
            AND e.class_code = c.class_code
            AND e.exit_date IS NULL
        OFFSET 0
    ) e
    OFFSET 0
) e
WHERE e.age < e.nominal - a.most
