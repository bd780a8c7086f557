//! Parts of the code lists, as tables that a query can read.

use crate::model::lists::{Lists, Subject, SubjectKind};
use crate::model::rules::curriculum::{Stage, grade, has_formula};
use crate::model::rules::electives::UPPER_SECONDARY;
use crate::model::rules::marks::Weights;

/// Part of a code list, as a table that a query can read.
#[derive(Debug)]
pub struct Set {
    /// Its name in the query.
    pub name: &'static str,
    /// Its columns, all of them text.
    pub columns: &'static [&'static str],
    /// Its rows.
    pub rows: fn(&Lists) -> Vec<Vec<String>>,
}

/// States of staff that count as working.
pub(super) static ACTIVE: Set = Set {
    name: "active",
    columns: &["status"],
    rows: |lists| {
        let codes = lists
            .list("staff-statuses")
            .map_or(&[][..], |list| list.entries.as_slice())
            .iter()
            .map(|entry| entry.code.clone());
        codes.filter(|code| lists.staff_status_active(code)).map(|code| vec![code]).collect()
    },
};

/// Grades, their levels, and the usual age of their students.
pub(super) static GRADES: Set = Set {
    name: "grades",
    columns: &["grade", "level", "age"],
    rows: |lists| {
        grades(lists)
            .into_iter()
            .filter_map(|code| lists.grade(&code).map(|grade| (code.clone(), grade.level, grade.age)))
            .map(|(code, level, age)| vec![code, level.to_string(), age.to_string()])
            .collect()
    },
};

/// Grades of upper secondary school, and the first school year in which its students choose electives.
pub(super) static CHOOSING: Set = Set {
    name: "choosing",
    columns: &["grade", "since"],
    rows: |lists| {
        let upper = |code: &String| lists.grade(code).is_some_and(|grade| grade.level == UPPER_SECONDARY);
        since_programme(lists, grades(lists).into_iter().filter(upper).map(|code| vec![code]).collect())
    },
};

/// The subjects among which they choose.
pub(super) static ELECTIVES: Set = Set {
    name: "electives",
    columns: &["subject"],
    rows: |lists| lists.electives().map(|subject| vec![subject.to_owned()]).collect(),
};

/// Subjects that are given marks, by grade.
pub(super) static SCORED: Set =
    Set { name: "scored", columns: &["grade", "subject"], rows: |lists| subjects(lists, |_, subject| subject.scored) };

/// Subjects that everyone in a grade takes, and the first school year in which that holds.
pub(super) static COMPULSORY: Set = Set {
    name: "compulsory",
    columns: &["grade", "subject", "since"],
    rows: |lists| {
        since_programme(lists, subjects(lists, |grade, subject| subject.kind_in(grade) == SubjectKind::Compulsory))
    },
};

/// Subjects that a grade may be taught, and the first school year in which that holds.
pub(super) static TAUGHT: Set = Set {
    name: "taught",
    columns: &["grade", "subject", "since"],
    rows: |lists| since_programme(lists, subjects(lists, |_, _| true)),
};

/// By which weights the averages of the terms make that of the year, by grade of secondary school and school year.
pub(super) static WEIGHTS: Set = Set {
    name: "weights",
    columns: &["grade", "school_year", "one", "two"],
    rows: |lists| {
        let years = (2020..2100).map(|year| format!("{year}-{}", year + 1)).filter(|year| has_formula(lists, year));
        let of_year = |year: String| {
            let secondary = |code: &String| grade(lists, code).is_some_and(|grade| grade.stage == Stage::Secondary);
            let weights = |code: String| {
                let weights = Weights::of(lists, &year, Some(&code))?;
                Some(vec![code, year.clone(), weights.first_term.to_string(), weights.second_term.to_string()])
            };
            grades(lists).into_iter().filter(secondary).filter_map(weights).collect::<Vec<_>>()
        };
        years.take(LONGEST).flat_map(of_year).collect()
    },
};

/// School years of which the weights are looked up.
const LONGEST: usize = 30;

/// The same rows, each with the first school year in which its grade followed the programme.
fn since_programme(lists: &Lists, rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let since = |row: &[String]| grade(lists, row.first()?)?.programme_since();
    rows.into_iter().filter_map(|row| since(&row).map(|since| [row, vec![since]].concat())).collect()
}

fn grades(lists: &Lists) -> Vec<String> {
    lists
        .list("grade-levels")
        .map_or(&[][..], |list| list.entries.as_slice())
        .iter()
        .map(|entry| entry.code.clone())
        .collect()
}

fn subjects(lists: &Lists, wanted: fn(&str, &Subject) -> bool) -> Vec<Vec<String>> {
    let of_grade = |grade: String| {
        let taught: Vec<String> = lists
            .subjects_of_grade(&grade)
            .filter(|subject| wanted(&grade, subject))
            .map(|subject| subject.code.clone())
            .collect();
        taught.into_iter().map(move |subject| vec![grade.clone(), subject]).collect::<Vec<_>>()
    };
    grades(lists).into_iter().flat_map(of_grade).collect()
}
