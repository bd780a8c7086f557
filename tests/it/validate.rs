//! `validate`: files checked without a gateway and without a database.

use crate::common::records::{counts, example, issues, lines, pupils, small_school, upsert, with};
use crate::common::{Folder, program};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn validate(arguments: &[&str], files: &[&Path]) -> Output {
    program().arg("validate").args(files).args(arguments).output().unwrap()
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

/// Exit status and report.
fn report(files: &[&Path]) -> (i32, Value) {
    let output = validate(&["--format", "json"], files);
    let report = serde_json::from_slice(&output.stdout);
    (
        output.status.code().unwrap(),
        report.unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr))),
    )
}

/// A record that is rejected for its birth date, among good ones.
fn with_a_fault() -> Vec<Value> {
    let mut records = small_school();
    let pupil = with(
        &example("students"),
        json!({ "studentCode": "3100000009", "citizenId": null, "birthDate": "2014-02-30" }),
    );
    records.push(upsert("students", &pupil));
    records
}

#[test]
fn a_clean_sample_passes_also_from_standard_input() {
    let sample = program().args(["sample", "--schools", "1"]).output().unwrap().stdout;
    let mut command = program();
    let mut child = command
        .args(["validate", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&sample).unwrap();
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let records = sample.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(
        (output.status.code(), counts(&report)),
        (Some(0), format!("created {records}")),
        "{}",
        report["issueGroups"]
    );
    assert_eq!((&report["result"], &report["issues"]), (&json!("accepted"), &json!([])));
}

#[test]
fn every_form_of_a_file_comes_to_the_same() {
    let (folder, records) = (Folder::new(), with_a_fault());
    let ndjson = lines(&records);
    let pack = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(ndjson.as_bytes()).unwrap();
    let pretty = format!("{:#}", json!(records));
    let forms: [(&str, Vec<u8>, u64); 6] = [
        ("a.ndjson", ndjson.clone().into_bytes(), records.len() as u64),
        ("b.ndjson.gz", gzip.finish().unwrap(), records.len() as u64),
        ("c.zst", pack(ndjson.as_bytes()), records.len() as u64),
        ("d.json", json!(records).to_string().into_bytes(), 1),
        ("e.json.zst", pack(json!({ "records": records }).to_string().as_bytes()), 1),
        (
            "f.json",
            pretty.clone().into_bytes(),
            1 + pretty[..pretty.find("2014-02-30").unwrap()].lines().count() as u64,
        ),
    ];
    for (name, content, line) in forms {
        let path = folder.file(name, content);
        let (status, report) = report(&[&path]);
        assert_eq!(
            (status, counts(&report)),
            (1, format!("created {}, rejected 1, warnings 1", records.len() - 1)),
            "{name}"
        );
        let error = report["issues"].as_array().unwrap().iter().find(|issue| issue["severity"] == "error").unwrap();
        assert_eq!(
            (&error["code"], &error["index"], &error["file"]),
            (&json!("DT-001"), &json!(records.len() - 1), &json!(path.to_str().unwrap()))
        );
        let told = error["line"].as_u64().unwrap();
        // Of an object on several lines the first is told, or one near it.
        assert!(
            if name == "f.json" { told < line && told + 20 > line } else { told == line },
            "{name}: line {told}, expected {line}"
        );
    }
}

#[test]
fn the_table_says_what_is_wrong_and_what_to_do() {
    let folder = Folder::new();
    let path = folder.file("truong.ndjson", lines(&with_a_fault()));
    let output = validate(&[], &[&path]);
    let table = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    for part in [
        "DT-001",
        "lỗi",
        "truong.ndjson",
        "dòng 12",
        "students /birthDate",
        "không phải là ngày",
        "→",
        "1 bản ghi bị từ chối.",
    ] {
        assert!(table.split_whitespace().collect::<Vec<_>>().join(" ").contains(part), "{part} is not in:\n{table}");
    }
    assert!(!table.contains('\u{1b}'), "no colours where there is no terminal");
    let english = text(&validate(&["--language", "en"], &[&path]).stdout);
    assert!(english.contains("error") && english.contains("1 record is rejected"), "{english}");
}

#[test]
fn csv_has_an_issue_a_line() {
    let (folder, mut records) = (Folder::new(), with_a_fault());
    records
        .push(upsert("students", &with(&records[records.len() - 1]["data"].clone(), json!({ "studentCode": "=1+1" }))));
    let path = folder.file("a.ndjson", lines(&records));
    let output = validate(&["--format", "csv", "--language", "en"], &[&path]);
    let csv = text(&output.stdout);
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>().join(","),
        "file,line,index,resource,key,pointer,code,severity,message,hint,sheet,row,column,heading"
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let found: Vec<String> =
        rows.iter().map(|row| format!("{} {} {} {}", &row[1], &row[2], &row[5], &row[6])).collect();
    assert!(
        found.contains(&"12 11 /birthDate DT-001".to_owned())
            && found.iter().any(|issue| issue.starts_with("13 12 /studentCode")),
        "{found:?}"
    );
    let (_, report) = report(&[&path]);
    assert_eq!(rows.len(), report["issues"].as_array().unwrap().len());
    let one = text(&validate(&["--format", "csv", "--max-issues", "1"], &[&path]).stdout);
    assert_eq!(one.lines().count(), 2);
}

#[test]
fn a_key_that_stands_twice_is_told_in_one_file_and_in_two() {
    let (folder, school) = (Folder::new(), small_school());
    let once = folder.file("a.ndjson", lines(&school));
    let twice = folder.file("b.ndjson", lines(&[&school[..], &school[..1]].concat()));
    let (status, within) = report(&[&twice]);
    assert_eq!((status, issues(&within)), (0, vec!["0 PT-010 ".to_owned()]));
    assert!(within["issues"][0]["message"].as_str().unwrap().contains(&format!("{}", school.len())), "{within}");
    let (status, across) = report(&[&once, &twice]);
    assert_eq!((status, across["counts"]["unchanged"].as_u64().unwrap()), (0, school.len() as u64 + 1));
    let first = &across["issues"][0];
    assert!(first["message"].as_str().unwrap().contains("b.ndjson"), "{first}");
    assert_eq!((&first["file"], &first["line"]), (&json!(once.to_str().unwrap()), &json!(1)));
}

#[test]
fn what_is_in_none_of_the_files_is_left_unjudged_and_said_so() {
    let folder = Folder::new();
    let of = |wanted: &[&str]| -> Vec<Value> {
        let records = [small_school(), pupils(3)].concat();
        records.into_iter().filter(|record| wanted.contains(&record["resource"].as_str().unwrap())).collect()
    };
    let results = folder.file("results.ndjson", lines(&of(&["subject-results"])));
    let (status, alone) = report(&[&results]);
    assert_eq!((status, counts(&alone)), (0, "parked 4".to_owned()));
    let entry = |report: &Value, needs: &str| {
        report["unjudged"]
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["needs"] == needs && entry["resource"] == "subject-results")
            .cloned()
    };
    let students = entry(&alone, "students").unwrap();
    assert_eq!((&students["records"], &students["reason"]), (&json!(4), &json!("absent")));
    assert!(entry(&alone, "enrollments").unwrap()["rules"].as_array().unwrap().contains(&json!("MK-017")));
    assert!(entry(&alone, "classes").unwrap()["rules"].as_array().unwrap().contains(&json!("MK-010")));
    let table = text(&validate(&[], &[&results]).stdout);
    assert!(table.contains("MK-017") && table.contains("không có trong các tệp"), "{table}");
    // The other records may stand in another file, in any order; what stands there is looked at although the school is
    // in none.
    let pupils = folder.file("pupils.ndjson", lines(&of(&["classes", "students", "enrollments", "staff"])));
    let (status, both) = report(&[&results, &pupils]);
    assert_eq!(status, 0, "{both}");
    assert!(
        ["students", "enrollments", "classes"].iter().all(|needs| entry(&both, needs).is_none()),
        "{}",
        both["unjudged"]
    );
    assert_eq!(entry(&both, "schools").unwrap()["rules"], json!(["SC-006"]));
    let wrong = with(&of(&["subject-results"])[0]["data"].clone(), json!({ "subjectCode": "TIENGVIET" }));
    let wrong = folder.file("wrong.ndjson", lines(&[upsert("subject-results", &wrong)]));
    let (status, judged) = report(&[&pupils, &wrong]);
    assert_eq!((status, issues(&judged).contains(&"0 MK-010 /subjectCode".to_owned())), (1, true), "{judged}");
}

