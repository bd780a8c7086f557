-- Results of a class in subjects that its grade is not taught. The record's own rule refuses such; the grade of a class
-- that was changed afterwards is seen here. Years before the programme of 2018 had subjects of their own and are not
-- judged.
SELECT a.school_code, a.school_year,
    jsonb_build_object(
        'schoolCode', a.school_code, 'schoolYear', a.school_year, 'classCode', r.class_code,
        'subjectCode', r.subject_code
    ) AS key, '/subjectCode' AS pointer,
    jsonb_build_object('subject', r.subject_code, 'grade', r.grade) AS "values",
    'classes:' || a.school_code || '/' || a.school_year || '/' || r.class_code AS cause, '{}'::text[] AS others
FROM asked a
CROSS JOIN LATERAL (
    SELECT r.class_code, r.subject_code, (
            SELECT c.grade
            FROM classes c
            WHERE c.school_code = a.school_code
                AND c.school_year = a.school_year
                AND c.class_code = r.class_code
        ) AS grade
    FROM (
        SELECT DISTINCT r.class_code, r.subject_code
        FROM subject_results r
        WHERE r.school_code = a.school_code
            AND r.school_year = a.school_year
    ) r
    OFFSET 0
) r
WHERE r.grade IN (SELECT t.grade FROM taught t WHERE t.since <= a.school_year)
    AND (r.grade, r.subject_code) NOT IN (SELECT t.grade, t.subject FROM taught t)
