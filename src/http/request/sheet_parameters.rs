//! The parameters of a submission that say of its sheets what neither a column nor a title does.

use crate::error::{BAD_REQUEST, Error, Result};
use crate::http::api::submissions::SubmissionParameters;
use crate::intake::sheet::around::context::Given;
use crate::model::excerpt::clip;
use crate::model::messages::{Message, message};
use crate::model::moment::school_year;
use crate::model::spec::Spec;

/// Characters of a class's code and of a file's name.
const CLASS: usize = 20;
const FILE: usize = 255;

/// What the request says of its sheets. With `replace`, `schoolCode` and `schoolYear` are those of the set.
///
/// # Errors
/// A 400 that says which parameter is wrong, or of no use with records that are no sheet.
pub fn of_request(parameters: &SubmissionParameters, is_sheet: bool) -> Result<Given> {
    let given = Given {
        school_code: parameters.school_code.clone(),
        school_year: parameters.school_year.clone(),
        period: parameters.period.clone(),
        subject_code: parameters.subject_code.clone(),
        class_code: parameters.class_code.clone(),
        file_name: parameters.file_name.clone(),
    };
    let replaces = parameters.replace.is_some();
    let named = [
        ("schoolCode", given.school_code.as_deref().filter(|_| !replaces)),
        ("schoolYear", given.school_year.as_deref().filter(|_| !replaces)),
        ("period", given.period.as_deref()),
        ("subjectCode", given.subject_code.as_deref()),
        ("classCode", given.class_code.as_deref()),
        ("fileName", given.file_name.as_deref()),
    ];
    for (name, value) in named {
        let Some(value) = value else { continue };
        if !is_sheet {
            return Err(Error::new(BAD_REQUEST, message("sheet-parameter-of-sheets").with("name", name)));
        }
        if let Some(expected) = expected(name, value) {
            let wrong = message("sheet-parameter-malformed")
                .with("name", name)
                .with("value", clip(value))
                .with("expected", expected);
            return Err(Error::new(BAD_REQUEST, wrong));
        }
    }
    Ok(if is_sheet { given } else { Given::default() })
}

/// What a value should be that is none; `None`: it is one.
fn expected(name: &str, value: &str) -> Option<Message> {
    let is_text = |most: usize| {
        let length = value.chars().count();
        (1..=most).contains(&length) && !value.chars().any(char::is_control)
    };
    let of_choice = |name: &str| {
        let known = choices(name);
        (!known.contains(&value)).then(|| message("as-they-stand").with("texts", known.join(", ")))
    };
    match name {
        "schoolCode" => {
            let is_code = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
            (!is_code).then(|| message("eight-digits"))
        }
        "schoolYear" => (!school_year(value)).then(|| message("a-school-year")),
        "period" => of_choice(name),
        "subjectCode" => {
            let lists = crate::model::lists::Lists::embedded();
            let is_known = lists.entry("subjects", value).is_some() || lists.entry("subjects-2006", value).is_some();
            (!is_known).then(|| message("code-of-list").with("list", "subjects"))
        }
        "classCode" => (!is_text(CLASS)).then(|| message("text-up-to").with("most", CLASS)),
        _ => (!is_text(FILE)).then(|| message("text-up-to").with("most", FILE)),
    }
}

/// The values of a choice that some resource has under this name.
fn choices(name: &str) -> &'static [&'static str] {
    let values = |spec: &&Spec| match spec.field_by_json(name)?.kind {
        crate::model::field::FieldType::Choice { values } => Some(values),
        _ => None,
    };
    crate::model::all().iter().find_map(values).unwrap_or_default()
}
