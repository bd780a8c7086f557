//! What a failure of the database means for whoever asked: told from its SQLSTATE alone, for its words are in the language of the server.
//!
//! diesel keeps the SQLSTATE to itself. The bindings in `vendor/pq-sys` give it where diesel looks for the hint, which nothing here reads.

use crate::error::{Error, UNAVAILABLE};
use crate::model::messages::message;
use crate::store::pools::note_dead_connection;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind as Kind, Error as Database};

/// What a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Each of two transactions waited for the other, or one would have read what the other wrote: the transaction begins anew.
    LostToAnother,
    /// Another transaction was quicker with the same key: what is stored must be looked at again.
    Taken,
    /// Somebody else held a lock for longer than `lock_timeout`.
    Held,
    /// The statement took longer than `statement_timeout`, or an operator cancelled it.
    TooSlow,
    /// The connection is gone, or the server ends it.
    Gone,
    /// It takes no writes now: a standby, or a server that was told so.
    ReadOnly,
    /// No room: disk, memory, locks or connections.
    OutOfRoom,
    /// It is the row that is not taken: a constraint, or a value that its column cannot hold.
    Row,
    /// A fault of this program or of the server.
    Fault,
}

impl Failure {
    /// Of an error of diesel's; none for those that the database did not raise.
    pub fn of(error: &Database) -> Option<Self> {
        match error {
            Database::DatabaseError(kind, information) => Some(Self::classify(kind, state(information.as_ref()))),
            Database::BrokenTransactionManager => Some(Self::Gone),
            Database::RollbackErrorOnCommit { commit_error, .. } => Self::of(commit_error),
            _ => None,
        }
    }

    fn classify(kind: &Kind, state: Option<&str>) -> Self {
        match (kind, state) {
            // The server may have said why before it closed; whatever it said, this connection is of no use any more.
            (Kind::ClosedConnection | Kind::UnableToSendCommand, _) => Self::Gone,
            (_, Some(state)) => Self::of_state(state),
            (kind, None) => Self::of_kind(kind),
        }
    }

    /// By <https://www.postgresql.org/docs/current/errcodes-appendix.html>: five characters, the class in front.
    fn of_state(state: &str) -> Self {
        match state {
            "40P01" | "40001" | "40003" => Self::LostToAnother,
            "23505" => Self::Taken,
            "55P03" => Self::Held,
            "57014" => Self::TooSlow,
            "25006" => Self::ReadOnly,
            // A file that cannot be written or grown.
            "58030" => Self::OutOfRoom,
            // An index entry longer than its page; an exception of a trigger of the operator's own.
            "54000" | "P0001" => Self::Row,
            _ => match &state[..2] {
                "08" | "57" => Self::Gone,
                "53" => Self::OutOfRoom,
                "22" | "23" => Self::Row,
                _ => Self::Fault,
            },
        }
    }

    /// Without a state the error did not come from the server's side.
    fn of_kind(kind: &Kind) -> Self {
        match kind {
            Kind::UniqueViolation => Self::Taken,
            Kind::SerializationFailure => Self::LostToAnother,
            Kind::ReadOnlyTransaction => Self::ReadOnly,
            Kind::ForeignKeyViolation | Kind::NotNullViolation | Kind::CheckViolation => Self::Row,
            Kind::RestrictViolation | Kind::ExclusionViolation => Self::Row,
            // What libpq itself says: it could not send, or not receive.
            _ => Self::Gone,
        }
    }

    /// Nothing is wrong with what was asked: the database cannot do it now, and can later.
    pub fn is_of_the_moment(self) -> bool {
        !matches!(self, Self::Row | Self::Taken | Self::Fault)
    }
}

/// The SQLSTATE that the server sent: five capitals and digits.
pub fn state(information: &dyn DatabaseErrorInformation) -> Option<&str> {
    let state = information.hint()?;
    let is_one = state.len() == 5 && state.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_one.then_some(state)
}

