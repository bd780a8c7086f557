-- A secret has 256 random bits, so a fast digest of it tells as surely as a slow one whether it is right, and costs a flood of wrong ones nothing.
-- Of secrets from before there is none until they are proven once more.
ALTER TABLE clients ADD COLUMN secret_digest bytea;
