-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table staff (
    staff_code text collate "C" not null,
    school_code text collate "C" not null,
    citizen_id text collate "C",
    full_name text collate "C" not null,
    birth_date date not null,
    sex text collate "C" not null,
    ethnicity text collate "C" not null,
    religion text collate "C",
    nationality text collate "C",
    phone text collate "C",
    email text collate "C",
    permanent_commune_code text collate "C",
    permanent_address text collate "C",
    social_insurance_number text collate "C",
    "group" text collate "C" not null,
    position text collate "C" not null,
    status text collate "C" not null,
    contract_type text collate "C",
    recruited_on date,
    joined_profession_on date,
    rank text collate "C",
    salary_grade integer,
    salary_coefficient numeric(4, 2),
    qualification text collate "C" not null,
    major text collate "C",
    qualification_institution text collate "C",
    graduation_year integer,
    political_theory_level text collate "C",
    management_level text collate "C",
    informatics_level text collate "C",
    foreign_language text collate "C",
    foreign_language_level text collate "C",
    subjects text[] collate "C",
    levels_taught text[] collate "C",
    weekly_periods integer,
    homeroom_teacher boolean,
    professional_standard text collate "C",
    seconded_to_school_code text collate "C",
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (staff_code),
    -- ID-005. Checked at the end of a statement, so that one statement may exchange two numbers.
    constraint staff_citizen_id_unique unique (citizen_id) deferrable initially immediate
);
create index staff_feed on staff (xid, change_id);
create index staff_school on staff (school_code);
create index staff_seconded on staff (seconded_to_school_code) where seconded_to_school_code is not null;
comment on table staff is 'Cán bộ, giáo viên, nhân viên: a member of staff, a person of the country; `schoolCode` is the main employer (OneRoster user, Ed-Fi Staff).';
comment on column staff.staff_code is 'Mã định danh: ten digits, unique in the country and for life.';
comment on column staff.school_code is 'Mã trường: the main employer.';
comment on column staff.citizen_id is 'Số định danh cá nhân, twelve digits (Decree 137/2015/NĐ-CP, article 13).';
comment on column staff.full_name is 'Họ và tên.';
comment on column staff.birth_date is 'Ngày sinh.';
comment on column staff.sex is 'Giới tính.';
comment on column staff.ethnicity is 'Dân tộc.';
comment on column staff.religion is 'Tôn giáo.';
comment on column staff.nationality is 'Quốc tịch, ISO 3166-1 alpha-2.';
comment on column staff.phone is 'Điện thoại.';
comment on column staff.email is 'E-mail.';
comment on column staff.permanent_commune_code is 'Mã xã thường trú, five digits.';
comment on column staff.permanent_address is 'Địa chỉ thường trú.';
comment on column staff.social_insurance_number is 'Số sổ bảo hiểm xã hội, ten digits.';
comment on column staff."group" is 'Nhóm: managers, teachers, employees.';
comment on column staff.position is 'Vị trí việc làm (Circulars 19 and 20/2023/TT-BGDĐT).';
comment on column staff.status is 'Trạng thái: some states count as active at the school, the code list says which.';
comment on column staff.contract_type is 'Hình thức hợp đồng.';
comment on column staff.recruited_on is 'Ngày tuyển dụng.';
comment on column staff.joined_profession_on is 'Ngày vào ngành.';
comment on column staff.rank is 'Hạng chức danh nghề nghiệp (Circulars 01 to 04/2021/TT-BGDĐT, amended by 08/2023).';
comment on column staff.salary_grade is 'Bậc lương (Decree 204/2004/NĐ-CP).';
comment on column staff.salary_coefficient is 'Hệ số lương: multiple of the base salary, two decimals (Decree 204/2004/NĐ-CP).';
comment on column staff.qualification is 'Trình độ chuyên môn được đào tạo (Education Law 43/2019/QH14, article 72).';
comment on column staff.major is 'Chuyên ngành đào tạo.';
comment on column staff.qualification_institution is 'Cơ sở đào tạo.';
comment on column staff.graduation_year is 'Năm tốt nghiệp.';
comment on column staff.political_theory_level is 'Trình độ lý luận chính trị.';
comment on column staff.management_level is 'Trình độ quản lý giáo dục.';
comment on column staff.informatics_level is 'Trình độ tin học.';
comment on column staff.foreign_language is 'Ngoại ngữ.';
comment on column staff.foreign_language_level is 'Trình độ ngoại ngữ.';
comment on column staff.subjects is 'Môn dạy.';
comment on column staff.levels_taught is 'Cấp dạy.';
comment on column staff.weekly_periods is 'Số tiết một tuần: periods a week.';
comment on column staff.homeroom_teacher is 'Làm công tác chủ nhiệm lớp.';
comment on column staff.professional_standard is 'Mức đạt chuẩn nghề nghiệp (Circulars 20/2018 and 26/2018/TT-BGDĐT).';
comment on column staff.seconded_to_school_code is 'Mã trường nơi biệt phái đến: the school the person is seconded to.';
