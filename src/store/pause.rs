//! The pause switch: nothing is sent at all, or nothing to one chat, or nothing of one kind.
//!
//! Invariants: a pause holds on every replica from its commit on, until it is lifted or its end has come, whichever is
//! first; what is held stays a waiting row and holds up nothing of another chat or kind.

use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::Timestamp;

type Result<T> = std::result::Result<T, DbError>;

/// What does not go out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nothing does.
    All,
    /// Nothing to one chat, by its lane (`person:li.na`, `managers`, `chat:feishu:oc_…`).
    Chat(String),
    /// Nothing of one kind, see [`KINDS`](crate::domain::kind::KINDS).
    Kind(String),
}

const ALL: &str = "sending";
const CHAT: &str = "sending:chat:";
const KIND: &str = "sending:kind:";
const PAUSED: &str = "paused";

impl Scope {
    /// The name of its switch.
    fn switch(&self) -> String {
        match self {
            Scope::All => ALL.to_owned(),
            Scope::Chat(lane) => format!("{CHAT}{lane}"),
            Scope::Kind(kind) => format!("{KIND}{kind}"),
        }
    }

    fn of(switch: &str) -> Option<Scope> {
        let chat = || switch.strip_prefix(CHAT).map(|lane| Scope::Chat(lane.to_owned()));
        let kind = || switch.strip_prefix(KIND).map(|kind| Scope::Kind(kind.to_owned()));
        if switch == ALL { Some(Scope::All) } else { chat().or_else(kind) }
    }

    /// `all`, `chat` or `kind`: the label in the metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Chat(_) => "chat",
            Scope::Kind(_) => "kind",
        }
    }

    /// Which chat or kind; empty for everything.
    pub fn which(&self) -> &str {
        match self {
            Scope::All => "",
            Scope::Chat(which) | Scope::Kind(which) => which,
        }
    }
}

/// A pause that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What does not go out.
    pub scope: Scope,
    /// Since when.
    pub since: Timestamp,
    /// It ends by itself then.
    pub until: Option<Timestamp>,
}

/// Whether the row `$row` of the outbox is let go at the instant `$now` of the statement: no chat and no kind of it is
/// paused. Two looks at a table with a handful of rows.
macro_rules! let_go {
    ($row:literal, $now:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM switch p WHERE p.name IN ('sending:chat:' || ",
            $row,
            ".lane, 'sending:kind:' || ",
            $row,
            ".kind) AND p.value = 'paused' AND (p.until_at IS NULL OR p.until_at > ",
            $now,
            "))"
        )
    };
}
pub(super) use let_go;

/// Every pause that holds now, the one of everything first.
pub async fn holding(db: &Db, now: Timestamp) -> Result<Vec<Pause>> {
    let sql = "SELECT name, since, until_at FROM switch WHERE value = 'paused' \
               AND (name = 'sending' OR name LIKE 'sending:%') AND (until_at IS NULL OR until_at > $1)";
    let read = |r: &Row| {
        let (name, since, until): (String, _, _) = (r.get("name")?, r.get("since")?, r.get("until_at")?);
        Ok(Scope::of(&name).map(|scope| Pause { scope, since, until }))
    };
    let found = db.rows(sql, args![now]).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut found: Vec<Pause> = found.into_iter().flatten().collect();
    found.sort_by(|one, other| one.scope.cmp(&other.scope));
    Ok(found)
}

/// Begins a pause, or gives the one that holds another end.
pub async fn begin(tx: &mut Tx, scope: &Scope, until: Option<Timestamp>, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO switch (name, value, since, until_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, since = excluded.since, \
               until_at = excluded.until_at";
    tx.execute(sql, args![scope.switch(), PAUSED, now, until]).await.map(|_| ())
}

/// Ends a pause; whether there was one.
pub async fn lift(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<bool> {
    let sql =
        "UPDATE switch SET value = 'on', since = $2, until_at = NULL WHERE name = $1 AND value = 'paused'";
    Ok(tx.execute(sql, args![scope.switch(), now]).await? > 0)
}

/// Ends every pause; how many there were.
pub async fn lift_all(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let sql = "UPDATE switch SET value = 'on', since = $1, until_at = NULL \
               WHERE value = 'paused' AND (name = 'sending' OR name LIKE 'sending:%')";
    tx.execute(sql, args![now]).await
}

/// The oldest waiting row that no pause of a chat or kind holds, by when it may go.
pub async fn oldest_let_go(db: &Db, now: Timestamp) -> Result<Option<Timestamp>> {
    let sql = concat!(
        "SELECT MIN(o.not_before) AS at FROM outbox o WHERE o.state = 'waiting' AND ",
        let_go!("o", "$1")
    );
    Ok(db.row(sql, args![now]).await?.map(|r| r.get::<Option<Timestamp>>("at")).transpose()?.flatten())
}

/// The lanes of a chat of a messenger: what it is bound as, and what is answered there.
pub async fn lanes_of(db: &Db, chat: &str) -> Result<Vec<String>> {
    let sql = "SELECT what, request, platform FROM binding WHERE chat = $1 ORDER BY what, request";
    let mut lanes = Vec::new();
    for row in db.rows(sql, args![chat]).await? {
        let (what, request, platform): (String, String, String) =
            (row.get("what")?, row.get("request")?, row.get("platform")?);
        lanes.push(if request.is_empty() { what } else { format!("{what}:{request}") });
        lanes.push(format!("chat:{platform}:{chat}"));
    }
    lanes.sort();
    lanes.dedup();
    Ok(lanes)
}
