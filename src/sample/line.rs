//! One record as a line of NDJSON, its members in the order given.

use serde::Serialize;
use serde_json::Value;

/// A record to be sent: the name of its resource and its members; those that are null are left out.
#[derive(Debug)]
pub struct SampleRecord {
    /// Name of the resource.
    pub resource: &'static str,
    /// camelCase names and values.
    pub members: Vec<(&'static str, Value)>,
}

impl SampleRecord {
    /// A record without members.
    pub fn of(resource: &'static str) -> Self {
        Self { resource, members: Vec::new() }
    }

    /// With one member more.
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.members.push((name, serde_json::to_value(value).unwrap_or_default()));
        self
    }

    /// Writes `{"resource":…,"data":{…}}` and a line end.
    pub fn write(&self, out: &mut String) {
        out.push_str("{\"resource\":\"");
        out.push_str(self.resource);
        out.push_str("\",\"data\":{");
        for (place, (name, value)) in self.members.iter().filter(|(_, value)| !value.is_null()).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            out.push_str(&format!("{comma}\"{name}\":{value}"));
        }
        out.push_str("}}\n");
    }
}

/// Tenths as the number that people write: 85 gives `8.5`, 80 gives `8`. Floats of one decimal print exactly.
pub fn tenths(tenths: i64) -> Value {
    if tenths % 10 == 0 { (tenths / 10).into() } else { (tenths as f64 / 10.0).into() }
}

/// Hundredths likewise.
pub fn hundredths(hundredths: i64) -> Value {
    if hundredths % 100 == 0 { (hundredths / 100).into() } else { (hundredths as f64 / 100.0).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_the_order_and_leaves_out_what_is_not_there() {
        let mut out = String::new();
        SampleRecord::of("staff")
            .with("staffCode", "1")
            .with("phone", None::<&str>)
            .with("age", 30)
            .with("marks", [tenths(85), tenths(100)])
            .write(&mut out);
        assert_eq!(out, "{\"resource\":\"staff\",\"data\":{\"staffCode\":\"1\",\"age\":30,\"marks\":[8.5,10]}}\n");
    }
    #[test]
    fn every_mark_is_written_with_at_most_one_decimal() {
        for mark in 0..=100 {
            let expected =
                if mark % 10 == 0 { format!("{}", mark / 10) } else { format!("{}.{}", mark / 10, mark % 10) };
            assert_eq!(tenths(mark).to_string(), expected);
        }
        assert_eq!(hundredths(149).to_string(), "1.49");
        assert_eq!(hundredths(300).to_string(), "3");
    }
}
