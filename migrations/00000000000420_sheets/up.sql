-- Where the records of a sheet stood, so that an issue names sheet, row and column as the sender sees them.

CREATE TABLE submission_sheets (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    sheet         integer NOT NULL,
    name          text    NOT NULL,
    resource      text    NOT NULL,
    PRIMARY KEY (submission_id, sheet)
);
COMMENT ON TABLE submission_sheets IS 'The sheets of a workbook that held records, in their order; a CSV is one without a name.';

CREATE TABLE submission_columns (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    sheet         integer NOT NULL,
    pointer       text    COLLATE "C" NOT NULL,
    place         integer NOT NULL,
    letters       text    NOT NULL,
    heading       text    NOT NULL,
    line          bigint,
    PRIMARY KEY (submission_id, sheet, pointer)
);
COMMENT ON COLUMN submission_columns.place IS 'Column, from 0.';
COMMENT ON COLUMN submission_columns.line IS 'Row above the headings that says the value for every record; null: each row has its own.';

CREATE TABLE submission_rows (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    first_index   bigint  NOT NULL,
    sheet         integer NOT NULL,
    first_row     bigint  NOT NULL,
    PRIMARY KEY (submission_id, first_index)
);
COMMENT ON TABLE submission_rows IS 'The record of this place stood in this row; those after it, up to the next entry, in the rows that follow.';
