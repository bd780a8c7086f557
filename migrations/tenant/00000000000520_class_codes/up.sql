-- Whether there is a class of this code at the school, or anywhere, is seen by one entry of one index.
DROP INDEX classes_code;
CREATE INDEX classes_code ON classes (class_code, school_code);
