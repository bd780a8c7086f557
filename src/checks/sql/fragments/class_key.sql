-- The key of a class, from the aliases `a` (asked) and `c`.
jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'classCode', c.class_code)
