//! Reference data: loaded from files by the command line and over HTTP, all or nothing, and used by a running gateway
//! from then on.

use crate::common::{Folder, Gateway, TestDatabase, answer, program};
use chrono::NaiveDate;
use school_gateway::error::Error;
use school_gateway::model::lists::{Lists, UnitState};
use school_gateway::store::reference::{Current, Loaded, ReferenceFile, lists, lists_of, load};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

const OLD: &str = "communes-before-2025-07-01.csv";
const NEW: &str = "communes-from-2025-07-01.csv";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn before() -> NaiveDate {
    day("2025-06-30")
}
fn after() -> NaiveDate {
    day("2025-07-01")
}
fn files(database: &TestDatabase, files: &[(&str, &str)]) -> Result<Vec<Loaded>, Error> {
    let files: Vec<ReferenceFile> = files
        .iter()
        .map(|(name, text)| ReferenceFile { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() })
        .collect();
    let loaded = load(&mut database.connect(), &files);
    if loaded.is_ok() {
        LOADED.with_borrow_mut(|loaded| loaded.extend(files));
    }
    loaded
}

thread_local! {
    /// What the test has loaded so far; each test has a thread and a database.
    static LOADED: RefCell<Vec<ReferenceFile>> = const { RefCell::new(Vec::new()) };
}

/// What is in force now; without a database the same files come to the same.
fn stored(database: &TestDatabase) -> Lists {
    let stored = lists(&mut database.connect()).unwrap();
    LOADED.with_borrow(|files| assert_same(&stored, &lists_of(files).unwrap(), files));
    stored
}

fn assert_same(stored: &Lists, offline: &Lists, files: &[ReferenceFile]) {
    assert_eq!(stored.names(), offline.names());
    for name in stored.names() {
        assert_eq!(stored.list(name).unwrap().entries, offline.list(name).unwrap().entries, "{name}");
    }
    let text: String = files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned() + "\n").collect();
    let codes: BTreeSet<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|word| [2, 3, 5].contains(&word.len())).collect();
    for (code, on) in codes.iter().flat_map(|code| [before(), after()].map(|on| (code, on))) {
        assert_eq!(stored.units().unit(code, on), offline.units().unit(code, on), "{code} on {on}");
        assert_eq!(stored.units().covers(code, on), offline.units().covers(code, on), "{code} on {on}");
    }
}
fn successors(lists: &Lists, code: &str) -> Vec<String> {
    match lists.units().unit(code, after()) {
        UnitState::Ended(unit) => unit.successors.clone(),
        other => vec![format!("{other:?}")],
    }
}

const OLD_COMMUNES: &str = "code,name,type,district_code,province_code\n10507,Phường Cẩm Thượng,Phường,288,30\n10513,Phường Bình Hàn,Phường,288,30\n";
const NEW_COMMUNES: &str = "\u{feff}code,name,type,province_code\r\n10507,Phường Thành Đông,Phường,31\r\n";
const CROSSWALK: &str = "old_province,old_district,old_commune,new_province,new_commune,is_divided\n30,288,10513,31,10507,True\n30,288,10513,31,10525,True\n";

#[test]
fn communes_of_both_times_and_their_successors_in_any_order() {
    let database = TestDatabase::new();
    files(&database, &[("commune-crosswalk-2025.csv", CROSSWALK), (NEW, NEW_COMMUNES)]).unwrap();
    let loaded = files(&database, &[(OLD, OLD_COMMUNES)]).unwrap();
    assert_eq!((loaded[0].content.as_str(), loaded[0].rows), ("communes", 2));
    let lists = stored(&database);
    assert_eq!([before(), after()].map(|on| lists.units().province_of("10507", on)), [Some("30"), Some("31")]);
    assert_eq!(successors(&lists, "10513"), ["10507", "10525"]);
    assert!(lists.units().covers("31", after()) && !lists.units().covers("31", before()));
}

