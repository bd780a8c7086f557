//! What is stored, as far as sheets leave it unsaid: read when it is first asked for, once a submission.

use crate::access::Area;
use crate::intake::sheet::around::context::{ClassFact, EnrollmentFact, SchoolFact, SheetFacts, StaffFact};
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
    /// Whose people may be named.
    area: &'p Area,
    schools: OnceCell<Rc<Vec<SchoolFact>>>,
    classes: RefCell<HashMap<String, Rc<Vec<ClassFact>>>>,
    staff: RefCell<HashMap<String, Rc<Vec<StaffFact>>>>,
    enrollments: RefCell<HashMap<String, Rc<ByStudent>>>,
}

impl<'p> StoredFacts<'p> {
    /// Of the database behind these connections, for a client of this area.
    pub fn new(pool: &'p Pool, area: &'p Area) -> Self {
        let (classes, staff, enrollments) = (RefCell::default(), RefCell::default(), RefCell::default());
        Self { pool, area, schools: OnceCell::new(), classes, staff, enrollments }
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
        let sql =
            "SELECT class_code, name, school_year, grade FROM classes WHERE school_code = $1 ORDER BY school_year";
        self.each(sql, vec![Argument::Text(school.into())], |texts| {
            let [code, name, year, grade] = [0, 1, 2, 3].map(|at| texts[at].clone());
            classes.push(ClassFact { code, name, year, grade });
        });
        let classes = Rc::new(classes);
        self.classes.borrow_mut().insert(school.to_owned(), classes.clone());
        classes
    }

    fn staff_of(&self, school: &str) -> Rc<Vec<StaffFact>> {
        if let Some(known) = self.staff.borrow().get(school) {
            return known.clone();
        }
        let mut staff = Vec::new();
        if self.area.allows_school_by_grant(school) {
            let sql = "SELECT staff_code, full_name, '', '' FROM staff WHERE school_code = $1 ORDER BY staff_code";
            self.each(sql, vec![Argument::Text(school.into())], |texts| {
                staff.push(StaffFact { code: texts[0].clone(), name: texts[1].clone() });
            });
        }
        let staff = Rc::new(staff);
        self.staff.borrow_mut().insert(school.to_owned(), staff.clone());
        staff
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
