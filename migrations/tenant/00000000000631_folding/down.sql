DROP INDEX students_likeness;
CREATE OR REPLACE FUNCTION unaccent_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd'));
CREATE INDEX students_likeness ON students (birth_date, unaccent_fold(full_name));
