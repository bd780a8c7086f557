DROP TABLE submission_rows;
DROP TABLE submission_columns;
DROP TABLE submission_sheets;
