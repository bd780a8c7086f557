-- Where the records of a sheet stood, so that an issue names sheet, row and column as the sender sees them.

CREATE TABLE submission_sheets (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    sheet         integer NOT NULL,
    name          text    NOT NULL,
    resource      text    NOT NULL,
    PRIMARY KEY (submission_id, sheet)
);
COMMENT ON TABLE submission_sheets IS 'The sheets of a workbook that held records, in their order; a CSV is one without a name.';

CREATE TABLE submission_columns (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    sheet         integer NOT NULL,
    pointer       text    COLLATE "C" NOT NULL,
    place         integer NOT NULL,
    letters       text    NOT NULL,
    heading       text    NOT NULL,
    line          bigint,
    PRIMARY KEY (submission_id, sheet, pointer)
);
COMMENT ON COLUMN submission_columns.place IS 'Column, from 0.';
COMMENT ON COLUMN submission_columns.line IS 'Row above the headings that says the value for every record; null: each row has its own.';

CREATE TABLE submission_rows (
    submission_id uuid    NOT NULL REFERENCES submissions ON DELETE CASCADE,
    first_index   bigint  NOT NULL,
    sheet         integer NOT NULL,
    first_row     bigint  NOT NULL,
    PRIMARY KEY (submission_id, first_index)
);
COMMENT ON TABLE submission_rows IS 'The record of this place stood in this row; those after it, up to the next entry, in the rows that follow.';

-- The comments of columns begin with the titles under which sheets know them.
COMMENT ON COLUMN academic_records.learning_level IS 'Mức kết quả học tập: secondary, a code of the list `assessment-levels` in the scheme of the year and grade: T, K, Đ, CĐ (Circular 22/2021/TT-BGDĐT, article 9), before it Circular 58/2011''s.';
COMMENT ON COLUMN academic_records.conduct_level IS 'Mức kết quả rèn luyện: secondary, T, K, Đ, CĐ (Circular 22/2021/TT-BGDĐT, article 8), before it Circular 58/2011''s.';
COMMENT ON COLUMN academic_records.qualities IS 'Phẩm chất: primary (Circular 27/2020/TT-BGDĐT, article 6).';
COMMENT ON COLUMN academic_records.competencies IS 'Năng lực: primary (Circular 27/2020/TT-BGDĐT, article 6).';
COMMENT ON COLUMN academic_records.year_result IS 'Kết quả giáo dục năm học: primary, CN: HTXS, HTT, HT, CHT (Circular 27/2020/TT-BGDĐT, article 9).';
COMMENT ON COLUMN academic_records.award IS 'Khen thưởng: CN, a code of the AWARD schemes of the list `assessment-levels` (Circular 22/2021, article 15; Circular 27/2020, article 13).';
COMMENT ON COLUMN academic_records.promoted IS 'Được lên lớp: CN (Circular 22/2021, article 12; Circular 27/2020, article 11).';
COMMENT ON COLUMN campuses.campus_code IS 'Mã điểm trường: unique in the school.';
COMMENT ON COLUMN campuses.latitude IS 'Vĩ độ: latitude, WGS 84, degrees, six decimals.';
COMMENT ON COLUMN campuses.longitude IS 'Kinh độ: longitude, WGS 84, degrees, six decimals.';
COMMENT ON COLUMN classes.class_code IS 'Mã lớp: unique in the school and year; may hold any character, such as `6/1`.';
COMMENT ON COLUMN diplomas.diploma_number IS 'Số hiệu văn bằng: unique in the country.';
COMMENT ON COLUMN diplomas.citizen_id IS 'Số định danh cá nhân: twelve digits.';
COMMENT ON COLUMN diplomas.full_name IS 'Họ và tên: as printed.';
COMMENT ON COLUMN facility_returns.land_area_m2 IS 'Diện tích đất (m²), two decimals.';
COMMENT ON COLUMN facility_returns.playground_area_m2 IS 'Diện tích sân chơi (m²), two decimals.';
COMMENT ON COLUMN facility_returns.sports_ground_area_m2 IS 'Diện tích sân, bãi tập thể dục thể thao (m²), two decimals.';
COMMENT ON COLUMN schools.english_name IS 'Tên tiếng Anh: the name in English.';
COMMENT ON COLUMN schools.latitude IS 'Vĩ độ: latitude, WGS 84, degrees, six decimals.';
COMMENT ON COLUMN schools.longitude IS 'Kinh độ: longitude, WGS 84, degrees, six decimals.';
COMMENT ON COLUMN staff.citizen_id IS 'Số định danh cá nhân: twelve digits (Decree 137/2015/NĐ-CP, article 13).';
COMMENT ON COLUMN staff.nationality IS 'Quốc tịch: ISO 3166-1 alpha-2.';
COMMENT ON COLUMN staff.permanent_commune_code IS 'Mã xã thường trú: five digits.';
COMMENT ON COLUMN staff.social_insurance_number IS 'Số sổ bảo hiểm xã hội: ten digits.';
COMMENT ON COLUMN students.citizen_id IS 'Số định danh cá nhân: twelve digits.';
COMMENT ON COLUMN students.nationality IS 'Quốc tịch: ISO 3166-1 alpha-2.';
COMMENT ON COLUMN students.height_cm IS 'Chiều cao (cm).';
COMMENT ON COLUMN students.weight_kg IS 'Cân nặng (kg).';
COMMENT ON COLUMN subject_results.test_mark IS 'Điểm kiểm tra định kỳ: primary, whole number 1 to 10 (Circular 27/2020, article 7).';
