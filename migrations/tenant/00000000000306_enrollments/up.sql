-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table enrollments (
    school_code text collate "C" not null,
    school_year text collate "C" not null,
    student_code text collate "C" not null,
    class_code text collate "C" not null,
    entry_date date not null,
    entry_type text collate "C" not null,
    exit_date date,
    exit_type text collate "C",
    dropout_reason text collate "C",
    from_school_code text collate "C",
    to_school_code text collate "C",
    decision_number text collate "C",
    order_in_class integer,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, school_year, student_code, entry_date)
);
create index enrollments_feed on enrollments (xid, change_id);
create index enrollments_student on enrollments (student_code);
create index enrollments_class on enrollments (school_code, school_year, class_code);
comment on table enrollments is 'Quá trình học: a pupil''s time in a class, from entry to exit (OneRoster enrollment, Ed-Fi StudentSchoolAssociation).';
comment on column enrollments.school_code is 'Mã trường.';
comment on column enrollments.school_year is 'Năm học.';
comment on column enrollments.student_code is 'Mã học sinh.';
comment on column enrollments.class_code is 'Mã lớp.';
comment on column enrollments.entry_date is 'Ngày vào lớp.';
comment on column enrollments.entry_type is 'Hình thức vào.';
comment on column enrollments.exit_date is 'Ngày rời lớp; absent while the enrollment is open.';
comment on column enrollments.exit_type is 'Hình thức rời; present exactly when `exitDate` is.';
comment on column enrollments.dropout_reason is 'Lý do bỏ học.';
comment on column enrollments.from_school_code is 'Mã trường chuyển đến từ: the school the pupil came from.';
comment on column enrollments.to_school_code is 'Mã trường chuyển đi: the school the pupil left for.';
comment on column enrollments.decision_number is 'Số quyết định.';
comment on column enrollments.order_in_class is 'Số thứ tự trong lớp.';
