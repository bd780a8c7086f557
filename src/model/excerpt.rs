//! Foreign text in messages: enough of it to recognise it, nothing that could disturb what stands around it.

/// Characters that are shown.
const SHOWN: usize = 40;

/// The first forty characters, those that cannot be seen written out (`\0`, `\u{202e}`), and “…” where more follow.
pub fn clip(text: &str) -> String {
    let mut clipped = String::with_capacity(text.len().min(4 * SHOWN));
    for letter in text.chars().take(SHOWN) {
        match letter {
            '"' | '\'' | '\\' => clipped.push(letter),
            _ => clipped.extend(letter.escape_debug()),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        clipped.push('…');
    }
    clipped
}

/// Text by which a spreadsheet takes a cell for a formula.
pub const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The text as a cell of a CSV that no spreadsheet runs.
pub fn harmless(text: String) -> String {
    if text.starts_with(FORMULA) { format!("'{text}") } else { text }
}

/// Characters that a cell of a workbook can hold, as UTF-16 counts them.
const LONGEST_CELL: usize = 32_767;

/// As much of a text as a cell of a workbook can hold.
pub fn clip_to_cell(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST_CELL
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_no_more_than_it_can() {
        assert_eq!(clip_to_cell("ngắn"), "ngắn");
        assert_eq!(clip_to_cell(&"😀".repeat(20_000)).encode_utf16().count(), LONGEST_CELL - 1);
    }

    #[test]
    fn what_is_quoted_is_short_and_can_be_seen() {
        assert_eq!(clip("it's \"6A1\" \\"), "it's \"6A1\" \\");
        assert_eq!(clip("a\0b\u{202e}c\n"), "a\\0b\\u{202e}c\\n");
        assert_eq!(clip(&"ư".repeat(41)), format!("{}…", "ư".repeat(40)));
        assert_eq!(clip(&"ư".repeat(40)), "ư".repeat(40));
    }

    #[test]
    fn no_cell_is_run() {
        for text in ["=1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            assert_eq!(harmless(text.to_owned()), format!("'{text}"));
        }
        assert_eq!(harmless("a=1".to_owned()), "a=1");
    }
}
