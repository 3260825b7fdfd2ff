//! What a want would come to, for the page of a signed link.
//!
//! Invariant: looking writes nothing, claims nothing and posts nothing.

use super::{Act, App, Trouble, requests};
use crate::domain::change::Reply;
use crate::domain::{ChatId, PersonId};
use crate::intent::{Account, FormValues, Intent, Place, PlaceKind, Want};

/// The platform of people who come by a signed link.
pub const PLATFORM: &str = "web";

/// The person of a link, as an account.
pub fn account(person: &PersonId) -> Account {
    Account { platform: PLATFORM.to_owned(), tenant: String::new(), id: person.to_string() }
}

/// Where a page stands: its reader is alone with it.
pub fn place() -> Place {
    let (platform, chat) = (PLATFORM.to_owned(), ChatId::new(PLATFORM));
    Place { platform, chat, kind: PlaceKind::Private, message: None }
}

impl App {
    /// The reply that this person would get for this want now: the form that it opens, what it would do, or why not.
    pub async fn would(&self, person: &PersonId, want: &Want) -> Result<Reply, Trouble> {
        self.would_with(person, want, FormValues::new()).await
    }

    /// The same with these values in the form.
    pub async fn would_with(
        &self,
        person: &PersonId,
        want: &Want,
        values: FormValues,
    ) -> Result<Reply, Trouble> {
        let intent = Intent {
            key: String::new(),
            account: account(person),
            place: place(),
            reply_to: None,
            want: want.clone(),
            values,
            drawing: None,
        };
        let act = self.begins(&intent, true, self.db.later());
        let Some(id) = requests::decided_on(want) else { return self.tried(act).await };
        // Another replica may have written since this one looked: the remembered file is brought up to date.
        self.files.read(&self.db, &id).await?;
        self.tried(Act { ahead: true, ..act }).await
    }

    /// Carries out and forgets: the batch is dropped, and what a transaction wrote is rolled back with it.
    async fn tried(&self, mut act: Act<'_>) -> Result<Reply, Trouble> {
        self.carry_out(&mut act).await
    }
}
