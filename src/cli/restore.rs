//! `liaison restore FILE`: a copy takes the place of the SQLite database.
//!
//! Invariants: the copy is checked before anything is replaced and is itself left as it is; the former database is kept;
//! what was restored sends nothing before `liaison resume`, because people may have had those messages already.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::manifest::Manifest;
use super::terminal::print;
use super::{Done, Failure, database, sending};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::change::{Value, with};
use crate::store::Db;
use crate::store::db::Options;

/// Restores.
pub async fn run(config: &Config, copy: &Path, force: bool) -> Done {
    let Some(target) = database::file(config)? else {
        let words =
            "PostgreSQL restores its own copies: pg_restore --clean --dbname=URL FILE; then `liaison pause`";
        return Err(Failure::Usage(words.to_owned()));
    };
    if !copy.is_file() {
        return Err(Failure::Usage(format!("there is no file {}", copy.display())));
    }
    let occupied = fs::metadata(&target).is_ok_and(|file| file.len() > 0);
    if occupied && !force {
        let words = format!("{} holds data: --force puts the copy in its place", target.display());
        return Err(Failure::Usage(words));
    }
    database::nobody_works_on(&target, config)?;
    let beside = named(&target, ".restoring");
    remove(&beside)?;
    if let Err(failure) = prepare(copy, &beside).await {
        remove(&beside)?;
        return Err(failure);
    }
    let kept = replace(&target, &beside, occupied)?;
    let mut words = format!("{} is now {}\n", target.display(), copy.display());
    if let Some(kept) = kept {
        words.push_str(&format!("the former database is kept as {}\n", kept.display()));
    }
    words.push_str(
        "sending is paused: people may have had these messages already.\n\
         Look at `liaison doctor` and `liaison dead-letters list`, then type: liaison resume\n",
    );
    print(&words)
}

/// Copies the copy next to the database, checks it, brings it up to date and pauses its sending.
async fn prepare(copy: &Path, beside: &Path) -> Done {
    // In a URL these two have a meaning of their own.
    let path = beside.display().to_string().replace('%', "%25").replace('?', "%3f");
    if let Some(manifest) = Manifest::read(copy)? {
        manifest.fits(copy).with_context(|| format!("{} is no sound copy", copy.display()))?;
    }
    fs::copy(copy, beside).with_context(|| format!("cannot copy {}", copy.display()))?;
    private(beside)?;
    let unsound = |why: String| Failure::Broken(anyhow!("{} is no sound copy: {why}", copy.display()));
    let db = Db::open(&Options::new(format!("sqlite://{path}")))
        .await
        .map_err(|error| unsound(error.to_string()))?;
    let checked = check(&db).await;
    let done = match checked {
        Err(why) => Err(unsound(why)),
        Ok(()) => pause(&db).await,
    };
    db.close().await;
    done?;
    if fs::metadata(named(beside, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(Failure::Broken(anyhow!("{} could not be written out whole", beside.display())));
    }
    fs::File::open(beside)?.sync_all()?;
    Ok(())
}

/// Whether a database is sound, and one of ours.
pub async fn check(db: &Db) -> Result<(), String> {
    let faults = db.integrity_check().await.map_err(|error| error.to_string())?;
    if let Some(first) = faults.first() {
        return Err(first.clone());
    }
    let pending = db.pending().await.map_err(|error| error.to_string())?;
    if pending.iter().any(|migration| migration.version == 1) {
        return Err("it is a database, but not one of Liaison".to_owned());
    }
    Ok(())
}

async fn pause(db: &Db) -> Done {
    db.migrate().await?;
    let mut tx = db.begin().await?;
    sending::pause_in(&mut tx).await?;
    database::note(&mut tx, "restored", with([("sending", Value::Key("paused".to_owned()))])).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves the former database aside and the new one to its place; where the former one is.
fn replace(target: &Path, beside: &Path, occupied: bool) -> Result<Option<PathBuf>, Failure> {
    let stamp = SystemClock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let kept = named(target, &format!(".before-{stamp}"));
    if occupied {
        // The write-ahead log holds what is not in the file yet: it goes with it. The new file must not find it.
        for tail in ["-wal", "-shm"] {
            let (from, to) = (named(target, tail), named(&kept, tail));
            if from.exists() {
                fs::rename(&from, &to)?;
            }
        }
        fs::rename(target, &kept)?;
    }
    fs::rename(beside, target)?;
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(occupied.then_some(kept))
}

/// Removes a database file and what belongs to it.
pub fn remove(file: &Path) -> std::io::Result<()> {
    for path in [named(file, ""), named(file, "-wal"), named(file, "-shm")] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Readable by its owner only.
pub fn private(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

fn named(path: &Path, tail: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(tail);
    PathBuf::from(name)
}
