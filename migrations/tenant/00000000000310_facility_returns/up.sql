-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table facility_returns (
    school_code text collate "C" not null,
    school_year text collate "C" not null,
    campus_code text collate "C" not null,
    land_area_m2 numeric(9, 2) not null,
    land_certificate boolean,
    playground_area_m2 numeric(9, 2),
    sports_ground_area_m2 numeric(9, 2),
    rooms jsonb not null,
    library_titles integer,
    library_seats integer,
    student_toilets integer,
    staff_toilets integer,
    toilets_separated_by_sex boolean,
    hygienic_toilets boolean,
    water_source text collate "C",
    drinking_water boolean,
    electricity boolean,
    internet_type text collate "C",
    wifi boolean,
    student_computers integer,
    staff_computers integer,
    projectors integer,
    smart_boards integer,
    minimum_equipment_sets jsonb,
    wheelchair_access boolean,
    fire_safety_approved boolean,
    built_year integer,
    renovated_year integer,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, school_year, campus_code)
);
create index facility_returns_feed on facility_returns (xid, change_id);
comment on table facility_returns is 'Cơ sở vật chất: buildings and equipment of a campus in a school year (Circulars 13 and 14/2020/TT-BGDĐT).';
comment on column facility_returns.school_code is 'Mã trường.';
comment on column facility_returns.school_year is 'Năm học.';
comment on column facility_returns.campus_code is 'Mã điểm trường.';
comment on column facility_returns.land_area_m2 is 'Diện tích đất, m², two decimals.';
comment on column facility_returns.land_certificate is 'Có giấy chứng nhận quyền sử dụng đất.';
comment on column facility_returns.playground_area_m2 is 'Diện tích sân chơi, m², two decimals.';
comment on column facility_returns.sports_ground_area_m2 is 'Diện tích sân, bãi tập thể dục thể thao, m², two decimals.';
comment on column facility_returns.rooms is 'Phòng học, phòng chức năng, khu vệ sinh; each type once in each condition.';
comment on column facility_returns.library_titles is 'Số đầu sách thư viện (Circular 16/2022/TT-BGDĐT).';
comment on column facility_returns.library_seats is 'Số chỗ ngồi thư viện.';
comment on column facility_returns.student_toilets is 'Số phòng vệ sinh học sinh.';
comment on column facility_returns.staff_toilets is 'Số phòng vệ sinh giáo viên.';
comment on column facility_returns.toilets_separated_by_sex is 'Nhà vệ sinh nam, nữ riêng.';
comment on column facility_returns.hygienic_toilets is 'Nhà vệ sinh đạt chuẩn vệ sinh (Joint Circular 13/2016/TTLT-BYT-BGDĐT).';
comment on column facility_returns.water_source is 'Nguồn nước sạch.';
comment on column facility_returns.drinking_water is 'Có nước uống.';
comment on column facility_returns.electricity is 'Có điện.';
comment on column facility_returns.internet_type is 'Kết nối Internet.';
comment on column facility_returns.wifi is 'Có wifi.';
comment on column facility_returns.student_computers is 'Số máy tính phục vụ học tập.';
comment on column facility_returns.staff_computers is 'Số máy tính phục vụ quản lý.';
comment on column facility_returns.projectors is 'Số máy chiếu.';
comment on column facility_returns.smart_boards is 'Số bảng tương tác, màn hình thông minh.';
comment on column facility_returns.minimum_equipment_sets is 'Số bộ thiết bị dạy học tối thiểu theo khối: sets by grade (Circulars 37, 38 and 39/2021/TT-BGDĐT).';
comment on column facility_returns.wheelchair_access is 'Có lối đi cho người khuyết tật.';
comment on column facility_returns.fire_safety_approved is 'Được nghiệm thu phòng cháy, chữa cháy.';
comment on column facility_returns.built_year is 'Năm xây dựng.';
comment on column facility_returns.renovated_year is 'Năm cải tạo gần nhất.';
