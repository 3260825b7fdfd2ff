//! Runs the program and keeps what it said.

use std::path::Path;
use std::process::Command;

/// What a run came to.
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A folder of its own, with a company in it that was made by `liaison init`.
pub struct Office(tempfile::TempDir);

impl Office {
    /// An empty folder.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// After `init` and `migrate`.
    pub fn open() -> Self {
        let office = Self::empty();
        office.does(&["init"]);
        office.does(&["migrate"]);
        office
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs the program here.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, &[])
    }

    /// The same with variables of the environment.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
        command.args(arguments).current_dir(self.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LIAISON_")) {
            command.env_remove(name);
        }
        // Any free port: nobody's service stands in the way.
        command.env("LIAISON__SERVER__LISTEN", "127.0.0.1:0").env("COLUMNS", "100");
        let done = command.envs(variables.iter().copied()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Said { code: done.status.code().unwrap(), out: text(&done.stdout), err: text(&done.stderr) }
    }

    /// Runs it and expects success; what it printed.
    pub fn does(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.err);
        said.out
    }
}
