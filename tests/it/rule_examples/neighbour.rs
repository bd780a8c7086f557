//! Another school, whose records are full of what nobody else may know, and which has whatever a school sends.

use super::sending::Office;
use crate::common::records::{SCHOOL, example, ordered, upsert};
use school_gateway::model;
use school_gateway::model::spec::Spec;
use serde_json::{Map, Value, json};
use std::cell::Cell;

/// Its code.
pub const CODE: &str = "31000987";

/// What its records hold and no example sends; with a code or date in the ways in which it may be written.
pub const MARKS: [&str; 16] = [
    CODE,
    "3100987",
    "B9870001",
    "214987",
    "188987",
    "186987",
    "HS4319870",
    "3987650",
    "Mật Kín",
    "Bí Ẩn",
    "giấu kín",
    "2014-07-13",
    "13/07/2014",
    "2025-10-29",
    "29/10/2025",
    "987001",
];

/// What is said in place of the example's own members.
const PLANTED: &str = "
    UPDATE schools SET name = 'Trường THCS Mật Kín', principal_name = 'Tống Bí Ẩn', phone = '02203987650' WHERE school_code = '31000987';
    UPDATE campuses SET name = 'Điểm trường giấu kín' WHERE school_code = '31000987';
    UPDATE classes SET name = '6 Mật Kín' WHERE school_code = '31000987';
    UPDATE staff SET full_name = 'Xuân Mật Kín', citizen_id = '031188987001', birth_date = '2014-07-13', phone = '0398765001'
        WHERE school_code = '31000987';
    UPDATE students SET full_name = 'Xuân Mật Kín', citizen_id = '031214987001', birth_date = '2014-07-13', phone = '0398765002',
        health_insurance_number = 'HS4319870000001', note = 'giấu kín', contacts = '[{\"relationship\": \"mother\",
        \"fullName\": \"Tống Bí Ẩn\", \"phone\": \"0398765003\", \"citizenId\": \"031186987003\"}]' WHERE school_code = '31000987';
    UPDATE enrollments SET entry_date = '2025-10-29' WHERE school_code = '31000987';
    UPDATE subject_results SET comment = 'giấu kín' WHERE school_code = '31000987';
    UPDATE academic_records SET comment = 'giấu kín' WHERE school_code = '31000987';
    UPDATE diplomas SET full_name = 'Xuân Mật Kín', citizen_id = '031214987002', birth_date = '2014-07-13' WHERE school_code = '31000987'";

/// Which of the records that another school sends the neighbour has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Has {
    /// Nothing is stored at all.
    Nothing,
    /// What is told apart by the school alone: a class or a campus of the same code.
    Namesakes,
    /// People and diplomas of the same codes as well, and people of the same citizen numbers.
    All,
}

pub struct Neighbour<'o> {
    office: &'o Office,
    made: Cell<u32>,
}

impl<'o> Neighbour<'o> {
    /// Moves in: its records are stored, and kept for [`Self::clear`].
    pub async fn settle(office: &'o Office) -> Self {
        let software = office.gateway.client("school-software", &["--school", CODE]);
        let records: Vec<Value> = ordered().map(|spec| upsert(spec.name, &own(spec))).collect();
        let (status, report) = office.gateway.submit("", &office.gateway.token(&software).await, &records).await;
        assert!(status == 200 && report["counts"]["created"] == records.len(), "{report:#}");
        let neighbour = Self { office, made: Cell::new(100) };
        for statement in PLANTED.split(';') {
            neighbour.run(statement);
        }
        neighbour.run("CREATE SCHEMA neighbour");
        for spec in ordered() {
            neighbour.run(&format!("UPDATE {} SET version = 987001 WHERE school_code = '{CODE}'", spec.table));
            neighbour.run(&format!("CREATE TABLE neighbour.{0} AS SELECT * FROM {0}", spec.table));
        }
        neighbour
    }

    fn run(&self, statement: &str) {
        self.office.gateway.database().execute(statement);
    }

    /// Takes away what is stored, and all that waits; only what the neighbour has stays, if it is there.
    pub fn clear(&self, has: Has) {
        self.run("DELETE FROM parked_records");
        for spec in ordered().rev() {
            self.run(&format!("DELETE FROM {}", spec.table));
            if has != Has::Nothing {
                self.run(&format!("INSERT INTO {0} SELECT * FROM neighbour.{0}", spec.table));
            }
        }
    }

