-- Classes without a homeroom teacher. Only once the school has sent its staff; an assignment of the role `homeroom`
-- is as good as the member of the class.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '/homeroomStaffCode' AS pointer,
    jsonb_build_object('class', c.name) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT c.class_code, c.name
    FROM classes c
    WHERE c.school_code = a.school_code
        AND c.school_year = a.school_year
        AND c.homeroom_staff_code IS NULL
        AND c.combined_with_class_code IS NULL
        AND NOT EXISTS (
            SELECT 1
            FROM teaching_assignments t
            WHERE t.school_code = c.school_code
                AND t.school_year = c.school_year
                AND t.term IN ('1', '2')
                AND t.class_code = c.class_code
                AND t.role = 'homeroom'
        )
    OFFSET 0
) c
WHERE EXISTS (SELECT 1 FROM staff s JOIN active ON active.status = s.status WHERE s.school_code = a.school_code)
