//! PostgreSQL as diesel does not know it: kept statements, values in binary form, COPY.

pub mod binary; // a value as bytes of PostgreSQL
pub mod copy; // COPY into any table
pub mod failure; // what an error of the database means, by its SQLSTATE
pub mod statement; // generated SQL, kept prepared; rows as raw cells
