//! Formats of numbers with words among the digits: what they show.

/// Bytes of a format with words; what is longer shows its digits alone.
pub(super) const LONGEST: usize = 24;
/// Stand for a digit: one that is always shown, and one that is shown where there is one.
pub(super) const DIGIT: u8 = 0;
pub(super) const DIGIT_PERHAPS: u8 = 1;

/// A format with words among the places of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordedFormat {
    bytes: [u8; LONGEST],
    length: u8,
}

impl WordedFormat {
    /// Of a code without quotes, in which [`DIGIT`] and [`DIGIT_PERHAPS`] stand for digits.
    pub(super) fn of(code: &str) -> Option<Self> {
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
        Some(Self { bytes, length: code.len() as u8 })
    }

    /// The code that shows a number so.
    pub fn code(self) -> String {
        let mut code = String::new();
        for letter in self.text().chars() {
            match letter as u32 {
                0 => code.push('0'),
                1 => code.push('#'),
                _ => code.extend(['\\', letter]),
            }
        }
        code
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }

    /// What is shown of a whole number: its digits from the right, all that are left at the first place.
    pub(super) fn shown(self, number: f64) -> Option<String> {
        if number.fract() != 0.0 || !(0.0..1e15).contains(&number) {
            return None;
        }
        let code = self.text();
        let is_place = |letter: char| matches!(letter as u32, 0 | 1);
        let mut places = code.chars().filter(|letter| is_place(*letter)).count();
        let digits = if number == 0.0 { String::new() } else { format!("{}", number as u64) };
        let (mut digits, mut shown) = (digits.as_str(), String::new());
        for letter in code.chars() {
            if !is_place(letter) {
                shown.push(letter);
                continue;
            }
            let (now, later) = digits.split_at(digits.len().saturating_sub(places - 1));
            shown.push_str(if now.is_empty() && letter as u32 == u32::from(DIGIT) { "0" } else { now });
            (digits, places) = (later, places - 1);
        }
        Some(shown)
    }
}
