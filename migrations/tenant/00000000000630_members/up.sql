-- Members of 2026: who manages a school, what is known of a citizen number, native places, what a student chose, and the
-- completion of a programme.
alter table schools add column managing_authority text collate "C";
comment on column schools.managing_authority is 'Cơ quan quản lý: the authority that manages the school; absent: the department for upper secondary and continuing education, else the commune (Law 72/2025/QH15: no districts since 1 July 2025).';
alter table staff add column citizen_id_state text collate "C";
comment on column staff.citizen_id_state is 'Trạng thái xác thực số định danh: what the population database said of number, name and birth date.';
alter table students add column citizen_id_state text collate "C";
alter table students add column native_province_code text collate "C";
alter table students add column native_commune_code text collate "C";
alter table students add column permanent_hamlet text collate "C";
comment on column students.citizen_id_state is 'Trạng thái xác thực số định danh: what the population database said of number, name and birth date.';
comment on column students.native_province_code is 'Mã tỉnh quê quán.';
comment on column students.native_commune_code is 'Mã xã quê quán.';
comment on column students.permanent_hamlet is 'Thôn, tổ dân phố thường trú: the hamlet of the permanent residence.';
alter table enrollments add column elective_subjects text[] collate "C";
alter table enrollments add column specialized_topics text[] collate "C";
comment on column enrollments.elective_subjects is 'Môn lựa chọn: upper secondary, the subjects that this student chose; absent: those of the class.';
comment on column enrollments.specialized_topics is 'Chuyên đề học tập: upper secondary, the subjects whose specialized topics this student takes; absent: those of the class.';
alter table academic_records add column programme_completed boolean;
alter table academic_records add column completion_round integer;
alter table academic_records add column completion_decision text collate "C";
comment on column academic_records.programme_completed is 'Hoàn thành chương trình cấp học: CN of grades 5, 9 and 12; since Law 123/2025/QH15 the completion of lower secondary is confirmed here and no diploma is given.';
comment on column academic_records.completion_round is 'Đợt xét hoàn thành chương trình: the first or the second of the year.';
comment on column academic_records.completion_decision is 'Số quyết định hoàn thành chương trình.';
comment on column students.student_code is 'Mã học sinh: ten digits, unique in the country and for life; while provisional `TAM-…` of up to 32 characters, made by its school.';