#[test]
fn units_of_all_levels_find_their_province() {
    let database = TestDatabase::new();
    let units = "code,name,level,parent,valid_from,valid_to,successor_codes\n30,Tỉnh Hải Dương,province,VN,,2025-06-30,31\n\
                 31,Thành phố Hải Phòng,province,VN,,,\n288,Thành phố Hải Dương,district,30,,2025-06-30,\n\
                 10513,Phường Bình Hàn,commune,288,,2025-06-30,10507 10525\n10507,Phường Thành Đông,commune,31,2025-07-01,,\n";
    files(&database, &[("admin-units-30-31.csv", units)]).unwrap();
    let lists = stored(&database);
    assert_eq!(lists.units().province_of("10513", before()), Some("30"));
    assert_eq!(successors(&lists, "10513"), ["10507", "10525"]);
    // The country's files say nothing of successors: those that were known stay.
    files(&database, &[(OLD, OLD_COMMUNES)]).unwrap();
    let lists = stored(&database);
    assert_eq!((successors(&lists, "10513").len(), lists.units().province_of("10507", before())), (2, Some("30")));
}

#[test]
fn a_file_replaces_what_it_covers() {
    let database = TestDatabase::new();
    for _ in 0..2 {
        files(&database, &[(OLD, OLD_COMMUNES), (NEW, NEW_COMMUNES), ("commune-crosswalk-2025.csv", CROSSWALK)])
            .unwrap();
    }
    assert_eq!(database.value("SELECT count(*) FROM administrative_units"), "3");
    assert_eq!(database.value("SELECT count(*) FROM administrative_successions"), "2");
    files(&database, &[(NEW, "code,name,type,province_code\n10525,Phường Hải Dương,Phường,31\n")]).unwrap();
    let lists = stored(&database);
    assert_eq!(
        (lists.units().province_of("10507", after()), lists.units().province_of("10525", after())),
        (None, Some("31"))
    );
    assert_eq!(lists.units().province_of("10507", before()), Some("30"));
}

#[test]
fn code_lists_are_known_by_headings_and_name() {
    let database = TestDatabase::new();
    let loaded = files(
        &database,
        &[
            ("religions.csv", "code,name_vi,status\n00,Không,confirmed\n88,Mới,confirmed\n"),
            ("so-di-dong.csv", "prefix3,note\n099,\n012,\n"),
            ("subjects.csv", "code,name_vi,name_en,level,assessment_mode,periods_per_year_by_grade,kind_B_compulsory_C_choice_O_optional,note\nTOAN,Toán,Mathematics,TH,SCORE,1:105,B,\n"),
            ("provinces-from-2025-07-01.csv", "code,name,type,valid_from,communes,merged_from\n97,Tỉnh Mới,tỉnh,2025-07-01,1,97\n"),
        ],
    )
    .unwrap();
    let contents: Vec<&str> = loaded.iter().map(|loaded| loaded.content.as_str()).collect();
    assert_eq!(contents, ["religions", "mobile-prefixes", "subjects", "provinces"]);
    let lists = stored(&database);
    assert!(lists.contains("religions", "88", after()) && !lists.contains("religions", "01", after()));
    assert!(lists.mobile_prefix_known("012") && !lists.mobile_prefix_known("098"));
    assert!(lists.is_taught("TOAN", "01") && !lists.is_taught("TOAN", "02"));
    assert!(
        lists.contains("provinces", "97", after())
            && !lists.contains("provinces", "97", before())
            && lists.contains("provinces", "31", after())
    );
}

#[test]
fn a_list_of_a_time_leaves_the_rest_of_time_alone() {
    let database = TestDatabase::new();
    let new = "religions-from-2026-01-01.csv";
    for text in ["code,name_vi\n00,Không\n88,Mới\n", "code,name_vi\n00,Không\n89,Khác\n"] {
        files(&database, &[(new, text)]).unwrap();
    }
    let lists = stored(&database);
    let (old_year, new_year) = (day("2025-12-31"), day("2026-01-01"));
    assert_eq!(["01", "88", "89"].map(|code| lists.contains("religions", code, old_year)), [true, false, false]);
    assert_eq!(
        ["00", "01", "88", "89"].map(|code| lists.contains("religions", code, new_year)),
        [true, false, false, true]
    );
    files(&database, &[("religions-before-2025-01-01.csv", "code,name_vi\n77,Cũ\n")]).unwrap();
    let lists = stored(&database);
    assert_eq!(["01", "77"].map(|code| lists.contains("religions", code, day("2024-12-31"))), [false, true]);
    assert_eq!(["01", "77"].map(|code| lists.contains("religions", code, old_year)), [true, false]);
    assert!(lists.contains("religions", "89", new_year));
}

