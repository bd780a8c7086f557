-- Transfers of which the other school says nothing. It has as many days to record the exit; one that sends nothing
-- here can record none.
SELECT a.school_code, a.school_year,
    {{enrollment_key}} AS key, '/entryType' AS pointer,
    jsonb_build_object('student', e.student_code, 'date', e.entry_date::text, 'days', a.days::text) AS "values",
    NULL::text AS cause,
    CASE WHEN e.from_school_code <> a.school_code THEN ARRAY[e.from_school_code] ELSE '{}' END AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT e.student_code, e.entry_date, e.from_school_code
    FROM enrollments e
    WHERE e.school_code = a.school_code
        AND e.school_year = a.school_year
        AND e.entry_type = 'transfer-in'
    OFFSET 0
) e
WHERE e.entry_date + a.days::integer <= (SELECT today FROM clock)
    AND (e.from_school_code IS NULL OR EXISTS (SELECT 1 FROM schools s WHERE s.school_code = e.from_school_code))
    AND NOT {{replaced|e.from_school_code}}
    AND NOT EXISTS (
        SELECT 1
        FROM enrollments o
        WHERE o.student_code = e.student_code
            AND o.school_code <> a.school_code
            AND o.exit_type = 'transfer-out'
            AND abs(o.exit_date - e.entry_date) <= a.days
    )
