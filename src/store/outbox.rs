//! What is to be said and what was said: notices waiting for delivery, and the messages that people saw.
//!
//! Invariants: rows of one lane (one chat) leave in order of their ids; a lease carries its owner and attempt as a
//! fence, so a worker that lost its lease cannot finish for the one that has it.

use super::batch::Batch;
use super::code::{from_json, json};
use super::db::{Db, DbError, Row, Tx, args};
use super::obligation::Lease;
use super::pause::let_go;
use crate::domain::change::Notice;
use crate::domain::kind;
use crate::domain::{Date, ObligationId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// A notice on its way.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its key, also the idempotency key towards the messenger.
    pub id: String,
    /// The chat it goes to.
    pub lane: String,
    /// What it is about.
    pub request: Option<RequestId>,
    /// What it says.
    pub notice: Notice,
    /// From when on it may go, on the service's clock.
    pub due: Timestamp,
    /// How often it was leased, this time included: the fence.
    pub attempts: i64,
    /// How often it failed before.
    pub failures: i64,
    /// When it was leased, on the machine's clock.
    pub leased_at: Timestamp,
    /// When an earlier try began of which nobody knows whether the messenger has taken it.
    pub unsure_since: Option<Timestamp>,
    /// The digest that it waited for, on the service's clock.
    pub held_for: Option<Timestamp>,
}

/// A new row.
pub struct Posting<'a> {
    /// Its key.
    pub id: &'a str,
    /// The chat.
    pub lane: &'a str,
    /// What it is about.
    pub request: Option<&'a RequestId>,
    /// What it says.
    pub notice: &'a Notice,
    /// The service's time.
    pub now: Timestamp,
}

/// Puts a notice into the outbox.
pub fn post(out: &mut Batch, posting: &Posting<'_>) -> Result<()> {
    let sql = "INSERT INTO outbox (id, lane, request, notice, created_at, not_before, retry_at, state, attempts, kind) \
               VALUES ($1, $2, $3, $4, $5, $5, 0, 'waiting', 0, $6)";
    let kind = kind::of(&posting.notice.what);
    out.push(sql, args![posting.id, posting.lane, posting.request, json(posting.notice)?, posting.now, kind]);
    Ok(())
}

/// Whether a row `o` stands first in its lane and may go now, by the service's clock `$1` and the machine's `$2`.
macro_rules! first {
    ($($more:expr),*) => {
        concat!(
            "o.state = 'waiting' AND o.retry_at <= $2 AND o.not_before <= $1",
            $($more,)*
            " AND ",
            let_go!("o", "$1"),
            " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = o.lane AND e.state = 'waiting' AND e.id < o.id \
                              AND e.not_before <= $1 AND ",
            let_go!("e", "$1"),
            ")"
        )
    };
}

/// The kinds of [`kind::FIRST`], as the index of migration 0019 names them.
macro_rules! awaited {
    () => {
        "kind IN ('answer', 'asked', 'urged', 'revised', 'issue', 'risk', 'alarm')"
    };
}

