drop table schools;
