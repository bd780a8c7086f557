-- Schools without exactly one head. Position 01 leads a school, 05 a centre; 7 is the state of those seconded to
-- elsewhere. Only once the school has sent its staff.
SELECT a.school_code, a.school_year, jsonb_build_object('schoolCode', a.school_code) AS key, '' AS pointer,
    jsonb_build_object('count', n.principals::text) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
JOIN schools o ON o.school_code = a.school_code
    AND o.status = 'open'
CROSS JOIN LATERAL (
    SELECT count(*) AS members, count(*) FILTER (WHERE m.position IN ('01', '05')) AS principals
    FROM (
        SELECT s.position
        FROM staff s
        JOIN active ON active.status = s.status
        WHERE s.school_code = a.school_code
        UNION ALL
        SELECT s.position
        FROM staff s
        WHERE s.seconded_to_school_code = a.school_code
            AND s.school_code <> a.school_code
            AND (s.status = '7' OR s.status IN (SELECT status FROM active))
    ) m
) n
WHERE n.members > 0
    AND n.principals <> 1
