//! What the command line says of sheets where neither a column nor a title does.

use crate::intake::sheet::around::context::Given;
use clap::Args;
use std::path::Path;

/// Said for every row of the sheets that do not say it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Of CSV files and workbooks that do not say it themselves")]
pub struct SheetArguments {
    /// The school
    #[arg(long, env = "SCHOOL_CODE", value_name = "CODE")]
    school_code: Option<String>,
    /// The school year, such as 2025-2026
    #[arg(long, env = "SCHOOL_YEAR", value_name = "YEAR")]
    school_year: Option<String>,
    /// The period: GK1, CK1, GK2, CK2 or CN
    #[arg(long, env = "PERIOD", value_name = "PERIOD")]
    period: Option<String>,
    /// The subject, a code of the list `subjects`
    #[arg(long, env = "SUBJECT_CODE", value_name = "CODE")]
    subject_code: Option<String>,
    /// The class
    #[arg(long, env = "CLASS_CODE", value_name = "CODE")]
    class_code: Option<String>,
}

impl SheetArguments {
    /// With the name of the file, which may say more.
    pub fn given(&self, file: &Path) -> Given {
        let name = file.file_name().and_then(|name| name.to_str()).filter(|name| *name != "-");
        Given {
            school_code: self.school_code.clone(),
            school_year: self.school_year.clone(),
            period: self.period.clone(),
            subject_code: self.subject_code.clone(),
            class_code: self.class_code.clone(),
            file_name: name.map(|name| name.chars().take(200).collect()),
        }
    }

    /// As parameters of a request: name and value.
    pub fn parameters(&self, file: &Path) -> Vec<(&'static str, String)> {
        let given = self.given(file);
        let all = [
            ("schoolCode", given.school_code),
            ("schoolYear", given.school_year),
            ("period", given.period),
            ("subjectCode", given.subject_code),
            ("classCode", given.class_code),
            ("fileName", given.file_name),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
