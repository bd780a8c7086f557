DROP TABLE history;
DROP SEQUENCE change_block;
DROP FUNCTION unaccent_fold(text);