/// Leases the first rows of their lanes that may go now, oldest first: of up to `most` lanes in which something stands that
/// somebody waits for ([`kind::FIRST`]), however many others have waited for longer, and of up to `most` of all. A chat
/// keeps its order, so what stands before it there goes with it.
pub async fn lease(db: &Db, now: Timestamp, lease: Lease<'_>, most: i64) -> Result<Vec<Waiting>> {
    let sql = concat!(
        "WITH sooner AS MATERIALIZED (SELECT o.id FROM outbox o WHERE (o.lease_until IS NULL OR o.lease_until < $2) \
           AND o.state = 'waiting' AND o.id IN (SELECT head FROM (SELECT f.id AS awaited, \
             (SELECT e.id FROM outbox e WHERE e.lane = f.lane AND e.state = 'waiting' AND e.not_before <= $1 AND ",
        let_go!("e", "$1"),
        " ORDER BY e.id LIMIT 1) AS head FROM outbox f WHERE f.state = 'waiting' AND f.",
        awaited!(),
        " AND f.not_before <= $1 AND ",
        let_go!("f", "$1"),
        " AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.lane = f.lane AND b.state = 'waiting' AND b.id < f.id AND b.",
        awaited!(),
        " AND b.not_before <= $1 AND ",
        let_go!("b", "$1"),
        ")) AS lanes WHERE EXISTS (SELECT 1 FROM outbox h WHERE h.id = head AND h.retry_at <= $2 \
                                   AND (h.lease_until IS NULL OR h.lease_until < $2)) \
           ORDER BY awaited LIMIT $5) /*for update*/ /*skip locked*/), \
         ready AS MATERIALIZED (SELECT o.id FROM outbox o WHERE ",
        first!(" AND (o.lease_until IS NULL OR o.lease_until < $2)"),
        " ORDER BY o.id LIMIT $5 /*for update*/ /*skip locked*/) \
         UPDATE outbox SET lease_owner = $3, lease_until = $4, attempts = attempts + 1, \
         unsure_since = COALESCE(unsure_since, $2) \
         WHERE id IN (SELECT id FROM sooner UNION SELECT id FROM ready) \
         RETURNING id, lane, request, notice, not_before, attempts, failures, unsure_since, held_for"
    );
    let mut tx = db.begin().await?;
    let rows = tx.rows(sql, args![now, lease.now, lease.owner, lease.until, most]).await?;
    tx.commit().await?;
    let mut found = rows.iter().map(|row| read(row, lease.now)).collect::<Result<Vec<_>>>()?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// After leasing took too long: PostgreSQL may plan by how few rows there were before a crowd came, until autovacuum looks
/// again within a minute or two; it looks now.
pub async fn relearn(db: &Db) -> Result<()> {
    if !db.is_postgres() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    tx.execute("SET LOCAL statement_timeout = '10s'", args![]).await?;
    tx.execute("ANALYZE outbox", args![]).await?;
    tx.commit().await
}

/// Leases further late reminders of the same lane, to be said in one message.
pub async fn lease_more(
    db: &Db,
    first: &Waiting,
    lease: Lease<'_>,
    (now, most): (Timestamp, i64),
) -> Result<Vec<Waiting>> {
    let sql = concat!(
        "UPDATE outbox SET lease_owner = $3, lease_until = $4, attempts = attempts + 1, \
         unsure_since = COALESCE(unsure_since, $6) WHERE id IN (\
           SELECT o.id FROM outbox o WHERE o.lane = $1 AND o.state = 'waiting' AND o.id > $2 AND o.held_for IS NULL \
           AND (o.lease_until IS NULL OR o.lease_until < $6) AND ",
        let_go!("o", "$7"),
        " ORDER BY o.id LIMIT $5) \
         RETURNING id, lane, request, notice, not_before, attempts, failures, unsure_since, held_for"
    );
    let mut tx = db.begin().await?;
    let values = args![&first.lane, &first.id, lease.owner, lease.until, most, lease.now, now];
    let rows = tx.rows(sql, values).await?;
    let mut found = rows.iter().map(|row| read(row, lease.now)).collect::<Result<Vec<_>>>()?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    let run = found.iter().take_while(|w| w.notice.late && !w.notice.urgent).count();
    for other in found.split_off(run) {
        let sql = "UPDATE outbox SET lease_owner = NULL, lease_until = NULL, attempts = attempts - 1, unsure_since = NULL WHERE id = $1";
        tx.execute(sql, args![&other.id]).await?;
    }
    tx.commit().await?;
    Ok(found)
}

pub(super) fn read(row: &Row, leased_at: Timestamp) -> Result<Waiting> {
    let unsure_since: Option<Timestamp> = row.get("unsure_since")?;
    Ok(Waiting {
        id: row.get("id")?,
        lane: row.get("lane")?,
        request: row.get("request")?,
        notice: from_json(row, "notice")?,
        due: row.get("not_before")?,
        attempts: row.get("attempts")?,
        failures: row.get("failures")?,
        leased_at,
        held_for: row.get("held_for")?,
        // The lease itself noted the doubt that a crash would leave.
        unsure_since: unsure_since.filter(|since| *since < leased_at),
    })
}

/// How a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The messenger took it.
    Sent,
    /// It said nothing that was still true.
    Moot,
    /// Given up; the reason stands in the row.
    Dead,
}

