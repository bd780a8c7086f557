-- Columns of marks, of the rows, in which at least so many students of a class have one and all the same: the first
-- of each subject and period. {{1}}: the rows, as `r`; {{2}}: how many students.
SELECT r.class_code, r.subject_code, r.period, e.*
FROM (
    SELECT r.class_code, r.subject_code, r.period,
        count(r.midterm_mark) AS n0, min(r.midterm_mark) AS low0, max(r.midterm_mark) AS high0,
        count(r.final_mark) AS n1, min(r.final_mark) AS low1, max(r.final_mark) AS high1,
        count(r.test_mark) AS n2, min(r.test_mark)::numeric AS low2, max(r.test_mark)::numeric AS high2,
        count(r.regular1) AS n3, min(r.regular1) AS low3, max(r.regular1) AS high3,
        count(r.regular2) AS n4, min(r.regular2) AS low4, max(r.regular2) AS high4,
        count(r.regular3) AS n5, min(r.regular3) AS low5, max(r.regular3) AS high5,
        count(r.regular4) AS n6, min(r.regular4) AS low6, max(r.regular4) AS high6
    FROM (
        SELECT r.class_code, r.subject_code, r.period, r.midterm_mark, r.final_mark, r.test_mark,
            r.regular_marks[1] AS regular1, r.regular_marks[2] AS regular2, r.regular_marks[3] AS regular3,
            r.regular_marks[4] AS regular4
        FROM {{1}}
        OFFSET 0
    ) r
    GROUP BY r.class_code, r.subject_code, r.period
) r
CROSS JOIN LATERAL (
    SELECT *
    FROM (
        VALUES
            (r.n0, r.low0, r.high0, '/midtermMark', '@column-midterm'),
            (r.n1, r.low1, r.high1, '/finalMark', '@column-final'),
            (r.n2, r.low2, r.high2, '/testMark', '@column-test'),
            (r.n3, r.low3, r.high3, '/regularMarks/0', '@column-regular'),
            (r.n4, r.low4, r.high4, '/regularMarks/1', '@column-regular'),
            (r.n5, r.low5, r.high5, '/regularMarks/2', '@column-regular'),
            (r.n6, r.low6, r.high6, '/regularMarks/3', '@column-regular')
    ) v(n, low, high, pointer, name)
    WHERE v.n >= {{2}}
        AND v.low = v.high
    LIMIT 1
) e
