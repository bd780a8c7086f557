-- Likely duplicates: the same name and birth date, within a school also where not both mothers are named; in two
-- schools the same mother too. Two who are known to be two are none. Of those alike in a school each later code is set
-- beside the first, the first beside one of another school, which has a finding too: both are of one cause. So their
-- number never grows faster than that of the students. chr(57345) is OF_SCHOOL of src/model/issue.rs: what belongs to
-- another school.
SELECT a.school_code, a.school_year, jsonb_build_object('studentCode', d.student_code) AS key, '/fullName' AS pointer,
    jsonb_build_object(
        'student', d.student_code,
        'likeness', CASE WHEN d.by_mother THEN '@name-birth-and-mother' ELSE '@name-and-birth' END,
        'other', CASE WHEN d.school_code = a.school_code THEN d.other
            ELSE chr(57345) || d.school_code || chr(57345) || d.other || chr(57345) || '@pupil-elsewhere'
        END
    ) AS "values", 'students:' || least(d.student_code, d.other) || '+' || greatest(d.student_code, d.other) AS cause,
    CASE WHEN d.school_code = a.school_code THEN '{}' ELSE ARRAY[d.school_code] END AS others
FROM asked a
CROSS JOIN LATERAL (
    WITH own AS MATERIALIZED (
        SELECT s.student_code, s.birth_date, unaccent_fold(s.full_name) AS name, m.mother, {{verified_number|s}} AS number
        FROM students s
        LEFT JOIN LATERAL (
            SELECT unaccent_fold(m ->> 'fullName') AS mother
            FROM jsonb_array_elements(s.contacts) m
            WHERE m ->> 'relationship' = 'mother'
                AND m ->> 'fullName' <> ''
            LIMIT 1
        ) m ON true
        WHERE s.school_code = a.school_code
    ), alike AS (
        SELECT o.*, min(o.student_code) OVER (PARTITION BY o.birth_date, o.name, o.mother) AS by_mother,
            min(o.student_code) FILTER (WHERE o.mother IS NULL) OVER named AS motherless,
            min(o.student_code) OVER named AS by_name
        FROM own o
        WINDOW named AS (PARTITION BY o.birth_date, o.name)
    ), led AS (
        SELECT l.*, CASE WHEN l.mother IS NULL THEN l.by_name ELSE least(l.by_mother, l.motherless) END AS leader
        FROM alike l
    )
    SELECT l.student_code, l.leader AS other, a.school_code, l.mother IS NOT NULL AND l.leader = l.by_mother AS by_mother
    FROM led l
    LEFT JOIN own o ON o.student_code = l.leader
    WHERE l.student_code <> l.leader
        AND (l.number = o.number) IS NOT FALSE
    UNION ALL
    SELECT l.student_code, o.student_code, o.school_code, true
    FROM led l
    CROSS JOIN LATERAL (
        SELECT o.student_code, o.school_code
        FROM students o
        WHERE o.birth_date = l.birth_date
            AND unaccent_fold(o.full_name) = l.name
            AND o.school_code <> a.school_code
            AND ({{verified_number|o}} = l.number) IS NOT FALSE
            AND EXISTS (
                SELECT 1
                FROM jsonb_array_elements(o.contacts) m
                WHERE m ->> 'relationship' = 'mother'
                    AND unaccent_fold(m ->> 'fullName') = l.mother
            )
        ORDER BY o.student_code
        LIMIT 1
    ) o
    WHERE l.student_code = l.by_mother
        AND l.mother IS NOT NULL
) d
