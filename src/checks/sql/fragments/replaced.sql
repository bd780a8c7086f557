-- Has the school {{1}} ended, so that another took its place? What is still open there has ended with it.
EXISTS (
    SELECT 1
    FROM schools z
    WHERE z.school_code = {{1}}
        AND z.status IN ({{end_states}})
        AND z.successor_code IS NOT NULL
)
