-- Columns of marks that look shifted by a row: the marks of a term beside those of the last one, which for the first
-- term is the second of the year before; each student's own, the one before's and the one after's in the order of the
-- class (`order_in_class`, else by given name, as class lists go). Rows look shifted when a neighbour's marks fit far
-- better than the student's own: by the correlation, by what it gains over the own one, by half the distance, and by
-- more than chance makes (Fisher's transformation: the smaller the class, the better the fit must be). A correlation
-- is at most 1, so where the students' own marks leave nothing to gain (`suspects` are the others), no class list is
-- read. FULL JOIN, as it is never done by nested loops: the planner takes a year of which everything has just come
-- for nearly empty.
SELECT a.school_code, a.school_year, {{results_key}} AS key, '' AS pointer,
    jsonb_build_object(
        'class', r.class_code, 'subject', r.subject_code, 'period', r.period, 'count', r.n::text,
        'direction', CASE WHEN r.after_fit > r.before_fit THEN '@row-above' ELSE '@row-below' END
    ) AS "values", NULL::text AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    VALUES
        (left(a.school_year, 4)::int - 1 || '-' || left(a.school_year, 4), 'CK2', 'CK1'),
        (a.school_year, 'CK1', 'CK2')
) p(first_year, first_period, period)
CROSS JOIN LATERAL (
    WITH pairs AS MATERIALIZED (
        SELECT s.class_code, student_code, subject_code, f.mark AS first, s.mark AS second
        FROM (
            {{term_marks|p.first_year|p.first_period}}
                AND ({{first_result|a.school_year|p.period}}) IS NOT NULL
            OFFSET 0
        ) f
        FULL JOIN (
            {{term_marks|a.school_year|p.period}}
                AND ({{first_result|p.first_year|p.first_period}}) IS NOT NULL
            OFFSET 0
        ) s USING (student_code, subject_code)
    ), suspects AS MATERIALIZED (
        SELECT class_code, subject_code, true AS suspect
        FROM pairs
        GROUP BY class_code, subject_code
        HAVING regr_count(second, first) >= a.students
            AND corr(second, first) * 100 <= 100 - a.gain
    ), places AS MATERIALIZED (
        SELECT class_code, student_code,
            row_number() OVER (
                PARTITION BY class_code
                ORDER BY place, regexp_replace(name, '^.* ', ''), name, student_code
            ) AS place
        FROM (
            SELECT c.class_code, e.student_code, min(e.order_in_class) AS place,
                CASE WHEN min(e.order_in_class) IS NULL THEN unaccent_fold(min(s.full_name)) END AS name
            FROM (SELECT DISTINCT class_code FROM suspects) c
            CROSS JOIN LATERAL (
                SELECT e.student_code, e.order_in_class
                FROM enrollments e
                WHERE e.school_code = a.school_code
                    AND e.school_year = a.school_year
                    AND e.class_code = c.class_code
                OFFSET 0
            ) e
            LEFT JOIN LATERAL (
                SELECT s.full_name
                FROM students s
                WHERE s.student_code = e.student_code
                    AND e.order_in_class IS NULL
                OFFSET 0
            ) s ON true
            GROUP BY c.class_code, e.student_code
        ) e
    ), followed AS MATERIALIZED (
        SELECT p.*
        FROM (
            SELECT *
            FROM (SELECT * FROM pairs WHERE EXISTS (SELECT 1 FROM suspects)) p
            FULL JOIN suspects USING (class_code, subject_code)
            OFFSET 0
        ) p
        WHERE p.suspect
            AND p.first IS NOT NULL
            AND p.second IS NOT NULL
    ), lines AS (
        SELECT t.class_code, t.subject_code, t.first, t.second, lag(t.first) OVER list AS above,
            lead(t.first) OVER list AS below
        FROM (SELECT * FROM followed FULL JOIN places USING (class_code, student_code) OFFSET 0) t
        WHERE t.suspect
            AND t.place IS NOT NULL
        WINDOW list AS (PARTITION BY t.class_code, t.subject_code ORDER BY t.place)
    ), fits AS (
        SELECT class_code, subject_code, count(*) AS n, coalesce(corr(second, first), 0) AS own_fit,
            coalesce(corr(second, above), 0) AS after_fit, coalesce(corr(second, below), 0) AS before_fit,
            avg(abs(second - first)) AS own_distance, avg(abs(second - above)) AS after_distance,
            avg(abs(second - below)) AS before_distance
        FROM lines
        GROUP BY class_code, subject_code
    )
    SELECT class_code, subject_code, p.period, n, after_fit, before_fit, own_fit,
        greatest(after_fit, before_fit) AS fit, own_distance,
        CASE WHEN after_fit > before_fit THEN after_distance ELSE before_distance END AS distance
    FROM fits
) r
WHERE r.n >= a.students
    AND r.fit * 100 >= a.correlation
    AND (r.fit - r.own_fit) * 100 >= a.gain
    AND r.distance * 2 <= r.own_distance
    AND atanh(least(r.fit, 0.999999)) * sqrt(greatest(r.n - 4, 0)) * 10 >= a.certainty
