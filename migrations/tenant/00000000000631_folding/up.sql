-- Texts fold as `src/model/lists/fold.rs` folds them: full-width forms are ASCII, what shows nothing is gone, what looks like a Latin letter
-- is one, and signs are spaces. The index stands on the function, and is made anew with it.
DROP INDEX students_likeness;
CREATE OR REPLACE FUNCTION unaccent_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(lower(translate(regexp_replace(normalize(value, NFKD),
        '[\u0300-\u036f\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]', '', 'g'),
        'ĐđÐðƉɖАВЕЅІЈКМНОРСТУХавеѕіјкмнорстухΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυ',
        'ddddddABESIJKMHOPCTYXabesijkmhopctyxABEZHIKMNOPTYXavopu')),
        '[\s!-/:-@\[-`{-~\u2010-\u201f\u00b7]+', ' ', 'g'));
CREATE INDEX students_likeness ON students (birth_date, unaccent_fold(full_name));
