COMMENT ON COLUMN academic_records.summer_retraining IS 'Rèn luyện trong kỳ nghỉ hè (Circular 22/2021, article 13).';
COMMENT ON COLUMN subject_results.midterm_mark IS 'Điểm đánh giá giữa kỳ (ĐĐGgk), 0 to 10.';
COMMENT ON COLUMN subject_results.final_mark IS 'Điểm đánh giá cuối kỳ (ĐĐGck), 0 to 10.';
COMMENT ON COLUMN subject_results.test_mark IS 'Điểm kiểm tra định kỳ: primary, whole number 1 to 10 (Circular 27/2020, article 7).';
COMMENT ON COLUMN teaching_assignments.term IS 'Học kỳ.';
COMMENT ON COLUMN subject_results.period IS 'Kỳ: middle and end of each term, and the year. CK1 and CK2 are the two terms of secondary school (ĐTBmhk), CN the year (ĐTBmcn).';
COMMENT ON COLUMN academic_records.period IS 'Kỳ: middle and end of each term, and the year (CN).';
