-- Students who are enrolled at two schools at once. The record's own rule keeps most of them out; two schools that
-- write at the same moment are seen here.
SELECT a.school_code, a.school_year,
    {{enrollment_key}} AS key, '/studentCode' AS pointer, jsonb_build_object('student', e.student_code) AS "values",
    'students:' || e.student_code AS cause, o.others
FROM asked a
CROSS JOIN LATERAL (
    SELECT e.student_code, e.entry_date
    FROM enrollments e
    WHERE e.school_code = a.school_code
        AND e.school_year = a.school_year
        AND e.exit_date IS NULL
    OFFSET 0
) e
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT o.school_code ORDER BY o.school_code) AS others
    FROM enrollments o
    WHERE o.student_code = e.student_code
        AND o.school_year = a.school_year
        AND o.school_code <> a.school_code
        AND o.exit_date IS NULL
        AND NOT {{replaced|o.school_code}}
) o
WHERE o.others IS NOT NULL
    AND NOT {{replaced|a.school_code}}
