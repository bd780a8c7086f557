-- The school's first result of a year and period. Asked for by its order, it is one look into the index for each; as
-- EXISTS it may become a join, or a search, that reads everything. {{1}}: the school year, {{2}}: the period.
SELECT r.student_code
FROM subject_results r
WHERE r.school_code = a.school_code
    AND r.school_year = {{1}}
    AND r.period = {{2}}
ORDER BY r.student_code
LIMIT 1