impl End {
    fn word(self) -> &'static str {
        match self {
            End::Sent => "sent",
            End::Moot => "moot",
            End::Dead => "dead",
        }
    }
}

/// Ends a row if the lease still holds; `false` when another worker has it.
pub async fn finish(
    tx: &mut Tx,
    row: &Waiting,
    owner: &str,
    (end, why): (End, Option<&str>),
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE outbox SET state = $4, problem = $5, finished_at = $6, lease_owner = NULL, lease_until = NULL \
               WHERE id = $1 AND lease_owner = $2 AND attempts = $3 AND state = 'waiting'";
    let hit = tx.execute(sql, args![&row.id, owner, row.attempts, end.word(), why, now]).await?;
    Ok(hit == 1)
}

/// What became of a try that did not end a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried<'a> {
    /// There was none, or the messenger held it back: no failure.
    Not,
    /// It failed, and surely said nothing; why.
    Failed(&'a str),
    /// Nobody knows whether it was said; why.
    Unclear(&'a str),
}

/// Puts a row back: not before `retry_at` on the machine's clock, nor before `not_before` on the service's.
pub async fn put_back(
    db: &Db,
    row: &Waiting,
    owner: &str,
    (retry_at, not_before): (Timestamp, Timestamp),
    tried: Tried<'_>,
) -> Result<bool> {
    let (failures, unsure_since, why) = match tried {
        // A doubt from before is cleared neither by what was not even tried, nor by what failed for certain.
        Tried::Not => (row.failures, row.unsure_since, None),
        Tried::Failed(why) => (row.failures + 1, row.unsure_since, Some(why)),
        Tried::Unclear(why) => (row.failures + 1, Some(row.unsure_since.unwrap_or(row.leased_at)), Some(why)),
    };
    let sql = "UPDATE outbox SET retry_at = $4, not_before = $5, problem = $6, failures = $7, unsure_since = $8, \
               lease_owner = NULL, lease_until = NULL \
               WHERE id = $1 AND lease_owner = $2 AND attempts = $3 AND state = 'waiting'";
    let mut tx = db.begin().await?;
    let hit = tx
        .execute(sql, args![&row.id, owner, row.attempts, retry_at, not_before, why, failures, unsure_since])
        .await?;
    tx.commit().await?;
    Ok(hit == 1)
}

/// Whether a row may go now: by the service's clock, and by the machine's.
pub async fn any_ready(db: &Db, now: Timestamp, machine: Timestamp) -> Result<bool> {
    let sql = concat!(
        "SELECT 1 FROM outbox o WHERE o.state = 'waiting' AND o.retry_at <= $2 AND o.not_before <= $1 AND ",
        let_go!("o", "$1"),
        " LIMIT 1"
    );
    Ok(db.row(sql, args![now, machine]).await?.is_some())
}

/// Whether a row that stands first in its lane may go now or `soon`, also one that another replica has leased; what
/// `own` has leased is not asked for.
pub async fn any_first(
    db: &Db,
    own: &str,
    now: Timestamp,
    (machine, soon): (Timestamp, Timestamp),
) -> Result<bool> {
    let sql = concat!(
        "SELECT 1 FROM outbox o WHERE ",
        first!(" AND NOT (COALESCE(o.lease_owner, '') = $3 AND o.lease_until >= $4)"),
        " LIMIT 1"
    );
    Ok(db.row(sql, args![now, soon, own, machine]).await?.is_some())
}

/// When the next row that is held back by the service's clock may go.
pub async fn next_held(db: &Db, now: Timestamp) -> Result<Option<Timestamp>> {
    let sql = "SELECT MIN(not_before) AS at FROM outbox WHERE state = 'waiting' AND not_before > $1";
    Ok(db.row(sql, args![now]).await?.map(|r| r.get::<Option<Timestamp>>("at")).transpose()?.flatten())
}

/// Counts for health and metrics: waiting, oldest waiting (service time), dead.
pub async fn backlog(db: &Db) -> Result<(i64, Option<Timestamp>, i64)> {
    let sql = "SELECT COUNT(*) AS waiting, MIN(not_before) AS oldest, \
               (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS dead FROM outbox WHERE state = 'waiting'";
    match db.row(sql, args![]).await? {
        Some(r) => Ok((r.get("waiting")?, r.get("oldest")?, r.get("dead")?)),
        None => Ok((0, None, 0)),
    }
}

/// A message that people saw.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its key: that of the outbox row.
    pub id: String,
    /// The messenger.
    pub platform: String,
    /// The chat there.
    pub chat: String,
    /// The message there.
    pub message: String,
    /// Who reads it; `None` in groups.
    pub person: Option<String>,
    /// What it is about.
    pub request: Option<RequestId>,
    /// What it says.
    pub notice: Notice,
    /// SHA-256 of the card as shown last.
    pub shown: String,
    /// The card in one line, as shown last.
    pub summary: String,
}

