//! Decimals as whole units of their last place: no float survives the gate.

/// 10^`scale`.
pub const fn power(scale: u8) -> i64 {
    10i64.pow(scale as u32)
}

/// A JSON number as units of 1/10^`scale`, rounded half up (away from zero), and whether nothing was lost. The number
/// is read by its shortest decimal form, so 2.675 is 2.675 and not the binary fraction nearest to it. `None` beyond 15
/// digits.
pub fn units(number: f64, scale: u8) -> Option<(i64, bool)> {
    let scaled = number * power(scale) as f64;
    if !scaled.is_finite() || scaled.abs() >= 1e15 {
        return None;
    }
    if scaled.fract() == 0.0 {
        return Some((scaled as i64, true));
    }
    let text = number.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let places = usize::from(scale);
    let mut units: i64 = whole.parse().ok()?;
    for place in 0..places {
        units = units * 10 + i64::from(fraction.as_bytes().get(place).map_or(0, |digit| digit - b'0'));
    }
    let rest = fraction.get(places..).unwrap_or("").trim_end_matches('0');
    units += i64::from(rest.as_bytes().first().is_some_and(|digit| *digit >= b'5'));
    Some((if number < 0.0 { -units } else { units }, rest.is_empty()))
}

/// `85`, 1 → `8.5`.
pub fn format(units: i64, scale: u8) -> String {
    let mut text = String::new();
    push(&mut text, units, scale);
    text
}

/// Appends a decimal.
pub fn push(out: &mut String, units: i64, scale: u8) {
    use std::fmt::Write as _;
    let power = power(scale);
    if units < 0 {
        out.push('-');
    }
    let (whole, fraction) = (units.unsigned_abs() / power as u64, units.unsigned_abs() % power as u64);
    let _ = if scale == 0 {
        write!(out, "{whole}")
    } else {
        write!(out, "{whole}.{fraction:0width$}", width = usize::from(scale))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_their_decimal_form() {
        assert_eq!(units(8.5, 1), Some((85, true)));
        assert_eq!(units(1.1, 1), Some((11, true)));
        assert_eq!(units(8.55, 1), Some((86, false)));
        assert_eq!(units(2.675, 2), Some((268, false)));
        assert_eq!(units(-2.5, 0), Some((-3, false)));
        assert_eq!(units(20.123_456, 6), Some((20_123_456, true)));
        assert_eq!(units(1e300, 1), None);
    }

    #[test]
    fn every_tenth_is_exact() {
        for tenths in 0..=1000 {
            let number: f64 = format(tenths, 1).parse().unwrap();
            assert_eq!(units(number, 1), Some((tenths, true)), "{number}");
        }
    }
}
