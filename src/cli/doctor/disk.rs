//! Whether the disk of the database has room: a full one stops every act until somebody makes room.

use std::path::Path;

use super::{Report, Status};

/// Below this the next busy day may be the last.
const LITTLE: u64 = 64 * MIB;
/// Below this somebody should look, however small the database is.
const SCARCE: u64 = 1024 * MIB;
const MIB: u64 = 1024 * 1024;

const NAME: &str = "disk";
const REMEDY: &str = "make room, or move the database to a larger disk";

/// Looks at the disk beside a SQLite file; PostgreSQL's disk is not ours to see.
pub fn check(report: &mut Report, file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk,
        Err(why) => return report.warn(NAME, format!("{}: {why}", folder.display()), ""),
    };
    // What an ordinary user may still take: the last blocks are kept for root.
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let size = std::fs::metadata(file).map_or(0, |file| file.len());
    let text = format!("{} MiB free in {}", free / MIB, folder.display());
    match verdict(free, size) {
        Status::Ok => report.ok(NAME, text),
        Status::Warn => report.warn(NAME, text, REMEDY),
        Status::Fail => report.fail(NAME, text, REMEDY),
    }
}

/// A backup beside the database takes as much again, so that much has to be free.
fn verdict(free: u64, size: u64) -> Status {
    if free < LITTLE {
        Status::Fail
    } else if free < SCARCE.max(size.saturating_mul(2)) {
        Status::Warn
    } else {
        Status::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_judged_by_what_a_backup_takes() {
        assert_eq!(verdict(63 * MIB, 0), Status::Fail);
        assert_eq!(verdict(64 * MIB, 0), Status::Warn);
        assert_eq!(verdict(1023 * MIB, MIB), Status::Warn);
        assert_eq!(verdict(1024 * MIB, MIB), Status::Ok);
        assert_eq!(verdict(5_000 * MIB, 3_000 * MIB), Status::Warn);
        assert_eq!(verdict(6_000 * MIB, 3_000 * MIB), Status::Ok);
    }

    #[test]
    fn the_disk_of_a_folder_is_found_and_a_missing_folder_is_said() {
        let mut report = Report::default();
        check(&mut report, Path::new("Cargo.toml"));
        check(&mut report, Path::new("/no/such/folder/liaison.db"));
        let shown = report.shown();
        assert!(shown.contains("MiB free in ."), "{shown}");
        assert!(shown.contains("warn  disk: /no/such/folder: No such file"), "{shown}");
    }
}
