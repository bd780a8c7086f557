-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table students (
    student_code text collate "C" not null,
    school_code text collate "C" not null,
    citizen_id text collate "C",
    full_name text collate "C" not null,
    birth_date date not null,
    sex text collate "C" not null,
    ethnicity text collate "C" not null,
    religion text collate "C",
    nationality text collate "C",
    birthplace_province_code text collate "C",
    birthplace text collate "C",
    native_place text collate "C",
    permanent_province_code text collate "C",
    permanent_commune_code text collate "C",
    permanent_address text collate "C",
    current_address text collate "C",
    phone text collate "C",
    email text collate "C",
    blood_group text collate "C",
    health_insurance_number text collate "C",
    policy_groups text[] collate "C",
    poor_household text collate "C",
    disability boolean,
    disability_type text collate "C",
    disability_degree text collate "C",
    exempt_from_assessment boolean,
    fee_reduction text collate "C",
    boarding text collate "C",
    can_swim boolean,
    union_member text collate "C",
    contacts jsonb,
    height_cm numeric(4, 1),
    weight_kg numeric(4, 1),
    eye_disease boolean,
    admission_type text collate "C",
    admitted_on date,
    photo_url text collate "C",
    note text collate "C",
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (student_code),
    -- ID-005. Checked at the end of a statement, so that one statement may exchange two numbers.
    constraint students_citizen_id_unique unique (citizen_id) deferrable initially immediate
);
create index students_feed on students (xid, change_id);
create index students_school on students (school_code);
create index students_citizen on students (citizen_id) where citizen_id is not null;
comment on table students is 'Học sinh: a pupil, a person of the country; `schoolCode` is the school that manages the record (OneRoster user with demographics, Ed-Fi Student).';
comment on column students.student_code is 'Mã học sinh: ten digits, unique in the country and for life; `TAM-…` while provisional.';
comment on column students.school_code is 'Mã trường: the school that manages the record.';
comment on column students.citizen_id is 'Số định danh cá nhân, twelve digits.';
comment on column students.full_name is 'Họ và tên.';
comment on column students.birth_date is 'Ngày sinh.';
comment on column students.sex is 'Giới tính.';
comment on column students.ethnicity is 'Dân tộc.';
comment on column students.religion is 'Tôn giáo.';
comment on column students.nationality is 'Quốc tịch, ISO 3166-1 alpha-2.';
comment on column students.birthplace_province_code is 'Mã tỉnh nơi sinh.';
comment on column students.birthplace is 'Nơi sinh.';
comment on column students.native_place is 'Quê quán.';
comment on column students.permanent_province_code is 'Mã tỉnh thường trú.';
comment on column students.permanent_commune_code is 'Mã xã thường trú.';
comment on column students.permanent_address is 'Địa chỉ thường trú.';
comment on column students.current_address is 'Chỗ ở hiện nay.';
comment on column students.phone is 'Điện thoại.';
comment on column students.email is 'E-mail.';
comment on column students.blood_group is 'Nhóm máu.';
comment on column students.health_insurance_number is 'Số thẻ bảo hiểm y tế.';
comment on column students.policy_groups is 'Diện chính sách.';
comment on column students.poor_household is 'Hộ nghèo.';
comment on column students.disability is 'Khuyết tật.';
comment on column students.disability_type is 'Loại khuyết tật.';
comment on column students.disability_degree is 'Mức độ khuyết tật.';
comment on column students.exempt_from_assessment is 'Miễn đánh giá.';
comment on column students.fee_reduction is 'Miễn, giảm học phí.';
comment on column students.boarding is 'Nội trú, bán trú.';
comment on column students.can_swim is 'Biết bơi.';
comment on column students.union_member is 'Đội viên, đoàn viên.';
comment on column students.contacts is 'Cha, mẹ, người giám hộ.';
comment on column students.height_cm is 'Chiều cao, cm.';
comment on column students.weight_kg is 'Cân nặng, kg.';
comment on column students.eye_disease is 'Bệnh về mắt.';
comment on column students.admission_type is 'Hình thức tuyển sinh.';
comment on column students.admitted_on is 'Ngày vào trường.';
comment on column students.photo_url is 'Địa chỉ ảnh.';
comment on column students.note is 'Ghi chú.';