#[test]
fn provinces_of_both_times_stand_once_on_each_day() {
    let database = TestDatabase::new();
    let old = "code,name,type,valid_from,valid_to,successor_code,successor_name,cccd_prefix,districts,communes\n\
               01,Thành phố Hà Nội,thành phố,,,01,Thành phố Hà Nội,001,30,526\n24,Tỉnh Bắc Giang,tỉnh,,,24,Tỉnh Bắc Ninh,024,10,192\n\
               27,Tỉnh Bắc Ninh,tỉnh,,2025-06-30,24,Tỉnh Bắc Ninh,027,8,121\n";
    let new = "code,name,type,valid_from,communes,merged_from\n01,Thành phố Hà Nội,thành phố,2025-07-01,126,01\n\
               24,Tỉnh Bắc Ninh,tỉnh,2025-07-01,99,24 27\n";
    files(&database, &[("provinces-before-2025-07-01.csv", old), ("provinces-from-2025-07-01.csv", new)]).unwrap();
    let lists = stored(&database);
    let on =
        |day: NaiveDate| lists.list("provinces").unwrap().entries.iter().filter(|entry| entry.is_valid(day)).count();
    assert_eq!([on(before()), on(after())], [63, 34]);
    let name = |on| lists.province("24", on).map(|province| province.name_vi.as_str());
    assert_eq!([name(before()), name(after())], [Some("Tỉnh Bắc Giang"), Some("Tỉnh Bắc Ninh")]);
    assert!(lists.citizen_prefix_known("027") && lists.citizen_prefix_known("001"));
}

#[test]
fn a_parameter_changes_without_the_others() {
    let database = TestDatabase::new();
    let name = "promotion.absences-at-most";
    let rows = format!(
        "code,value,unit,since,until,name_vi,name_en\n{name},45,days,,2025-2026,Nghỉ,\n{name},40,days,2026-2027,,Nghỉ,\n"
    );
    files(&database, &[("rule-parameters.csv", &rows)]).unwrap();
    let lists = stored(&database);
    assert_eq!([lists.parameter(name, "2025-2026"), lists.parameter(name, "2026-2027")], [Some(45), Some(40)]);
    assert_eq!(lists.regular_marks(35, "2025-2026"), Some(2), "what the file does not name stays");
}

/// A file of one threshold.
fn threshold(value: &str, since: &str) -> String {
    format!(
        "code,value,unit,since,until,name_vi,name_en\npromotion.absences-at-most,{value},days,{since},,Số buổi nghỉ,\n"
    )
}

#[test]
fn a_faulty_file_keeps_everything_as_it_was() {
    let database = TestDatabase::new();
    for (name, text, expected) in [
        ("x.csv", "a,b\n1,2\n", &["x.csv, line 1", "a, b", "expected a code list"][..]),
        ("regions.csv", "code,name_vi,status\n", &["regions.csv: the file has no rows"]),
        (
            "regions.csv",
            "code,name_vi,status\n01,A,confirmed\n01,B,confirmed\n",
            &["regions.csv, line 3", "“01” stands twice"],
        ),
        ("regions.csv", "code,name_vi,status\n01,A\n", &["regions.csv, line 2", "2 cells"]),
        ("communes.csv", OLD_COMMUNES, &["communes-from-2025-07-01.csv"]),
        (NEW, "code,name,type,province_code\n1050,Phường A,Phường,31\n", &["line 2", "“1050”", "5 digits"]),
        ("admin-units.csv", "code,name,level,parent\n10507,Phường A,commune,31\n", &["line 2", "no province"]),
        (
            "admin-units.csv",
            "code,name,level,parent,valid_from\n31,Hải Phòng,province,VN,1/7/2025\n",
            &["line 2", "YYYY-MM-DD"],
        ),
        ("grade-levels.csv", "code,name_vi,level\n01,Khối 1,9\n", &["line 2", "nominal_age_calendar_year"]),
        ("rule-parameters.csv", &threshold("-1", "2025-2026"), &["line 2", "value", "from 0"]),
        ("rule-parameters.csv", &threshold("45", "2026-2029"), &["line 2", "school years such as"]),
    ] {
        let error = files(&database, &[("religions.csv", "code,name_vi,status\n88,Mới,confirmed\n"), (name, text)])
            .unwrap_err();
        assert!(expected.iter().all(|part| error.detail().contains(part)), "{name}: {}", error.detail());
        assert!(error.detail().ends_with("Nothing was loaded."), "{}", error.detail());
    }
    assert!(!stored(&database).contains("religions", "88", after()));
    assert_eq!(database.value("SELECT version FROM reference_version"), "0");
}

