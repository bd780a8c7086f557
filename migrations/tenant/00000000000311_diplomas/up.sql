-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table diplomas (
    diploma_number text collate "C" not null,
    register_number text collate "C" not null,
    diploma_type text collate "C" not null,
    student_code text collate "C",
    citizen_id text collate "C",
    full_name text collate "C" not null,
    birth_date date not null,
    sex text collate "C" not null,
    birthplace text collate "C",
    ethnicity text collate "C",
    school_code text collate "C" not null,
    graduation_year integer not null,
    ranking text collate "C",
    issued_on date not null,
    issued_by text collate "C" not null,
    status text collate "C" not null,
    replaces_diploma_number text collate "C",
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (diploma_number)
);
create index diplomas_feed on diplomas (xid, change_id);
create index diplomas_school on diplomas (school_code);
create index diplomas_student on diplomas (student_code) where student_code is not null;
create index diplomas_citizen on diplomas (citizen_id) where citizen_id is not null;
create index diplomas_replaced on diplomas (replaces_diploma_number) where replaces_diploma_number is not null;
comment on table diplomas is 'Văn bằng, chứng chỉ: a diploma as the register of issue holds it, for lookups of the public service centre (Circular 21/2019/TT-BGDĐT).';
comment on column diplomas.diploma_number is 'Số hiệu văn bằng, unique in the country.';
comment on column diplomas.register_number is 'Số vào sổ gốc cấp văn bằng.';
comment on column diplomas.diploma_type is 'Loại văn bằng.';
comment on column diplomas.student_code is 'Mã học sinh; absent for pupils from before the codes.';
comment on column diplomas.citizen_id is 'Số định danh cá nhân, twelve digits.';
comment on column diplomas.full_name is 'Họ và tên, as printed.';
comment on column diplomas.birth_date is 'Ngày sinh.';
comment on column diplomas.sex is 'Giới tính.';
comment on column diplomas.birthplace is 'Nơi sinh.';
comment on column diplomas.ethnicity is 'Dân tộc.';
comment on column diplomas.school_code is 'Mã trường: the school that taught.';
comment on column diplomas.graduation_year is 'Năm tốt nghiệp.';
comment on column diplomas.ranking is 'Xếp loại tốt nghiệp.';
comment on column diplomas.issued_on is 'Ngày cấp.';
comment on column diplomas.issued_by is 'Cơ quan cấp.';
comment on column diplomas.status is 'Trạng thái: cấp, cấp lại, thu hồi.';
comment on column diplomas.replaces_diploma_number is 'Số hiệu văn bằng được thay thế: the diploma that this one replaces.';
