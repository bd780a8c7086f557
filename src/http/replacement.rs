//! The parameters of a replacement: `replace`, `schoolCode`, `schoolYear`, `confirmRemovals`.

use super::report::clip;
use super::submissions::Parameters;
use crate::engine::form::school_year;
use crate::engine::member::nearest;
use crate::engine::table;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::model::issue::{Language, Text};
use crate::model::spec::Spec;
use crate::work::asked::Replacement;

/// Words that need a replacement.
const ALONE: Text = Text {
    vi: "“{0}” chỉ đi cùng “replace”: thêm replace=<loại dữ liệu>, hoặc bỏ “{0}”.",
    en: "“{0}” goes with “replace” only: add replace=<resource>, or leave “{0}” out.",
};
const RESOURCE: Text = Text {
    vi: "Không có loại dữ liệu “{0}” để thay; dùng một trong: {1}.",
    en: "There is no resource “{0}” to replace; use one of: {1}.",
};
const SCHOOL: Text = Text {
    vi: "Thay toàn bộ dữ liệu cần “schoolCode”, mã trường gồm tám chữ số; đang có “{0}”.",
    en: "A replacement needs “schoolCode”, the eight digits of the school; it has “{0}”.",
};
const YEAR: Text = Text {
    vi: "Thay “{1}” cần “schoolYear”, ví dụ 2025-2026; đang có “{0}”.",
    en: "To replace “{1}” takes “schoolYear”, such as 2025-2026; it has “{0}”.",
};
const NO_YEAR: Text = Text {
    vi: "“{1}” không theo năm học: bỏ “schoolYear”.", en: "“{1}” are of no school year: leave “schoolYear” out."
};
const NUMBER: Text = Text {
    vi: "“confirmRemovals” là số bản ghi sẽ bị xóa, như RC-003 đã nêu; đang có “{0}”.",
    en: "“confirmRemovals” is the number of records to be removed, as RC-003 has said it; it is “{0}”.",
};
const ATOMIC: Text = Text {
    vi: "Thay toàn bộ dữ liệu luôn là tất cả hoặc không: bỏ “atomicity”, hoặc dùng atomicity=all.",
    en: "A replacement is always all or nothing: leave “atomicity” out, or say atomicity=all.",
};

/// The set that the request replaces, if any.
///
/// # Errors
/// A 400, in the caller's language, that says which parameter is missing, wrong or too many.
pub fn asked(parameters: &Parameters, language: Language) -> Result<Option<Replacement>> {
    let fault = |text: Text, values: [&str; 2]| {
        let text = text.in_language(language);
        Error::new(BAD_REQUEST, text.replace("{0}", &clip(values[0])).replace("{1}", values[1]))
    };
    let Some(name) = parameters.replace.as_deref() else {
        let given = [
            ("schoolCode", &parameters.school_code),
            ("schoolYear", &parameters.school_year),
            ("confirmRemovals", &parameters.confirm_removals),
        ];
        let extra = given.into_iter().find(|(_, value)| value.is_some());
        return extra.map_or(Ok(None), |(name, _)| Err(fault(ALONE, [name, ""])));
    };
    let names = || crate::model::all().iter().map(|spec| spec.name);
    let table = table::find(name).ok_or_else(|| {
        let near = nearest(name, names()).map(|near| format!("{near}, ")).unwrap_or_default();
        let others: Vec<&str> = names().filter(|name| !near.starts_with(&format!("{name},"))).collect();
        fault(RESOURCE, [name, &(near + &others.join(", "))])
    })?;
    let school = parameters.school_code.as_deref().unwrap_or_default();
    if school.len() != 8 || !school.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault(SCHOOL, [school, ""]));
    }
    if parameters.atomicity.as_deref() == Some("record") {
        return Err(fault(ATOMIC, ["", ""]));
    }
    Ok(Some(Replacement {
        resource: table.spec.name.to_owned(),
        school_code: school.to_owned(),
        school_year: year_of(table.spec, parameters.school_year.as_deref(), fault)?,
        confirm_removals: parameters
            .confirm_removals
            .as_deref()
            .map(|text| number(text).ok_or_else(|| fault(NUMBER, [text, ""])))
            .transpose()?,
    }))
}

/// The school year: needed exactly where the resource has one.
fn year_of(spec: &Spec, given: Option<&str>, fault: impl Fn(Text, [&str; 2]) -> Error) -> Result<Option<String>> {
    match (spec.position("school_year"), given) {
        (Some(_), Some(year)) if school_year(year) => Ok(Some(year.to_owned())),
        (Some(_), given) => Err(fault(YEAR, [given.unwrap_or_default(), spec.name])),
        (None, Some(_)) => Err(fault(NO_YEAR, ["", spec.name])),
        (None, None) => Ok(None),
    }
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
