//! Marks of lower and upper secondary school: Circular 22, and Circular 58 for the last who were under it.

use super::pupils::{Class, Pupil, Terms};
use super::school::{School, World};
use super::subjects::Subject;
use serde_json::{Value, json};

pub const LEVELS: [&str; 4] = ["CĐ", "Đ", "K", "T"];
const OLD_LEARNING: [&str; 5] = ["KEM", "Y", "TB", "K", "G"];
const OLD_CONDUCT: [&str; 4] = ["Y", "TB", "K", "T"];

/// A decimal of one place.
pub fn mark(tenths: i32) -> Value {
    if tenths % 10 == 0 { json!(tenths / 10) } else { json!(f64::from(tenths) / 10.0) }
}

/// Half up, to the next whole one.
fn rounded(sum: i32, count: i32) -> i32 {
    (2 * sum + count) / (2 * count)
}

fn old_rules(class: &Class) -> bool {
    super::subjects::old_rules(class.year, class.grade)
}

/// All results of a pupil's year.
pub fn results(world: &mut World, school: &School, classes: &[Class], pupil: &mut Pupil) {
    if !(6..=12).contains(&pupil.grade) || (classes[0].year == 2026 && school.number % 4 < 2) {
        return;
    }
    let days = [classes[0].day(1, 5), classes[0].day(5, 20)];
    for (period, day) in [("GK1", classes[0].day(11, 5)), ("GK2", classes[0].day(3, 20))] {
        if let Some(index) = pupil.class_on(day).filter(|_| school.number % 5 == 0) {
            middle(world, school, &classes[index], pupil, period);
        }
    }
    for (term, day) in days.into_iter().enumerate() {
        if let Some(index) = pupil.class_on(day) {
            half(world, school, &classes[index], pupil, term);
        }
    }
    let all_year = pupil.terms.conduct[1].is_some()
        && pupil.unfinished.is_none()
        && pupil.stays.iter().all(|stay| stay.entry.1 != "return");
    if let Some(index) = pupil.class_on(classes[0].day(5, 25)).filter(|_| all_year) {
        year(world, school, &classes[index], pupil);
    }
}

fn ground(school: &School, class: &Class, pupil: &Pupil, period: &str) -> Value {
    json!({ "schoolCode": school.code, "schoolYear": class.school_year(), "period": period, "studentCode": pupil.code, "classCode": class.code })
}

fn add(world: &mut World, resource: &str, mut data: Value, more: Value) {
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.put(resource, data);
}

/// Marks of one term in one subject: regular ones, midterm, final; often where averages have an edge.
fn marks(world: &mut World, ability: i32, count: usize) -> (Vec<i32>, i32, i32) {
    let dice = &mut world.dice;
    let even = [35, 50, 65, 80, 90, 100, 0, 34, 49, 64, 79][dice.between(0, 10) as usize];
    if dice.chance(8) && (even - ability).abs() < 25 {
        return (vec![even; count], even, even);
    }
    let mut draw = || (ability + dice.between(-18, 14)).clamp(0, 100);
    ((0..count).map(|_| draw()).collect(), draw(), draw())
}

/// What a school sends in the middle of a term.
fn middle(world: &mut World, school: &School, class: &Class, pupil: &Pupil, period: &str) {
    for subject in class.subjects.iter().filter(|subject| subject.scored && pupil.exempt_subject != Some(subject.code))
    {
        let more = json!({ "subjectCode": subject.code, "regularMarks": [mark(pupil.ability)], "midtermMark": mark(pupil.ability / 2) });
        add(world, "subject-results", ground(school, class, pupil, period), more);
    }
}

