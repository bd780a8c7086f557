//! Rows of a whole result as bytes, part by part.

use crate::query::Question;
use crate::query::shape::{MetaText, OutputFormat};
use crate::store::pg::statement::Cells;
use diesel::QueryResult;

/// Collects the rows of one part.
pub struct RowWriter<'a> {
    question: &'a Question,
    form: OutputFormat,
    text: String,
    csv: csv::Writer<Vec<u8>>,
    meta: MetaText,
}

fn csv_writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

/// As the reading of rows tells its faults.
fn fault(error: impl std::error::Error + Send + Sync + 'static) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(Box::new(error))
}

impl<'a> RowWriter<'a> {
    /// For this question's rows; a CSV begins with a byte order mark, by which spreadsheets know UTF-8, and the
    /// heading.
    ///
    /// # Errors
    /// None that a memory buffer would give.
    pub fn new(question: &'a Question, form: OutputFormat) -> QueryResult<Self> {
        let mut writer = Self { question, form, text: String::new(), csv: csv_writer(), meta: MetaText::default() };
        if form == OutputFormat::Csv {
            writer.csv =
                csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
            writer.csv.write_record(question.shape.csv_heading(question.table)).map_err(fault)?;
        }
        Ok(writer)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// None that a memory buffer would give.
    pub fn row(&mut self, cells: &Cells) -> QueryResult<()> {
        let (shape, table) = (&self.question.shape, self.question.table);
        match self.form {
            OutputFormat::Csv => self.csv.write_record(shape.csv(table, cells)).map_err(fault)?,
            OutputFormat::Ndjson => {
                shape.json(&mut self.text, table, cells, &mut self.meta);
                self.text.push('\n');
            }
        }
        Ok(())
    }

    /// The part collected since the last one.
    ///
    /// # Errors
    /// None that a memory buffer would give.
    pub fn take(&mut self) -> QueryResult<Vec<u8>> {
        match self.form {
            OutputFormat::Csv => {
                std::mem::replace(&mut self.csv, csv_writer()).into_inner().map_err(|error| fault(error.into_error()))
            }
            OutputFormat::Ndjson => {
                let next = String::with_capacity(self.text.len() + self.text.len() / 8);
                Ok(std::mem::replace(&mut self.text, next).into_bytes())
            }
        }
    }
}