#[test]
fn the_snapshot_in_force_notices_a_load() {
    let database = TestDatabase::new();
    let (current, mut connection) = (Current::default(), database.connect());
    let first = current.current(&mut connection).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &current.current(&mut connection).unwrap()));
    files(&database, &[("religions.csv", "code,name_vi,status\n88,Mới,confirmed\n")]).unwrap();
    let second = current.clone().current(&mut connection).unwrap();
    assert!(second.contains("religions", "88", after()) && !first.contains("religions", "88", after()));
    assert!(std::sync::Arc::ptr_eq(&second, &current.current(&mut connection).unwrap()));
}

#[test]
fn the_whole_country_is_loaded_twice() {
    let database = TestDatabase::new();
    let rows = |row: &dyn Fn(u32) -> String| (0..10_000).map(row).collect::<String>();
    let old = "code,name,type,district_code,province_code\n".to_owned()
        + &rows(&|code| format!("{code:05},Xã {code},Xã,001,{:02}\n", code % 63));
    let crosswalk = "old_province,old_district,old_commune,new_province,new_commune,is_divided\n".to_owned()
        + &rows(&|code| format!("{:02},001,{code:05},01,{:05},False\n", code % 63, code / 3));
    files(&database, &[(OLD, &old), ("commune-crosswalk-2025.csv", &crosswalk)]).unwrap();
    files(&database, &[(OLD, &old), ("commune-crosswalk-2025.csv", &crosswalk)]).unwrap();
    assert_eq!(successors(&stored(&database), "09999"), ["03333"]);
}

#[actix_web::test]
async fn a_running_gateway_shows_what_the_command_line_loaded() {
    let gateway = Gateway::start();
    let folder = Folder::new();
    let path = folder.folder().join("regions.csv");
    std::fs::write(&path, "code,name_vi,valid_to\n01,Biên giới,2025-06-30\n02,Đô thị,\n").unwrap();
    assert_eq!(gateway.run(&["reference", "load", path.to_str().unwrap()]), "regions.csv: regions, 2 rows\n");
    assert_eq!(gateway.database().value("SELECT target FROM audit_log WHERE action = 'reference.load'"), "regions.csv");
    let (status, list) = gateway.get("/v1/code-lists/regions", "").await;
    assert_eq!((status, list["values"].as_array().map(Vec::len)), (200, Some(2)));
    let (_, list) = gateway.get("/v1/code-lists/regions?asOf=2025-07-01", "").await;
    assert_eq!(list["values"], serde_json::json!([{ "code": "02", "nameVi": "Đô thị" }]));
    let (_, all) = gateway.get("/v1/code-lists", "").await;
    assert!(
        all["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["name"] == "ethnic-groups" && item["titleEn"] == "Ethnic groups")
    );
    assert_eq!(gateway.get("/v1/code-lists/none", "").await.0, 404);
    assert_eq!(gateway.get("/v1/code-lists/regions?day=1", "").await.0, 400);
}

#[actix_web::test]
async fn single_writes_go_by_what_another_process_loaded_since() {
    let gateway = Gateway::start();
    let token = gateway.software_of_all().await;
    let mut school = crate::common::records::example("schools");
    let path = crate::common::records::path("schools", &school);
    school["region"] = "77".into();
    let (status, problem) = gateway.put(&path, &token, &school).await;
    assert!(status == 422 && problem["issues"][0]["pointer"] == "/region", "{problem}");
    let folder = Folder::new();
    let file = folder.folder().join("regions.csv");
    std::fs::write(&file, "code,name_vi\n77,Vùng mới\n").unwrap();
    gateway.run(&["reference", "load", file.to_str().unwrap()]);
    assert_eq!(gateway.put(&path, &token, &school).await.0, 201);
    // What is gone holds no longer either.
    std::fs::write(&file, "code,name_vi\n78,Vùng khác\n").unwrap();
    gateway.run(&["reference", "load", file.to_str().unwrap()]);
    school["name"] = "Trường Tiểu học Mới".into();
    assert_eq!(gateway.put(&path, &token, &school).await.0, 422);
}

#[actix_web::test]
async fn administrators_load_over_http() {
    let gateway = Gateway::start();
    let (admin, school) = (gateway.client("admin", &[]), gateway.client("school-software", &["--all-schools"]));
    let (admin, school) = (gateway.token(&admin).await, gateway.token(&school).await);
    let send = async |token: &str, body: &'static str| -> (u16, Value) {
        answer(
            gateway
                .request("POST", &format!("/v1/reference?file={NEW}"), token)
                .header("content-type", "text/csv")
                .body(body),
        )
        .await
    };
    assert_eq!(send("", NEW_COMMUNES).await.0, 401);
    assert_eq!(send(&school, NEW_COMMUNES).await.0, 403);
    let (status, loaded) = send(&admin, NEW_COMMUNES).await;
    assert_eq!((status, &loaded["loaded"][0]["content"]), (200, &Value::from("communes")));
    let (status, problem) = send(&admin, "code,name,type,province_code\n1,A,Xã,31\n").await;
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("dòng 2"), "{problem}");
    assert_eq!(gateway.database().value("SELECT count(*) FROM administrative_units"), "1");
    assert_eq!(gateway.database().value("SELECT count(*) FROM audit_log WHERE action = 'reference.load'"), "1");
}

