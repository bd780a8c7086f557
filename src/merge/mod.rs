//! Checked rows → the database: what is stored, what the rules look at, rules, then new and changed rows.

pub mod alias; // provisional codes that gave way to official ones
pub mod batch; // on whose behalf a batch is written, and what became of it
pub mod compact; // a value in few bytes
pub mod delete; // deletes of a batch
pub mod dry_run; // stored records with accepted ones laid over them, nothing being written
pub mod endings; // schools that end with the records of a submission
pub mod entry; // one upsert, and what is known of it before the rules
pub mod holders; // who has what another school sends
pub mod locks; // the schools of a batch: locked, and in whose area
pub mod memory; // rows in memory, in the place of the database or laid over it
pub mod partial; // records of sheets that have columns for some members only
pub mod related; // parents and lookups of a batch, set-wise
pub mod rename; // another code for a record, and all that names it
pub mod replaced; // schools whose place another took
pub mod replacement; // a whole set of a school's records
pub mod reporting_window; // reporting periods of a batch
pub mod retry; // one batch into the database: retries, and halving when a row is refused
pub mod seen; // what one record sees of what is related to it
pub mod source; // where the rows come from that rules look at
pub mod stored; // what the database holds of a batch
pub mod target; // what a batch is held against and merged into
pub mod upsert; // upserts of a batch
pub mod wanted; // what a batch asks for, every key once
pub mod write; // new and changed rows into the table, replaced ones into history
pub mod write_status; // what a writer of a few records wants to know besides
