//! Every rule: code, severity, messages and hints in both languages, source. Codes are stable for ever.

mod diplomas;
mod enrollments;
mod facilities;
mod identity;
mod protocol;
mod results;
mod schools;
mod sheets;
mod staff;
mod text;
mod whole_school;

pub use diplomas::*;
pub use enrollments::*;
pub use facilities::*;
pub use identity::*;
pub use protocol::*;
pub use results::*;
pub use schools::*;
pub use sheets::*;
pub use staff::*;
pub use text::*;
pub use whole_school::*;

use crate::model::issue::Rule;

/// Every rule, by chapter.
pub static CHAPTERS: &[&[&Rule]] = &[
    protocol::RULES,
    text::RULES,
    identity::RULES,
    results::RULES,
    schools::RULES,
    staff::RULES,
    enrollments::RULES,
    facilities::RULES,
    diplomas::RULES,
    whole_school::RULES,
    sheets::RULES,
];

/// Every rule in the order of the chapters.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    CHAPTERS.iter().flat_map(|chapter| chapter.iter().copied())
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// Writes a chapter of the catalogue: `NAME = "CODE" Severity [resources] [members] "vi" / "hint" | "en" / "hint"[,
/// sheet "vi" | "en"][, sheet_hint "vi" | "en"]; "source"[, since "year"][, needs "resource" "…"];`
///
/// The texts are templates: [`wording`](crate::model::wording) says how values stand in them. `sheet` and `sheet_hint`
/// are what a person with a sheet is told in the place of the message and of the hint; where one text serves both
/// readers, it is written once.
#[macro_export]
macro_rules! rules {
    ($( $name:ident = $code:literal $severity:ident [$($resource:literal),*] [$($field:literal),*]
        $vi:literal / $hint_vi:literal | $en:literal / $hint_en:literal
        $(, sheet $sheet_vi:literal | $sheet_en:literal)? $(, sheet_hint $sheet_hint_vi:literal | $sheet_hint_en:literal)?
        ; $source:literal $(, since $since:literal)? $(, needs $($need:literal)+)? ; )*) => {
        $(
            #[doc = $en]
            pub static $name: $crate::model::issue::Rule = $crate::model::issue::Rule {
                code: $code,
                severity: $crate::model::issue::Severity::$severity,
                resources: &[$($resource),*],
                fields: &[$($field),*],
                message: $crate::model::wording::Wording::of($vi, $en)$(.in_sheets($sheet_vi, $sheet_en))?,
                hint: $crate::model::wording::Wording::of($hint_vi, $hint_en)$(.in_sheets($sheet_hint_vi, $sheet_hint_en))?,
                source: $source,
                since: concat!($($since)?),
                needs: &[$($($need),+)?],
            };
        )*
        /// The rules of this chapter.
        pub(super) static RULES: &[&$crate::model::issue::Rule] = &[$(&$name),*];
    };
}
