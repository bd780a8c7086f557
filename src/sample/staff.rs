//! The school's staff: as many teachers as its classes need, a principal, a deputy and employees.

use crate::sample::Setting;
use crate::sample::classes::Class;
use crate::sample::line::{SampleRecord, hundredths};
use crate::sample::names;
use crate::sample::people;
use crate::sample::people::SamplePerson;
use crate::sample::places::Locality;
use crate::sample::random::Random;
use crate::sample::school::{SampleSink, School, SchoolKind};
use chrono::Datelike;

/// Subjects that one teacher teaches together, by level; the others of primary school, and HDTNHN, are the homeroom
/// teacher's.
const PRIMARY: &[&[&str]] = &[&["NN1"], &["THCN"], &["GDTC"], &["NTAN", "NTMT"]];
const LOWER: &[&[&str]] = &[
    &["NGUVAN", "GDDP"],
    &["TOAN"],
    &["NN1"],
    &["LSDL", "GDCD"],
    &["KHTN", "CONGNGHE"],
    &["TINHOC"],
    &["GDTC"],
    &["NGHETHUAT"],
];
const UPPER: &[&[&str]] = &[
    &["NGUVAN", "GDDP"],
    &["TOAN"],
    &["NN1"],
    &["LICHSU", "DIALI"],
    &["GDTC", "GDQPAN"],
    &["VATLI"],
    &["HOAHOC"],
    &["SINHHOC"],
    &["GDKTPL"],
    &["CONGNGHE", "TINHOC"],
    &["MITHUAT"],
];
/// Position in `staff-positions`, and what the employee learnt.
const EMPLOYEES: &[(&str, &str, &str)] = &[
    ("15", "03", "Kế toán"),
    ("09", "04", "Thư viện"),
    ("11", "04", "Điều dưỡng"),
    ("16", "04", "Văn thư"),
    ("17", "05", "Bảo vệ"),
];

/// What a level asks of its teachers.
struct Norms {
    groups: &'static [&'static [&'static str]],
    /// Position of a teacher.
    position: &'static str,
    /// Ranks II and III.
    ranks: [&'static str; 2],
    /// Periods a week.
    periods: i64,
}

fn norms(level: char) -> Norms {
    match level {
        '1' => Norms { groups: PRIMARY, position: "29", ranks: ["V.07.03.28", "V.07.03.29"], periods: 23 },
        '2' => Norms { groups: LOWER, position: "28", ranks: ["V.07.04.31", "V.07.04.32"], periods: 19 },
        _ => Norms { groups: UPPER, position: "27", ranks: ["V.07.05.14", "V.07.05.15"], periods: 17 },
    }
}

/// A member of staff.
#[derive(Debug)]
pub struct StaffMember {
    /// Ten digits.
    pub code: String,
    /// Who it is.
    pub person: SamplePerson,
    group: &'static str,
    position: &'static str,
    rank: Option<&'static str>,
    qualification: &'static str,
    major: &'static str,
    level: Option<char>,
    /// Place among the level's groups of subjects; none for those who teach a class most of its subjects.
    speciality: Option<usize>,
    subjects: Vec<String>,
    /// Periods a week, in hundredths.
    load: i64,
    homeroom: bool,
}

/// The staff.
#[derive(Debug)]
pub struct Team {
    /// The principal first.
    pub members: Vec<StaffMember>,
    number: u64,
    begins: i32,
}

/// What hiring needs.
struct Office<'a> {
    setting: &'a mut Setting,
    random: &'a mut Random,
    place: &'static Locality,
}

impl Team {
    /// Hires whom the school needs and gives every course its teacher.
    pub fn hire(
        setting: &mut Setting,
        random: &mut Random,
        place: &'static Locality,
        kind: &SchoolKind,
        number: u64,
        classes: &mut [Class],
    ) -> Self {
        let mut team = Self { members: Vec::new(), number, begins: setting.begins };
        let mut office = Office { setting, random, place };
        let level = kind.level.chars().next_back().unwrap_or('1');
        team.manager(&mut office, "01", level);
        team.manager(&mut office, "02", level);
        for class in classes.iter_mut() {
            team.teach(&mut office, class);
        }
        for class in classes.iter_mut() {
            team.lead(class);
        }
        for (position, qualification, major) in EMPLOYEES {
            let employee = team.newcomer(&mut office, ("3", position), (qualification, major), 25);
            team.members.push(employee);
        }
        team
    }

    /// Who leads the school.
    pub fn principal(&self) -> &StaffMember {
        &self.members[0]
    }

    fn newcomer(
        &self,
        office: &mut Office,
        (group, position): (&'static str, &'static str),
        (qualification, major): (&'static str, &'static str),
        youngest: i64,
    ) -> StaffMember {
        let sex = people::sex(office.random, if group == "1" { 45 } else { 70 });
        let year = office.setting.begins - office.random.between(youngest, youngest.max(34) + 13) as i32;
        let birth_date = people::day_of(office.random, year);
        let family = names::family(office.random);
        let person = office.setting.register.person(office.random, family, sex, birth_date, office.place.province);
        let code = format!("{}{:05}{:03}", office.place.province, self.number, self.members.len() + 1);
        let (rank, level, speciality) = (None, None, None);
        let subjects = Vec::new();
        StaffMember {
            code,
            person,
            group,
            position,
            rank,
            qualification,
            major,
            level,
            speciality,
            subjects,
            load: 0,
            homeroom: false,
        }
    }

