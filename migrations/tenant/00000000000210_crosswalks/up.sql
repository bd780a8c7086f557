-- What the codes of a client's software mean in the sector's code lists.

CREATE TABLE client_crosswalks (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id    uuid             NOT NULL REFERENCES clients ON DELETE CASCADE,
    list         text COLLATE "C" NOT NULL,
    foreign_code text COLLATE "C" NOT NULL CHECK (foreign_code <> ''),
    code         text COLLATE "C" NOT NULL,
    valid_from   date,
    valid_to     date,
    CHECK (valid_from <= valid_to)
);
CREATE INDEX client_crosswalks_client ON client_crosswalks (client_id, list);
COMMENT ON TABLE client_crosswalks IS 'Crosswalks: foreign codes of a client and the codes of the sector that they stand for, in the order in which they were given.';
COMMENT ON COLUMN client_crosswalks.client_id IS 'Whose codes they are.';
COMMENT ON COLUMN client_crosswalks.list IS 'Name of the code list, such as enrollment-entry-types.';
COMMENT ON COLUMN client_crosswalks.foreign_code IS 'What the client sends.';
COMMENT ON COLUMN client_crosswalks.code IS 'What is stored: a code of the list.';
COMMENT ON COLUMN client_crosswalks.valid_from IS 'First day of receipt for which it holds; null: always did.';
COMMENT ON COLUMN client_crosswalks.valid_to IS 'Last day; null: no end is known.';
