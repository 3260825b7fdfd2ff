//! The command line: one file per sub-command. Exit codes: 0 done, 1 a check failed, 2 wrong usage or configuration.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Fault, LogFormat};
use crate::service::StartError;

mod audit;
mod backup;
mod calendar;
mod check_copy;
mod database;
mod dead_letters;
mod demo;
mod directory;
mod doctor;
mod export;
mod healthcheck;
mod init;
mod keys;
mod logs;
mod manifest;
mod masking;
mod migrate;
mod migrate_data;
mod policy;
mod purge;
mod restore;
mod send_test;
mod sending;
mod serve;
mod session;
mod tasks;
mod terminal;
mod token;
mod which;

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
    /// Writes a first configuration to read and change
    Init(init::Arguments),
    /// Checks everything and says what to do
    Doctor {
        /// Also ask the messengers
        #[arg(long)]
        online: bool,
        /// One object for programs
        #[arg(long)]
        json: bool,
    },
    /// Asks the service that runs here whether it is ready; exit code 0 or 1, for containers without a shell
    Healthcheck(healthcheck::Arguments),
    /// Brings the database up to date
    Migrate,
    /// Moves everything from a SQLite file to the configured PostgreSQL, which must be empty; stop the service first
    MigrateData {
        /// The SQLite file
        file: PathBuf,
    },
    /// Copies the database to a new file while people work (SQLite)
    Backup(backup::Arguments),
    /// Puts a copy in the place of the database (SQLite); stop the service first
    Restore {
        /// A copy that `backup` made
        file: PathBuf,
        /// Also when the database holds data; that one is kept beside
        #[arg(long)]
        force: bool,
        /// Only checks the copy, on a scratch file: what it holds, and that the history is whole
        #[arg(long, conflicts_with = "force")]
        check: bool,
    },
    /// Sends nothing until `resume`, or until an end; deadlines go on
    Pause(sending::Pause),
    /// Sends again
    Resume(sending::Resume),
    /// Deletes what was kept long enough, as the retention section says; the history stays whole
    Purge {
        /// Only says what would go
        #[arg(long)]
        dry_run: bool,
    },
    /// Sends one test card through the messenger, and says what came of it
    SendTest {
        /// A person's id in the directory; on Feishu an open_id (ou_…) or a chat id (oc_…), on DingTalk user:USERID, a chat id (cid…) or robot:NAME
        #[arg(long, value_name = "WHOM")]
        to: String,
        /// Through which messenger, where there are several [default: the first]
        #[arg(long, value_name = "MESSENGER")]
        messenger: Option<which::Which>,
    },
    /// Writes out what the service knows
    Export(export::Arguments),
    /// Deadlines and ladders
    #[command(subcommand)]
    Policy(policy::Command),
    /// Working days, holidays and make-up days
    Calendar {
        /// Which year
        #[arg(long, value_name = "Y")]
        year: i16,
    },
    /// Departments and people
    #[command(subcommand)]
    Directory(directory::Command),
    /// The history
    #[command(subcommand)]
    Audit(audit::Command),
    /// The keys that the service made for itself
    #[command(subcommand)]
    Keys(keys::Command),
    /// Messages that were given up
    #[command(subcommand)]
    DeadLetters(dead_letters::Command),
    /// Task lists
    #[command(subcommand)]
    Tasks(tasks::Command),
    /// Tokens for programs that read over the API
    #[command(subcommand)]
    Token(token::Command),
    /// Who is signed in to the pages
    #[command(subcommand)]
    Session(session::Command),
    /// The configuration
    #[command(subcommand)]
    Config(Options),
}

/// What to do with the configuration.
#[derive(Subcommand)]
enum Options {
    /// Every option as it holds and where it was set, secrets left out
    Dump,
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

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Check => Ok(()),
            Failure::Broken(error) => write!(f, "{error:#}"),
            Failure::Usage(words) => f.write_str(words),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        match error.downcast_ref::<StartError>() {
            Some(StartError::Files(_) | StartError::Io { .. }) => Failure::Usage(format!("{error:#}")),
            Some(StartError::Database(_) | StartError::App(_) | StartError::Net(_)) | None => {
                Failure::Broken(error)
            }
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
        Err(failure @ Failure::Broken(_)) => {
            eprintln!("liaison: {failure}");
            ExitCode::from(1)
        }
        Err(failure @ Failure::Usage(_)) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Done {
    let load = || load(arguments.config.as_deref());
    match arguments.command {
        Command::Demo { listen, data } => demo::run(listen, data).await,
        Command::Serve => serve::run(load).await,
        Command::Init(arguments) => init::run(&arguments),
        Command::Doctor { online, json } => doctor::run(arguments.config.as_deref(), online, json).await,
        Command::Healthcheck(arguments) => healthcheck::run(load, &arguments).await,
        Command::Migrate => migrate::run(&load()?).await,
        Command::MigrateData { file } => migrate_data::run(&load()?, &file).await,
        Command::Backup(arguments) => backup::run(&load()?, &arguments).await,
        Command::Restore { file, check: true, .. } => check_copy::run(&file).await,
        Command::Restore { file, force, .. } => restore::run(&load()?, &file, force).await,
        Command::Pause(arguments) => sending::pause(&load()?, &arguments).await,
        Command::Resume(arguments) => sending::resume(&load()?, &arguments).await,
        Command::Purge { dry_run } => purge::run(&load()?, dry_run).await,
        Command::SendTest { to, messenger } => send_test::run(&load()?, &to, messenger).await,
        Command::Export(arguments) => export::run(&load()?, &arguments).await,
        Command::Policy(command) => policy::run(&load()?, &command).await,
        Command::Calendar { year } => calendar::run(&load()?, year),
        Command::Directory(command) => directory::run(&load()?, &command).await,
        Command::Keys(command) => keys::run(&load()?, &command).await,
        Command::DeadLetters(command) => dead_letters::run(&load()?, &command).await,
        Command::Config(Options::Dump) => terminal::print(&load()?.dump()),
        Command::Tasks(command) => tasks::run(&load()?, &command).await,
        Command::Token(command) => token::run(&load()?, &command).await,
        Command::Session(command) => session::run(&load()?, &command).await,
        Command::Audit(command) => audit::run(&load()?, &command).await,
    }
}

/// Reads the configuration; every mistake is printed.
fn load(path: Option<&std::path::Path>) -> Result<Config, Failure> {
    crate::config::load(path, std::env::vars()).map_err(|faults| Failure::Usage(lines(&faults)))
}

/// Mistakes in files, one a line.
fn lines(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Log lines for people unless the configuration says otherwise.
fn log_format(config: Option<&Config>) -> (LogFormat, String) {
    config.map_or((LogFormat::Human, "info".to_owned()), |c| (c.log.format, c.log.level.clone()))
}
