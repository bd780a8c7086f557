//! A report on the command line, of `validate` and of `push` alike: a table to read, JSON for programs, CSV for
//! spreadsheets.

pub mod csv;
mod place;
mod table;
pub mod labels;

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::model::issue;

pub use crate::cli::report::labels::Labels;
pub use crate::cli::report::place::Lines;

/// Issues that a report tells one by one unless it is told otherwise, as those of the gateway do.
const SHOWN: usize = 100;

/// How the report is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// To read: faults by cause, and counts
    Table,
    /// The report as the gateway gives it, one JSON object a line
    Json,
    /// One issue a line, for spreadsheets
    Csv,
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LanguageArgument {
    /// Vietnamese
    Vi,
    /// English
    En,
}

impl From<LanguageArgument> for issue::Language {
    fn from(language: LanguageArgument) -> Self {
        match language {
            LanguageArgument::Vi => Self::Vietnamese,
            LanguageArgument::En => Self::English,
        }
    }
}

/// What the report looks like.
#[derive(Debug, Clone, Args)]
pub struct Output {
    /// How the report is given
    #[arg(long, env = "REPORT_FORMAT", value_enum, default_value = "table")]
    pub format: Format,
    /// Language of messages
    #[arg(long, env = "REPORT_LANGUAGE", value_enum, default_value = "vi")]
    pub language: LanguageArgument,
    /// Issues told one by one; default: 100 in JSON, all in CSV
    #[arg(long, env = "MAX_ISSUES", value_name = "N")]
    pub max_issues: Option<usize>,
}

impl Output {
    /// The words of the language.
    pub fn labels(&self) -> Labels {
        Labels(self.language.into())
    }
    /// Issues told one by one.
    pub fn shown(&self) -> usize {
        self.max_issues.unwrap_or(match self.format {
            Format::Table => 0,
            Format::Json => SHOWN,
            Format::Csv => usize::MAX,
        })
    }
    /// Prints a report to standard output. The issues of CSV come with the report or on their own (see [`csv`]).
    pub fn print(&self, report: &Value) {
        match self.format {
            Format::Table => print!("{}", table::text(report, self.labels())),
            Format::Json => println!("{report}"),
            Format::Csv => {}
        }
    }
}
