-- No foreign keys: the gateway locks the parents of a batch set-wise and answers a missing parent with PT-015, a parent
-- that is still referred to with PT-011; a constraint's trigger would do the same work again for every row.
create table campuses (
    school_code text collate "C" not null,
    campus_code text collate "C" not null,
    name text collate "C" not null,
    main boolean not null,
    commune_code text collate "C" not null,
    address text collate "C",
    distance_to_main_km numeric(6, 2),
    latitude numeric(8, 6),
    longitude numeric(9, 6),
    status text collate "C" not null,
    hash_high bigint not null,
    hash_low bigint not null,
    version integer not null,
    change_id bigint not null,
    changed_at timestamptz not null,
    submission_id uuid not null,
    client_id uuid not null,
    xid xid8 not null,
    primary key (school_code, campus_code)
);
create index campuses_feed on campuses (xid, change_id);
create index campuses_commune on campuses (commune_code);
comment on table campuses is 'Điểm trường: a site where a school teaches (OneRoster org, child of the school).';
comment on column campuses.school_code is 'Mã trường.';
comment on column campuses.campus_code is 'Mã điểm trường, unique in the school.';
comment on column campuses.name is 'Tên điểm trường.';
comment on column campuses.main is 'Điểm chính: is it the school''s main site?';
comment on column campuses.commune_code is 'Mã xã: commune, five digits, valid on the day of receipt (Decision 19/2025/QĐ-TTg since 1 July 2025).';
comment on column campuses.address is 'Địa chỉ.';
comment on column campuses.distance_to_main_km is 'Khoảng cách đến điểm chính: distance to the main site, kilometres, two decimals.';
comment on column campuses.latitude is 'Latitude, WGS 84, degrees, six decimals.';
comment on column campuses.longitude is 'Longitude, WGS 84, degrees, six decimals.';
comment on column campuses.status is 'Trạng thái.';
