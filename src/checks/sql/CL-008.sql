-- Teachers who lead more than one class: one finding for each class after the teacher's first.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '/homeroomStaffCode' AS pointer,
    jsonb_build_object('class', c.name, 'other', c.first_name, 'staff', c.homeroom_staff_code) AS "values",
    NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT c.class_code, c.name, c.homeroom_staff_code, first_value(c.name) OVER teacher AS first_name,
        row_number() OVER teacher AS nth
    FROM classes c
    WHERE c.school_code = a.school_code
        AND c.school_year = a.school_year
        AND c.homeroom_staff_code IS NOT NULL
        AND c.combined_with_class_code IS NULL
    WINDOW teacher AS (PARTITION BY c.homeroom_staff_code ORDER BY c.class_code)
) c
WHERE c.nth > 1
