-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table academic_records (
    school_code text collate "C" not null,
    school_year text collate "C" not null,
    period text collate "C" not null,
    student_code text collate "C" not null,
    class_code text collate "C" not null,
    learning_level text collate "C",
    conduct_level text collate "C",
    excused_absences integer,
    unexcused_absences integer,
    qualities jsonb,
    competencies jsonb,
    year_result text collate "C",
    award text collate "C",
    promoted boolean,
    summer_retraining boolean,
    comment text collate "C",
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, school_year, period, student_code)
);
create index academic_records_feed on academic_records (xid, change_id);
create index academic_records_student on academic_records (student_code);
comment on table academic_records is 'Kết quả rèn luyện, học tập: what a pupil''s period or year amounts to beyond the single subjects (Ed-Fi StudentAcademicRecord).';
comment on column academic_records.school_code is 'Mã trường.';
comment on column academic_records.school_year is 'Năm học.';
comment on column academic_records.period is 'Kỳ: middle and end of each term, and the year (CN).';
comment on column academic_records.student_code is 'Mã học sinh.';
comment on column academic_records.class_code is 'Mã lớp.';
comment on column academic_records.learning_level is 'Mức kết quả học tập, secondary: a code of the list `assessment-levels` in the scheme of the year and grade: T, K, Đ, CĐ (Circular 22/2021/TT-BGDĐT, article 9), before it Circular 58/2011''s.';
comment on column academic_records.conduct_level is 'Mức kết quả rèn luyện, secondary: T, K, Đ, CĐ (Circular 22/2021/TT-BGDĐT, article 8), before it Circular 58/2011''s.';
comment on column academic_records.excused_absences is 'Số buổi nghỉ có phép.';
comment on column academic_records.unexcused_absences is 'Số buổi nghỉ không phép.';
comment on column academic_records.qualities is 'Phẩm chất, primary (Circular 27/2020/TT-BGDĐT, article 6).';
comment on column academic_records.competencies is 'Năng lực, primary (Circular 27/2020/TT-BGDĐT, article 6).';
comment on column academic_records.year_result is 'Kết quả giáo dục năm học, primary, CN: HTXS, HTT, HT, CHT (Circular 27/2020/TT-BGDĐT, article 9).';
comment on column academic_records.award is 'Khen thưởng, CN: a code of the AWARD schemes of the list `assessment-levels` (Circular 22/2021, article 15; Circular 27/2020, article 13).';
comment on column academic_records.promoted is 'Được lên lớp, CN (Circular 22/2021, article 12; Circular 27/2020, article 11).';
comment on column academic_records.summer_retraining is 'Rèn luyện trong kỳ nghỉ hè (Circular 22/2021, article 13).';
comment on column academic_records.comment is 'Nhận xét.';
