-- Members of staff who share an e-mail address. Within a school the later code is pointed at, between two schools
-- each has a finding. chr(57345) is OF_SCHOOL of src/model/issue.rs: what belongs to another school.
SELECT a.school_code, a.school_year, jsonb_build_object('staffCode', s.staff_code) AS key, '/email' AS pointer,
    jsonb_build_object(
        'staff', s.staff_code,
        'other', CASE WHEN o.school_code = a.school_code THEN o.staff_code
            ELSE chr(57345) || o.school_code || chr(57345) || o.staff_code || chr(57345) || '@member-elsewhere'
        END
    ) AS "values", NULL::text AS cause,
    CASE WHEN o.school_code = a.school_code THEN '{}' ELSE ARRAY[o.school_code] END AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT s.staff_code, lower(s.email) AS email
    FROM staff s
    JOIN active ON active.status = s.status
    WHERE s.school_code = a.school_code
        AND s.email IS NOT NULL
    OFFSET 0
) s
CROSS JOIN LATERAL (
    SELECT o.staff_code, o.school_code
    FROM staff o
    JOIN active ON active.status = o.status
    WHERE o.email IS NOT NULL
        AND lower(o.email) = s.email
        AND o.staff_code <> s.staff_code
        AND (o.school_code <> a.school_code OR o.staff_code < s.staff_code)
    ORDER BY o.school_code <> a.school_code, o.staff_code
    LIMIT 1
) o
