-- Is the student of the enrollment `e` in the class? Or was until the year was over?
(e.exit_type IS NULL OR e.exit_type IN ('completed', 'graduated'))
