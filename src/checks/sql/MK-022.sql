-- Students without any result of a term in which most of their class have some: those who were in the class soon
-- enough to have one (until the day `…_by`, by the period), and are assessed as the others are. FULL JOIN, as it is
-- never done by nested loops.
SELECT a.school_code, a.school_year,
    jsonb_build_object(
        'schoolCode', a.school_code, 'schoolYear', a.school_year, 'period', r.period, 'studentCode', r.student_code
    ) AS key, '' AS pointer,
    jsonb_build_object(
        'student', r.student_code, 'class', r.class_code, 'period', r.period, 'count', r.graded::text,
        'students', r.students::text
    ) AS "values", 'classes:' || r.class_code || '/' || r.period AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    WITH graded AS MATERIALIZED (
        SELECT r.student_code, r.period
        FROM subject_results r
        WHERE r.school_code = a.school_code
            AND r.school_year = a.school_year
        GROUP BY r.student_code, r.period
    ), members AS MATERIALIZED (
        SELECT DISTINCT ON (e.student_code) e.student_code, e.class_code,
            min(e.entry_date) OVER (PARTITION BY e.student_code) AS entered
        FROM enrollments e
        WHERE e.school_code = a.school_code
            AND e.school_year = a.school_year
            AND {{attending}}
        ORDER BY e.student_code, e.entry_date DESC
    ), due AS MATERIALIZED (
        SELECT m.student_code, m.class_code, p.period
        FROM members m
        CROSS JOIN (
            VALUES ('GK1', a.gk1_by), ('CK1', a.ck1_by), ('GK2', a.gk2_by), ('CK2', a.ck2_by)
        ) p(period, entered_by)
        WHERE m.entered <= make_date(
            left(a.school_year, 4)::integer + CASE WHEN p.entered_by < 800 THEN 1 ELSE 0 END,
            (p.entered_by / 100)::integer, (p.entered_by % 100)::integer
        )
    ), beside AS (
        SELECT student_code, period, d.class_code, d.student_code IS NOT NULL AS is_due, g.student_code IS NOT NULL AS has,
            count(g.student_code) OVER class AS graded, count(*) OVER class AS students
        FROM due d
        FULL JOIN graded g USING (student_code, period)
        WINDOW class AS (PARTITION BY d.class_code, period)
    )
    SELECT b.student_code, b.class_code, b.period, b.graded, b.students
    FROM beside b
    WHERE b.is_due
        AND NOT b.has
        AND b.graded > 0
        AND b.graded * 100 >= b.students * a.share
        AND (SELECT s.exempt_from_assessment FROM students s WHERE s.student_code = b.student_code) IS NOT TRUE
) r
