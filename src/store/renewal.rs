//! Cards with an open question that their messenger soon changes no more.
//!
//! Invariant: a card is noted as sent anew in the transaction that posts the new one.

use super::db::{Db, DbError, Tx, args};
use super::outbox::{Said, read_said};
use crate::domain::{ChatId, ObligationId, PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// Who reads a card that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Who owes it, in private.
    Debtor(PersonId),
    /// Everybody in a group.
    Group(ChatId),
}

/// Somebody owes something, and a card asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What is owed.
    pub obligation: ObligationId,
    /// Of which request.
    pub request: RequestId,
    /// Where.
    pub reader: Reader,
}

/// What is still owed and was asked on `platform` at `before` or earlier, on a card that was not sent anew.
pub async fn aging(db: &Db, platform: &str, before: Timestamp, most: i64) -> Result<Vec<Open>> {
    let sql = "SELECT DISTINCT o.id, o.request, m.person, CASE WHEN m.person IS NULL THEN m.chat END AS chat \
               FROM obligation o JOIN message m ON m.request = o.request AND (m.person = o.debtor OR m.person IS NULL) \
               WHERE o.closed_at IS NULL AND m.platform = $1 AND m.sent_at <= $2 AND m.renewed_at IS NULL \
               AND m.notice LIKE '%\"' || o.id || '\"%' ORDER BY o.id LIMIT $3";
    let rows = db.rows(sql, args![platform, before, most]).await?;
    rows.iter()
        .map(|row| {
            let reader = match row.get::<Option<PersonId>>("person")? {
                Some(debtor) => Reader::Debtor(debtor),
                None => Reader::Group(ChatId::new(row.get::<String>("chat")?)),
            };
            Ok(Open { obligation: row.get("id")?, request: row.get("request")?, reader })
        })
        .collect()
}

/// The cards on `platform` that ask for it and were not sent anew, newest first, with when they were sent.
pub async fn asking(db: &Db, platform: &str, open: &Open) -> Result<Vec<(Said, Timestamp)>> {
    let (debtor, group) = match &open.reader {
        Reader::Debtor(debtor) => (debtor.as_str(), ""),
        Reader::Group(chat) => ("", chat.as_str()),
    };
    let sql = "SELECT id, platform, chat, message, person, request, notice, shown, summary, sent_at FROM message \
               WHERE request = $1 AND (person = $2 OR (person IS NULL AND chat = $3)) AND platform = $4 \
               AND renewed_at IS NULL AND notice LIKE '%\"' || $5 || '\"%' ORDER BY sent_at DESC, id DESC";
    let rows = db.rows(sql, args![&open.request, debtor, group, platform, &open.obligation]).await?;
    rows.iter().map(|row| Ok((read_said(row)?, row.get("sent_at")?))).collect()
}

/// Notes that what a card asks was asked anew.
pub async fn renewed(tx: &mut Tx, message: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE message SET renewed_at = $2 WHERE id = $1 AND renewed_at IS NULL";
    tx.execute(sql, args![message, now]).await.map(drop)
}
