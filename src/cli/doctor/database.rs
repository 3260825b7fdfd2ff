//! The database: whether it is there, sound, durable and up to date, and what waits in it for somebody.

use jiff::SignedDuration;

use super::{Report, clocks, disk, replicas};
use crate::cli::{database, sending};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::DepartmentId;
use crate::domain::directory::check::Checked;
use crate::messenger::dingtalk::{self, receiver};
use crate::service;
use crate::store::{Db, DbError, desk, directory, obligation, outbox, pause};

/// A step that is later than this was forgotten.
const LATE: SignedDuration = SignedDuration::from_mins(5);

const NAME: &str = "database";

/// Everything about the database.
pub async fn check(report: &mut Report, config: &Config, known: Option<&(Checked, String)>) {
    match database::file(config) {
        Err(error) => return report.fail(NAME, error.to_string(), "see database.url"),
        Ok(Some(file)) if !file.exists() => {
            let text = format!("there is no {} yet", file.display());
            return report.warn(NAME, text, "liaison migrate");
        }
        Ok(_) => {}
    }
    let db = match database::open(config).await {
        Ok(db) => db,
        Err(failure) => {
            let remedy = "is the server running, is the password right, may this user read the file?";
            return report.fail(NAME, format!("it cannot be opened: {failure}"), remedy);
        }
    };
    if let Ok(Some(file)) = database::file(config) {
        disk::check(report, &file);
    }
    if let Err(error) = engine(report, &db).await {
        report.fail(NAME, error.to_string(), "restore a copy: liaison restore FILE");
    }
    if let Err(error) = clocks::check(report, &db).await {
        report.fail(NAME, error.to_string(), "");
    }
    match db.pending().await {
        Ok(pending) if pending.is_empty() => {
            report.ok("migrations", "all applied");
            if let Err(error) = content(report, (config, &db), known).await {
                report.fail(NAME, error.to_string(), "");
            }
        }
        Ok(pending) => {
            let names: Vec<&str> = pending.iter().map(|migration| migration.name).collect();
            report.fail("migrations", format!("missing: {}", names.join(", ")), "liaison migrate");
        }
        Err(error) => {
            report.fail("migrations", error.to_string(), "run the program that made it, or a newer one")
        }
    }
    db.close().await;
}

async fn engine(report: &mut Report, db: &Db) -> Result<(), DbError> {
    let durability = db.durability().await?;
    let size = db.size().await? / 1024;
    report.ok(NAME, format!("{} {}, {size} KiB", durability.engine, durability.version));
    let settings: Vec<String> =
        durability.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    match durability.safe {
        true => report.ok("durability", settings.join(", ")),
        false => report.fail(
            "durability",
            format!("an acknowledged click may be lost with the power: {}", settings.join(", ")),
            "turn them on",
        ),
    }
    let faults = db.integrity_check().await?;
    match faults.first() {
        None if db.is_postgres() => {}
        None => report.ok("integrity", "every page and every reference is sound"),
        Some(first) => {
            let text = format!("{} faults, the first: {first}", faults.len());
            report.fail("integrity", text, "stop the service; liaison restore FILE");
        }
    }
    Ok(())
}

async fn content(
    report: &mut Report,
    (config, db): (&Config, &Db),
    known: Option<&(Checked, String)>,
) -> Result<(), DbError> {
    let imported = directory::digest(db).await?;
    match (imported, known.map(|(_, text)| service::digest(text))) {
        (None, _) => report.warn("import", "no directory was imported yet", "liaison directory sync"),
        (Some(imported), Some(file)) if imported != file => {
            let text = "the directory file is not the one that was imported last";
            report.warn("import", text, "liaison directory sync");
        }
        (Some(_), _) => report.ok("import", "the directory is the one in the file"),
    }
    // A robot that is named after the part plays it until another group is bound.
    let named = config.dingtalk.as_ref().and_then(|app| receiver::group_for(app, "managers"));
    let named = named.map(|chat| (dingtalk::PLATFORM.to_owned(), chat.to_string()));
    match desk::bound(db, "managers", "").await?.or(named) {
        Some((platform, chat)) => report.ok("managers' group", format!("{platform} {chat}")),
        None => report.warn(
            "managers' group",
            "no group is bound: its alerts go to the administrators",
            "an administrator says /bind managers in the group",
        ),
    }
    replicas::check(report, (config, db)).await?;
    pilot(report, config, db).await?;
    waiting(report, config, db).await
}

/// Who is trying it out, and where they read what would have been sent.
async fn pilot(report: &mut Report, config: &Config, db: &Db) -> Result<(), DbError> {
    // A policy that cannot be read has its own line.
    let Ok(rulebook) = service::rulebook(config) else { return Ok(()) };
    let chosen = &rulebook.policy.pilot.departments;
    if chosen.is_empty() {
        return Ok(());
    }
    let (known, _) = directory::load(db).await?;
    let names: Vec<&str> = chosen.iter().map(DepartmentId::as_str).collect();
    for lost in chosen.iter().filter(|code| !known.departments.contains_key(*code)) {
        let text = format!("no department has the code {lost}");
        report.warn("pilot", text, "correct [pilot] departments in the policy");
    }
    match desk::bound(db, "pilot", "").await? {
        Some((platform, chat)) => report.ok("pilot", format!("{}: {platform} {chat}", names.join(", "))),
        None => report.warn(
            "pilot",
            format!("{}: no group is bound, an administrator gets their messages", names.join(", ")),
            "an administrator says /bind pilot in the group",
        ),
    }
    Ok(())
}

async fn waiting(report: &mut Report, config: &Config, db: &Db) -> Result<(), DbError> {
    let (waiting, _, dead) = outbox::backlog(db).await?;
    match dead {
        0 => report.ok("outbox", format!("{waiting} waiting, none given up")),
        n => report.warn("outbox", format!("{n} messages were given up"), "liaison dead-letters list"),
    }
    for held in pause::holding(db, SystemClock.now()).await? {
        report.warn("sending", sending::shown(&held, &config.calendar), sending::remedy(&held.scope));
    }
    let (late, aside) = obligation::overdue_steps(db, SystemClock.now() - LATE).await?;
    if late > 0 {
        let text = format!("{late} steps are more than five minutes late");
        report.warn("steps", text, "is the service running? it takes them up when it starts");
    }
    if aside > 0 {
        let remedy = "see the log for the reason, then: liaison dead-letters replay --all";
        report.warn("steps", format!("{aside} steps were set aside"), remedy);
    }
    if late + aside == 0 {
        report.ok("steps", "none late, none set aside");
    }
    Ok(())
}
