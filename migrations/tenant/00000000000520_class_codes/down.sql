DROP INDEX classes_code;
CREATE INDEX classes_code ON classes (class_code);
