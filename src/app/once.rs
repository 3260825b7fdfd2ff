//! What is one act however often it comes: an event under its key, and a form under the drawing that it was filled in on.
//!
//! Invariant: what somebody submits on one drawing of a form with the same values opens one thing, under however many
//! events it comes, for as long as the button works: longer than keys of events are kept.

use sha2::{Digest, Sha256};

use super::{Act, App, Trouble};
use crate::domain::Timestamp;
use crate::domain::change::Reply;
use crate::intent::{Intent, form};
use crate::store::inbox::{self, Claim};

/// The key of what is submitted, and until when it is kept; `None` where doing it twice comes to the same.
fn submission(intent: &Intent) -> Option<(String, Timestamp)> {
    let drawing = intent.drawing.as_ref().filter(|_| !intent.values.is_empty())?;
    if !form::makes_new(&intent.want) {
        return None;
    }
    let account = [&intent.account.platform, &intent.account.tenant, &intent.account.id];
    let fields = intent.values.iter().flat_map(|(field, value)| [field, value]);
    let mut hash = Sha256::new().chain_update(&drawing.name);
    for part in account.into_iter().chain(fields) {
        // With its length before it, no other cut of the same text gives the same key.
        hash = hash.chain_update(part.len().to_be_bytes()).chain_update(part);
    }
    Some((format!("form/{}", hex::encode(hash.finalize())), drawing.until))
}

/// Whether it is one act under more than its event's key: then it is decided under the lock.
pub(super) fn is_submission(intent: &Intent) -> bool {
    submission(intent).is_some()
}

impl App {
    /// Claims the event, and what is submitted with it; what was answered if either was acted on before.
    pub(super) async fn answered_before(&self, act: &mut Act<'_>) -> Result<Option<Reply>, Trouble> {
        let intent = act.intent;
        if let Claim::Repeated(reply) = inbox::claim(&mut act.tx, &intent.key, self.clock.machine()).await? {
            return Ok(Some(reply));
        }
        let Some((key, until)) = submission(intent) else { return Ok(None) };
        let Claim::Repeated(reply) = inbox::claim(&mut act.tx, &key, until).await? else { return Ok(None) };
        inbox::answer(&mut act.out, &intent.key, &reply)?;
        std::mem::take(&mut act.out).write(&mut act.tx).await?;
        Ok(Some(reply))
    }
}

impl Act<'_> {
    /// Keeps the answer under the event's key, and under that of what was submitted if it was taken; what was not is to
    /// be put right and submitted again.
    pub(super) fn keeps_answer(&mut self, reply: &Reply) -> Result<(), Trouble> {
        inbox::answer(&mut self.out, &self.intent.key, reply)?;
        let Some((key, _)) = submission(self.intent) else { return Ok(()) };
        match reply {
            Reply::Done { .. } => inbox::answer(&mut self.out, &key, reply)?,
            Reply::Form(_) | Reply::View(_) | Reply::Refused { .. } | Reply::Silent => {
                inbox::let_go(&mut self.out, &key);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::app::form::{account, place};
    use crate::domain::PersonId;
    use crate::intent::{Drawing, Want};

    fn submitted(who: &str, drawing: &str, values: &[(String, String)]) -> Intent {
        Intent {
            key: String::new(),
            account: account(&PersonId::new(who)),
            place: place(),
            reply_to: None,
            want: Want::File { request: None },
            values: values.iter().cloned().collect(),
            drawing: Some(Box::new(Drawing { name: drawing.to_owned(), until: Timestamp::MAX })),
        }
    }

    proptest! {
        #[test]
        fn two_submissions_are_one_if_and_only_if_person_drawing_and_values_are_the_same(
            one in ("[ab]{1,2}", "[xy]{1,2}", prop::collection::vec(("[f-h]{1,2}", "[p-r]{0,2}"), 1..4)),
            two in ("[ab]{1,2}", "[xy]{1,2}", prop::collection::vec(("[f-h]{1,2}", "[p-r]{0,2}"), 1..4)),
        ) {
            let intent = |(who, drawing, values): &(String, String, Vec<_>)| submitted(who, drawing, values);
            let (one, two) = (intent(&one), intent(&two));
            let same = (&one.account, &one.drawing, &one.values) == (&two.account, &two.drawing, &two.values);
            prop_assert_eq!(submission(&one) == submission(&two), same);
        }
    }

    #[test]
    fn what_sets_something_or_has_no_form_is_no_submission() {
        let values = [("title".to_owned(), "推广".to_owned())];
        let file = submitted("li.na", "x", &values);
        assert!(is_submission(&file));
        let other = |want| Intent { want, ..file.clone() };
        assert!(!is_submission(&other(Want::File { request: Some("SCB-001".to_owned()) })));
        assert!(!is_submission(&Intent { values: Default::default(), ..file.clone() }));
        assert!(!is_submission(&Intent { drawing: None, ..file.clone() }));
    }
}
