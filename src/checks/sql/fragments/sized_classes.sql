-- The classes of the asked year as `c`, with the number of their students.
(
    SELECT c.class_code, c.name, c.grade, c.combined_with_class_code, coalesce(n.students, 0) AS students
    FROM classes c
    LEFT JOIN (
        SELECT e.class_code, count(DISTINCT e.student_code) AS students
        FROM enrollments e
        WHERE e.school_code = a.school_code
            AND e.school_year = a.school_year
            AND {{attending}}
        GROUP BY e.class_code
    ) n ON n.class_code = c.class_code
    WHERE c.school_code = a.school_code
        AND c.school_year = a.school_year
    OFFSET 0
) c
