-- A column of marks that is the same for every student of the class who has one. What is equal for all is equal for
-- any few: five students of each class are looked up first (a choice that stays the same), and only where theirs
-- agree the class is read. A column in which none of the five has a mark is no whole one and passed over. Whether the
-- subject is given marks is asked last, for few are left.
SELECT a.school_code, a.school_year, {{results_key}} AS key, r.pointer,
    jsonb_build_object(
        'class', r.class_code, 'subject', r.subject_code, 'period', r.period, 'count', r.n::text,
        'mark', trim_scale(r.low)::text, 'column', r.name
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    WITH periods AS MATERIALIZED (
        SELECT p.period
        FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2')) p(period)
        CROSS JOIN LATERAL ({{first_result|a.school_year|p.period}}) r
    ), alike AS MATERIALIZED (
        {{equal_columns
            | classes c
              CROSS JOIN LATERAL (
                  SELECT e.student_code
                  FROM enrollments e
                  WHERE e.school_code = a.school_code
                      AND e.school_year = a.school_year
                      AND e.class_code = c.class_code
                  ORDER BY hashtextextended(e.student_code, 0)
                  LIMIT 5
              ) e
              CROSS JOIN periods p
              CROSS JOIN LATERAL (
                  SELECT *
                  FROM subject_results r
                  WHERE r.school_code = a.school_code
                      AND r.school_year = a.school_year
                      AND r.period = p.period
                      AND r.student_code = e.student_code
                      AND r.class_code = c.class_code
                  OFFSET 0
              ) r
              WHERE c.school_code = a.school_code
                  AND c.school_year = a.school_year
            | 1}}
    ), equal AS MATERIALIZED (
        {{equal_columns
            | alike q
              CROSS JOIN LATERAL (
                  SELECT DISTINCT e.student_code
                  FROM enrollments e
                  WHERE e.school_code = a.school_code
                      AND e.school_year = a.school_year
                      AND e.class_code = q.class_code
              ) e
              CROSS JOIN LATERAL (
                  SELECT *
                  FROM subject_results r
                  WHERE r.school_code = a.school_code
                      AND r.school_year = a.school_year
                      AND r.period = q.period
                      AND r.student_code = e.student_code
                      AND r.subject_code = q.subject_code
                      AND r.class_code = q.class_code
                  OFFSET 0
              ) r
            | a.students}}
    )
    SELECT q.*
    FROM equal q
    JOIN classes c ON c.school_code = a.school_code
        AND c.school_year = a.school_year
        AND c.class_code = q.class_code
    JOIN scored k ON k.grade = c.grade
        AND k.subject = q.subject_code
) r
