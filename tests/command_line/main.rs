//! The command line as an administrator uses it: the built program, in a folder of its own.
//!
//! Invariant: nothing here reads the machine's configuration or needs a port.
#![expect(clippy::unwrap_used, reason = "a command that cannot be run has failed")]

mod keeping;
mod shell;
mod start;
