-- Averages of the year that those of the terms do not give. The record's own rule refuses such; a term that was changed
-- afterwards is seen here. The marks of a student in a subject are brought together by grouping, for which every row of
-- the year is read once.
SELECT a.school_code, a.school_year,
    jsonb_build_object(
        'schoolCode', a.school_code, 'schoolYear', a.school_year, 'period', 'CN', 'studentCode', y.student_code,
        'subjectCode', y.subject_code
    ) AS key, '/average' AS pointer,
    jsonb_build_object(
        'value', to_char(y.year, 'FM90.0'), 'expected', to_char(y.expected, 'FM90.0'),
        'first', to_char(y.first, 'FM90.0'), 'second', to_char(y.second, 'FM90.0'), 'cause', '@cause-unknown',
        'formula', y.one || ' × ' || to_char(y.first, 'FM90.0') || ' + ' || y.two || ' × ' || to_char(y.second, 'FM90.0'),
        'weight', (y.one + y.two)::text
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT y.*, w.one, w.two, round((w.one * y.first + w.two * y.second) / (w.one + w.two), 1) AS expected
    FROM (
        SELECT r.student_code, r.subject_code,
            max(r.class_code) FILTER (WHERE r.period = 'CN') AS class_code,
            max(r.average) FILTER (WHERE r.period = 'CK1') AS first,
            max(r.average) FILTER (WHERE r.period = 'CK2') AS second,
            max(r.average) FILTER (WHERE r.period = 'CN' AND r.exempt IS NOT TRUE) AS year,
            max(r.reassessed_mark) FILTER (WHERE r.period = 'CN') AS again
        FROM subject_results r
        WHERE r.school_code = a.school_code
            AND r.school_year = a.school_year
            AND r.period IN ('CK1', 'CK2', 'CN')
        GROUP BY r.student_code, r.subject_code
        OFFSET 0
    ) y
    JOIN (
        SELECT c.class_code, c.grade
        FROM classes c
        WHERE c.school_code = a.school_code
            AND c.school_year = a.school_year
        OFFSET 0
    ) c ON c.class_code = y.class_code
    JOIN (
        SELECT w.grade, w.one::integer AS one, w.two::integer AS two
        FROM weights w
        WHERE w.school_year = a.school_year
    ) w ON w.grade = c.grade
    WHERE y.first IS NOT NULL
        AND y.second IS NOT NULL
        AND y.year IS NOT NULL
    OFFSET 0
) y
WHERE y.year <> y.expected
    AND y.again IS DISTINCT FROM y.year
