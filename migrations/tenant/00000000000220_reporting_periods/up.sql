-- When which schools report which records; and the schools that were given more time.

CREATE TABLE reporting_periods (
    id          uuid PRIMARY KEY,
    name        text             NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    school_year text COLLATE "C" NOT NULL,
    phase       text COLLATE "C" NOT NULL,
    resources   text[]           NOT NULL CHECK (cardinality(resources) > 0),
    periods     text[]           NOT NULL,
    opens_at    timestamptz      NOT NULL,
    closes_at   timestamptz      NOT NULL,
    schools     text[]           NOT NULL,
    communes    text[]           NOT NULL,
    CHECK (opens_at < closes_at)
);
COMMENT ON TABLE reporting_periods IS 'Reporting periods: outside of them no record that they cover is changed.';
COMMENT ON COLUMN reporting_periods.id IS 'UUID v7.';
COMMENT ON COLUMN reporting_periods.name IS 'For people.';
COMMENT ON COLUMN reporting_periods.school_year IS 'The school year of the records.';
COMMENT ON COLUMN reporting_periods.phase IS 'A code of the list reporting-phases.';
COMMENT ON COLUMN reporting_periods.resources IS 'Names of the resources that it covers.';
COMMENT ON COLUMN reporting_periods.periods IS 'Periods of results (GK1, CK1, …) that it covers; empty: all.';
COMMENT ON COLUMN reporting_periods.opens_at IS 'First moment at which records are taken.';
COMMENT ON COLUMN reporting_periods.closes_at IS 'First moment at which they no longer are.';
COMMENT ON COLUMN reporting_periods.schools IS 'Schools that it concerns; with no communes either: all.';
COMMENT ON COLUMN reporting_periods.communes IS 'Communes whose schools it concerns.';

CREATE TABLE reporting_period_extensions (
    reporting_period_id uuid             NOT NULL REFERENCES reporting_periods ON DELETE CASCADE,
    school_code         text COLLATE "C" NOT NULL CHECK (school_code ~ '^[0-9]{8}$'),
    until               timestamptz      NOT NULL,
    reason              text             NOT NULL,
    granted_at          timestamptz      NOT NULL DEFAULT now(),
    PRIMARY KEY (reporting_period_id, school_code)
);
COMMENT ON TABLE reporting_period_extensions IS 'Schools for which a reporting period closes later.';
COMMENT ON COLUMN reporting_period_extensions.until IS 'First moment at which records of the school are no longer taken.';
COMMENT ON COLUMN reporting_period_extensions.reason IS 'Why; no personal data.';
COMMENT ON COLUMN reporting_period_extensions.granted_at IS 'When it was given or changed.';
