-- Classes of secondary schools that are larger than allowed. The level is looked up, not joined: the classes would be
-- counted again for every grade.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '' AS pointer,
    jsonb_build_object('class', c.name, 'count', c.students::text, 'limit', a.at_most::text) AS "values",
    NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL {{sized_classes}}
WHERE c.students > a.at_most
    AND (SELECT g.level FROM grades g WHERE g.grade = c.grade) IN ('2', '3')
