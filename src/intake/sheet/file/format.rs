//! The formats of cells, as far as they say what a person sees: digits with zeros before them, decimal places, percents,
//! days. Colours, currencies and grouping say nothing here.

pub use crate::intake::sheet::file::worded_format::WordedFormat;
use crate::intake::sheet::file::worded_format::{DIGIT, DIGIT_PERHAPS, LONGEST};

/// What a cell shows of the number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFormat {
    /// A number.
    Number(NumberFormat),
    /// A day.
    Date(DateFormat),
}

impl Default for CellFormat {
    fn default() -> Self {
        Self::Number(NumberFormat::General)
    }
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFormat {
    /// By its digits alone: `General`, `0`, `#,##0`, `@`.
    General,
    /// With so many digits at least, zeros before it: `00`, `000000`.
    Padded(u8),
    /// With so many decimal places: `0.00`.
    Fixed(u8),
    /// In hundredths: `0%`, `0.0%`.
    Percent,
    /// As a time of day: `h:mm`.
    Time,
    /// With words among its digits: `"HS"000`, `00"/"00`.
    Worded(WordedFormat),
}

impl NumberFormat {
    /// What is shown of a number, where that is more than its digits: `01`, `6.10`.
    pub fn shown(self, number: f64) -> Option<String> {
        match self {
            Self::Padded(width) if number.fract() == 0.0 && (0.0..1e15).contains(&number) => {
                Some(format!("{:0width$}", number as u64, width = usize::from(width)))
            }
            // A whole number in such a cell is a code whose column has the format of another.
            Self::Fixed(places) if number.fract() != 0.0 => Self::rounded(number, places),
            Self::Worded(format) => format.shown(number),
            _ => None,
        }
    }

    /// With so many places, halves away from zero as spreadsheets round, which calculate with 15 digits.
    fn rounded(number: f64, places: u8) -> Option<String> {
        let power = 10f64.powi(places.into());
        let rounded = (number * power * (1.0 + f64::EPSILON)).round();
        (rounded.abs() < 1e14).then(|| format!("{:.places$}", rounded / power, places = usize::from(places)))
    }
}

/// How a day is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateFormat {
    /// What stands first.
    pub order: DayOrder,
    /// Is the year shown?
    pub year: bool,
}

/// What stands first in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// 6/1 is the sixth of January.
    DayFirst,
    /// 6/1 is the first of June.
    MonthFirst,
    /// The format does not say: the month is a word, the year comes first, or the settings of the computer decide.
    Open,
}

/// Places and digits that a format can ask for; no program shows more than thirty.
const MOST: usize = 30;

/// The format of a built-in number (ECMA-376, part 1, 18.8.30), which files do not spell out.
pub fn built_in(id: u32) -> CellFormat {
    let code = match id {
        2 | 4 | 39 | 40 => "0.00",
        9 | 10 => "0%",
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => "h:mm",
        // Short dates follow the settings of the computer on which they are looked at.
        14 | 22 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        _ => return CellFormat::default(),
    };
    of_code(code)
}

/// The format of a code: `dd/mm/yyyy`, `000000`, `0.00`.
pub fn of_code(code: &str) -> CellFormat {
    let parts = Parts::of(code);
    match parts.date() {
        Some(date) => CellFormat::Date(date),
        None if parts.has('h') || parts.has('s') => CellFormat::Number(NumberFormat::Time),
        None => CellFormat::Number(parts.number()),
    }
}

/// A code without what only decorates.
struct Parts {
    /// Runs of letters that show parts of a day or a time, in lower case: the letter and how many of it.
    runs: Vec<(char, usize)>,
    /// Placeholders of digits and the marks between them.
    digits: String,
    /// The same with all that is shown between them.
    whole: String,
    /// Letters or strokes are shown between them.
    has_words: bool,
}

