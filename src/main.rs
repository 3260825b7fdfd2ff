//! Parses the arguments, calls the command, turns the result into an exit code.

use std::process::ExitCode;

/// A click is thousands of small allocations on several threads: see `docs/decisions/0027-an-allocator.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    liaison::cli::main()
}
