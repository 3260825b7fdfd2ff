//! The command line as an administrator uses it: the built program, in a folder of its own.
//!
//! Invariant: nothing here reads the machine's configuration or needs a port.

mod keeping;
mod shell;
mod start;
