//! The memory of the sandbox messenger: its chats and messages, and how far its clock was moved.

use super::db::{Db, DbError, Row, args};
use crate::domain::Timestamp;

type Result<T> = std::result::Result<T, DbError>;

/// A message of the sandbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Sorts by time.
    pub id: String,
    /// Its chat.
    pub chat: String,
    /// When, on the service's clock.
    pub at: Timestamp,
    /// A person's id, or `bot`.
    pub from: String,
    /// Plain words.
    pub text: Option<String>,
    /// A card, as the sandbox's own JSON.
    pub card: Option<String>,
    /// What it answers.
    pub reply_to: Option<String>,
    /// When its card was last replaced.
    pub updated_at: Option<Timestamp>,
}

/// A chat of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// Its id.
    pub id: String,
    /// `private` or `group`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Ids of those who read it.
    pub members: Vec<String>,
}

/// Adds a message; `false` when the id is there already (the same message sent again).
pub async fn add(db: &Db, m: &Message) -> Result<bool> {
    let sql = "INSERT INTO sandbox_message (id, chat, at, sender, words, card, reply_to, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) ON CONFLICT (id) DO NOTHING";
    let values =
        args![&m.id, &m.chat, m.at, &m.from, m.text.as_deref(), m.card.as_deref(), m.reply_to.as_deref()];
    let mut tx = db.begin().await?;
    let n = tx.execute(sql, values).await?;
    tx.commit().await?;
    Ok(n == 1)
}

/// Replaces a card; `false` when there is no such message.
pub async fn replace_card(db: &Db, id: &str, card: &str, now: Timestamp) -> Result<bool> {
    let mut tx = db.begin().await?;
    let sql = "UPDATE sandbox_message SET card = $2, updated_at = $3 WHERE id = $1";
    let n = tx.execute(sql, args![id, card, now]).await?;
    tx.commit().await?;
    Ok(n == 1)
}

/// One message.
pub async fn message(db: &Db, id: &str) -> Result<Option<Message>> {
    let sql =
        "SELECT id, chat, at, sender, words, card, reply_to, updated_at FROM sandbox_message WHERE id = $1";
    db.row(sql, args![id]).await?.as_ref().map(read).transpose()
}

/// Messages of a chat after `after`, oldest first, at most the newest `most`.
pub async fn messages(db: &Db, chat: &str, after: &str, most: i64) -> Result<Vec<Message>> {
    let sql = "SELECT id, chat, at, sender, words, card, reply_to, updated_at FROM sandbox_message \
               WHERE chat = $1 AND id > $2 ORDER BY id DESC LIMIT $3";
    let mut found =
        db.rows(sql, args![chat, after, most]).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    found.reverse();
    Ok(found)
}

fn read(r: &Row) -> Result<Message> {
    Ok(Message {
        id: r.get("id")?,
        chat: r.get("chat")?,
        at: r.get("at")?,
        from: r.get("sender")?,
        text: r.get("words")?,
        card: r.get("card")?,
        reply_to: r.get("reply_to")?,
        updated_at: r.get("updated_at")?,
    })
}

/// Makes a chat, or changes its name and members.
pub async fn save_chat(db: &Db, chat: &Chat) -> Result<()> {
    let sql = "INSERT INTO sandbox_chat (id, kind, name, members) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, members = excluded.members";
    let mut tx = db.begin().await?;
    tx.execute(sql, args![&chat.id, &chat.kind, &chat.name, chat.members.join(",")]).await?;
    tx.commit().await
}

/// All chats.
pub async fn chats(db: &Db) -> Result<Vec<Chat>> {
    let read = |r: &Row| {
        let members: String = r.get("members")?;
        Ok(Chat {
            id: r.get("id")?,
            kind: r.get("kind")?,
            name: r.get("name")?,
            members: members.split(',').filter(|m| !m.is_empty()).map(str::to_owned).collect(),
        })
    };
    db.rows("SELECT id, kind, name, members FROM sandbox_chat ORDER BY kind DESC, id", args![])
        .await?
        .iter()
        .map(read)
        .collect()
}
