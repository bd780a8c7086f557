use super::Findings;
use crate::model::field::Style;
use std::borrow::Cow;
pub struct Normalised<'a> {
    pub text: Cow<'a, str>,
    pub nfc_changed: bool,
    pub spaces_folded: bool,
}
pub fn normalise(_: Style, text: &str) -> Normalised<'_> {
    Normalised { text: Cow::Borrowed(text), nfc_changed: false, spaces_folded: false }
}
pub fn judge(_: Style, _: &str, _: impl Fn() -> String, _: &mut Findings) {}