fn half(world: &mut World, school: &School, class: &Class, pupil: &mut Pupil, term: usize) {
    let period = ["CK1", "CK2"][term];
    for subject in &class.subjects {
        let base = ground(school, class, pupil, period);
        let code = subject.code;
        if pupil.exempt_subject == Some(code) {
            add(world, "subject-results", base, json!({ "subjectCode": code, "exempt": true }));
        } else if term == 1 && pupil.unfinished == Some(code) {
            add(world, "subject-results", base, json!({ "subjectCode": code, "regularMarks": [mark(pupil.ability)] }));
        } else if subject.scored {
            let (regular, midterm, last) = marks(world, pupil.ability, subject.regular(class.grade));
            let average = rounded(regular.iter().sum::<i32>() + 2 * midterm + 3 * last, regular.len() as i32 + 5);
            pupil.terms.marks.entry(code).or_default()[term] = Some(average);
            let regular: Vec<Value> = regular.into_iter().map(mark).collect();
            let more = json!({ "subjectCode": code, "regularMarks": regular, "midtermMark": mark(midterm), "finalMark": mark(last),
                "average": mark(average) });
            add(world, "subject-results", base, more);
        } else {
            let passed = pupil.ability > 40 || world.dice.chance(70);
            pupil.terms.passed.entry(code).or_default()[term] = Some(passed);
            let level = if passed { "Đ" } else { "CĐ" };
            add(
                world,
                "subject-results",
                base,
                json!({ "subjectCode": code, "level": level, "exempt": false, "comment": "Có cố gắng." }),
            );
        }
    }
    let finished =
        term == 0 || pupil.unfinished.is_none_or(|code| class.subjects.iter().all(|subject| subject.code != code));
    let conduct = if pupil.ability > 70 { 3 } else { world.dice.between(0, 3) as usize };
    pupil.terms.conduct[term] = Some(conduct);
    let read = |terms: &Terms, code: &str| {
        (terms.marks.get(code).and_then(|both| both[term]), terms.passed.get(code).and_then(|both| both[term]))
    };
    let (learning, _) = learning(school, class, &pupil.terms, read);
    let mut more = json!({ "learningLevel": learning, "conductLevel": conduct_code(class, conduct) });
    if !finished {
        more.as_object_mut().unwrap().remove("learningLevel");
    }
    if pupil.ability % 2 == 0 {
        more["excusedAbsences"] = json!(world.dice.between(0, 20));
        more["unexcusedAbsences"] = json!(0);
    }
    add(world, "academic-records", ground(school, class, pupil, period), more);
}

fn conduct_code(class: &Class, conduct: usize) -> &'static str {
    if old_rules(class) { OLD_CONDUCT[conduct] } else { LEVELS[conduct] }
}

/// What the terms give for the year; who came in the second term has the first one from elsewhere.
fn reached(class: &Class, pupil: &Pupil) -> Terms {
    let mut reached = Terms::default();
    for subject in class.subjects.iter().filter(|subject| pupil.exempt_subject != Some(subject.code)) {
        if let Some([first, Some(second)]) = pupil.terms.marks.get(subject.code).copied() {
            reached.marks.insert(subject.code, [Some(rounded(first.unwrap_or(second) + 2 * second, 3)), None]);
        } else if let Some([_, Some(second)]) = pupil.terms.passed.get(subject.code).copied() {
            reached.passed.insert(subject.code, [Some(second), None]);
        }
    }
    reached
}

/// The subjects' results of the year, then the year's own record; who failed may be assessed again.
fn year(world: &mut World, school: &School, class: &Class, pupil: &Pupil) {
    let mut reached = reached(class, pupil);
    let read = |terms: &Terms, code: &str| {
        (terms.marks.get(code).and_then(|both| both[0]), terms.passed.get(code).and_then(|both| both[0]))
    };
    let again = !old_rules(class) && pupil.ability % 2 == 0 && learning(school, class, &reached, read).1 == 0;
    for subject in &class.subjects {
        let mut more = json!({ "subjectCode": subject.code });
        if pupil.exempt_subject == Some(subject.code) {
            more["exempt"] = json!(true);
        } else if let Some([Some(average), _]) = reached.marks.get_mut(subject.code) {
            more["average"] = mark(*average);
            if again && *average < 50 {
                *average = 50 + pupil.ability % 7;
                more["reassessedMark"] = mark(*average);
            }
        } else if let Some([Some(passed), _]) = reached.passed.get_mut(subject.code) {
            more["level"] = json!(if *passed { "Đ" } else { "CĐ" });
            if again && !*passed {
                *passed = true;
                more["reassessedLevel"] = json!("Đ");
            }
        } else {
            continue;
        }
        add(world, "subject-results", ground(school, class, pupil, "CN"), more);
    }
    let learning = learning(school, class, &reached, read);
    outcome(world, school, class, pupil, (learning, &reached));
}

