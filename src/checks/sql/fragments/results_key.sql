-- The members that name a class's results in a subject and period, from the aliases `a` and `r`.
jsonb_build_object(
    'schoolCode', a.school_code, 'schoolYear', a.school_year, 'period', r.period, 'classCode', r.class_code,
    'subjectCode', r.subject_code
)
