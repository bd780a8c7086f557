-- The tenants of this database: provinces, each with its records, clients and keys in a schema of its own.
CREATE TABLE tenants (
    name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    schema_name text NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tenants IS 'The tenants of this database.';
COMMENT ON COLUMN tenants.name IS 'As commands and tokens name it.';
COMMENT ON COLUMN tenants.schema_name IS 'The schema that holds everything of the tenant.';
COMMENT ON COLUMN tenants.state IS 'active: it is served; suspended: it is kept, but nobody comes in.';
COMMENT ON COLUMN tenants.created_at IS 'When it was made.';
COMMENT ON COLUMN tenants.changed_at IS 'When it was suspended, or served again.';
-- A database that serves one province has no other, and needs no word of it.
INSERT INTO tenants (name, schema_name) VALUES ('default', 'public');
