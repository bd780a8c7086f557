//! Invented subject results of lower-secondary schools, and their parents.

use std::fmt::Write as _;

/// Subjects of grade 6 with their regular marks a term.
const SUBJECTS: [(&str, usize); 8] =
    [("NGUVAN", 4), ("TOAN", 4), ("NN1", 4), ("GDCD", 2), ("LSDL", 4), ("KHTN", 4), ("TINHOC", 2), ("CONGNGHE", 2)];
const PUPILS: usize = 600;

/// One result; marks in tenths.
pub struct Result {
    pub school: String,
    pub student: String,
    pub class: String,
    pub period: &'static str,
    pub subject: &'static str,
    pub regular: Vec<u32>,
    pub midterm: u32,
    pub r#final: u32,
}

impl Result {
    /// Rounded half up (Circular 22/2021, article 9).
    pub fn average(&self) -> u32 {
        let (sum, parts) =
            (self.regular.iter().sum::<u32>() + 2 * self.midterm + 3 * self.r#final, self.regular.len() as u32 + 5);
        (2 * sum + parts) / (2 * parts)
    }
    /// The record's data.
    pub fn data(&self) -> String {
        let regular: Vec<String> = self.regular.iter().map(|mark| tenths(*mark)).collect();
        format!(
            r#"{{"schoolCode":"{}","schoolYear":"2025-2026","period":"{}","studentCode":"{}","subjectCode":"{}","classCode":"{}","regularMarks":[{}],"midtermMark":{},"finalMark":{},"average":{}}}"#,
            self.school,
            self.period,
            self.student,
            self.subject,
            self.class,
            regular.join(","),
            tenths(self.midterm),
            tenths(self.r#final),
            tenths(self.average())
        )
    }
    pub fn path(&self) -> String {
        format!("/v1/subject-results/{}/2025-2026/{}/{}/{}", self.school, self.period, self.student, self.subject)
    }
    /// The row as COPY takes it.
    pub fn copy(&self, out: &mut String) {
        let regular: Vec<String> = self.regular.iter().map(|mark| tenths(*mark)).collect();
        let _ = writeln!(
            out,
            "{}\t2025-2026\t{}\t{}\t{}\t{}\t{{{}}}\t{}\t{}\t{}",
            self.school,
            self.period,
            self.student,
            self.subject,
            self.class,
            regular.join(","),
            tenths(self.midterm),
            tenths(self.r#final),
            tenths(self.average())
        );
    }
}

fn tenths(mark: u32) -> String {
    format!("{}.{}", mark / 10, mark % 10)
}

fn school(student: usize) -> String {
    let number = student / PUPILS;
    format!("31{:03}5{:02}", 300 + number / 100, number % 100)
}

/// `count` results in the order of their pupils.
pub fn results(count: usize) -> Vec<Result> {
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    // Who is good stays good: all marks of a pupil lie within two points.
    let mut mark = move |student: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        40 + (student.wrapping_mul(2_654_435_761) >> 8) as u32 % 41 + (seed % 21) as u32
    };
    let one = |number: usize| {
        let (student, place) = (number / 16, number % 16);
        let (subject, regular) = SUBJECTS[place % 8];
        Result {
            school: school(student),
            student: format!("31{student:08}"),
            class: format!("6A{}", student % 15),
            period: if place < 8 { "CK1" } else { "CK2" },
            subject,
            regular: (0..regular).map(|_| mark(student)).collect(),
            midterm: mark(student),
            r#final: mark(student),
        }
    };
    (0..count).map(one).collect()
}

const FAMILY: [&str; 11] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương"];
const MIDDLE: [&str; 7] = ["Văn", "Minh", "Đức", "Quang", "Gia", "Hữu", "Tuấn"];
const GIVEN: [&str; 13] =
    ["An", "Bình", "Cường", "Dũng", "Giang", "Hải", "Khoa", "Long", "Nam", "Phúc", "Sơn", "Tùng", "Việt"];

/// Names that hardly two of one school share.
fn name(student: usize) -> String {
    format!("{} {} {}", FAMILY[student % FAMILY.len()], MIDDLE[student % MIDDLE.len()], GIVEN[student % GIVEN.len()])
}

/// Schools, classes and pupils of `count` results, as NDJSON.
pub fn parents(count: usize) -> String {
    let (mut text, students) = (String::new(), count.div_ceil(16));
    for student in 0..students {
        let school = school(student);
        if student % PUPILS == 0 {
            let _ = writeln!(
                text,
                r#"{{"resource":"schools","data":{{"schoolCode":"{school}","name":"Trường THCS số {student}","level":"2","schoolType":"07","ownership":"1","provinceCode":"31","communeCode":"11311","status":"open"}}}}"#
            );
            for class in 0..15 {
                let _ = writeln!(
                    text,
                    r#"{{"resource":"classes","data":{{"schoolCode":"{school}","schoolYear":"2025-2026","classCode":"6A{class}","name":"6A{class}","grade":"06"}}}}"#
                );
            }
        }
        let _ = writeln!(
            text,
            r#"{{"resource":"students","data":{{"schoolCode":"{school}","studentCode":"31{student:08}","fullName":"{}","birthDate":"2014-{:02}-{:02}","sex":"male","ethnicity":"01","contacts":[{{"relationship":"mother","fullName":"Trần Thị {}"}}]}}}}"#,
            name(student),
            student % 12 + 1,
            student / 12 % 28 + 1,
            GIVEN[student / 7 % GIVEN.len()]
        );
        let _ = writeln!(
            text,
            r#"{{"resource":"enrollments","data":{{"schoolCode":"{school}","schoolYear":"2025-2026","studentCode":"31{student:08}","classCode":"6A{}","entryDate":"2025-09-05","entryType":"new"}}}}"#,
            student % 15
        );
    }
    text
}

/// Results as NDJSON.
pub fn ndjson<'r>(results: impl Iterator<Item = &'r Result>) -> Vec<u8> {
    let mut text = String::new();
    for result in results {
        let _ = writeln!(text, r#"{{"resource":"subject-results","data":{}}}"#, result.data());
    }
    text.into_bytes()
}

/// Results for COPY.
pub fn copy(results: &[Result]) -> String {
    let mut text = String::new();
    results.iter().for_each(|result| result.copy(&mut text));
    text
}

/// The result of one pupil in the first term.
pub fn results_of(pupil: usize, subject: &'static str) -> Result {
    Result {
        school: school(pupil),
        student: format!("31{pupil:08}"),
        class: format!("6A{}", pupil % 15),
        period: "CK1",
        subject,
        regular: vec![80, 75, 60, 90],
        midterm: 70,
        r#final: 70,
    }
}
