//! The command line: one file per sub-command. Exit codes: 0 done, 1 a check failed, 2 wrong usage or configuration.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, LogFormat};
use crate::service::StartError;

mod demo;
mod logs;
mod migrate;
mod serve;

/// Liaison (联络): cross-department collaboration in the chat that people already have open.
#[derive(Parser)]
#[command(name = "liaison", version, about, max_term_width = 100)]
struct Arguments {
    /// Configuration file [default: $LIAISON_CONFIG, then config/liaison.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The sandbox: a demo company in the browser, no set-up, no credentials
    Demo {
        /// Where to listen
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Keep everything in this folder; without it each start is fresh
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// The service
    Serve,
    /// Brings the database up to date
    Migrate,
}

/// What went wrong at the command line, by exit code.
#[derive(Debug)]
enum Failure {
    /// 1: a check failed; the reasons were printed.
    Check,
    /// 1: something did not work.
    Broken(anyhow::Error),
    /// 2: wrong usage or configuration.
    Usage(String),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        match error.downcast_ref::<StartError>() {
            Some(StartError::Files(_) | StartError::Io { .. }) => Failure::Usage(format!("{error:#}")),
            Some(StartError::Database(_) | StartError::App(_)) | None => Failure::Broken(error),
        }
    }
}

type Done = Result<(), Failure>;

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way, too; clap says which stream and which code.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(Failure::Broken(error.into())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Check) => ExitCode::from(1),
        Err(Failure::Broken(error)) => {
            eprintln!("liaison: {error:#}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(words)) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Done {
    let load = || load(arguments.config.as_deref());
    match arguments.command {
        Command::Demo { listen, data } => demo::run(listen, data).await,
        Command::Serve => serve::run(&load()?).await,
        Command::Migrate => migrate::run(&load()?).await,
    }
}

/// Reads the configuration; every mistake is printed.
fn load(path: Option<&std::path::Path>) -> Result<Config, Failure> {
    crate::config::load(path, std::env::vars()).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Failure::Usage(lines.join("\n"))
    })
}

/// Log lines for people unless the configuration says otherwise.
fn log_format(config: Option<&Config>) -> (LogFormat, String) {
    config.map_or((LogFormat::Human, "info".to_owned()), |c| (c.log.format, c.log.level.clone()))
}
