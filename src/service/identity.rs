//! Whom a database speaks for: the address and the applications of the service that used it first.
//!
//! Invariant: a service with another address or application that opens the database (it is a copy, or it moved) sends
//! nothing before somebody confirmed at the command line that this is the one that speaks from now on.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::change::{Audit, Params, Value, with};
use crate::store::pause::{self, Scope};
use crate::store::{Db, DbError, Tx, audit, desk};

/// The switch that names it.
const SPEAKS_FOR: &str = "speaks_for";
/// What has no name of a messenger in front.
const ADDRESS: &str = "address";

/// What tells a service from its copy: `https://liaison.example.com feishu:cli_a1`. None of it is secret. `None`: nobody
/// outside of this machine hears it, so there is nothing to confuse.
pub fn of(config: &Config) -> Option<String> {
    let address = Some(&config.server.public_url).filter(|url| !is_here(url)).cloned();
    let feishu = config.feishu.as_ref().map(|app| format!("feishu:{}", app.app_id));
    let dingtalk = config.dingtalk.as_ref().map(|app| format!("dingtalk:{}", app.client_id));
    let parts: Vec<String> = [address, feishu, dingtalk].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Whether an address names the machine that it is asked on, whichever that is.
fn is_here(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|here| host.starts_with(here))
}

/// Whether it is another service: at another address, or with another application on the same messenger. One that got a
/// messenger more, or gave one up, is the same.
fn is_another(kept: &str, own: &str) -> bool {
    let kinds = |text: &str| -> BTreeMap<String, String> {
        let named = |part: &str| match part.split_once(':') {
            Some((kind, name)) if !name.starts_with("//") => (kind.to_owned(), name.to_owned()),
            _ => (ADDRESS.to_owned(), part.to_owned()),
        };
        text.split(' ').map(named).collect()
    };
    let own = kinds(own);
    kinds(kept).iter().any(|(kind, name)| match own.get(kind) {
        Some(now) => now != name,
        None => kind == ADDRESS,
    })
}

/// Whom the database speaks for, where that is not this configuration.
pub async fn other(config: &Config, db: &Db) -> Result<Option<String>, DbError> {
    let Some(own) = of(config) else { return Ok(None) };
    let kept = desk::switch(db, SPEAKS_FOR).await?;
    Ok(kept.map(|(kept, _)| kept).filter(|kept| is_another(kept, &own)))
}

/// At a start: the first one is noted; before any other one sending is paused.
pub(super) async fn recognise(config: &Config, db: &Db, now: Timestamp) -> Result<(), DbError> {
    let Some(own) = of(config) else { return Ok(()) };
    let mut tx = db.begin().await?;
    let kept = desk::set_switch_once(&mut tx, SPEAKS_FOR, &own, now).await?;
    let another = is_another(&kept, &own);
    if kept != own && !another {
        desk::set_switch(&mut tx, SPEAKS_FOR, &own, now).await?;
    }
    tx.commit().await?;
    if !another {
        return Ok(());
    }
    tracing::warn!(
        "this database speaks for {kept}, and this service is {own}: nothing is sent before somebody says `liaison \
         resume --confirm` here"
    );
    if pause::holding(db, now).await?.iter().any(|held| held.scope == Scope::All && held.until.is_none()) {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    pause::begin(&mut tx, &Scope::All, None, now).await?;
    let line = Audit { by: None, on_behalf_of: None, what: "sending_paused".to_owned(), with: Params::new() };
    audit::append_beside(&mut tx, "operations", &line, now).await?;
    tx.commit().await
}

/// From now on the database speaks for this configuration; the history says so.
pub async fn confirm(config: &Config, tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    let Some(own) = of(config) else { return Ok(()) };
    desk::set_switch(tx, SPEAKS_FOR, &own, now).await?;
    let with = with([("speaker", Value::Text(own))]);
    let line = Audit { by: None, on_behalf_of: None, what: "speaker_confirmed".to_owned(), with };
    audit::append_beside(tx, "operations", &line, now).await
}

/// The machine's name, for whoever reads who is running; containers have one of their own.
pub(super) fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname");
    name.map_or_else(|_| "here".to_owned(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_every_machine_names_none() {
        for here in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9000", "http://127.0.1.1"] {
            assert!(is_here(here), "{here}");
        }
        for name in ["https://liaison.example.com", "https://10.0.0.7", "http://intranet:8080"] {
            assert!(!is_here(name), "{name}");
        }
    }

    #[test]
    fn a_messenger_more_or_less_is_the_same_service_and_another_application_is_not() {
        let kept = "https://liaison.example.com feishu:cli_a1";
        for same in [
            kept,
            "https://liaison.example.com feishu:cli_a1 dingtalk:ding1",
            "https://liaison.example.com",
            "https://liaison.example.com dingtalk:ding1",
        ] {
            assert!(!is_another(kept, same), "{same}");
        }
        for other in [
            "https://test.example.com feishu:cli_a1",
            "https://liaison.example.com feishu:cli_b2",
            "feishu:cli_a1",
        ] {
            assert!(is_another(kept, other), "{other}");
        }
        assert!(
            !is_another("feishu:cli_a1", "https://liaison.example.com feishu:cli_a1"),
            "tried here, then set up"
        );
    }
}
