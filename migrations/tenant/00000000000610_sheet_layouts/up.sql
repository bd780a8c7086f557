-- Layouts of sheets that the department adds without a build, and what a request says of the sheets in its body.

CREATE TABLE sheet_layouts (
    name       text        NOT NULL PRIMARY KEY,
    definition jsonb       NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE sheet_layouts IS 'Forms of sheets besides those of the program, each as its definition.';

ALTER TABLE submissions ADD COLUMN given jsonb;
COMMENT ON COLUMN submissions.given IS 'What the parameters of the request say for every row of its sheets; null: nothing.';
