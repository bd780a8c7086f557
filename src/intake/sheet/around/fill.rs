//! Members that no column fills: by titles, names and parameters, by the client's school, by what is stored.

use crate::intake::sheet::around::derive::{Drawn, FoundName};
use crate::intake::sheet::around::enrolled::EnrollmentMember;
use crate::intake::sheet::around::said::Saying;
use crate::intake::sheet::cells::naming::{school_of, staff_member_of};
use crate::intake::sheet::headings::columns::{Columns, UnsettledName, ValueSource};
use crate::intake::sheet::headings::meaning::subject_of;
use crate::intake::sheet::headings::words::Aid;
use crate::intake::sheet::records::parts::Resource;

impl Resource<'_> {
    /// Names and sexes in several columns.
    pub(crate) fn draw(&self, part: &mut Columns) {
        if let (Some(family), Some(given)) = (part.aid(Aid::FamilyName), part.aid(Aid::GivenName)) {
            part.fill(self.own, "full_name", "", ValueSource::Drawn(Drawn::Joined(vec![family, given])));
        }
        if let Some(column) = part.aid(Aid::Female) {
            part.fill(self.own, "sex", "", ValueSource::Drawn(Drawn::Female(column)));
        }
        let position = part.member_column("position");
        let group: Vec<u32> = part.aid(Aid::PositionGroup).into_iter().chain(position).collect();
        let list = self.own.spec.position("position").and_then(|at| self.own.spec.fields[at].code_list());
        if let Some(list) = list.filter(|_| !group.is_empty()) {
            part.fill(self.own, "group", "", ValueSource::Drawn(Drawn::PositionGroup(group, list)));
        }
    }

    /// What titles, parameters, names of sheet and file and the layout say, and the client's one school.
    pub(crate) fn say(&self, part: &mut Columns, main: Option<&str>) {
        let (said, given) = (&self.titles.said, self.vocabulary.context.given);
        let source = |saying: &Saying, value: String| match saying.at {
            Some((row, column)) => ValueSource::Line { row, column, value },
            None => ValueSource::Said(value),
        };
        let fixed = |name: &str| self.titles.layout.and_then(|layout| layout.fixed.get(name)).cloned();
        let mut fill = |name: &str, source: Option<ValueSource>| {
            if let Some(source) = source {
                let title = self.own.spec.position(name).map_or("", |at| self.own.spec.fields[at].title());
                part.fill(self.own, name, title, source);
            }
        };
        let as_said = |saying: &Saying| source(saying, saying.value.clone());
        fill("school_year", said.year.as_ref().map(as_said).or_else(|| fixed("schoolYear").map(ValueSource::Said)));
        fill(
            "period",
            said.period.as_ref().map(as_said).or_else(|| main.map(|period| ValueSource::Said(period.to_owned()))),
        );
        let subject = said.subject.as_ref().and_then(|saying| {
            Some(source(saying, subject_of(&saying.value, self.titles.level, self.vocabulary.lists)?))
        });
        let given_subject = given.subject_code.clone().map(ValueSource::Said);
        let titled = said.subject.as_ref().is_some_and(|saying| saying.at.is_some());
        fill(
            "subject_code",
            if titled { subject.or(given_subject) } else { given_subject.or(subject) }
                .or_else(|| fixed("subjectCode").map(ValueSource::Said)),
        );
        let class = said.class.as_ref().map(|saying| {
            let year = said.year.as_ref().map(|year| year.value.as_str());
            let mut stored = self.vocabulary.context.classes_called(&saying.value, year);
            stored.dedup_by(|one, other| one.code == other.code);
            let code = match stored.as_slice() {
                [only] => only.code.clone(),
                _ => saying.value.clone(),
            };
            source(saying, code)
        });
        fill("class_code", class.or_else(|| fixed("classCode").map(ValueSource::Said)));
        let context = &self.vocabulary.context;
        let named = || {
            let (school, commune) =
                (said.school.as_ref()?, said.commune.as_ref().map(|commune| commune.value.as_str()));
            match school_of(context, self.vocabulary.lists.units(), &school.value, commune) {
                FoundName::Code(code) => Some(source(school, code)),
                _ => None,
            }
        };
        let school = context.school().map(|school| ValueSource::Said(school.to_owned()));
        fill("school_code", school.or_else(named));
    }

    /// The teachers whom titles name, by the codes of the school's staff. A title of a sheet of many subjects speaks of none.
    pub(crate) fn say_teachers(&self, part: &mut Columns) {
        let (said, context) = (&self.titles.said, &self.vocabulary.context);
        for (name, saying) in [("staff_code", &said.teacher), ("homeroom_staff_code", &said.homeroom)] {
            let refers = self.own.spec.references.iter().any(|one| one.fields == [name]);
            let Some(saying) = saying.as_ref().filter(|_| refers && !self.is_wide && part.member(name).is_none())
            else {
                continue;
            };
            let candidates = match (staff_member_of(context, &saying.value), saying.at) {
                (FoundName::Code(value), Some((row, column))) => {
                    let title = self.own.spec.position(name).map_or("", |at| self.own.spec.fields[at].title());
                    part.fill(self.own, name, title, ValueSource::Line { row, column, value });
                    continue;
                }
                (FoundName::Several(candidates), _) => candidates,
                (FoundName::Nothing, _) => Vec::new(),
                (FoundName::Code(_) | FoundName::Untold, _) => continue,
            };
            let name = saying.value.clone();
            part.unsettled.extend(saying.at.map(|at| UnsettledName { at, name, candidates }));
        }
    }

    /// A list of classes has their names, or their codes: one by the other.
    pub(crate) fn name_class(&self, part: &mut Columns) {
        let key = self.own.spec.key;
        if !key.contains(&"class_code") || key.contains(&"student_code") {
            return;
        }
        let (code, name) = (part.member_column("class_code"), part.member_column("name"));
        match (code, name, part.member("class_code").is_some()) {
            (None, Some(name), false) => {
                part.fill(self.own, "class_code", self.heading_of(name), ValueSource::Drawn(Drawn::ClassCode(name)));
            }
            (Some(code), None, _) => {
                part.fill(self.own, "name", self.heading_of(code), ValueSource::Drawn(Drawn::ClassName(code)));
            }
            _ => return,
        }
        part.looks_up = true;
    }

    /// What is stored says the year, the class, and how a student's time in the class began.
    pub(crate) fn look_up(&self, part: &mut Columns) {
        let spec = self.own.spec;
        let (has_student, has_class) = (spec.position("student_code").is_some(), spec.position("class_code").is_some());
        if !has_student || !has_class {
            return;
        }
        let state: Vec<u32> =
            [Aid::StatusDate, Aid::StudentStatus].into_iter().filter_map(|aid| part.aid(aid)).collect();
        if spec.position("entry_type").is_some() {
            for (name, member) in [
                ("entry_date", EnrollmentMember::EntryDate),
                ("entry_type", EnrollmentMember::EntryType),
                ("exit_date", EnrollmentMember::ExitDate),
                ("exit_type", EnrollmentMember::ExitType),
            ] {
                let heading = if state.is_empty() { "" } else { self.heading_of(state[0]) };
                let columns =
                    if name.ends_with("type") { state.iter().rev().copied().collect() } else { state.clone() };
                let is_exit = name.starts_with("exit");
                if !is_exit || !state.is_empty() {
                    part.fill(self.own, name, heading, ValueSource::Drawn(Drawn::Enrollment(member, columns)));
                }
            }
        }
        part.fill(self.own, "school_year", "", ValueSource::Drawn(Drawn::Year));
        part.fill(self.own, "class_code", "", ValueSource::Drawn(Drawn::Class));
        part.looks_up = part.is_drawn();
    }

    fn heading_of(&self, column: u32) -> &str {
        let found = self.head.columns.iter().find(|known| known.column == column);
        found.and_then(|column| column.texts.last()).map_or("", String::as_str)
    }
}
