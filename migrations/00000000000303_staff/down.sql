drop table staff;