impl From<Database> for Error {
    /// What the database cannot do now is a 503 that says when to come again; the rest is a fault of the service, logged without the words of the
    /// server, which may quote a row.
    fn from(error: Database) -> Self {
        let Database::DatabaseError(kind, information) = &error else {
            return match Failure::of(&error) {
                Some(failure) if failure.is_of_the_moment() => unavailable(failure),
                _ => Self::internal(format!("database: {error}")),
            };
        };
        let failure = Failure::classify(kind, state(information.as_ref()));
        let (state, constraint) =
            (state(information.as_ref()).unwrap_or("none"), information.constraint_name().unwrap_or_default());
        if matches!(failure, Failure::Held | Failure::LostToAnother) {
            // Others are at work, as they may be.
            return unavailable(failure);
        }
        if failure.is_of_the_moment() {
            tracing::warn!(?failure, state, "the database cannot do it now");
            return unavailable(failure);
        }
        Self::internal(format!("database: {failure:?} {state} {constraint}"))
    }
}

fn unavailable(failure: Failure) -> Error {
    if matches!(failure, Failure::Gone | Failure::ReadOnly) {
        note_dead_connection();
    }
    let (detail, seconds) = match failure {
        Failure::Held => (message("records-held"), 5),
        Failure::TooSlow => (message("database-too-slow"), 30),
        Failure::LostToAnother => (message("records-written-by-others"), 1),
        Failure::ReadOnly | Failure::OutOfRoom => (message("database-takes-no-writes"), 30),
        _ => (message("database-out-of-reach-again"), 5),
    };
    Error::new(UNAVAILABLE, detail).retry_after(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the server said, in whatever language, and the state that came with it.
    struct Told(&'static str);

    impl DatabaseErrorInformation for Told {
        fn message(&self) -> &str {
            "Verklemmung entdeckt"
        }
        fn details(&self) -> Option<&str> {
            None
        }
        fn hint(&self) -> Option<&str> {
            Some(self.0)
        }
        fn table_name(&self) -> Option<&str> {
            None
        }
        fn column_name(&self) -> Option<&str> {
            None
        }
        fn constraint_name(&self) -> Option<&str> {
            None
        }
        fn statement_position(&self) -> Option<i32> {
            None
        }
    }

    fn error(state: &'static str) -> Database {
        Database::DatabaseError(Kind::Unknown, Box::new(Told(state)))
    }

    #[test]
    fn a_failure_is_told_from_its_state() {
        for (state, expected) in [
            ("40P01", Failure::LostToAnother),
            ("40001", Failure::LostToAnother),
            ("23505", Failure::Taken),
            ("55P03", Failure::Held),
            ("57014", Failure::TooSlow),
            ("57P01", Failure::Gone),
            ("57P03", Failure::Gone),
            ("08006", Failure::Gone),
            ("25006", Failure::ReadOnly),
            ("53100", Failure::OutOfRoom),
            ("53200", Failure::OutOfRoom),
            ("53300", Failure::OutOfRoom),
            ("58030", Failure::OutOfRoom),
            ("22003", Failure::Row),
            ("23514", Failure::Row),
            ("P0001", Failure::Row),
            ("42P01", Failure::Fault),
            ("XX000", Failure::Fault),
            // Without a state the server did not say it.
            ("Prüfen Sie den freien Festplattenplatz.", Failure::Gone),
        ] {
            assert_eq!(Failure::of(&error(state)), Some(expected), "{state}");
        }
        assert_eq!(Failure::of(&Database::NotFound), None);
    }

    #[test]
    fn what_the_database_cannot_do_now_is_asked_for_again() {
        for state in ["40P01", "55P03", "57014", "57P01", "25006", "53100"] {
            let told = Error::from(error(state));
            assert!(told.kind == UNAVAILABLE && told.retry_after.is_some(), "{state}: {told:?}");
        }
        assert_eq!(Error::from(error("42P01")).kind.status, 500);
        let closed = Database::DatabaseError(Kind::ClosedConnection, Box::new(Told("XX000")));
        assert_eq!(Failure::of(&closed), Some(Failure::Gone));
    }
}
