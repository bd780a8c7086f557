-- Two main teachers of one subject in one class. Teachers who follow one another in the course of a term are not two
-- at once.
SELECT a.school_code, a.school_year,
    jsonb_build_object(
        'schoolCode', a.school_code, 'schoolYear', a.school_year, 'term', t.term, 'classCode', t.class_code,
        'subjectCode', t.subject_code, 'staffCode', t.staff_code
    ) AS key, '/role' AS pointer,
    jsonb_build_object(
        'class', t.class_code, 'subject', t.subject_code, 'term', t.term, 'staff', t.staff_code, 'other', o.staff_code
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT t.term, t.class_code, t.subject_code, t.staff_code, t."from", t."to",
        count(*) OVER (PARTITION BY t.term, t.class_code, t.subject_code) AS teachers
    FROM teaching_assignments t
    WHERE t.school_code = a.school_code
        AND t.school_year = a.school_year
        AND t.role = 'main'
    OFFSET 0
) t
CROSS JOIN LATERAL (
    SELECT o.staff_code
    FROM teaching_assignments o
    WHERE o.school_code = a.school_code
        AND o.school_year = a.school_year
        AND o.term = t.term
        AND o.class_code = t.class_code
        AND o.subject_code = t.subject_code
        AND o.role = 'main'
        AND o.staff_code < t.staff_code
        AND coalesce(o."from", '-infinity') < coalesce(t."to", 'infinity')
        AND coalesce(t."from", '-infinity') < coalesce(o."to", 'infinity')
    ORDER BY o.staff_code
    LIMIT 1
) o
WHERE t.teachers > 1
