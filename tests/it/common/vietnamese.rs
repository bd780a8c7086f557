//! What of a Vietnamese text is no Vietnamese. Its syllables are spelt by few rules: what has none of its marks must be
//! a syllable that needs none, or a name that is the same in every language.

use std::collections::BTreeSet;

const ONSETS: &str = " b c ch d g gh gi h k kh l m n ng ngh nh ph qu r s t th tr v x";
/// Rimes that are written without a mark. Those that end in c, ch, p or t always have one.
const RIMES: &str = "a ai am an ang anh ao au ay e em en eng eo i ia im in inh iu o oa oai oan oang oanh oay oe oen oi om on ong \
    u ua uay ui um un ung uy uya uynh y ynh";
/// Syllables that are English words, and not said in these texts.
const ENGLISH: &[&str] =
    &["the", "them", "then", "than", "to", "on", "no", "me", "he", "can", "may", "him", "men", "ten", "sum", "run"];

/// The words of a text that are no Vietnamese, but for these names. What stands in quotes or backticks, paths, codes and
/// words with figures are the same in every language.
pub fn foreign(text: &str, names: &[&str]) -> BTreeSet<String> {
    let unquoted: String = text.split(['“', '”', '`', '"']).step_by(2).collect::<Vec<_>>().join(" ");
    let spoken = unquoted.split_whitespace().filter(|word| !is_code(word));
    let words = spoken.flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric()));
    let strange = words.filter(|word| word.len() > 1 && !is_vietnamese(&word.to_lowercase()));
    strange.filter(|word| !names.contains(word)).map(str::to_owned).collect()
}

/// A path, an option, an address, a code: nothing that is spoken.
fn is_code(word: &str) -> bool {
    let word = word.trim_matches(|letter: char| "().,:;".contains(letter));
    word.contains(['/', '_', '=', '@', '{', '}', '[', '…', '<', '*', '#'])
        || word.starts_with('-')
        || word.contains("-to-")
}

fn is_vietnamese(word: &str) -> bool {
    if !word.is_ascii() || word.bytes().any(|letter| letter.is_ascii_digit()) {
        return true;
    }
    let is_syllable =
        |onset: &str| word.strip_prefix(onset).is_some_and(|rime| RIMES.split_whitespace().any(|known| known == rime));
    !ENGLISH.contains(&word) && ONSETS.split(' ').any(is_syllable)
}

#[test]
fn what_is_not_vietnamese_is_seen() {
    assert!(foreign("Trang tính này không có hàng nào theo quy định; xem lại ở trang sau.", &[]).is_empty());
    for text in ["Trang tính is missing", "Ô này the wrong", "Không có record nào", "Đọc guide"] {
        assert!(!foreign(text, &[]).is_empty(), "{text}");
    }
    assert!(foreign("Gửi “records” tới /v1/rules bằng `push` hoặc Excel, mã CK1", &["Excel"]).is_empty());
}
