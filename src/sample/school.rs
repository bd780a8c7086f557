//! A school: what it is, where it stands, and in which order its records are written.

use crate::sample::classes::Class;
use crate::sample::line::SampleRecord;
use crate::sample::names;
use crate::sample::places::{Locality, PLACES};
use crate::sample::random::Random;
use crate::sample::staff::Team;
use crate::sample::students;
use crate::sample::students::Student;
use crate::sample::{Setting, classes, diplomas, facilities, records};
use serde_json::Value;

/// Numbers of schools; each has codes of its own.
const NUMBERS: u64 = 100_000;
/// Since when the communes of two-tier administration hold (Decision 19/2025/QĐ-TTg).
const VALID_FROM: &str = "2025-07-01";

/// What takes the records.
pub type SampleSink<'a> = dyn FnMut(SampleRecord) + 'a;

/// What a school teaches.
#[derive(Debug)]
pub struct SchoolKind {
    /// Code in `school-levels`.
    pub level: &'static str,
    /// Sixth digit of the school code.
    digit: char,
    title: &'static str,
    english: &'static str,
    /// Grade, number of classes, fewest and most students of a class.
    pub grades: &'static [(&'static str, u8, i64, i64)],
}

const KINDS: [SchoolKind; 4] = [
    SchoolKind {
        level: "1",
        digit: '4',
        title: "Trường Tiểu học",
        english: "Primary School",
        grades: &[("01", 1, 30, 35), ("02", 1, 30, 35), ("03", 1, 30, 35), ("04", 1, 30, 35), ("05", 1, 30, 35)],
    },
    SchoolKind {
        level: "2",
        digit: '5',
        title: "Trường THCS",
        english: "Lower Secondary School",
        grades: &[("06", 2, 27, 31), ("07", 2, 27, 31), ("08", 2, 27, 31), ("09", 2, 27, 31)],
    },
    SchoolKind {
        level: "3",
        digit: '7',
        title: "Trường THPT",
        english: "Upper Secondary School",
        grades: &[("10", 2, 35, 41), ("11", 2, 35, 41), ("12", 2, 35, 41)],
    },
    SchoolKind {
        level: "12",
        digit: '5',
        title: "Trường TH và THCS",
        english: "Primary and Lower Secondary School",
        grades: &[
            ("01", 1, 17, 21),
            ("02", 1, 17, 21),
            ("03", 1, 17, 21),
            ("04", 1, 17, 21),
            ("05", 1, 17, 21),
            ("06", 1, 22, 26),
            ("07", 1, 22, 26),
            ("08", 1, 22, 26),
            ("09", 1, 22, 26),
        ],
    },
];

/// A site of the school.
#[derive(Debug)]
pub struct Campus {
    /// `C1`, `C2`.
    pub code: &'static str,
    /// The school's main site?
    pub main: bool,
}

/// An invented school with all that belongs to it.
#[derive(Debug)]
pub struct School {
    /// Eight digits: province, three digits, level, two digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub kind: &'static SchoolKind,
    /// Its province.
    pub place: &'static Locality,
    /// Its commune.
    pub commune: &'static str,
    /// Five digits that its people's codes hold.
    pub number: u64,
    /// One or two sites, the main one first.
    pub campuses: Vec<Campus>,
    /// Its classes.
    pub classes: Vec<Class>,
    /// Its staff.
    pub team: Team,
    /// Its students, class by class.
    pub students: Vec<Student>,
}

impl School {
    /// Invents the school of this index.
    pub fn invent(setting: &mut Setting, random: &mut Random, seed: u64, index: u64) -> Self {
        let number = seed.wrapping_mul(7_919).wrapping_add(index) % NUMBERS;
        let kind = &KINDS[index as usize % KINDS.len()];
        // Spread numbers, so that neighbours neither share a name nor stand in one commune.
        let spread = (number * 37_199 % NUMBERS) as usize;
        let place = &PLACES[spread % PLACES.len()];
        let commune = place.communes[spread / PLACES.len() % place.communes.len()];
        let name = names::school(spread / (PLACES.len() * place.communes.len()));
        let campuses = campuses(kind, random);
        let mut classes = classes::of(setting, kind, &campuses, random);
        let team = Team::hire(setting, random, place, kind, number, &mut classes);
        let students = students::admit(setting, random, place, number, &mut classes);
        let code = format!("{}{:03}{}{:02}", place.province, number / 100, kind.digit, number % 100);
        Self {
            code,
            name: format!("{} {name}", kind.title),
            kind,
            place,
            commune,
            number,
            campuses,
            classes,
            team,
            students,
        }
    }

