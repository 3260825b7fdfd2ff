//! Anchors: the ends of all chains as lines of a file that is kept elsewhere, under a mark of the service.
//!
//! Invariant: an anchor that holds was written by this service, whole. What it names was in the history then; a chain
//! may have grown since, and nothing else.

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::super::{Done, Failure, terminal};
use crate::clock::{Clock, SystemClock};
use crate::domain::Timestamp;
use crate::messenger::mark::Marker;
use crate::service::kept_keys;
use crate::store::audit::Verdict;
use crate::store::{Db, anchor};

/// The end of one chain.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    subject: String,
    count: i64,
    hash: String,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    at: Timestamp,
    chains: usize,
    /// Over everything before this line, and `at`.
    mark: String,
}

/// Writes the ends of all chains to a file that is not there yet, or prints them.
pub async fn write(db: &Db, out: Option<&Path>) -> Done {
    let marker = Marker::new(kept_keys::of_anchors(db, SystemClock.machine()).await?.as_bytes());
    let (at, heads) = (SystemClock.machine(), anchor::heads(db).await?);
    let mut text = String::new();
    for (subject, head) in &heads {
        let end = End { subject: subject.clone(), count: head.count, hash: head.hash.clone() };
        text.push_str(&serde_json::to_string(&end)?);
        text.push('\n');
    }
    let mark = marker.mark(&format!("{text}{at}"));
    let whole = format!("{text}{}\n", serde_json::to_string(&Signed { at, chains: heads.len(), mark })?);
    let Some(out) = out else { return terminal::print(&whole) };
    let named = || out.display().to_string();
    let mut file = std::fs::File::create_new(out).with_context(named)?;
    std::io::Write::write_all(&mut file, whole.as_bytes()).with_context(named)?;
    file.sync_all().with_context(named)?;
    terminal::print(&format!(
        "{}: the ends of {} chains; keep it outside of this machine\n",
        named(),
        heads.len()
    ))
}

/// Compares the history with an anchor; the first line that is not what it was.
pub async fn compare(db: &Db, file: &Path) -> Result<Option<Verdict>, Failure> {
    let text =
        std::fs::read_to_string(file).map_err(|why| Failure::Usage(format!("{}: {why}", file.display())))?;
    let key = kept_keys::kept_of_anchors(db).await?;
    let ends = key.and_then(|key| read(&text, &key));
    let ends = ends.ok_or_else(|| Failure::Usage(format!("{}: {NOT_OURS}", file.display())))?;
    for End { subject, count, hash } in ends {
        let why = match anchor::hash_of(db, &subject, count).await? {
            Some(now) if now == hash => continue,
            Some(_) => "it is another one than when the anchor was written",
            None => "it was there when the anchor was written",
        };
        return Ok(Some(Verdict::Broken { subject, n: count, why }));
    }
    Ok(None)
}

const NOT_OURS: &str = "this anchor was changed or cut, or it is of another database";

/// What an anchor names; `None`: not whole, or not ours.
fn read(text: &str, key: &str) -> Option<Vec<End>> {
    let body = text.strip_suffix('\n')?;
    let at = body.rfind('\n').map_or(0, |at| at + 1);
    let (ends, last) = body.split_at(at);
    let Signed { at, chains, mark } = serde_json::from_str(last).ok()?;
    if !Marker::new(key.as_bytes()).holds(&format!("{ends}{at}"), &mark) {
        return None;
    }
    let ends: Vec<End> = ends.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    (ends.len() == chains).then_some(ends)
}
