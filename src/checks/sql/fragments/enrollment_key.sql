-- The key of an enrollment, from the aliases `a` (asked) and `e`.
jsonb_build_object(
    'schoolCode', a.school_code, 'schoolYear', a.school_year, 'studentCode', e.student_code,
    'entryDate', e.entry_date::text
)
