-- The citizen number of the student {{1}}, where the population database confirmed it.
CASE WHEN {{1}}.citizen_id_state = 'verified' THEN {{1}}.citizen_id END
