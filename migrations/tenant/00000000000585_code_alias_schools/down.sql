ALTER TABLE code_aliases DROP COLUMN school_code;