#[test]
fn the_command_line_says_what_is_wrong() {
    let database = TestDatabase::new();
    let output = program()
        .args(["reference", "load", "/nowhere/regions.csv", "--database-url", &database.url])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere/regions.csv"));
}

/// The files that `docs/reference-data.md` shows, each after the line that ends with its name.
fn documented() -> Vec<(String, String)> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference-data.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let parts: Vec<&str> = guide.split("```csv\n").collect();
    let name = |before: &str| before.trim_end().rsplit('`').nth(1).unwrap().to_owned();
    let text = |after: &str| after.split("```").next().unwrap().to_owned();
    parts.windows(2).map(|pair| (name(pair[0]), text(pair[1]))).collect()
}

#[test]
fn the_files_of_the_documentation_load_and_say_the_same() {
    let database = TestDatabase::new();
    let documented = documented();
    let names: Vec<&str> = documented.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    let found: Vec<(&str, &str)> = documented.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let loaded = files(&database, &found).unwrap();
    let contents: Vec<(&str, usize)> = loaded.iter().map(|loaded| (loaded.content.as_str(), loaded.rows)).collect();
    let expected = [
        ("administrative-units", 8),
        ("communes", 3),
        ("communes", 2),
        ("crosswalk", 4),
        ("provinces", 1),
        ("religions", 3),
    ];
    assert_eq!(contents, expected);
    let lists = stored(&database);
    assert_eq!(successors(&lists, "99004"), ["99101", "99104"]);
    assert_eq!(lists.units().province_of("99101", after()), Some("99"));
    assert!(lists.contains("provinces", "99", after()) && !lists.contains("religions", "88", day("2027-01-01")));
    // The two ways to say which communes there were and what became of them come to the same.
    let other = TestDatabase::new();
    LOADED.with_borrow_mut(Vec::clear);
    files(&other, &found[1..]).unwrap();
    let other = stored(&other);
    for code in ["99001", "99004", "99007", "99101", "99104"] {
        for on in [before(), after()] {
            assert_eq!(lists.units().province_of(code, on), other.units().province_of(code, on), "{code} on {on}");
        }
        assert_eq!(successors(&lists, code), successors(&other, code), "{code}");
    }
}

#[actix_web::test]
async fn schools_are_judged_by_the_sample_units() {
    let gateway = Gateway::start();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/units-99.csv");
    let shown = documented();
    assert_eq!(shown[0], ("units-99.csv".to_owned(), std::fs::read_to_string(&sample).unwrap()));
    let folder = Folder::new();
    let provinces = folder.folder().join(&shown[4].0);
    std::fs::write(&provinces, &shown[4].1).unwrap();
    gateway.run(&["reference", "load", sample.to_str().unwrap(), provinces.to_str().unwrap()]);
    let token = gateway.software_of_all().await;
    let mut school = crate::common::records::example("schools");
    school["schoolCode"] = "99000501".into();
    school["provinceCode"] = "99".into();
    let path = crate::common::records::path("schools", &school);
    school["communeCode"] = "99109".into();
    let (status, problem) = gateway.put(&path, &token, &school).await;
    assert_eq!((status, &problem["issues"][0]["code"]), (422, &Value::from("AD-001")), "{problem}");
    school["communeCode"] = "99104".into();
    let (status, stored) = gateway.put(&path, &token, &school).await;
    assert_eq!(status, 201, "{stored}");
}
