use super::*;
use crate::model::issue::Reader;

const VI: Reader = Reader { language: Language::Vietnamese, sensitive: true, form: BodyForm::Sheet };

fn said(template: &'static str, values: &[(&str, &str)], reader: Reader, place: &IssuePlace) -> String {
    let values: Vec<(&str, String)> = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    fill(&Wording::of(template, template), &values, reader, place)
}

#[test]
fn each_reader_is_told_in_his_words() {
    let place = IssuePlace {
        resource: Some("students"),
        pointer: "/birthDate",
        heading: Some("Ngày tháng năm sinh"),
        ..IssuePlace::default()
    };
    let template = "{member:member} {/citizenId} {resource:resource} {sex:sexes} {day} {n:n} {list:list}";
    let values = [
        ("member", "birthDate"),
        ("resource", "students"),
        ("sex", "female"),
        ("day", "2012-09-05"),
        ("n", "9478"),
        ("list", "sexes"),
    ];
    assert_eq!(
        said(template, &values, VI, &place),
        "Ngày tháng năm sinh Số định danh cá nhân học sinh Nữ 05/09/2012 9.478 Giới tính"
    );
    let program = Reader { language: Language::English, sensitive: true, form: BodyForm::Program };
    assert_eq!(said(template, &values, program, &place), "birthDate citizenId students female 2012-09-05 9,478 sexes");
}

#[test]
fn one_is_one_and_a_choice_is_spoken() {
    let english = Reader { language: Language::English, ..VI };
    let template = "{count} {count?record is:records are} {allowed}";
    let place = IssuePlace::default();
    let one = said(template, &[("count", "1"), ("allowed", "@or:Nam|Nữ")], english, &place);
    let two = said(template, &[("count", "2"), ("allowed", "@or:T|H|C")], english, &place);
    assert_eq!([one, two], ["1 record is Nam or Nữ", "2 records are T, H or C"]);
}

#[test]
fn numbers_and_days_are_written_as_the_language_writes_them() {
    let vi = |value| number(value, Language::Vietnamese).into_owned();
    assert_eq!(
        [vi("8.5"), vi("9478"), vi("(7.5 + 2 × 8.0) / 3."), vi("999"), vi("V.07")],
        ["8,5", "9.478", "(7,5 + 2 × 8,0) / 3.", "999", "V.07"]
    );
    assert_eq!(number("1234567", Language::English), "1,234,567");
    assert_eq!(day("2012-09-05", Language::Vietnamese), "05/09/2012");
    assert_eq!(day("2012-9-5", Language::Vietnamese), "2012-9-5");
}

#[test]
fn a_member_within_another_is_called_as_templates_call_it() {
    assert_eq!(title(Some("students"), "/contacts/0/phone").as_deref(), Some("Cha, mẹ, người giám hộ 1 – Điện thoại"));
    assert_eq!(title(Some("subject-results"), "/regularMarks/1").as_deref(), Some("Điểm đánh giá thường xuyên 2"));
    assert_eq!(title(Some("students"), "/height"), None);
}

#[test]
fn readers_of_the_catalogue_see_where_values_stand() {
    assert_eq!(
        outline("{count:n} {count?record:records} of {/birthDate}: {value}"),
        "{count} records of birthDate: {value}"
    );
}

#[test]
fn a_class_whose_code_has_a_slash_is_called_by_the_whole_of_it() {
    let values = [("resource", "classes"), ("key", "31000501/2025-2026/6/7")];
    assert_eq!(said("Chưa có {key:key}.", &values, VI, &IssuePlace::default()), "Chưa có lớp 6/7 năm học 2025-2026.");
}

#[test]
fn people_are_told_of_bytes_as_they_say_them() {
    let vi = |bytes| notation::size(bytes, Language::Vietnamese);
    assert_eq!(
        [vi("104857600"), vi("1610612736"), vi("65536"), vi("1600"), vi("512")],
        ["100 MB", "1,5 GB", "64 KB", "1,5 KB", "512 byte"]
    );
    assert_eq!(notation::size("1610612736", Language::English), "1.5 GB");
}

#[test]
fn values_of_keys_are_called_as_people_call_them() {
    let field = |name: &str| crate::model::find("subject-results").unwrap().field_by_json(name).unwrap();
    let told = |name, value| value_in_words(field(name), value, Language::Vietnamese);
    assert_eq!(
        [told("subjectCode", "TOAN"), told("period", "CN"), told("studentCode", "3100000101")],
        ["Toán", "Cả năm", "3100000101"]
    );
}
