-- Classes without students. A school that has not sent enrollments of the year yet is not blamed; a combined class
-- may keep its students with the other.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '' AS pointer,
    jsonb_build_object('class', c.name) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL {{sized_classes}}
WHERE c.students = 0
    AND c.combined_with_class_code IS NULL
    AND EXISTS (SELECT 1 FROM enrollments e WHERE e.school_code = a.school_code AND e.school_year = a.school_year)
