drop table subject_results;
