//! A sheet comes back as the sender's own file: what he did not ask about stays byte for byte, what is to be mended is
//! coloured, noted and listed, and it can be sent as it is.

mod forms;
mod hostile;
mod keeping;
mod package;
mod returning;
