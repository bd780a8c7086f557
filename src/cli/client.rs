//! `client`: programs that may ask for tokens; the same as `/v1/clients`, for the operator. Works beside a running
//! gateway, which notices within half a second, and alone.

use std::process::ExitCode;

use clap::Subcommand;
use diesel::PgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::audit::Actor;
use crate::access::clients::{Client, NewClient};
use crate::access::{Area, ClientKind, clients};
use crate::cli::run::with_database;
use crate::config::Config;
use crate::error::{BAD_REQUEST, Error, Result};
use crate::store::Mode;

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Make a client; prints its id and its secret, which is shown this once
    Create {
        /// For people; need not be unique
        #[arg(long)]
        name: String,
        /// school-software, sector-staff, public-service, consumer or admin
        #[arg(long, value_name = "KIND")]
        kind: String,
        /// Grant a school by its code of eight digits; may be repeated
        #[arg(long = "school", value_name = "CODE")]
        schools: Vec<String>,
        /// Grant the schools of a commune by its code of five digits; may be repeated
        #[arg(long = "commune", value_name = "CODE")]
        communes: Vec<String>,
        /// Grant every school
        #[arg(long)]
        all_schools: bool,
        /// Grant a scope: sensitive.read
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
    },
    /// List the clients, one JSON object a line
    List,
    /// End a client's access, its live tokens included
    Revoke {
        /// The client's id
        id: String,
    },
    /// Give a client another secret; the one before is worth nothing at once
    Rotate {
        /// The client's id
        id: String,
    },
}

/// Clients read at once by `list`.
const PAGE: i64 = 500;

/// Runs the command; prints one JSON object a line.
///
/// # Errors
/// What is wrong with the arguments, and what the database says.
pub fn client(config: Config, command: ClientCommand) -> Result<ExitCode> {
    let task = Task::of(command)?;
    with_database(config, Mode::Beside, move |_, pools| {
        task.run(&mut *pools.write.get()?)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// The command with its arguments checked, before a database is started for it.
enum Task {
    Create(NewClient),
    List,
    Revoke(Uuid),
    Rotate(Uuid),
}

impl Task {
    fn of(command: ClientCommand) -> Result<Self> {
        Ok(match command {
            ClientCommand::Create { name, kind, schools, communes, all_schools, scopes } => {
                let area = Area::of(all_schools, schools, communes)?;
                Self::Create(NewClient::new(&name, ClientKind::parse(&kind)?, area, scopes)?)
            }
            ClientCommand::List => Self::List,
            ClientCommand::Revoke { id } => Self::Revoke(id_of(&id)?),
            ClientCommand::Rotate { id } => Self::Rotate(id_of(&id)?),
        })
    }

    fn run(&self, connection: &mut PgConnection) -> Result<()> {
        let operator = Actor::default();
        match self {
            Self::Create(new) => {
                let (client, secret) = clients::create(connection, &operator, new)?;
                print(&json!({ "clientId": client.id, "clientSecret": secret }));
            }
            Self::List => list(connection)?,
            Self::Revoke(id) => print(&json!(clients::revoke(connection, &operator, *id)?.summary())),
            Self::Rotate(id) => {
                let secret = clients::rotate(connection, &operator, *id)?;
                print(&json!({ "clientId": id, "clientSecret": secret }));
            }
        }
        Ok(())
    }
}

fn list(connection: &mut PgConnection) -> Result<()> {
    let mut after = None;
    loop {
        let page = clients::list(connection, after, PAGE)?;
        page.iter().map(Client::summary).for_each(|client| print(&json!(client)));
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(()),
        }
    }
}

fn print(line: &Value) {
    println!("{line}");
}

fn id_of(text: &str) -> Result<Uuid> {
    let not_an_id = || format!("“{}” is no client's id; `school-gateway client list` shows them.", text.escape_debug());
    Uuid::parse_str(text).map_err(|_| Error::for_operator(BAD_REQUEST, not_an_id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(kind: &str, school: &str) -> Result<Task> {
        let (name, kind, schools) = ("Trial".to_owned(), kind.to_owned(), vec![school.to_owned()]);
        Task::of(ClientCommand::Create {
            name,
            kind,
            schools,
            communes: Vec::new(),
            all_schools: false,
            scopes: Vec::new(),
        })
    }

    #[test]
    fn arguments_are_judged_before_a_database_is_started() {
        assert!(create("school-software", "01000101").is_ok());
        assert!(create("school", "01000101").err().unwrap().detail().contains("sector-staff"));
        assert!(create("school-software", "0100010").err().unwrap().detail().contains("8 digits"));
        assert!(Task::of(ClientCommand::Revoke { id: "x".into() }).err().unwrap().detail().contains("client list"));
    }
}
