DELETE FROM signing_keys WHERE private_key IS NULL;
ALTER TABLE signing_keys DROP CONSTRAINT signing_keys_check, DROP COLUMN public_key, ALTER COLUMN private_key SET NOT NULL;
COMMENT ON TABLE signing_keys IS 'Keys that sign access tokens (ES256)';
