drop table students;
