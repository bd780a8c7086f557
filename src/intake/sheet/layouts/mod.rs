//! The forms that schools have, as data; templates and examples.

pub mod example; // the workbook that shows a layout
pub mod layout; // the forms that schools have, as data
pub mod near; // a sheet that nearly is of a layout
pub mod template; // the workbook to fill in
