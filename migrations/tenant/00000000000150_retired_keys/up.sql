-- A receipt is evidence for years: when the last token of a key has expired, its private part goes and its public part stays.
ALTER TABLE signing_keys ALTER COLUMN private_key DROP NOT NULL, ADD COLUMN public_key jsonb;
ALTER TABLE signing_keys ADD CHECK (private_key IS NOT NULL OR public_key IS NOT NULL);
COMMENT ON COLUMN signing_keys.private_key IS 'PKCS #8, P-256; NULL when the last token that it signed has expired.';
COMMENT ON COLUMN signing_keys.public_key IS 'The JSON Web Key that still verifies receipts, when the private one is gone.';
COMMENT ON TABLE signing_keys IS 'Keys that sign access tokens and receipts (ES256)';
