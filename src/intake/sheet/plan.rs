//! Which sheet of a workbook holds the records of which resource: by its name, else by its headings.

use crate::intake::sheet::annotate::is_list;
use crate::intake::sheet::columns::Columns;
use crate::intake::sheet::delimited::head;
use crate::intake::sheet::heading::{Names, key};
use crate::intake::sheet::locate::locate;
use crate::intake::sheet::row::SheetFault;
use crate::intake::sheet::source::WorkbookSource;
use crate::model;
use crate::model::lists::Lists;
use crate::model::spec::Spec;

/// The sheet in templates that explains them.
pub const GUIDE: &str = "Hướng dẫn";

/// A sheet, and what is to be done with it.
pub enum SheetPlan {
    /// It holds records.
    Records {
        /// Its place among the sheets.
        sheet: usize,
        /// Its columns.
        columns: Box<Columns>,
    },
    /// It is called as a resource is, but has none of its headings.
    Headless(usize),
    /// It is something else.
    Other(usize),
}

/// Looks at the first rows of every sheet. `only`: all sheets are of this resource.
///
/// # Errors
/// The workbook cannot be read.
pub fn plan(
    workbook: &mut dyn WorkbookSource,
    only: Option<&'static Spec>,
    lists: &Lists,
) -> Result<Vec<SheetPlan>, SheetFault> {
    let all: Vec<Names> = model::all().iter().map(|spec| Names::of(spec)).collect();
    let mut parts = Vec::new();
    for (at, sheet) in workbook.sheets().to_vec().into_iter().enumerate() {
        let rows = head(&mut *workbook.rows(at)?)?;
        if rows.is_empty() || sheet.name == GUIDE || is_list(&sheet.name, &rows) {
            continue;
        }
        let named = only.or_else(|| called(&sheet.name));
        let candidates = all.iter().filter(|names| named.is_none_or(|named| named.name == names.spec.name));
        let found: Vec<Columns> = candidates.filter_map(|names| locate(&rows, names, lists)).collect();
        match best(found) {
            Some(columns) => parts.push(SheetPlan::Records { sheet: at, columns: Box::new(columns) }),
            None if sheet.hidden => (),
            None if named.is_some() => parts.push(SheetPlan::Headless(at)),
            None => parts.push(SheetPlan::Other(at)),
        }
    }
    Ok(parts)
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

/// The columns that lack no member of the key and leave the fewest headings unknown; none when two do equally well.
pub(crate) fn best(found: Vec<Columns>) -> Option<Columns> {
    if found.len() < 2 {
        return found.into_iter().next();
    }
    let mut whole: Vec<Columns> = found.into_iter().filter(Columns::has_key).collect();
    whole.sort_by_key(|columns| (columns.unknown.len(), std::cmp::Reverse(columns.known())));
    let rank = |columns: &Columns| (columns.unknown.len(), columns.known());
    if whole.len() > 1 && rank(&whole[0]) == rank(&whole[1]) {
        return None;
    }
    whole.into_iter().next()
}
