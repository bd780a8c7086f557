//! Pieces of SQL that several checks share: `{{name}}` in a query, or `{{name|argument|argument}}`, stands for the file
//! of that name in `sql/fragments/`, in which `{{1}}` is the first argument. `{{end_states}}` are the states of schools
//! that have ended, as the model lists them.

use crate::model::rules::ended::END_STATES;

/// Each fragment, by name.
const FRAGMENTS: &[(&str, &str)] = &[
    ("attending", include_str!("sql/fragments/attending.sql")),
    ("class_key", include_str!("sql/fragments/class_key.sql")),
    ("enrollment_key", include_str!("sql/fragments/enrollment_key.sql")),
    ("equal_columns", include_str!("sql/fragments/equal_columns.sql")),
    ("first_result", include_str!("sql/fragments/first_result.sql")),
    ("replaced", include_str!("sql/fragments/replaced.sql")),
    ("result_of", include_str!("sql/fragments/result_of.sql")),
    ("results_key", include_str!("sql/fragments/results_key.sql")),
    ("sized_classes", include_str!("sql/fragments/sized_classes.sql")),
    ("taken_over", include_str!("sql/fragments/taken_over.sql")),
    ("term_marks", include_str!("sql/fragments/term_marks.sql")),
    ("verified_number", include_str!("sql/fragments/verified_number.sql")),
];
/// More than any query has; fragments that name one another in a circle have no end.
const MOST_FRAGMENTS: usize = 100;

/// The query of a file on one line, without its comments, and with the fragments in their places.
///
/// # Errors
/// A fragment that there is not, that is left open or has no end; an argument too many or too few.
pub(super) fn expand(text: &str) -> Result<String, String> {
    let mut sql = one_line(text);
    for _ in 0..MOST_FRAGMENTS {
        // The last that opens has no other within.
        let Some((before, rest)) = sql.rsplit_once("{{") else { return Ok(sql) };
        let (call, after) = rest.split_once("}}").ok_or_else(|| format!("{{{{{rest} is left open"))?;
        sql = format!("{before}{}{after}", insert(call)?);
    }
    Err(format!("more than {MOST_FRAGMENTS} fragments"))
}

/// What stands for `name|argument|…`.
fn insert(call: &str) -> Result<String, String> {
    let mut parts = call.split('|').map(str::trim);
    let name = parts.next().unwrap_or_default();
    if name == "end_states" {
        return Ok(END_STATES.map(|state| format!("'{state}'")).join(", "));
    }
    let (_, text) =
        FRAGMENTS.iter().find(|(known, _)| *known == name).ok_or_else(|| format!("no fragment {name:?}"))?;
    let mut sql = one_line(text);
    for (place, argument) in (1..).zip(parts) {
        let hole = format!("{{{{{place}}}}}");
        if !sql.contains(&hole) {
            return Err(format!("{name} has no argument {place}"));
        }
        sql = sql.replace(&hole, argument);
    }
    Ok(sql)
}

fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("--"));
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_stand_in_their_places() {
        let sql = expand("-- why\nSELECT {{class_key}} AS key\n    FROM x WHERE {{ attending }}\n").unwrap();
        let key =
            "jsonb_build_object('schoolCode', a.school_code, 'schoolYear', a.school_year, 'classCode', c.class_code)";
        let attending = "(e.exit_type IS NULL OR e.exit_type IN ('completed', 'graduated'))";
        assert_eq!(sql, format!("SELECT {key} AS key FROM x WHERE {attending}"));
        let sql = expand("({{first_result | a.school_year\n | p.period}})").unwrap();
        assert!(sql.contains("r.school_year = a.school_year AND r.period = p.period ORDER BY"), "{sql}");
        assert!(expand("{{sized_classes}}").unwrap().contains(attending), "a fragment may have fragments");
    }

    #[test]
    fn what_is_not_there_is_told() {
        for (text, told) in [
            ("SELECT {{class_keys}}", "no fragment \"class_keys\""),
            ("SELECT {{class_key", "{{class_key is left open"),
            ("{{attending|e}}", "attending has no argument 1"),
            ("{{result_of|a|b}}", "result_of has no argument 2"),
            ("{{first_result|a.school_year}}", "no fragment \"2\""),
            ("{{}}", "no fragment \"\""),
        ] {
            assert_eq!(expand(text).unwrap_err(), told);
        }
        assert_eq!(expand(&"{{attending}}".repeat(101)).unwrap_err(), "more than 100 fragments");
    }
}