    /// Another school of the example has people of whom nobody is to know either.
    pub fn mark_people_of(&self, school: &str) {
        for table in ["students", "staff", "diplomas"] {
            self.run(&format!("UPDATE {table} SET full_name = 'Xuân Mật Kín' WHERE school_code = '{school}'"));
        }
        for table in ["students", "staff"] {
            self.run(&format!("UPDATE {table} SET phone = '0398765004' WHERE school_code = '{school}'"));
        }
    }

    /// It gets the same as is sent, each with its own members.
    pub fn takes(&self, has: Has, records: &[Value]) {
        for record in records {
            let spec = model::find(record["resource"].as_str().unwrap_or_default());
            let Some((spec, data)) = spec.zip(record["data"].as_object()) else { continue };
            let is_person = |column: &&str| ["student_code", "staff_code", "diploma_number"].contains(column);
            match has {
                Has::Nothing => {}
                Has::Namesakes if spec.key.iter().any(is_person) => {}
                _ if spec.key == ["school_code"] => {}
                _ => self.twin(spec, data),
            }
            if has == Has::All && spec.key.len() == 1 {
                self.holder_of_number(spec, data);
            }
        }
    }

    /// People with the names, birth dates and contacts of those that are sent.
    pub fn doubles(&self, records: &[Value]) {
        for record in records.iter().filter(|record| record["resource"] == "students") {
            let data = &record["data"];
            let number = self.number();
            let double = json!({ "student_code": format!("3100987{number}"), "citizen_id": format!("031214987{number}"),
                "full_name": data["fullName"], "birth_date": data["birthDate"], "contacts": data["contacts"] });
            self.copy(model::find("students").unwrap(), &double, "");
        }
    }

    /// A record of the same key, but for the school.
    fn twin(&self, spec: &Spec, data: &Map<String, Value>) {
        let mut changes = Map::new();
        for column in spec.key.iter().filter(|column| !["school_code", "entry_date"].contains(*column)) {
            let member = spec.fields[spec.position(column).unwrap()].json;
            // What is no code at all nobody has.
            let Some(Value::String(code)) = data.get(member).filter(|code| !code.to_string().contains("\\u")) else {
                return;
            };
            changes.insert((*column).to_owned(), code.as_str().into());
        }
        if spec.name == "students" || spec.name == "staff" {
            let prefix = if spec.name == "staff" { "031188987" } else { "031214987" };
            changes.insert("citizen_id".to_owned(), format!("{prefix}{}", self.number()).into());
        }
        self.copy(spec, &Value::Object(changes), "");
    }

    /// A person of another code with the same citizen number.
    fn holder_of_number(&self, spec: &Spec, data: &Map<String, Value>) {
        let Some(number) = data.get("citizenId").and_then(Value::as_str).filter(|_| spec.name != "diplomas") else {
            return;
        };
        let [key] = spec.key else { return };
        let number = number.replace(['\'', '\0'], "");
        let changes = json!({ *key: format!("3100987{}", self.number()), "citizen_id": number });
        let none = format!(" AND NOT EXISTS (SELECT 1 FROM {} x WHERE x.citizen_id = '{number}')", spec.table);
        self.copy(spec, &changes, &none);
    }

    /// One more record as the neighbour's first of that kind, unless there is one of that key.
    fn copy(&self, spec: &Spec, changes: &Value, condition: &str) {
        let (table, changes) = (spec.table, changes.to_string().replace('\'', "''"));
        let key = |row: &str| spec.key.iter().map(|column| format!("{row}.{column}")).collect::<Vec<_>>().join(", ");
        self.run(&format!(
            "INSERT INTO {table} SELECT p.* FROM (SELECT * FROM neighbour.{table} LIMIT 1) t, \
             jsonb_populate_record(ROW(t.*)::{table}, '{changes}'::jsonb) p \
             WHERE NOT EXISTS (SELECT 1 FROM {table} x WHERE ({}) = ({})){condition}",
            key("x"),
            key("p")
        ));
    }

    fn number(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }
}

/// The example of a resource, as a record of the neighbour's.
fn own(spec: &Spec) -> Value {
    let mut data = example(spec.name);
    data.as_object_mut().unwrap().remove("citizenId");
    let text = data.to_string().replace(SCHOOL, CODE).replace("3100012345", "3100987001");
    let text = text.replace("3100000123", "3100987002").replace("A0123456", "B9870001");
    serde_json::from_str(&text).unwrap()
}
