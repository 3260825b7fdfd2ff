//! What people owe, on their messenger's own list of things to do, where there is one.
//!
//! Invariants: the list follows the case files and never leads them; an item that cannot be made is not tried for ever,
//! for every try may cost; what a messenger takes no more of now waits for the next look.

use std::sync::Arc;

use super::Engine;
use crate::app::Trouble;
use crate::intent::Want;
use crate::messenger::todo::{Item, Kept, TodoList};
use crate::messenger::{Messenger, SendError};
use crate::store::todo::{self, Missing, Over};
use crate::text;

/// Items in one look.
const BATCH: i64 = 50;

impl Engine {
    /// Makes the items that are missing and ticks off those that are over; how many.
    pub(super) async fn keep_lists(&self) -> Result<usize, Trouble> {
        let mut done = 0;
        for messenger in &self.messengers {
            let Some(list) = messenger.todo_list() else { continue };
            if self.app.paused_since().await?.is_some() {
                return Ok(done);
            }
            for item in todo::over(self.app.db(), messenger.platform(), BATCH).await? {
                let Some(()) = self.tick_off(list, &item).await? else { return Ok(done) };
                done += 1;
            }
            for item in todo::missing(self.app.db(), messenger.platform(), BATCH).await? {
                let Some(()) = self.put_on(list, (messenger, &item)).await? else { return Ok(done) };
                done += 1;
            }
        }
        Ok(done)
    }

    /// `None` where nothing more is to be tried now.
    async fn put_on(
        &self,
        list: &dyn TodoList,
        (messenger, missing): (&Arc<dyn Messenger>, &Missing),
    ) -> Result<Option<()>, Trouble> {
        let machine = self.app.clock().machine();
        let show = Want::Show { request: Some(missing.request.to_string()) };
        let item = Item {
            key: format!("{}-{}", missing.obligation, missing.debtor),
            account: missing.account.clone(),
            subject: self.subject(missing),
            due: missing.due,
            page: self.links.link(&missing.debtor, &show, machine),
        };
        let (kept, closed) = match list.add(&item).await {
            Ok(Some(kept)) => (kept, false),
            // Made by a try whose answer was lost: there, and only its owner can tick it off.
            Ok(None) => (Kept { owner: String::new(), task: String::new() }, true),
            Err(SendError::Refused { why }) => {
                tracing::warn!(obligation = %missing.obligation, "no item was made of what is owed: {why}");
                (Kept { owner: String::new(), task: String::new() }, true)
            }
            Err(error) => return Ok(put_off(&error)),
        };
        let (obligation, debtor) = (missing.obligation.clone(), missing.debtor.clone());
        let row = Over { obligation, debtor, owner: kept.owner, task: kept.task };
        todo::made(self.app.db(), (messenger.platform(), &row), machine, closed).await?;
        Ok(Some(()))
    }

    async fn tick_off(&self, list: &dyn TodoList, over: &Over) -> Result<Option<()>, Trouble> {
        let kept = Kept { owner: over.owner.clone(), task: over.task.clone() };
        match list.tick_off(&kept).await {
            Ok(()) => {}
            // Its owner may have thrown it away.
            Err(SendError::Refused { why }) => {
                tracing::debug!(obligation = %over.obligation, "an item was not ticked off: {why}");
            }
            Err(error) => return Ok(put_off(&error)),
        }
        todo::closed(self.app.db(), over, self.app.clock().machine()).await?;
        Ok(Some(()))
    }

    /// What is owed, and about what, in the language of whoever owes it.
    fn subject(&self, missing: &Missing) -> String {
        let lang = self.app.company().language(Some(&missing.debtor));
        let kind = text::word(lang, &format!("kind.{}", missing.kind));
        let parts = [
            ("kind", kind.as_str()),
            ("request", missing.request.as_str()),
            ("title", missing.title.as_str()),
        ];
        text::say(lang, "todo.subject", &parts)
    }
}

/// The rest waits for the next look.
fn put_off(error: &SendError) -> Option<()> {
    match error {
        SendError::Misconfigured { why } => {
            tracing::error!("no lists of things to do are kept before this is put right: {why}");
        }
        other => tracing::debug!("lists of things to do are kept later: {other}"),
    }
    None
}
