//! The level codes of the circulars, as the list `assessment-levels` holds them by scheme.

use crate::model::rules::IssueSink;
use crate::model::rules::catalogue as rule;

/// Subjects in primary school (Circular 27/2020/TT-BGDĐT, article 6).
pub const PRIMARY_SUBJECT: &[&str] = &["T", "H", "C"];
/// Comment subjects in secondary school (Circular 22/2021/TT-BGDĐT, article 8).
pub const COMMENT: &[&str] = &["Đ", "CĐ"];
/// Either of them.
pub const ANY_SUBJECT: &[&str] = &["T", "H", "C", "Đ", "CĐ"];
/// Learning and conduct (Circular 22/2021/TT-BGDĐT, articles 8 and 9).
pub const LEVEL: &[&str] = &["T", "K", "Đ", "CĐ"];
/// Learning by Circular 58/2011/TT-BGDĐT, article 13.
pub const OLD_LEARNING: &[&str] = &["G", "K", "TB", "Y", "KEM"];
/// Conduct by Circular 58/2011/TT-BGDĐT, article 4.
pub const OLD_CONDUCT: &[&str] = &["T", "K", "TB", "Y"];
/// Learning by either circular.
pub const ANY_LEARNING: &[&str] = &["T", "K", "Đ", "CĐ", "G", "TB", "Y", "KEM"];
/// Conduct by either circular.
pub const ANY_CONDUCT: &[&str] = &["T", "K", "Đ", "CĐ", "TB", "Y"];
/// Awards by Circular 22/2021/TT-BGDĐT, article 15.
pub const AWARD: &[&str] = &["HSXS", "HSG"];
/// Awards by Circular 27/2020/TT-BGDĐT, article 13.
pub const PRIMARY_AWARD: &[&str] = &["HSXS", "HSTB"];
/// Awards by Circular 58/2011/TT-BGDĐT, article 18.
pub const OLD_AWARD: &[&str] = &["HSG", "HSTT"];
/// Awards by any circular.
pub const ANY_AWARD: &[&str] = &["HSXS", "HSG", "HSTB", "HSTT"];

/// PT-014, when a code is given that the scheme does not hold.
pub fn must_hold(scheme: &[&str], code: Option<&str>, at: impl Into<usize>, sink: &mut IssueSink) {
    let Some(code) = code.filter(|code| !scheme.contains(code)) else { return };
    let nearest = match scheme.iter().find(|known| plain(known) == plain(code)) {
        Some(nearest) => (*nearest).to_owned(),
        None => scheme.join(", "),
    };
    let issue =
        sink.raise(&rule::PT_014, at).with("value", code).with("list", "assessment-levels").with("nearest", nearest);
    let values = format!("@or:{}", scheme.join("|"));
    issue.with("allowed", "@one-of-these").with("values", &values).with("words", &values);
}

/// Upper case, and D for Đ and for its look-alike Ð.
fn plain(code: &str) -> String {
    code.to_uppercase().replace(['Đ', 'Ð'], "D")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::academic_records::{At, SPEC};

    fn nearest(code: &str) -> Option<String> {
        let mut issues = IssueSink::new(SPEC.fields);
        must_hold(LEVEL, Some(code), At::learning_level, &mut issues);
        issues.issues.pop().map(|issue| issue.values.iter().find(|(name, _)| *name == "nearest").unwrap().1.clone())
    }

    #[test]
    fn look_alikes_find_their_code() {
        assert_eq!(nearest("Đ"), None);
        assert_eq!(
            [nearest("Ð"), nearest("D"), nearest("đ"), nearest("cd")].map(Option::unwrap),
            ["Đ", "Đ", "Đ", "CĐ"]
        );
        assert_eq!(nearest("G").unwrap(), "T, K, Đ, CĐ");
    }
}
