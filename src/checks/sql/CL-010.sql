-- Classes of upper secondary school that do not say their electives, with students whose enrollments do not say them
-- either. What a class or an enrollment says itself is judged as a record.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '/electiveSubjects' AS pointer,
    jsonb_build_object(
        'found', '@none', 'expected', (SELECT string_agg(k.subject, ', ' ORDER BY k.subject) FROM electives k)
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
JOIN schools o ON o.school_code = a.school_code
    AND o.level <> '6'
CROSS JOIN LATERAL (
    SELECT c.class_code
    FROM classes c
    WHERE c.school_code = a.school_code
        AND c.school_year = a.school_year
        AND c.grade IN (SELECT k.grade FROM choosing k WHERE k.since <= a.school_year)
        AND coalesce(cardinality(c.elective_subjects), 0) = 0
        AND EXISTS (
            SELECT 1
            FROM enrollments e
            WHERE e.school_code = a.school_code
                AND e.school_year = a.school_year
                AND e.class_code = c.class_code
                AND coalesce(cardinality(e.elective_subjects), 0) = 0
                AND {{attending}}
        )
    OFFSET 0
) c
