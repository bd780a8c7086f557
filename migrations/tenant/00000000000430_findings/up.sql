-- What the whole-school checks found, and which schools are to be checked again.

CREATE TABLE findings (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    school_code text        COLLATE "C" NOT NULL,
    school_year text        COLLATE "C" NOT NULL,
    code        text        COLLATE "C" NOT NULL,
    severity    smallint    NOT NULL,
    resource    text        COLLATE "C" NOT NULL,
    key         jsonb       NOT NULL,
    pointer     text        COLLATE "C" NOT NULL,
    subject     text        COLLATE "C" NOT NULL,
    "values"    jsonb       NOT NULL,
    cause       text        COLLATE "C",
    others      text[]      COLLATE "C" NOT NULL,
    standing    boolean     NOT NULL DEFAULT true,
    opened_at   timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    closed_at   timestamptz,
    decision    text        CHECK (decision IN ('distinct', 'duplicate')),
    note        text,
    decided_at  timestamptz,
    decided_by  uuid,
    CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)),
    -- Open is what stands and was not dismissed.
    CHECK ((closed_at IS NULL) = (standing AND decision IS DISTINCT FROM 'distinct'))
);
-- A fault stands once, and one that was dismissed does not come back under another id.
CREATE UNIQUE INDEX findings_subject ON findings (school_code, code, subject) WHERE standing OR decision = 'distinct';
CREATE INDEX findings_newest ON findings (opened_at DESC, id DESC);
CREATE INDEX findings_of_school ON findings (school_code, opened_at DESC, id DESC);
CREATE INDEX findings_open ON findings (code) WHERE closed_at IS NULL;
CREATE INDEX findings_changed ON findings (changed_at);
-- Findings of one matter are decided together.
CREATE INDEX findings_cause ON findings (code, cause) WHERE cause IS NOT NULL AND (standing OR decision = 'distinct');
CREATE INDEX findings_others ON findings USING gin (others) WHERE standing AND others <> '{}';
COMMENT ON TABLE findings IS 'What the whole-school checks found: opened when a fault appears, closed when the data are mended.';
COMMENT ON COLUMN findings.school_year IS 'The school year judged; empty for checks that look at no year.';
COMMENT ON COLUMN findings.code IS 'The rule.';
COMMENT ON COLUMN findings.severity IS '0 error, 1 warning, 2 info.';
COMMENT ON COLUMN findings.key IS 'The record at fault, or the members that name its class and subject.';
COMMENT ON COLUMN findings.subject IS 'What makes it the same finding at the next look: year, key and cause.';
COMMENT ON COLUMN findings.cause IS 'Findings of one rule and cause are one matter, such as a pair of students.';
COMMENT ON COLUMN findings.others IS 'Other schools whose records take part in the fault.';
COMMENT ON COLUMN findings.standing IS 'The data still show the fault.';
COMMENT ON COLUMN findings.decision IS 'What the sector decided of a likely duplicate: distinct (dismissed) or duplicate.';

CREATE TABLE findings_due (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    school_code text        COLLATE "C" NOT NULL,
    school_year text        COLLATE "C" NOT NULL,
    resource    text        COLLATE "C" NOT NULL,
    echo        boolean     NOT NULL DEFAULT false,
    marked_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX findings_due_school ON findings_due (school_code);
COMMENT ON TABLE findings_due IS 'Schools to be checked again. Rows are only added by writers, so that no two of them wait for each other.';
COMMENT ON COLUMN findings_due.school_year IS 'The year of the records written; empty: those in use.';
COMMENT ON COLUMN findings_due.resource IS 'The resource written; empty: all of them.';
COMMENT ON COLUMN findings_due.echo IS 'The mark comes from another school''s check and is passed on no further.';

-- One row: the day of the last check of all schools.
CREATE TABLE findings_rounds (
    single    boolean PRIMARY KEY DEFAULT true CHECK (single),
    marked_on date    NOT NULL
);
INSERT INTO findings_rounds (marked_on) VALUES ('2000-01-01');
COMMENT ON TABLE findings_rounds IS 'The day for which all schools were last marked as due.';

-- SF-007 and ID-022 look for the like among all schools.
CREATE INDEX staff_email ON staff (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX students_likeness ON students (birth_date, unaccent_fold(full_name));
