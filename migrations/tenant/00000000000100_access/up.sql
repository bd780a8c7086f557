-- Who may come in: clients, what is granted to them, the keys that sign their tokens, and what administrators did.

CREATE TABLE clients (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('school-software', 'sector-staff', 'public-service', 'consumer', 'admin')),
    -- argon2id, PHC string; the secret itself is kept nowhere.
    secret_hash text NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    secret_changed_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
COMMENT ON TABLE clients IS 'Programs that may ask for tokens; a revoked one is kept, because submissions and versions name it';

CREATE TABLE client_grants (
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('school', 'commune', 'all')),
    -- A school's eight digits, a commune's five; empty for all. Neither needs to exist yet.
    code text NOT NULL,
    PRIMARY KEY (client_id, kind, code),
    CHECK (CASE kind WHEN 'school' THEN code ~ '^[0-9]{8}$' WHEN 'commune' THEN code ~ '^[0-9]{5}$' ELSE code = '' END)
);
COMMENT ON TABLE client_grants IS 'The area of a client: schools, communes, or everything';

CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    -- PKCS #8, P-256.
    private_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- From then on it signs nothing; it is removed when the last token it signed has expired.
    retired_at timestamptz
);
COMMENT ON TABLE signing_keys IS 'Keys that sign access tokens (ES256)';

CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator, on the command line.
    client_id uuid,
    action text NOT NULL,
    target text NOT NULL,
    request_id text
);
COMMENT ON TABLE audit_log IS 'What administrators did, to what; no personal data';
CREATE INDEX audit_log_at ON audit_log (at);

-- One row, raised in the transaction of every change to the tables above: a running gateway sees by one look whether it must read them again.
CREATE TABLE access_version (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    version bigint NOT NULL
);
INSERT INTO access_version (version) VALUES (1);
