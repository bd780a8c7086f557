-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table schools (
    school_code text collate "C" not null,
    name text collate "C" not null,
    english_name text collate "C",
    level text collate "C" not null,
    school_type text collate "C" not null,
    ownership text collate "C" not null,
    region text collate "C",
    province_code text collate "C" not null,
    commune_code text collate "C" not null,
    address text collate "C",
    latitude numeric(8, 6),
    longitude numeric(9, 6),
    phone text collate "C",
    email text collate "C",
    website text collate "C",
    principal_name text collate "C",
    principal_phone text collate "C",
    tax_code text collate "C",
    established_on date,
    establishment_decision text collate "C",
    national_standard_level text collate "C",
    national_standard_decided_on date,
    two_sessions_per_day boolean,
    semi_boarding boolean,
    boarding boolean,
    inclusive_education boolean,
    disadvantaged_area boolean,
    status text collate "C" not null,
    successor_code text collate "C",
    valid_from date,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code)
);
create index schools_feed on schools (xid, change_id);
create index schools_commune on schools (commune_code);
create index schools_successor on schools (successor_code) where successor_code is not null;
comment on table schools is 'Trường: a school, the owner of every other record (OneRoster org of type school, Ed-Fi School).';
comment on column schools.school_code is 'Mã trường: eight digits given by the sector; the first two are the province, the sixth the level.';
comment on column schools.name is 'Tên trường.';
comment on column schools.english_name is 'Name in English.';
comment on column schools.level is 'Cấp học: levels taught.';
comment on column schools.school_type is 'Loại hình trường.';
comment on column schools.ownership is 'Loại hình sở hữu.';
comment on column schools.region is 'Vùng.';
comment on column schools.province_code is 'Mã tỉnh: province, two digits.';
comment on column schools.commune_code is 'Mã xã: commune, five digits, valid on `validFrom` (else on the day of receipt).';
comment on column schools.address is 'Địa chỉ.';
comment on column schools.latitude is 'Latitude, WGS 84, degrees, six decimals.';
comment on column schools.longitude is 'Longitude, WGS 84, degrees, six decimals.';
comment on column schools.phone is 'Điện thoại.';
comment on column schools.email is 'E-mail.';
comment on column schools.website is 'Website.';
comment on column schools.principal_name is 'Hiệu trưởng: the principal''s name.';
comment on column schools.principal_phone is 'Điện thoại hiệu trưởng.';
comment on column schools.tax_code is 'Mã số thuế.';
comment on column schools.established_on is 'Ngày thành lập.';
comment on column schools.establishment_decision is 'Quyết định thành lập.';
comment on column schools.national_standard_level is 'Mức đạt chuẩn quốc gia.';
comment on column schools.national_standard_decided_on is 'Ngày công nhận đạt chuẩn.';
comment on column schools.two_sessions_per_day is 'Dạy học hai buổi/ngày.';
comment on column schools.semi_boarding is 'Có bán trú.';
comment on column schools.boarding is 'Có nội trú.';
comment on column schools.inclusive_education is 'Có giáo dục hòa nhập.';
comment on column schools.disadvantaged_area is 'Thuộc vùng đặc biệt khó khăn.';
comment on column schools.status is 'Trạng thái.';
comment on column schools.successor_code is 'Mã trường kế thừa: the school that took over.';
comment on column schools.valid_from is 'Hiệu lực từ: since when these data hold.';
