drop table facility_returns;
