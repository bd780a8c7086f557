-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table subject_results (
    school_code text collate "C" not null,
    school_year text collate "C" not null,
    period text collate "C" not null,
    student_code text collate "C" not null,
    subject_code text collate "C" not null,
    class_code text collate "C" not null,
    regular_marks numeric(3, 1)[],
    midterm_mark numeric(3, 1),
    final_mark numeric(3, 1),
    average numeric(3, 1),
    test_mark integer,
    level text collate "C",
    exempt boolean,
    reassessed_mark numeric(3, 1),
    reassessed_level text collate "C",
    staff_code text collate "C",
    comment text collate "C",
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, school_year, period, student_code, subject_code)
);
create index subject_results_feed on subject_results (xid, change_id);
-- The path of the marks is the hottest, so two small indexes only beside key and feed. A pupil's results across schools and years: they come sorted
-- by pupil, which makes its entries neighbours and repeated; COPY of 312,000 rows took as long with it as without (3.2 to 4.0 s, 3.0 to 4.1 s).
-- A teacher's, so that deleting one need not read the whole table (0.2 ms against 115 ms at 300,000 rows): 2.3 MB, COPY as long as before.
create index subject_results_student on subject_results (student_code);
create index subject_results_staff on subject_results (staff_code) where staff_code is not null;
comment on table subject_results is 'Kết quả môn học: marks or level of a pupil in a subject for a period (OneRoster result, Ed-Fi Grade).';
comment on column subject_results.school_code is 'Mã trường.';
comment on column subject_results.school_year is 'Năm học.';
comment on column subject_results.period is 'Kỳ: middle and end of each term, and the year. CK1 and CK2 are the two terms of secondary school (ĐTBmhk), CN the year (ĐTBmcn).';
comment on column subject_results.student_code is 'Mã học sinh.';
comment on column subject_results.subject_code is 'Mã môn học.';
comment on column subject_results.class_code is 'Mã lớp.';
comment on column subject_results.regular_marks is 'Điểm đánh giá thường xuyên (ĐĐGtx), 0 to 10.';
comment on column subject_results.midterm_mark is 'Điểm đánh giá giữa kỳ (ĐĐGgk), 0 to 10.';
comment on column subject_results.final_mark is 'Điểm đánh giá cuối kỳ (ĐĐGck), 0 to 10.';
comment on column subject_results.average is 'Điểm trung bình môn (ĐTBmhk, ĐTBmcn), 0 to 10.';
comment on column subject_results.test_mark is 'Điểm kiểm tra định kỳ, primary: whole number 1 to 10 (Circular 27/2020, article 7).';
comment on column subject_results.level is 'Mức đạt được: T, H, C in primary (Circular 27/2020); Đ, CĐ for comment subjects in secondary (Circular 22/2021).';
comment on column subject_results.exempt is 'Miễn học.';
comment on column subject_results.reassessed_mark is 'Điểm đánh giá lại.';
comment on column subject_results.reassessed_level is 'Mức đánh giá lại.';
comment on column subject_results.staff_code is 'Giáo viên.';
comment on column subject_results.comment is 'Nhận xét.';
