-- The addresses under which the gateways on this database give tokens: each takes the tokens of all.
CREATE TABLE token_issuers (
    issuer text PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);
