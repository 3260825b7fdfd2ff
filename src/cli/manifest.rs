//! What stands beside a copy of the database: what the copy held when it was made, so that it can be told later whether it
//! still does.
//!
//! Invariant: a manifest is written after the copy it is about is on the disk, and describes that file, not the database.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::{Clock, SystemClock};
use crate::domain::Timestamp;
use crate::store::Db;

/// Read at once while hashing.
const PIECE: usize = 1 << 20;

/// What a copy held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program that made it.
    pub program: String,
    /// When.
    pub made_at: Timestamp,
    /// Bytes of the copy.
    pub bytes: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// The newest migration in it.
    pub schema: i64,
    /// Rows by table.
    pub tables: std::collections::BTreeMap<String, i64>,
    /// Chains of the history.
    pub chains: i64,
    /// SHA-256 over the ends of all chains, hex: one value to note elsewhere.
    pub heads: String,
}

impl Manifest {
    /// Of a copy that was just made.
    pub async fn of(copy: &Path) -> anyhow::Result<Self> {
        let held = Db::counts_of(copy).await?;
        let (bytes, sha256) = hashed(copy)?;
        Ok(Self {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: SystemClock.now(),
            bytes,
            sha256,
            schema: held.schema,
            tables: held.tables,
            chains: held.chains,
            heads: held.heads,
        })
    }

    /// Where the manifest of a copy stands.
    pub fn beside(copy: &Path) -> PathBuf {
        let mut name = copy.as_os_str().to_owned();
        name.push(".manifest.json");
        PathBuf::from(name)
    }

    /// Writes it beside its copy.
    pub fn write(&self, copy: &Path) -> anyhow::Result<()> {
        let path = Self::beside(copy);
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        serde_json::to_writer_pretty(&file, self)?;
        file.sync_all()?;
        Ok(())
    }

    /// Reads the one beside a copy; `None` where there is none.
    pub fn read(copy: &Path) -> anyhow::Result<Option<Self>> {
        let path = Self::beside(copy);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let read = serde_json::from_str(&text);
                Ok(Some(read.with_context(|| format!("{} is no manifest", path.display()))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Whether the file is still the one that this was written about.
    pub fn fits(&self, copy: &Path) -> anyhow::Result<()> {
        let (bytes, sha256) = hashed(copy)?;
        if bytes != self.bytes {
            return Err(anyhow!("it has {bytes} bytes, its manifest says {}", self.bytes));
        }
        if sha256 != self.sha256 {
            return Err(anyhow!("its SHA-256 is {sha256}, its manifest says {}", self.sha256));
        }
        Ok(())
    }

    /// Rows of all tables.
    pub fn rows(&self) -> i64 {
        self.tables.values().sum()
    }
}

fn hashed(file: &Path) -> anyhow::Result<(u64, String)> {
    let mut open = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0_u64, vec![0; PIECE]);
    loop {
        match open.read(&mut piece)? {
            0 => return Ok((bytes, hex::encode(hash.finalize()))),
            n => {
                hash.update(&piece[..n]);
                bytes += n as u64;
            }
        }
    }
}
