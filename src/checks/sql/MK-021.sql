-- A class without any result in a period that it was to be reported in until a moment that has passed; where the
-- sector has set none, in which most students of the school's other classes of its level (of its grade, for the
-- middle of a term, when not every grade is tested) have some. A class is looked at until a first result is found;
-- only for periods in which one has none are the students counted who have.
SELECT a.school_code, a.school_year, {{class_key}} AS key, '' AS pointer,
    jsonb_build_object('class', c.name, 'period', c.period, 'reason', c.reason) AS "values",
    'period:' || c.period AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    WITH taught AS MATERIALIZED (
        SELECT c.class_code, c.name, c.grade, g.level
        FROM classes c
        JOIN grades g ON g.grade = c.grade
        CROSS JOIN LATERAL (
            SELECT 1
            FROM enrollments e
            WHERE e.school_code = a.school_code
                AND e.school_year = a.school_year
                AND e.class_code = c.class_code
                AND {{attending}}
            LIMIT 1
        ) e
        WHERE c.school_code = a.school_code
            AND c.school_year = a.school_year
    ), deadlines AS MATERIALIZED (
        SELECT p.period, bool_and(greatest(o.closes_at, x.until) <= (SELECT now FROM clock)) AS passed
        FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2'), ('CN')) p(period)
        JOIN reporting_periods o ON o.school_year = a.school_year
            AND 'subject-results' = ANY(o.resources)
            AND (o.periods = '{}' OR p.period = ANY(o.periods))
            AND (
                (o.schools = '{}' AND o.communes = '{}')
                OR a.school_code = ANY(o.schools)
                OR (SELECT s.commune_code FROM schools s WHERE s.school_code = a.school_code) = ANY(o.communes)
            )
        LEFT JOIN reporting_period_extensions x ON x.reporting_period_id = o.id
            AND x.school_code = a.school_code
        GROUP BY p.period
        HAVING bool_or(p.period = ANY(o.periods) OR p.period = o.phase)
    ), periods AS MATERIALIZED (
        SELECT d.period
        FROM deadlines d
        WHERE d.passed
        UNION
        SELECT p.period
        FROM (VALUES ('GK1'), ('CK1'), ('GK2'), ('CK2'), ('CN')) p(period)
        CROSS JOIN LATERAL ({{first_result|a.school_year|p.period}}) r
    ), empty AS MATERIALIZED (
        SELECT c.*, p.period, d.period IS NOT NULL AS is_set, coalesce(d.passed, false) AS passed
        FROM taught c
        CROSS JOIN periods p
        LEFT JOIN deadlines d ON d.period = p.period
            AND CASE c.level WHEN '1' THEN p.period <> 'CN' ELSE c.level IN ('2', '3') AND p.period NOT LIKE 'GK%' END
        LEFT JOIN LATERAL (
            SELECT true AS found
            FROM enrollments e
            CROSS JOIN LATERAL ({{result_of|e.student_code}}) r
            WHERE e.school_code = a.school_code
                AND e.school_year = a.school_year
                AND e.class_code = c.class_code
                AND {{attending}}
            LIMIT 1
        ) f ON true
        WHERE f.found IS NULL
    ), others AS MATERIALIZED (
        SELECT c.class_code, c.grade, c.level, p.period, count(*) AS students, count(r.found) AS graded
        FROM (SELECT DISTINCT period FROM empty WHERE NOT is_set) p
        CROSS JOIN taught c
        CROSS JOIN LATERAL (
            SELECT DISTINCT e.student_code
            FROM enrollments e
            WHERE e.school_code = a.school_code
                AND e.school_year = a.school_year
                AND e.class_code = c.class_code
                AND {{attending}}
        ) e
        LEFT JOIN LATERAL ({{result_of|e.student_code}}) r ON true
        GROUP BY c.class_code, c.grade, c.level, p.period
    )
    SELECT s.class_code, s.name, s.period,
        CASE WHEN s.is_set THEN '@deadline-passed' ELSE '@others-have' END AS reason
    FROM empty s
    WHERE CASE WHEN s.is_set THEN s.passed ELSE (
        SELECT sum(o.graded) * 100 >= sum(o.students) * a.share
        FROM others o
        WHERE o.class_code <> s.class_code
            AND o.period = s.period
            AND o.level = s.level
            AND (o.grade = s.grade OR s.period NOT LIKE 'GK%')
    ) END
) c
