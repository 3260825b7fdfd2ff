//! What stands in `migrations/` and what was written for it here.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// One migration with the rows that belong to it.
pub struct Step {
    /// `NNNN`.
    pub version: i64,
    /// What follows it in the file's name.
    pub name: String,
    path: PathBuf,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All migrations, oldest first.
pub fn steps() -> Vec<Step> {
    let folder = std::fs::read_dir(root().join("migrations")).unwrap();
    let paths = folder.map(|file| file.unwrap().path());
    let is_first =
        |path: &PathBuf| path.extension().is_some_and(|e| e == "sql") && !path.ends_with(".postgres.sql");
    let mut steps: Vec<Step> = paths.filter(is_first).filter_map(step).collect();
    steps.sort_by_key(|step| step.version);
    steps
}

fn step(path: PathBuf) -> Option<Step> {
    let stem = path.file_stem()?.to_str()?;
    let (version, name) = stem.split_once('_')?;
    let (version, name) = (version.parse().unwrap(), name.to_owned());
    (!name.ends_with(".postgres")).then_some(Step { version, name, path })
}

impl Step {
    /// `NNNN_what`.
    pub fn file(&self) -> String {
        format!("{:04}_{}", self.version, self.name)
    }

    /// What an engine applies.
    pub fn text(&self, postgres: bool) -> String {
        let own = self.path.with_extension("postgres.sql");
        let path = if postgres && own.exists() { &own } else { &self.path };
        std::fs::read_to_string(path).unwrap()
    }

    /// What the program keeps of it, to see whether it was changed.
    pub fn checksum(&self, postgres: bool) -> String {
        hex::encode(Sha256::digest(self.text(postgres)))
    }

    /// Rows as a program of that time wrote them.
    pub fn samples(&self) -> String {
        self.beside("sql")
    }

    /// What the schema must refuse: the kind, the reason and the statement.
    pub fn refused(&self) -> Vec<(String, String, String)> {
        let text = self.beside("refused.sql");
        let (_, rows) = text.split_once("\n-- ").unwrap_or_else(|| panic!("no rows: {text}"));
        rows.split("\n-- ").map(refused).collect()
    }

    fn beside(&self, ending: &str) -> String {
        let path = root().join(format!("tests/migrations/{:04}.{ending}", self.version));
        std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    }
}

fn refused(text: &str) -> (String, String, String) {
    let (head, statement) = text.split_once('\n').unwrap();
    let (kind, why) = head.split_once(": ").unwrap();
    (kind.to_owned(), why.to_owned(), statement.to_owned())
}
