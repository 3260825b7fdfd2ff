//! The sandbox's shelf over the store; whoever watches the page hears of every change.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::messenger::sandbox::{Group, Sandbox, Shelf, ShelfMessage, ShownCard};
use crate::store::{Db, DbError, sandbox};
use crate::web::PageEvent;

/// Messages of a chat that the page is given at once.
const MOST: i64 = 500;

/// The shelf.
pub(super) struct StoreShelf {
    db: Db,
    events: broadcast::Sender<PageEvent>,
    clock: Arc<dyn Clock>,
}

impl StoreShelf {
    /// A shelf over a database.
    pub fn new(db: Db, events: broadcast::Sender<PageEvent>, clock: Arc<dyn Clock>) -> Self {
        Self { db, events, clock }
    }

    async fn people_of(&self, chat: &str) -> Vec<String> {
        if let Some(owner) = Sandbox::owner_of(chat) {
            return vec![owner.to_owned()];
        }
        let chats = sandbox::chats(&self.db).await.unwrap_or_default();
        chats.into_iter().find(|c| c.id == chat).map(|c| c.members).unwrap_or_default()
    }

    /// Nobody may be watching; then there is nobody to tell.
    async fn tell(&self, chat: &str, make: impl FnOnce(Vec<String>) -> PageEvent) {
        if self.events.receiver_count() > 0 {
            let people = self.people_of(chat).await;
            let _ = self.events.send(make(people));
            let _ = self.events.send(PageEvent::Upcoming {});
        }
    }
}

impl Shelf for StoreShelf {
    fn add(&self, message: ShelfMessage) -> BoxFuture<'_, Result<bool, String>> {
        Box::pin(async move {
            let card = message.card.as_ref().map(serde_json::to_string).transpose();
            let row = sandbox::Message {
                id: message.id.clone(),
                chat: message.chat.clone(),
                at: message.at,
                from: message.from,
                text: message.text,
                card: card.map_err(|e| e.to_string())?,
                reply_to: message.reply_to,
                updated_at: None,
            };
            let fresh = sandbox::add(&self.db, &row).await.map_err(said)?;
            if fresh {
                let (chat, message_id) = (message.chat.clone(), message.id);
                self.tell(&message.chat, |people| PageEvent::Message { chat, message_id, people }).await;
            }
            Ok(fresh)
        })
    }

    fn replace<'a>(&'a self, id: &'a str, card: &'a ShownCard) -> BoxFuture<'a, Result<bool, String>> {
        Box::pin(async move {
            let json = serde_json::to_string(card).map_err(|e| e.to_string())?;
            let hit = sandbox::replace_card(&self.db, id, &json, self.clock.now()).await.map_err(said)?;
            if let (true, Some(found)) = (hit, sandbox::message(&self.db, id).await.map_err(said)?) {
                let (chat, message_id) = (found.chat.clone(), found.id);
                self.tell(&found.chat, |people| PageEvent::Update { chat, message_id, people }).await;
            }
            Ok(hit)
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<ShelfMessage>, String>> {
        Box::pin(async move {
            let found = sandbox::message(&self.db, id).await.map_err(said)?;
            found.map(read).transpose()
        })
    }

    fn after<'a>(&'a self, chat: &'a str, id: &'a str) -> BoxFuture<'a, Result<Vec<ShelfMessage>, String>> {
        Box::pin(async move {
            let found = sandbox::messages(&self.db, chat, id, MOST).await.map_err(said)?;
            found.into_iter().map(read).collect()
        })
    }

    fn groups(&self) -> BoxFuture<'_, Result<Vec<Group>, String>> {
        Box::pin(async move {
            let chats = sandbox::chats(&self.db).await.map_err(said)?;
            let groups = chats.into_iter().filter(|c| c.kind == "group");
            Ok(groups.map(|c| Group { id: c.id, name: c.name, members: c.members }).collect())
        })
    }
}

fn said(error: DbError) -> String {
    error.to_string()
}

fn read(row: sandbox::Message) -> Result<ShelfMessage, String> {
    let card = row.card.map(|json| serde_json::from_str(&json)).transpose();
    Ok(ShelfMessage {
        id: row.id,
        chat: row.chat,
        at: row.at,
        from: row.from,
        text: row.text,
        card: card.map_err(|e: serde_json::Error| e.to_string())?,
        reply_to: row.reply_to,
        updated_at: row.updated_at,
    })
}
