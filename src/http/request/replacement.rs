//! The parameters of a replacement: `replace`, `schoolCode`, `schoolYear`, `confirmRemovals`.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::api::submissions::SubmissionParameters;
use crate::intake::json::field_names::nearest;
use crate::model::excerpt::clip;
use crate::model::messages::{Message, message};
use crate::model::moment::school_year;
use crate::model::spec::Spec;
use crate::store::table;
use crate::submission::options::Replacement;

/// The set that the request replaces, if any. School and year alone are of sheets.
///
/// # Errors
/// A 400 that says which parameter is missing, wrong or too many.
pub fn of_request(parameters: &SubmissionParameters, is_sheet: bool) -> Result<Option<Replacement>> {
    let Some(name) = parameters.replace.as_deref() else {
        let given = [
            ("schoolCode", &parameters.school_code),
            ("schoolYear", &parameters.school_year),
            ("confirmRemovals", &parameters.confirm_removals),
        ];
        let of_sheets = |name: &str| is_sheet && name != "confirmRemovals";
        let extra = given.into_iter().find(|(name, value)| value.is_some() && !of_sheets(name));
        let alone = |name: &str| fault(message("replacement-parameter-alone").with("name", name));
        return extra.map_or(Ok(None), |(name, _)| Err(alone(name)));
    };
    let names = || crate::model::all().iter().map(|spec| spec.name);
    let table = table::find(name).ok_or_else(|| {
        let near = nearest(name, names()).map(|near| format!("{near}, ")).unwrap_or_default();
        let others: Vec<&str> = names().filter(|name| !near.starts_with(&format!("{name},"))).collect();
        fault(
            message("replacement-resource-unknown").with("value", clip(name)).with("known", near + &others.join(", ")),
        )
    })?;
    let school = parameters.school_code.as_deref().unwrap_or_default();
    if school.len() != 8 || !school.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault(message("replacement-needs-school").with("value", clip(school))));
    }
    if parameters.atomicity.as_deref() == Some("record") {
        return Err(fault(message("replacement-is-atomic")));
    }
    let confirmed = |text: &str| {
        let wrong = || message("removals-malformed").with("value", clip(text));
        number(text).ok_or_else(|| fault(wrong()))
    };
    Ok(Some(Replacement {
        resource: table.spec.name.to_owned(),
        school_code: school.to_owned(),
        school_year: year_of(table.spec, parameters.school_year.as_deref())?,
        confirm_removals: parameters.confirm_removals.as_deref().map(confirmed).transpose()?,
    }))
}

fn fault(detail: Message) -> Error {
    Error::new(BAD_REQUEST, detail)
}

/// The school year: needed exactly where the resource has one.
fn year_of(spec: &Spec, given: Option<&str>) -> Result<Option<String>> {
    let name = spec.name;
    match (spec.position("school_year"), given) {
        (Some(_), Some(year)) if school_year(year) => Ok(Some(year.to_owned())),
        (Some(_), given) => {
            let found = clip(given.unwrap_or_default());
            Err(fault(message("replacement-needs-year").with("resource", name).with("value", found)))
        }
        (None, Some(_)) => Err(fault(message("replacement-without-year").with("resource", name))),
        (None, None) => Ok(None),
    }
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