#[test]
fn what_names_a_rejected_record_is_not_rejected_with_it() {
    let (folder, mut records) = (Folder::new(), small_school());
    let at = records.iter().position(|record| record["resource"] == "students").unwrap();
    records[at]["data"]["birthDate"] = json!("2014-02-30");
    let (status, told) = report(&[&folder.file("a.ndjson", lines(&records))]);
    assert_eq!((status, &told["counts"]["rejected"]), (1, &json!(1)), "{told}");
    let reasons: Vec<&Value> =
        told["unjudged"].as_array().unwrap().iter().filter(|entry| entry["needs"] == "students").collect();
    assert!(!reasons.is_empty() && reasons.iter().all(|entry| entry["reason"] == "rejected"), "{reasons:?}");
}

#[test]
fn communes_are_judged_by_the_files_that_are_given() {
    let folder = Folder::new();
    let path = folder.file("a.ndjson", lines(&small_school()));
    assert!(report(&[&path]).1["unjudged"].to_string().contains("AD-001"));
    let units =
        folder.file("communes-from-2025-07-01.csv", "code,name,type,province_code\n10525,Phường Hải Dương,Phường,31\n");
    let output = validate(&["--format", "json", "--reference", units.to_str().unwrap()], &[&path]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        issues(&told).iter().any(|issue| issue.contains("AD-001")) && !told["unjudged"].to_string().contains("AD-001"),
        "{told}"
    );
    let broken = folder.file("communes.csv", "code,name,type,province_code\n10525,Phường Hải Dương,Phường,31\n");
    let output = validate(&["--reference", broken.to_str().unwrap()], &[&path]);
    assert!(
        output.status.code() == Some(2) && text(&output.stderr).contains("communes.csv"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_file_that_cannot_be_read_is_one_sentence() {
    let folder = Folder::new();
    let good = lines(&small_school());
    let packed = zstd::encode_all(good.as_bytes(), 1).unwrap();
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("empty.ndjson", Vec::new(), "holds no record"),
        ("other.json", b"{\"records\": 3}".to_vec(), ""),
        ("marks.csv", b"pupil,mark\n1,2\n".to_vec(), "headings of a kind of records"),
        ("letter.txt", b"[1".to_vec(), "ends before its first record"),
        ("cut.zst", packed[..20].to_vec(), "ends before its first record"),
    ];
    for (name, content, words) in cases {
        let output = validate(&["--language", "en"], &[&folder.file(name, content)]);
        let said = text(&output.stderr);
        let expected = if name == "other.json" { Some(1) } else { Some(2) };
        assert!(
            output.status.code() == expected && said.contains(words) && said.lines().count() <= 1,
            "{name}: {:?} {said}",
            output.status
        );
    }
    let output = validate(&[], &[Path::new("/nonexistent/file.ndjson")]);
    assert_eq!(text(&output.stderr), "lỗi: Không đọc được /nonexistent/file.ndjson: không có tệp này.\n");
    assert_eq!(output.status.code(), Some(2));
    // What came before the cut is checked, but nobody shall take the file for whole.
    let cut = folder.file("half.json", &json!(with_a_fault()).to_string()[..2_000]);
    let (status, told) = report(&[&cut]);
    assert_eq!((status, &told["status"], &told["files"][0]["cut"]), (2, &json!("failed"), &json!(true)));
    assert!(text(&validate(&[], &[&cut]).stdout).contains("bị cắt"));
}

#[test]
fn helps_say_what_the_exit_status_means() {
    for command in ["validate", "push"] {
        let output = Command::new(env!("CARGO_BIN_EXE_school-gateway")).args([command, "--help"]).output().unwrap();
        assert!(text(&output.stdout).contains("Exit status: 0"), "{command}");
    }
}
