-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table teaching_assignments (
    school_code text collate "C" not null,
    school_year text collate "C" not null,
    term text collate "C" not null,
    class_code text collate "C" not null,
    subject_code text collate "C" not null,
    staff_code text collate "C" not null,
    role text collate "C" not null,
    periods_per_week numeric(5, 2),
    "from" date,
    "to" date,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, school_year, term, class_code, subject_code, staff_code)
);
create index teaching_assignments_feed on teaching_assignments (xid, change_id);
create index teaching_assignments_staff on teaching_assignments (staff_code);
comment on table teaching_assignments is 'Phân công giảng dạy: who teaches a subject in a class for a term (OneRoster enrollment with role teacher, Ed-Fi StaffSectionAssociation).';
comment on column teaching_assignments.school_code is 'Mã trường.';
comment on column teaching_assignments.school_year is 'Năm học.';
comment on column teaching_assignments.term is 'Học kỳ.';
comment on column teaching_assignments.class_code is 'Mã lớp.';
comment on column teaching_assignments.subject_code is 'Mã môn học.';
comment on column teaching_assignments.staff_code is 'Mã giáo viên.';
comment on column teaching_assignments.role is 'Vai trò.';
comment on column teaching_assignments.periods_per_week is 'Số tiết một tuần: periods a week, two decimals.';
comment on column teaching_assignments."from" is 'Từ ngày.';
comment on column teaching_assignments."to" is 'Đến ngày.';
