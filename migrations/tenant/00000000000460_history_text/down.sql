ALTER TABLE history
    ALTER COLUMN key TYPE text[] COLLATE "C" USING string_to_array(key, E'\x1f'),
    ALTER COLUMN body TYPE jsonb USING body::text::jsonb;
COMMENT ON COLUMN history.key IS 'The natural key, in the order of the path.';
