drop table teaching_assignments;
