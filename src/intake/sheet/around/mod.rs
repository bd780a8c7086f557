//! What is said around the rows: titles, names, parameters, the client's school, what is stored.

pub mod context; // what is known from outside the sheet
pub mod derive; // members that no single cell holds
pub mod enrolled; // a student's time in a class, by its state and by what is stored
pub(in crate::intake::sheet) mod fill; // members that no column fills
pub mod locate; // what labels above the headings say
pub mod said; // what titles and names of sheets and files say