impl Parts {
    /// Of the first section of a code, which shows positive numbers.
    fn of(code: &str) -> Self {
        let mut parts = Self { runs: Vec::new(), digits: String::new(), whole: String::new(), has_words: false };
        let mut letters = code.chars().peekable();
        let mut last = ' ';
        while let Some(letter) = letters.next() {
            match letter {
                '"' => letters.by_ref().take_while(|letter| *letter != '"').for_each(|letter| parts.word(letter)),
                '\\' => letters.next().into_iter().for_each(|letter| parts.word(letter)),
                '_' | '*' => drop(letters.next()),
                // Colours, conditions, languages; `[h]` counts hours on.
                '[' => {
                    let inner: String = letters.by_ref().take_while(|letter| *letter != ']').take(MOST).collect();
                    if matches!(inner.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                        parts.runs.push(('h', inner.len()));
                    }
                }
                ';' => break,
                'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => {
                    let letter = letter.to_ascii_lowercase();
                    match parts.runs.last_mut() {
                        Some((known, count)) if *known == letter && last == letter => *count += 1,
                        _ => parts.runs.push((letter, 1)),
                    }
                    last = letter;
                    continue;
                }
                // `AM/PM` is no month.
                'a' | 'A' | 'p' | 'P' if letters.next_if(|next| matches!(next, 'm' | 'M')).is_some() => (),
                '0' | '#' | '?' | '.' | ',' | '%' | 'E' | '/' if parts.digits.len() < MOST => parts.digit(letter),
                // Shown as they stand, without quotes.
                '-' | '+' | '(' | ')' | ':' | ' ' => parts.word(letter),
                _ => (),
            }
            last = letter;
        }
        parts
    }

    fn word(&mut self, letter: char) {
        if self.whole.len() <= LONGEST {
            self.has_words |= letter.is_alphanumeric() || letter == '/';
            self.whole.push(letter);
        }
    }

    fn digit(&mut self, letter: char) {
        self.digits.push(letter);
        let place = if letter == '0' { DIGIT } else { DIGIT_PERHAPS };
        self.whole.push(if matches!(letter, '0' | '#') { char::from(place) } else { letter });
    }

    /// A format of digits and words only: a code, perhaps, whose letters its cells need not repeat.
    fn worded(&self) -> Option<WordedFormat> {
        let is_code = !self.digits.is_empty() && self.digits.bytes().all(|byte| matches!(byte, b'0' | b'#'));
        if self.has_words && is_code { WordedFormat::of(&self.whole) } else { None }
    }

    fn has(&self, letter: char) -> bool {
        self.runs.iter().any(|(known, _)| *known == letter)
    }

    /// Minutes stand after hours or before seconds; another `m` is the month.
    fn month(&self) -> Option<(usize, usize)> {
        let is_minute = |at: usize| {
            at.checked_sub(1).and_then(|before| self.runs.get(before)).is_some_and(|(letter, _)| *letter == 'h')
                || self.runs.get(at + 1).is_some_and(|(letter, _)| *letter == 's')
        };
        let mut runs = self.runs.iter().enumerate();
        runs.find(|(at, (letter, _))| *letter == 'm' && !is_minute(*at)).map(|(at, (_, count))| (at, *count))
    }

    fn date(&self) -> Option<DateFormat> {
        let place = |letter: char| self.runs.iter().position(|(known, _)| *known == letter);
        // `ddd` is the name of the day of the week.
        let day = self.runs.iter().position(|(letter, count)| *letter == 'd' && *count < 3);
        let (year, month) = (place('y'), self.month());
        if year.is_none() && month.is_none() && place('d').is_none() {
            return None;
        }
        let order = match (day, month) {
            (Some(day), Some((month, count))) if count < 3 && year.is_none_or(|year| year > day.min(month)) => {
                if day < month { DayOrder::DayFirst } else { DayOrder::MonthFirst }
            }
            _ => DayOrder::Open,
        };
        Some(DateFormat { order, year: year.is_some() })
    }

    fn number(&self) -> NumberFormat {
        let (whole, fraction) = self.digits.split_once('.').unwrap_or((&self.digits, ""));
        let places = fraction.bytes().filter(|byte| matches!(byte, b'0' | b'?')).count();
        if let Some(worded) = self.worded() {
            NumberFormat::Worded(worded)
        } else if self.digits.contains('%') {
            NumberFormat::Percent
        } else if self.digits.contains(['E', '/']) {
            NumberFormat::General
        } else if places > 0 {
            NumberFormat::Fixed(places as u8)
        } else if whole.len() > 1 && whole.bytes().all(|byte| byte == b'0') {
            NumberFormat::Padded(whole.len() as u8)
        } else {
            NumberFormat::General
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DayOrder::{DayFirst, MonthFirst, Open};
    use NumberFormat::{Fixed, General, Padded, Percent, Time, Worded};

    #[test]
    fn codes_of_numbers_say_what_is_shown() {
        for (code, format) in [
            ("General", General),
            ("0", General),
            ("@", General),
            ("#,##0", General),
            ("00", Padded(2)),
            ("000000000000", Padded(12)),
            ("00;-00;;@", Padded(2)),
            ("0.00", Fixed(2)),
            ("[Red]0.0;[Blue]-0.0", Fixed(1)),
            ("#,##0.00\\ \"đ\"", Fixed(2)),
            ("0.##", General),
            ("0%", Percent),
            ("0.0%", Percent),
            ("0.00E+00", General),
            ("# ?/?", General),
            ("h:mm", Time),
            ("[h]:mm:ss", Time),
            ("h:mm AM/PM", Time),
            ("mm:ss", Time),
            ("#,##0\" đ\"", General),
            ("0000-000-000", Padded(10)),
            ("000 000 000", Padded(9)),
        ] {
            assert_eq!(of_code(code), CellFormat::Number(format), "{code}");
        }
    }

    #[test]
    fn words_among_digits_are_shown_where_they_stand() {
        let shown = |code: &str, number: f64| match of_code(code) {
            CellFormat::Number(format) => format.shown(number),
            CellFormat::Date(_) => None,
        };
        for (code, number, text) in [
            ("0\" điểm\"", 8.0, "8 điểm"),
            ("\"HS\"000", 12.0, "HS012"),
            ("\"HS\"000", 12_345.0, "HS12345"),
            ("00\"/\"00", 601.0, "06/01"),
            ("0\\/0", 61.0, "6/1"),
            ("0\"A\"0", 62.0, "6A2"),
            ("\"Lớp \"0", 6.0, "Lớp 6"),
            ("0\"-\"0\"K\"", 12.0, "1-2K"),
            ("#\"B\"", 0.0, "B"),
            ("[Red]\"N\"00;-0", 3.0, "N03"),
        ] {
            assert_eq!(shown(code, number).as_deref(), Some(text), "{code}");
            let CellFormat::Number(Worded(format)) = of_code(code) else { panic!("{code}") };
            assert_eq!(of_code(&format.code()), of_code(code), "{code}");
        }
        assert_eq!([shown("\"HS\"000", 1.5), shown("\"HS\"000", -1.0)], [const { None }; 2]);
        let long = format!("\"{}\"0", "mã số ".repeat(9));
        assert_eq!(of_code(&long), CellFormat::Number(General));
    }

    #[test]
    fn codes_of_days_say_what_stands_first() {
        for (code, order, year) in [
            ("dd/mm/yyyy", DayFirst, true),
            ("d/m", DayFirst, false),
            ("m/d", MonthFirst, false),
            ("m/d/yyyy h:mm", MonthFirst, true),
            ("dd/mm/yyyy hh:mm:ss", DayFirst, true),
            ("[$-42A]d mmmm yyyy", Open, true),
            ("d-mmm", Open, false),
            ("mmm-yy", Open, true),
            ("yyyy-mm-dd", Open, true),
            ("dddd, dd/mm", DayFirst, false),
            ("[$-1010000]d/m/yyyy;@", DayFirst, true),
        ] {
            assert_eq!(of_code(code), CellFormat::Date(DateFormat { order, year }), "{code}");
        }
        assert_eq!(built_in(14), CellFormat::Date(DateFormat { order: Open, year: true }));
        assert_eq!(built_in(16), CellFormat::Date(DateFormat { order: Open, year: false }));
        assert_eq!((built_in(0), built_in(49)), (CellFormat::default(), CellFormat::default()));
    }

    #[test]
    fn zeros_and_places_are_shown_as_the_cell_shows_them() {
        let shown = |format: NumberFormat, number| format.shown(number);
        assert_eq!(shown(Padded(2), 1.0).as_deref(), Some("01"));
        assert_eq!(shown(Padded(12), 31_214_012_345.0).as_deref(), Some("031214012345"));
        assert_eq!(shown(Padded(2), 123.0).as_deref(), Some("123"));
        assert_eq!(shown(Fixed(2), 6.1).as_deref(), Some("6.10"));
        assert_eq!(shown(Fixed(1), 6.25).as_deref(), Some("6.3"), "halves away from zero");
        assert_eq!(shown(Fixed(2), 1.005).as_deref(), Some("1.01"), "of what is calculated with");
        assert_eq!(shown(Fixed(1), 24.8 / 3.0).as_deref(), Some("8.3"));
        assert_eq!(
            [shown(Padded(2), 1.5), shown(Padded(2), -1.0), shown(Fixed(2), 31.0), shown(General, 6.1)],
            [const { None }; 4]
        );
    }
}