/// Keeps a message that was sent; `counted_on`: the day on which it counts towards what its reader hears at most.
pub async fn said(tx: &mut Tx, said: &Said, counted_on: Option<Date>, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO message (id, platform, chat, message, person, request, notice, shown, summary, sent_at, counted_on) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING";
    let values = args![
        &said.id,
        &said.platform,
        &said.chat,
        &said.message,
        said.person.as_deref(),
        said.request.as_ref(),
        json(&said.notice)?,
        &said.shown,
        &said.summary,
        now,
        counted_on
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// How many messages were sent from one moment until just before another.
pub async fn said_between(db: &Db, from: Timestamp, until: Timestamp) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM message WHERE sent_at >= $1 AND sent_at < $2";
    db.row(sql, args![from, until]).await?.map_or(Ok(0), |r| r.get("n"))
}

/// The messages about a request that may need another face, newest first.
pub async fn said_about(db: &Db, request: &RequestId, most: i64) -> Result<Vec<Said>> {
    let sql = "SELECT id, platform, chat, message, person, request, notice, shown, summary FROM message \
               WHERE request = $1 AND renewed_at IS NULL ORDER BY sent_at DESC LIMIT $2";
    db.rows(sql, args![request, most]).await?.iter().map(read_said).collect()
}

/// The message that a button was pressed on.
pub async fn said_as(db: &Db, platform: &str, chat: &str, message: &str) -> Result<Option<Said>> {
    let sql = "SELECT id, platform, chat, message, person, request, notice, shown, summary FROM message \
               WHERE platform = $1 AND chat = $2 AND message = $3";
    db.row(sql, args![platform, chat, message]).await?.as_ref().map(read_said).transpose()
}

pub(super) fn read_said(r: &Row) -> Result<Said> {
    Ok(Said {
        id: r.get("id")?,
        platform: r.get("platform")?,
        chat: r.get("chat")?,
        message: r.get("message")?,
        person: r.get("person")?,
        request: r.get("request")?,
        notice: from_json(r, "notice")?,
        shown: r.get("shown")?,
        summary: r.get("summary")?,
    })
}

/// Notes how a message looks now.
pub async fn reshown(tx: &mut Tx, said: &Said, shown: &str, summary: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE message SET shown = $2, summary = $3, updated_at = $4, notice = $5 WHERE id = $1";
    tx.execute(sql, args![&said.id, shown, summary, now, json(&said.notice)?]).await.map(|_| ())
}

/// The obligation whose silence a delivery starts.
pub fn starts(row: &Waiting) -> Option<&ObligationId> {
    row.notice.starts.as_ref()
}
