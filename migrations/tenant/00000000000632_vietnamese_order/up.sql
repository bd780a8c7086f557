-- The order of Vietnamese: a, ă, â … d, đ, e, ê …; only where all letters are the same, the tones decide (ngang, huyền, hỏi, ngã, sắc,
-- nặng). Letters become characters in their order, behind them stand the tones. PostgreSQL's own collation vi-x-icu says the same where
-- it is built with ICU; a key is the same everywhere, stays so when that library changes, and an index may stand on it.
CREATE FUNCTION vietnamese_order(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(value,
        'aAàÀảẢãÃáÁạẠăĂằẰẳẲẵẴắẮặẶâÂầẦẩẨẫẪấẤậẬbBcCdDđĐeEèÈẻẺẽẼéÉẹẸêÊềỀểỂễỄếẾệỆfFgGhHiIìÌỉỈĩĨíÍịỊjJkKlLmMnNoOòÒỏỎõÕóÓọỌôÔồỒổỔỗỖốỐộỘơƠờỜởỞỡỠớỚợỢpPqQrRsStTuUùÙủỦũŨúÚụỤưƯừỪửỬữỮứỨựỰvVwWxXyYỳỲỷỶỹỸýÝỵỴzZ',
        '::::::::::::;;;;;;;;;;;;<<<<<<<<<<<<==>>??@@AAAAAAAAAAAABBBBBBBBBBBBCCDDEEFFFFFFFFFFFFGGHHIIJJKKLLLLLLLLLLLLMMMMMMMMMMMMNNNNNNNNNNNNOOPPQQRRSSTTTTTTTTTTTTUUUUUUUUUUUUVVWWXXYYYYYYYYYYYYZZ') || E'\t' || translate(value,
        'aAàÀảẢãÃáÁạẠăĂằẰẳẲẵẴắẮặẶâÂầẦẩẨẫẪấẤậẬbBcCdDđĐeEèÈẻẺẽẼéÉẹẸêÊềỀểỂễỄếẾệỆfFgGhHiIìÌỉỈĩĨíÍịỊjJkKlLmMnNoOòÒỏỎõÕóÓọỌôÔồỒổỔỗỖốỐộỘơƠờỜởỞỡỠớỚợỢpPqQrRsStTuUùÙủỦũŨúÚụỤưƯừỪửỬữỮứỨựỰvVwWxXyYỳỲỷỶỹỸýÝỵỴzZ',
        '001122334455001122334455001122334455000000000011223344550011223344550000000011223344550000000000001122334455001122334455001122334455000000000000112233445500112233445500000000112233445500');
COMMENT ON FUNCTION vietnamese_order(text) IS 'What sorts as Vietnamese sorts the text, byte by byte.';
CREATE INDEX schools_name ON schools (vietnamese_order(name), school_code);
CREATE INDEX staff_name ON staff (vietnamese_order(full_name), staff_code);
CREATE INDEX students_name ON students (vietnamese_order(full_name), student_code);
CREATE INDEX diplomas_name ON diplomas (vietnamese_order(full_name), diploma_number);
CREATE INDEX classes_name ON classes (vietnamese_order(name), school_code, school_year, class_code);
