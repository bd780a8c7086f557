//! Which sheet of a workbook holds the records of which resource: by its name, else by its headings.

use crate::intake::sheet::annotate::is_list;
use crate::intake::sheet::file::delimited::head;
use crate::intake::sheet::file::row::SheetFault;
use crate::intake::sheet::file::source::WorkbookSource;
use crate::intake::sheet::headings::heading::key;
use crate::intake::sheet::layouts::near::NearSheet;
use crate::intake::sheet::records::reading::{Found, SheetReading, Vocabulary};
use crate::model;
use crate::model::spec::Spec;

/// The sheet in templates that explains them.
pub const GUIDE: &str = "Hướng dẫn";

/// A sheet, and what is to be done with it.
pub enum SheetPlan {
    /// It holds records.
    Records {
        /// Its place among the sheets.
        sheet: usize,
        /// How its rows make records.
        reading: Box<SheetReading>,
    },
    /// It is called as a resource is, but has none of its headings.
    Headless(usize),
    /// It lacks what the records of its layout cannot do without.
    Near(usize, Box<NearSheet>),
    /// It is something else.
    Other(usize),
}

/// Looks at the first rows of every sheet.
///
/// # Errors
/// The workbook cannot be read.
pub fn plan(workbook: &mut dyn WorkbookSource, vocabulary: &Vocabulary) -> Result<Vec<SheetPlan>, SheetFault> {
    let mut plans = Vec::new();
    for (at, sheet) in workbook.sheets().to_vec().into_iter().enumerate() {
        let rows = head(&mut *workbook.rows(at)?)?;
        if rows.is_empty() || sheet.name == GUIDE || is_list(&sheet.name, &rows) {
            continue;
        }
        let named = called(&sheet.name);
        match vocabulary.read(&rows, &sheet.name, vocabulary.only.or(named)) {
            Found::Records(reading) => plans.push(SheetPlan::Records { sheet: at, reading: Box::new(reading) }),
            _ if sheet.hidden || vocabulary.passes_over(&sheet.name) => (),
            Found::Near(near) => plans.push(SheetPlan::Near(at, Box::new(near))),
            Found::Nothing if named.is_some() => plans.push(SheetPlan::Headless(at)),
            Found::Nothing => plans.push(SheetPlan::Other(at)),
        }
    }
    Ok(plans)
}

/// The resource that a sheet is named after: in the API's words, in Vietnamese or in English; more words may follow.
pub fn called(sheet: &str) -> Option<&'static Spec> {
    let sheet = key(sheet);
    let begins = |name: &str| {
        let name = key(name);
        sheet == name || sheet.strip_prefix(&name).is_some_and(|rest| rest.starts_with(' '))
    };
    let named = model::all().iter().filter(|spec| [spec.name, spec.title.vi, spec.title.en].into_iter().any(begins));
    named.max_by_key(|spec| spec.title.vi.len()).copied()
}