    /// Writes its records, parents first.
    pub fn write(&self, setting: &mut Setting, random: &mut Random, sink: &mut SampleSink) {
        sink(self.record(random));
        self.campuses.iter().for_each(|campus| sink(self.campus_record(campus, random)));
        self.team.write(self, random, sink);
        self.classes.iter().for_each(|class| sink(class.record(self, setting)));
        self.students.iter().for_each(|student| sink(student.record(self, setting, random)));
        self.students.iter().for_each(|student| sink(student.enrollment(self, setting)));
        self.classes.iter().for_each(|class| class.write_assignments(self, setting, sink));
        self.students.iter().for_each(|student| records::write(self, setting, student, random, sink));
        facilities::write(self, setting, random, sink);
        diplomas::write(self, setting, random, sink);
    }

    /// Has it classes of this level?
    pub fn teaches(&self, level: char) -> bool {
        self.kind.level.contains(level)
    }

    fn record(&self, random: &mut Random) -> SampleRecord {
        let founded = 1975 + random.between(0, 40);
        let principal = &self.team.principal().person;
        let mail = names::plain(&self.name);
        SampleRecord::of("schools")
            .with("schoolCode", &self.code)
            .with("name", &self.name)
            .with("englishName", format!("{} No. {}", self.kind.english, self.number))
            .with("level", self.kind.level)
            .with("schoolType", "07")
            .with("managingAuthority", if self.teaches('3') { "department" } else { "commune" })
            .with("ownership", if random.percent(90) { "1" } else { "2" })
            .with("region", self.place.region)
            .with("provinceCode", self.place.province)
            .with("communeCode", self.commune)
            .with("address", names::address(random))
            .with("latitude", degrees(self.place.middle.0 + random.between(-40_000, 40_000)))
            .with("longitude", degrees(self.place.middle.1 + random.between(-40_000, 40_000)))
            .with("phone", format!("{}3{:06}", self.place.dialling, random.between(0, 999_999)))
            .with("email", format!("{mail}.{}@example.edu.vn", self.code))
            .with("website", format!("https://{mail}-{}.example.edu.vn", self.code))
            .with("principalName", &principal.name)
            .with("principalPhone", &principal.phone)
            .with("establishedOn", format!("{founded}-08-{:02}", random.between(1, 28)))
            .with("establishmentDecision", format!("{}/QĐ-UBND", random.between(100, 2_999)))
            .with("nationalStandardLevel", if random.percent(60) { "1" } else { "0" })
            .with("twoSessionsPerDay", self.teaches('1'))
            .with("semiBoarding", self.has_semi_boarding())
            .with("boarding", false)
            .with("inclusiveEducation", self.students.iter().any(|student| student.disabled))
            .with("disadvantagedArea", self.place.region == "04")
            .with("status", "open")
            .with("validFrom", VALID_FROM)
    }

    /// Do students eat and rest there at noon?
    pub fn has_semi_boarding(&self) -> bool {
        self.kind.level == "1"
    }

    fn campus_record(&self, campus: &Campus, random: &mut Random) -> SampleRecord {
        let distance = if campus.main { 0 } else { random.between(80, 450) };
        SampleRecord::of("campuses")
            .with("schoolCode", &self.code)
            .with("campusCode", campus.code)
            .with("name", if campus.main { "Điểm trường chính" } else { "Điểm trường lẻ" })
            .with("main", campus.main)
            .with("communeCode", self.commune)
            .with("address", names::address(random))
            .with("distanceToMainKm", crate::sample::line::hundredths(distance))
            .with("status", "open")
    }
}

/// Schools with primary classes often have a second site.
fn campuses(kind: &SchoolKind, random: &mut Random) -> Vec<Campus> {
    let main = Campus { code: "C1", main: true };
    if kind.level.contains('1') && random.percent(60) {
        vec![main, Campus { code: "C2", main: false }]
    } else {
        vec![main]
    }
}

/// Millionths of a degree as a number with at most six decimals.
fn degrees(millionths: i64) -> Value {
    (millionths as f64 / 1_000_000.0).into()
}