type Learning = (&'static str, usize);

fn outcome(
    world: &mut World,
    school: &School,
    class: &Class,
    pupil: &Pupil,
    ((learning, rank), reached): (Learning, &Terms),
) {
    let [first, Some(second)] = pupil.terms.conduct else { return };
    let conduct = if old_rules(class) { second } else { conduct_of_year(first.unwrap_or(second), second) };
    let absences = [0, 45, 46, 12][pupil.ability as usize % 4];
    let promoted =
        if old_rules(class) { rank >= 2 && conduct >= 1 } else { rank >= 1 && conduct >= 1 } && absences <= 45;
    let mut more = json!({ "learningLevel": learning, "conductLevel": conduct_code(class, conduct), "excusedAbsences": absences,
        "unexcusedAbsences": 0, "promoted": promoted });
    let nines = reached.marks.values().filter(|both| both[0] >= Some(90)).count();
    let award = match (old_rules(class), rank, conduct) {
        (false, 3, 3) => Some(if nines >= 6 { "HSXS" } else { "HSG" }),
        (true, 4, 3) => Some("HSG"),
        (true, 3.., 2..) => Some("HSTT"),
        _ => None,
    };
    if let Some(award) = award.filter(|_| pupil.ability % 5 > 0) {
        more["award"] = json!(award);
    }
    if conduct == 0 {
        more["summerRetraining"] = json!(true);
    }
    add(world, "academic-records", ground(school, class, pupil, "CN"), more);
}

pub fn conduct_of_year(first: usize, second: usize) -> usize {
    match (second, first) {
        (3, 2..) => 3,
        (2, 1..) | (1, 3) | (3, ..2) => 2,
        (1, ..3) | (2, 0) => 1,
        _ => 0,
    }
}

/// The level that the marks give, as code and as rank; optional subjects are counted at every second school.
fn learning(
    school: &School,
    class: &Class,
    terms: &Terms,
    read: impl Fn(&Terms, &str) -> (Option<i32>, Option<bool>),
) -> (&'static str, usize) {
    let counted = |subject: &&&Subject| subject.kind != 'O' || school.number % 2 == 0;
    let subjects: Vec<&Subject> = class.subjects.iter().filter(counted).copied().collect();
    let (mut scored, mut comments, mut leading) = (Vec::new(), Vec::new(), 0);
    for subject in subjects {
        let (average, passed) = read(terms, subject.code);
        scored.extend(average);
        comments.extend(passed);
        if ["TOAN", "NGUVAN", "NN1"].contains(&subject.code) {
            leading = leading.max(average.unwrap_or_default());
        }
    }
    if old_rules(class) {
        let rank = old_level(&scored, &comments, leading);
        return (OLD_LEARNING[rank], rank);
    }
    let rank = level(&scored, &comments);
    (LEVELS[rank], rank)
}

fn plain(scored: &[i32], comments: &[bool]) -> usize {
    let six = |mark: i32| scored.iter().filter(|&&one| one >= mark).count() >= 6;
    let all = |mark: i32| scored.iter().all(|&one| one >= mark);
    let failed = comments.iter().filter(|passed| !**passed).count();
    match () {
        () if failed == 0 && all(65) && six(80) => 3,
        () if failed == 0 && all(50) && six(65) => 2,
        () if failed <= 1 && all(35) && six(50) => 1,
        () => 0,
    }
}

/// If one subject alone pulls the level down by two or more, it is the next below what it would have been.
pub fn level(scored: &[i32], comments: &[bool]) -> usize {
    let found = plain(scored, comments);
    let mut best = found;
    for index in 0..scored.len() + comments.len() {
        let (mut scored, mut comments) = (scored.to_vec(), comments.to_vec());
        match index.checked_sub(scored.len()) {
            None => drop(scored.remove(index)),
            Some(index) => drop(comments.remove(index)),
        }
        let without = plain(&scored, &comments);
        if without >= found + 2 {
            best = best.max(without - 1);
        }
    }
    best
}

/// Circular 58: the average of all subjects, one of the leading ones, the lowest; and its own four exceptions.
fn old_level(scored: &[i32], comments: &[bool], leading: i32) -> usize {
    let average = rounded(scored.iter().sum(), (scored.len() as i32).max(1));
    let plain = |scored: &[i32], comments: &[bool]| {
        let lowest = scored.iter().copied().min().unwrap_or(100);
        let reaches = |mean: i32, mark: i32| {
            average >= mean && leading >= mean && lowest >= mark && comments.iter().all(|passed| *passed)
        };
        match () {
            () if reaches(80, 65) => 4,
            () if reaches(65, 50) => 3,
            () if reaches(50, 35) => 2,
            () if average >= 35 && lowest >= 20 => 1,
            () => 0,
        }
    };
    let (found, mean) = (plain(scored, comments), plain(&[], &[]));
    let one_alone = (0..scored.len() + comments.len()).any(|index| {
        let (mut scored, mut comments) = (scored.to_vec(), comments.to_vec());
        match index.checked_sub(scored.len()) {
            None => drop(scored.remove(index)),
            Some(index) => drop(comments.remove(index)),
        }
        plain(&scored, &comments) == mean
    });
    match (mean, found) {
        (4, 2) | (4, 1) | (3, 1) | (3, 0) if one_alone => found + 1,
        _ => found,
    }
}
