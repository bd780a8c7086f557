DROP INDEX classes_name;
DROP INDEX diplomas_name;
DROP INDEX students_name;
DROP INDEX staff_name;
DROP INDEX schools_name;
DROP FUNCTION vietnamese_order(text);
