-- Results of students who were not in that class then. The record's own rule refuses such; an enrollment that was
-- changed or deleted afterwards is seen here. Told once for each student and class; where nothing is known of a
-- student's enrollments at the school in that year, nothing is judged. FULL JOIN, as it is never done by nested loops.
SELECT a.school_code, a.school_year,
    jsonb_build_object(
        'schoolCode', a.school_code, 'schoolYear', a.school_year, 'studentCode', r.student_code,
        'classCode', r.class_code
    ) AS key, '/classCode' AS pointer,
    jsonb_build_object('class', r.class_code, 'period', r.periods, 'known', r.known) AS "values",
    NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    WITH results AS MATERIALIZED (
        SELECT r.student_code, r.class_code, r.period
        FROM subject_results r
        WHERE r.school_code = a.school_code
            AND r.school_year = a.school_year
        GROUP BY r.student_code, r.class_code, r.period
        UNION
        SELECT r.student_code, r.class_code, r.period
        FROM academic_records r
        WHERE r.school_code = a.school_code
            AND r.school_year = a.school_year
    ), stays AS MATERIALIZED (
        SELECT e.student_code, e.class_code, max(coalesce(e.exit_date, 'infinity')) AS last
        FROM enrollments e
        WHERE e.school_code = a.school_code
            AND e.school_year = a.school_year
        GROUP BY e.student_code, e.class_code
    ), beside AS (
        SELECT student_code, class_code, r.period, r.of_second, e.last,
            string_agg(CASE WHEN e.last IS NOT NULL THEN class_code END, ', ') OVER (PARTITION BY student_code) AS known
        FROM (
            SELECT r.student_code, r.class_code, string_agg(r.period, ', ' ORDER BY r.period) AS period,
                bool_or(r.period NOT IN ('GK1', 'CK1')) AS of_second
            FROM results r
            GROUP BY r.student_code, r.class_code
        ) r
        FULL JOIN stays e USING (student_code, class_code)
    )
    SELECT b.student_code, b.class_code, b.period AS periods, b.known
    FROM beside b
    WHERE b.period IS NOT NULL
        AND b.known IS NOT NULL
        AND (
            b.last IS NULL
            OR b.of_second
            AND b.last < make_date(
                left(a.school_year, 4)::integer + 1, (a.second_from / 100)::integer, (a.second_from % 100)::integer
            )
        )
) r
