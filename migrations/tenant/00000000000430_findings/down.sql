DROP INDEX students_likeness, staff_email;
DROP TABLE findings_rounds, findings_due, findings;
