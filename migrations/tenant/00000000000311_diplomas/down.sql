drop table diplomas;
