-- Students whom another school took over. Told for some weeks, or until the person is back.
SELECT a.school_code, a.school_year, jsonb_build_object('studentCode', t.code) AS key, '/schoolCode' AS pointer,
    jsonb_build_object(
        'student', t.code, 'school', t.to_school,
        'date', (t.taken_at AT TIME ZONE 'UTC' + interval '7 hours')::date::text
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
JOIN takeovers t ON t.from_school = a.school_code
    AND t.resource = 'students'
    AND t.taken_at > now() - make_interval(days => a.days::integer)
JOIN students p ON p.student_code = t.code
    AND p.school_code <> a.school_code
