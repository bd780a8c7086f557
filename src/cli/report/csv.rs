//! Issues as CSV (RFC 4180), with a byte order mark so that spreadsheets take it for UTF-8.

use std::io::{Result, Write};

use csv::{Terminator, Writer, WriterBuilder};
use serde_json::Value;

use crate::model::excerpt::harmless;

/// The columns, by the members of an issue.
const COLUMNS: [&str; 14] = [
    "file", "line", "index", "resource", "key", "pointer", "code", "severity", "message", "hint", "sheet", "row",
    "column", "heading",
];

/// Issues on their way to a file or a terminal.
pub struct IssueWriter<W: Write>(Writer<W>);

impl<W: Write> IssueWriter<W> {
    /// Begins with the headings.
    ///
    /// # Errors
    /// Those of writing.
    pub fn begin(mut out: W) -> Result<Self> {
        out.write_all(b"\xEF\xBB\xBF")?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self(writer))
    }
    /// One issue.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write(&mut self, issue: &Value) -> Result<()> {
        Ok(self.0.write_record(COLUMNS.map(|column| harmless(cell(&issue[column]))))?)
    }
    /// All are written.
    ///
    /// # Errors
    /// Those of writing.
    pub fn end(mut self) -> Result<()> {
        self.0.flush()
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
