-- People whom another school took over: the word for one of them, and the resource. Told for some weeks, or until the
-- person is back.
SELECT a.school_code, a.school_year, jsonb_build_object('{{1}}Code', t.code) AS key, '/schoolCode' AS pointer,
    jsonb_build_object(
        '{{1}}', t.code, 'school', t.to_school,
        'date', (t.taken_at AT TIME ZONE 'UTC' + interval '7 hours')::date::text
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
JOIN takeovers t ON t.from_school = a.school_code
    AND t.resource = '{{2}}'
    AND t.taken_at > now() - make_interval(days => a.days::integer)
JOIN {{2}} p ON p.{{1}}_code = t.code
    AND p.school_code <> a.school_code
