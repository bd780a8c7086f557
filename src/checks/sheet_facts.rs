//! What is stored, as far as sheets leave it unsaid: read when it is first asked for, once a submission.

use crate::intake::sheet::around::context::{ClassFact, EnrollmentFact, SchoolFact, SheetFacts};
use crate::store::Pool;
use crate::store::pg::statement::{Argument, Cells, Statement};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Enrollments by student.
type ByStudent = HashMap<String, Vec<EnrollmentFact>>;

/// What the database says.
pub struct StoredFacts<'p> {
    pool: &'p Pool,
    schools: OnceCell<Rc<Vec<SchoolFact>>>,
    classes: RefCell<HashMap<String, Rc<Vec<ClassFact>>>>,
    enrollments: RefCell<HashMap<String, Rc<ByStudent>>>,
}

impl<'p> StoredFacts<'p> {
    /// Of the database behind these connections.
    pub fn new(pool: &'p Pool) -> Self {
        Self { pool, schools: OnceCell::new(), classes: RefCell::default(), enrollments: RefCell::default() }
    }

    /// A database out of reach says nothing; the step that stores the records tells of it.
    fn each(&self, sql: &str, arguments: Vec<Argument>, mut take: impl FnMut(&[String])) {
        let Ok(mut connection) = self.pool.get() else { return };
        let read = Statement::with(sql, arguments).each(&mut connection, |cells: Cells| {
            let texts: Vec<String> = (0..4).map(|at| cells.text(at).unwrap_or_default().to_owned()).collect();
            take(&texts);
            Ok(())
        });
        if let Err(error) = read {
            tracing::warn!(%error, "what is stored could not be looked up for a sheet");
        }
    }
}

impl SheetFacts for StoredFacts<'_> {
    fn schools(&self) -> Rc<Vec<SchoolFact>> {
        let read = || {
            let mut schools = Vec::new();
            let sql = "SELECT school_code, name, commune_code, level FROM schools ORDER BY school_code";
            self.each(sql, Vec::new(), |texts| {
                let [code, name, commune, level] = [0, 1, 2, 3].map(|at| texts[at].clone());
                schools.push(SchoolFact { code, name, commune, level });
            });
            Rc::new(schools)
        };
        self.schools.get_or_init(read).clone()
    }

    fn classes_of(&self, school: &str) -> Rc<Vec<ClassFact>> {
        if let Some(known) = self.classes.borrow().get(school) {
            return known.clone();
        }
        let mut classes = Vec::new();
        let sql = "SELECT class_code, school_year, grade, '' FROM classes WHERE school_code = $1 ORDER BY school_year";
        self.each(sql, vec![Argument::Text(school.into())], |texts| {
            let [code, year, grade] = [0, 1, 2].map(|at| texts[at].clone());
            classes.push(ClassFact { code, year, grade });
        });
        let classes = Rc::new(classes);
        self.classes.borrow_mut().insert(school.to_owned(), classes.clone());
        classes
    }

    fn times_of_students(&self, school: &str) -> Rc<ByStudent> {
        if let Some(known) = self.enrollments.borrow().get(school) {
            return known.clone();
        }
        let mut students = ByStudent::new();
        let sql = "SELECT student_code, school_year || ' ' || entry_date::text, class_code, entry_type FROM enrollments \
             WHERE school_code = $1";
        self.each(sql, vec![Argument::Text(school.into())], |texts| {
            let (year, entry_date) = texts[1].split_once(' ').unwrap_or_default();
            students.entry(texts[0].clone()).or_default().push(EnrollmentFact {
                year: year.to_owned(),
                class: texts[2].clone(),
                entry_date: entry_date.to_owned(),
                entry_type: texts[3].clone(),
            });
        });
        let students = Rc::new(students);
        self.enrollments.borrow_mut().insert(school.to_owned(), students.clone());
        students
    }
}
