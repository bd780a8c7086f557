-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table classes (
    school_code text collate "C" not null,
    school_year text collate "C" not null,
    class_code text collate "C" not null,
    name text collate "C" not null,
    grade text collate "C" not null,
    campus_code text collate "C",
    homeroom_staff_code text collate "C",
    sessions_per_week integer,
    foreign_language1 text collate "C",
    foreign_language2 text collate "C",
    specialized_subject text collate "C",
    elective_subjects text[] collate "C",
    multi_grade boolean,
    combined_with_class_code text collate "C",
    semi_boarding boolean,
    inclusive boolean,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, school_year, class_code)
);
create index classes_feed on classes (xid, change_id);
create index classes_code on classes (class_code);
create index classes_homeroom on classes (homeroom_staff_code) where homeroom_staff_code is not null;
comment on table classes is 'Lớp: a class of one school year (OneRoster class, Ed-Fi Section).';
comment on column classes.school_code is 'Mã trường.';
comment on column classes.school_year is 'Năm học.';
comment on column classes.class_code is 'Mã lớp, unique in the school and year; may hold any character, such as `6/1`.';
comment on column classes.name is 'Tên lớp.';
comment on column classes.grade is 'Khối.';
comment on column classes.campus_code is 'Mã điểm trường.';
comment on column classes.homeroom_staff_code is 'Giáo viên chủ nhiệm: the homeroom teacher''s staff code.';
comment on column classes.sessions_per_week is 'Số buổi học một tuần.';
comment on column classes.foreign_language1 is 'Ngoại ngữ 1.';
comment on column classes.foreign_language2 is 'Ngoại ngữ 2.';
comment on column classes.specialized_subject is 'Môn chuyên.';
comment on column classes.elective_subjects is 'Môn lựa chọn: upper secondary, exactly four.';
comment on column classes.multi_grade is 'Lớp ghép.';
comment on column classes.combined_with_class_code is 'Ghép với lớp.';
comment on column classes.semi_boarding is 'Lớp bán trú.';
comment on column classes.inclusive is 'Lớp hòa nhập.';
