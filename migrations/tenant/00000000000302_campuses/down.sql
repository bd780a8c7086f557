drop table campuses;
