//! Who asked for what he may not see: he is told that there is no such thing; whoever keeps the service hears of it.
//!
//! Invariant: nothing here changes the answer, and what is counted says neither who nor what.

use std::sync::atomic::Ordering;

use super::{Act, App, Trouble};
use crate::domain::RequestId;
use crate::domain::change::{Refusal, Reply};

impl App {
    /// Looks closer at a "there is no such thing": a number that exists was asked for by somebody who may not see it.
    pub(super) async fn note_look(&self, act: &Act<'_>, reply: &Reply) -> Result<(), Trouble> {
        let Reply::Refused { refusal: Refusal::NotFound { typed }, .. } = reply else { return Ok(()) };
        let id = RequestId::new(typed.clone());
        if self.files.read(&self.db, &id).await?.is_some() {
            self.looks.fetch_add(1, Ordering::Relaxed);
            let person = act.person.as_ref().map_or("nobody known", |person| person.as_str());
            tracing::info!(%person, request = %id, "{person} asked for {id}, which is not for them to see");
        }
        Ok(())
    }

    /// How often that was so since this was asked last.
    pub fn refused_looks(&self) -> u64 {
        self.looks.swap(0, Ordering::Relaxed)
    }
}
