//! What is wrong with a command line, told in Vietnamese by the commands that speak it.

use crate::cli::report::labels::{ERROR, Labels};
use crate::model::issue::Language;
use crate::model::messages::{Message, message};
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::env;

/// The commands that speak the reader's language, Vietnamese unless he says otherwise.
const SPOKEN: [&str; 2] = ["validate", "push"];
/// Exit status of a wrong command line.
const WRONG: i32 = 2;

/// Says what is wrong, or what was asked (a help, the version), and ends the program.
pub fn end(error: &Error) -> ! {
    let arguments: Vec<String> = env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let command = arguments.iter().find(|argument| SPOKEN.contains(&argument.as_str()));
    match command.filter(|_| error.use_stderr() && !speaks_english(&arguments)) {
        None => error.exit(),
        Some(command) => {
            let words = Labels(Language::Vietnamese);
            let said = message("usage").with("fault", fault(error)).with("command", command);
            eprintln!("{}: {}", words.of(ERROR), said.in_language(words.0));
            std::process::exit(WRONG)
        }
    }
}

/// As far as that can be seen of a line that cannot be read.
fn speaks_english(arguments: &[String]) -> bool {
    let said = arguments.windows(2).any(|pair| pair[0] == "--language" && pair[1] == "en");
    let variables = ["SCHOOL_GATEWAY_REPORT_LANGUAGE", "REPORT_LANGUAGE"];
    said || arguments.iter().any(|argument| argument == "--language=en")
        || variables.iter().find_map(|name| env::var(name).ok()).is_some_and(|language| language == "en")
}

fn fault(error: &Error) -> Message {
    let part = |kind| error.get(kind).map(told).unwrap_or_default();
    let (argument, value) = (part(ContextKind::InvalidArg), part(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::MissingRequiredArgument => message("usage-missing").with("arguments", argument),
        ErrorKind::UnknownArgument => {
            let meant = Some(part(ContextKind::SuggestedArg)).filter(|name| !name.is_empty());
            let meant = meant.map(|name| message("perhaps-meant").with("value", name));
            message("usage-unknown").with("argument", argument).maybe("meant", meant)
        }
        ErrorKind::ArgumentConflict => {
            message("usage-conflict").with("argument", argument).with("other", part(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => message("usage-no-value").with("argument", argument),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let known = Some(part(ContextKind::ValidValue)).filter(|known| !known.is_empty());
            let known = known.map(|known| message("usage-known").with("known", known));
            message("usage-value").with("argument", argument).with("value", value).maybe("known", known)
        }
        _ => message("usage-wrong"),
    }
}

fn told(value: &ContextValue) -> String {
    let text = match value {
        ContextValue::Strings(several) => several.join(", "),
        other => other.to_string(),
    };
    text.replace("...", "")
}
