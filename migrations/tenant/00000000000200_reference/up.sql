-- Reference data that an operator loads. Code lists stand in the place of the program's own of the same name.

CREATE TABLE code_list_values (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list       text COLLATE "C" NOT NULL,
    code       text COLLATE "C" NOT NULL,
    name_vi    text             NOT NULL,
    name_en    text             NOT NULL,
    valid_from date,
    valid_to   date,
    columns    jsonb            NOT NULL
);
CREATE INDEX code_list_values_list ON code_list_values (list, code);
COMMENT ON TABLE code_list_values IS 'Values of the code lists that were loaded, in the order of their files.';
COMMENT ON COLUMN code_list_values.list IS 'Name of the list, such as ethnic-groups.';
COMMENT ON COLUMN code_list_values.code IS 'What records say.';
COMMENT ON COLUMN code_list_values.name_vi IS 'Vietnamese name.';
COMMENT ON COLUMN code_list_values.name_en IS 'English name; empty where there is none.';
COMMENT ON COLUMN code_list_values.valid_from IS 'First day on which it may be used; null: always could.';
COMMENT ON COLUMN code_list_values.valid_to IS 'Last day on which it may be used; null: no end is known.';
COMMENT ON COLUMN code_list_values.columns IS 'The further columns of the file, as pairs of heading and value.';

CREATE TABLE administrative_units (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text COLLATE "C" NOT NULL,
    name       text             NOT NULL,
    level      text COLLATE "C" NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    province   text COLLATE "C" NOT NULL,
    valid_from date,
    valid_to   date,
    successors text             NOT NULL
);
CREATE INDEX administrative_units_code ON administrative_units (code);
CREATE INDEX administrative_units_province ON administrative_units (province);
COMMENT ON TABLE administrative_units IS 'Provinces, districts and communes, each for the time in which it bore its code.';
COMMENT ON COLUMN administrative_units.code IS 'Two digits for a province, three for a district, five for a commune.';
COMMENT ON COLUMN administrative_units.name IS 'Vietnamese name in full.';
COMMENT ON COLUMN administrative_units.level IS 'province, district or commune.';
COMMENT ON COLUMN administrative_units.province IS 'Code of the province to which it belongs.';
COMMENT ON COLUMN administrative_units.valid_from IS 'First day; null: as long as anyone asks.';
COMMENT ON COLUMN administrative_units.valid_to IS 'Last day; null: no end is known.';
COMMENT ON COLUMN administrative_units.successors IS 'Codes of the units that took over, separated by spaces.';

CREATE TABLE administrative_successions (
    ended_on  date             NOT NULL,
    code      text COLLATE "C" NOT NULL,
    province  text COLLATE "C" NOT NULL,
    successor text COLLATE "C" NOT NULL,
    PRIMARY KEY (ended_on, code, successor)
);
COMMENT ON TABLE administrative_successions IS 'Which communes took over from which when units were merged or divided (crosswalk).';
COMMENT ON COLUMN administrative_successions.ended_on IS 'Last day of the old commune.';
COMMENT ON COLUMN administrative_successions.code IS 'Code of the old commune.';
COMMENT ON COLUMN administrative_successions.province IS 'Province of the old commune.';
COMMENT ON COLUMN administrative_successions.successor IS 'Code of the commune that took over all of it or a part.';

-- One row: gateways that run see by it that something was loaded.
CREATE TABLE reference_version (
    single     boolean     PRIMARY KEY DEFAULT true CHECK (single),
    version    bigint      NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO reference_version (version) VALUES (0);
COMMENT ON TABLE reference_version IS 'Counts the loads of reference data.';
COMMENT ON COLUMN reference_version.version IS 'Rises with each load; 0: nothing was loaded.';
COMMENT ON COLUMN reference_version.changed_at IS 'When something was loaded last.';
