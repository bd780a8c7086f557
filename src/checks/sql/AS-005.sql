-- Subjects without a teacher, of classes whose assignments of the term are there: a subject that another class has a
-- teacher for and this one must take too, or in which it has results that name no teacher. Centres of continuing
-- education choose what they teach beside the core.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '' AS pointer,
    jsonb_build_object('class', c.name, 'subject', c.subject_code, 'term', c.term) AS "values",
    'subject:' || c.subject_code || '/' || c.term AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    WITH assigned AS MATERIALIZED (
        SELECT DISTINCT t.term, t.class_code, t.subject_code
        FROM teaching_assignments t
        WHERE t.school_code = a.school_code
            AND t.school_year = a.school_year
    ), taught AS MATERIALIZED (
        SELECT r.class_code, right(r.period, 1) AS term, r.subject_code
        FROM subject_results r
        WHERE r.school_code = a.school_code
            AND r.school_year = a.school_year
            AND r.period IN ('CK1', 'CK2')
            AND EXISTS (SELECT 1 FROM assigned)
        GROUP BY r.class_code, r.period, r.subject_code
        HAVING count(r.staff_code) = 0
    ), needed AS (
        SELECT class_code, term, subject_code
        FROM taught
        UNION
        SELECT c.class_code, s.term, s.subject_code
        FROM classes c
        JOIN compulsory k ON k.grade = c.grade
            AND k.since <= a.school_year
        JOIN (SELECT DISTINCT term, subject_code FROM assigned) s ON s.subject_code = k.subject
        WHERE c.school_code = a.school_code
            AND c.school_year = a.school_year
            AND NOT EXISTS (SELECT 1 FROM schools s WHERE s.school_code = a.school_code AND s.level = '6')
    )
    SELECT n.class_code, n.term, n.subject_code, c.name
    FROM (TABLE needed EXCEPT SELECT class_code, term, subject_code FROM assigned OFFSET 0) n
    JOIN classes c ON c.school_code = a.school_code
        AND c.school_year = a.school_year
        AND c.class_code = n.class_code
    WHERE EXISTS (SELECT 1 FROM assigned s WHERE s.class_code = n.class_code AND s.term = n.term)
) c
