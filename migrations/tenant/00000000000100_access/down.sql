DROP TABLE access_version;
DROP TABLE audit_log;
DROP TABLE signing_keys;
DROP TABLE client_grants;
DROP TABLE clients;
