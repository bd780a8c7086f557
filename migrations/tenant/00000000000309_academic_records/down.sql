drop table academic_records;