    fn manager(&mut self, office: &mut Office, position: &'static str, level: char) {
        let mut manager = self.newcomer(office, ("1", position), ("02", "Quản lý giáo dục"), 36);
        manager.rank = Some(norms(level).ranks[0]);
        manager.level = Some(level);
        self.members.push(manager);
    }

    fn teacher(&mut self, office: &mut Office, level: char, speciality: Option<usize>) -> usize {
        let norms = norms(level);
        let qualification = if office.random.percent(12) { "02" } else { "16" };
        let major = if speciality.is_some() { "Sư phạm chuyên ngành" } else { "Giáo dục Tiểu học" };
        let mut teacher = self.newcomer(office, ("2", norms.position), (qualification, major), 24);
        // Rank II takes years of work.
        teacher.rank = Some(norms.ranks[usize::from(office.setting.begins - teacher.person.birth_date.year() < 35)]);
        (teacher.level, teacher.speciality) = (Some(level), speciality);
        self.members.push(teacher);
        self.members.len() - 1
    }

    /// Gives the class its teachers; in primary school its homeroom teacher too.
    fn teach(&mut self, office: &mut Office, class: &mut Class) {
        let norms = norms(class.level);
        if class.level == '1' {
            class.homeroom = self.teacher(office, class.level, None);
        }
        for course in &mut class.courses {
            let Some(speciality) = norms.groups.iter().position(|group| group.contains(&course.subject.as_str()))
            else {
                continue;
            };
            let weekly = course.weekly();
            let fits = |member: &StaffMember| {
                let same = member.level == Some(class.level) && member.speciality == Some(speciality);
                same && member.load + weekly <= norms.periods * 100
            };
            let free = self.members.iter().position(fits);
            course.teacher = free.unwrap_or_else(|| self.teacher(office, class.level, Some(speciality)));
            self.members[course.teacher].takes(&course.subject, weekly);
        }
    }

    /// Gives the class its homeroom teacher, who leads no other, and with it the courses that are left.
    fn lead(&mut self, class: &mut Class) {
        if class.level != '1' {
            let is_free =
                |member: &StaffMember| member.level == Some(class.level) && member.group == "2" && !member.homeroom;
            let of_class =
                class.courses.iter().map(|course| course.teacher).filter(|teacher| is_free(&self.members[*teacher]));
            let least = of_class.min_by_key(|teacher| (self.members[*teacher].load, *teacher));
            class.homeroom = least.or_else(|| self.members.iter().position(is_free)).unwrap_or_default();
        }
        self.members[class.homeroom].homeroom = true;
        for course in class.courses.iter_mut().filter(|course| course.teacher == 0) {
            course.teacher = class.homeroom;
            self.members[class.homeroom].takes(&course.subject, course.weekly());
        }
    }

    /// Writes the records of all.
    pub fn write(&self, school: &School, random: &mut Random, sink: &mut SampleSink) {
        self.members.iter().for_each(|member| sink(member.record(school, random)));
    }
}

impl StaffMember {
    fn takes(&mut self, subject: &str, weekly: i64) {
        self.load += weekly;
        if !self.subjects.iter().any(|known| known == subject) {
            self.subjects.push(subject.to_owned());
        }
    }

    fn record(&self, school: &School, random: &mut Random) -> SampleRecord {
        let person = &self.person;
        let graduated = person.birth_date.year() + 22;
        let joined = graduated + random.between(0, 1) as i32;
        let grade = 1 + i64::from((school.team.begins - joined) / 3).clamp(0, 8);
        let levels = self.level.map(|level| [level.to_string()]);
        let is_teacher = self.group == "2";
        SampleRecord::of("staff")
            .with("staffCode", &self.code)
            .with("schoolCode", &school.code)
            .with("citizenId", &person.citizen_id)
            .with("citizenIdState", "unverified")
            .with("fullName", &person.name)
            .with("birthDate", person.birth_date)
            .with("sex", person.sex.code())
            .with("ethnicity", "01")
            .with("nationality", "VN")
            .with("phone", &person.phone)
            .with("email", format!("{}.{}@example.edu.vn", names::plain(&person.name), self.code))
            .with("permanentCommuneCode", school.commune)
            .with("permanentAddress", names::address(random))
            .with("group", self.group)
            .with("position", self.position)
            .with("status", "1")
            .with("contractType", if self.group == "3" { "3" } else { "1" })
            .with("recruitedOn", format!("{joined}-08-01"))
            .with("joinedProfessionOn", format!("{joined}-09-05"))
            .with("rank", self.rank)
            .with("salaryGrade", grade)
            .with("salaryCoefficient", hundredths(234 + 33 * (grade - 1)))
            .with("qualification", self.qualification)
            .with("major", self.major)
            .with("qualificationInstitution", self.level.map(|_| "Trường Đại học Sư phạm"))
            .with("graduationYear", graduated)
            .with("foreignLanguage", "1")
            .with("foreignLanguageLevel", random.pick(&["A2", "B1", "B2"]))
            .with("subjects", is_teacher.then_some(&self.subjects))
            .with("levelsTaught", levels)
            .with("weeklyPeriods", (self.load + 99) / 100)
            .with("homeroomTeacher", self.homeroom)
            .with("professionalStandard", self.level.map(|_| random.pick(&["1", "1", "2", "2", "2", "3"])))
    }
}
