//! The small things beside the case files: drafts, bound groups, urges, switches.

use std::collections::BTreeMap;

use super::batch::Batch;
use super::code::{json, word};
use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::change::FormKind;
use crate::domain::{PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// A form that somebody has not submitted yet.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Whose.
    pub person: &'a PersonId,
    /// Which form.
    pub form: FormKind,
    /// About which request; `None` for a new one.
    pub request: Option<&'a RequestId>,
}

impl Draft<'_> {
    fn about(&self) -> &str {
        self.request.map_or("", RequestId::as_str)
    }
}

/// Keeps what was typed.
pub fn save_draft(
    out: &mut Batch,
    draft: &Draft<'_>,
    values: &BTreeMap<String, String>,
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO draft (person, form, request, saved_at, content) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (person, form, request) DO UPDATE SET saved_at = excluded.saved_at, content = excluded.content";
    out.push(sql, args![draft.person, word(&draft.form)?, draft.about(), now, json(values)?]);
    Ok(())
}

/// What was typed before, if anything.
pub async fn draft(tx: &mut Tx, draft: &Draft<'_>) -> Result<Option<BTreeMap<String, String>>> {
    let sql = "SELECT content FROM draft WHERE person = $1 AND form = $2 AND request = $3";
    let row = tx.row(sql, args![draft.person, word(&draft.form)?, draft.about()]).await?;
    row.map(|r| super::code::from_json(&r, "content")).transpose()
}

/// The form was submitted.
pub fn drop_draft(out: &mut Batch, draft: &Draft<'_>) -> Result<()> {
    let sql = "DELETE FROM draft WHERE person = $1 AND form = $2 AND request = $3";
    out.push(sql, args![draft.person, word(&draft.form)?, draft.about()]);
    Ok(())
}

/// A group that was given a part to play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// `managers`, `issues`, `project`.
    pub what: String,
    /// For `project`: of which request; empty otherwise.
    pub request: String,
    /// The messenger.
    pub platform: String,
    /// The chat there.
    pub chat: String,
}

/// Binds a group, in place of the one bound before.
pub async fn bind(tx: &mut Tx, b: &Binding, by: Option<&PersonId>, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO binding (what, request, platform, chat, bound_at, bound_by) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (what, request) DO UPDATE SET platform = excluded.platform, chat = excluded.chat, \
               bound_at = excluded.bound_at, bound_by = excluded.bound_by";
    tx.execute(sql, args![&b.what, &b.request, &b.platform, &b.chat, now, by]).await.map(|_| ())
}

/// Frees what is bound to a chat; what it was.
pub async fn unbind(tx: &mut Tx, platform: &str, chat: &str) -> Result<Vec<Binding>> {
    let sql = "DELETE FROM binding WHERE platform = $1 AND chat = $2 RETURNING what, request";
    let read = |r: &super::db::Row| {
        let (platform, chat) = (platform.to_owned(), chat.to_owned());
        Ok(Binding { what: r.get("what")?, request: r.get("request")?, platform, chat })
    };
    tx.rows(sql, args![platform, chat]).await?.iter().map(read).collect()
}

/// The group that plays a part.
pub async fn bound(db: &Db, what: &str, request: &str) -> Result<Option<(String, String)>> {
    let sql = "SELECT platform, chat FROM binding WHERE what = $1 AND request = $2";
    let row = db.row(sql, args![what, request]).await?;
    row.map(|r| Ok((r.get("platform")?, r.get("chat")?))).transpose()
}

/// Every group of a messenger that plays a part.
pub async fn bindings(db: &Db, platform: &str) -> Result<Vec<Binding>> {
    let sql = "SELECT what, request, platform, chat FROM binding WHERE platform = $1 ORDER BY what, request";
    let rows = db.rows(sql, args![platform]).await?;
    let read = |r: &Row| {
        let (what, request) = (r.get("what")?, r.get("request")?);
        Ok(Binding { what, request, platform: r.get("platform")?, chat: r.get("chat")? })
    };
    rows.iter().map(read).collect()
}

/// The request whose own group a chat is.
pub async fn project_of(tx: &mut Tx, platform: &str, chat: &str) -> Result<Option<RequestId>> {
    let sql = "SELECT request FROM binding WHERE platform = $1 AND chat = $2 AND what = 'project' ORDER BY request LIMIT 1";
    tx.row(sql, args![platform, chat]).await?.map(|r| r.get("request")).transpose()
}

/// Notes that somebody was urged.
pub fn urged(out: &mut Batch, request: &RequestId, by: &PersonId, person: &PersonId, now: Timestamp) {
    let sql = "INSERT INTO urge (request, urged_by, person, at) VALUES ($1, $2, $3, $4)";
    out.push(sql, args![request, by, person, now]);
}

/// How often somebody has urged each person since a moment.
pub async fn urges_since(tx: &mut Tx, by: &PersonId, since: Timestamp) -> Result<BTreeMap<PersonId, u32>> {
    let sql = "SELECT person, COUNT(*) AS n FROM urge WHERE urged_by = $1 AND at >= $2 GROUP BY person";
    let rows = tx.rows(sql, args![by, since]).await?;
    rows.iter()
        .map(|r| Ok((r.get("person")?, u32::try_from(r.get::<i64>("n")?).unwrap_or(u32::MAX))))
        .collect()
}

/// Where the instant of the last copy of the database is kept.
pub const COPIED: &str = "backed_up";

/// A switch of the service and since when it stands so.
pub async fn switch(db: &Db, name: &str) -> Result<Option<(String, Timestamp)>> {
    let row = db.row("SELECT value, since FROM switch WHERE name = $1", args![name]).await?;
    row.map(|r| Ok((r.get("value")?, r.get("since")?))).transpose()
}

/// Whether a switch was ever set.
pub async fn switched(tx: &mut Tx, name: &str) -> Result<bool> {
    Ok(tx.row("SELECT 1 FROM switch WHERE name = $1", args![name]).await?.is_some())
}

/// Whether a switch was set after that moment.
pub async fn switched_since(tx: &mut Tx, name: &str, at: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 FROM switch WHERE name = $1 AND since > $2";
    Ok(tx.row(sql, args![name, at]).await?.is_some())
}

/// Sets a switch.
pub async fn set_switch(tx: &mut Tx, name: &str, value: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO switch (name, value, since) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, since = excluded.since";
    tx.execute(sql, args![name, value, now]).await.map(|_| ())
}

/// Sets a switch that was never set; its value, from now or before.
pub async fn set_switch_once(tx: &mut Tx, name: &str, value: &str, now: Timestamp) -> Result<String> {
    let insert = "INSERT INTO switch (name, value, since) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    tx.execute(insert, args![name, value, now]).await?;
    let row = tx.row("SELECT value FROM switch WHERE name = $1", args![name]).await?;
    row.ok_or_else(|| DbError::Other(format!("no switch {name}")))?.get("value")
}
