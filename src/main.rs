//! Parses the arguments, calls the command, turns the result into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    liaison::cli::main()
}
