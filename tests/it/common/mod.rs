//! What black-box tests stand on: one PostgreSQL, one database a test, the real program on a free port.
//!
//! ```ignore
//! let gateway = Gateway::start();
//! let school = gateway.client("school-software", &["--school", "30000001"]);
//! let token = gateway.token(&school).await;
//! let answer = gateway.get("/v1/schools/30000001", &token).await;
//! ```

mod clock;
mod database;
mod gateway;
pub mod offline;
pub mod proxy;
pub mod records;
pub mod vietnamese;
mod waiting;
mod watchdog;
pub mod ways_out;

pub use self::{
    clock::TestClock,
    database::{TestDatabase, skipped_on_given_database},
    gateway::{Client, Gateway, answer, program, signal},
    waiting::{SERVED, eventually, served, so, within},
    watchdog::{Folder, Watchdog},
};
