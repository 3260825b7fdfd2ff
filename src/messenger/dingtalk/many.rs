//! The same message for several people in one call, which DingTalk meters once: up to twenty readers.
//!
//! Invariant: DingTalk calls the whole a success and only names those whom it did not reach, so everybody is looked for in
//! its answer; what was refused as a whole is told apart by saying it to each, since surely nobody has heard it.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use super::api::{ApiError, Class, Lane};
use super::place::private_chat;
use super::send::{Content, Letter, Sender, named, refusal};
use crate::domain::MessageId;
use crate::messenger::{Address, SendError, Sent};

/// Readers of one call, by the documentation of `oToMessages/batchSend`; the text of its error says 100.
pub(super) const MOST: usize = 20;
/// Too much for one receiver is over after minutes.
const FLOODED: Duration = Duration::from_secs(180);

/// What became of some of the readers, by `userId`.
type Done = BTreeMap<String, Result<MessageId, ApiError>>;

impl Sender {
    /// How many people one call reaches: a message may go to many, a card goes to one.
    pub fn together(&self) -> usize {
        if self.has_keys() { 1 } else { MOST }
    }

    /// Says the same to several people, at most [`MOST`]; what became of each, in their order. Whoever wrote lately is
    /// answered by the session's webhook, which is free.
    pub async fn send_together(
        &self,
        content: &Content,
        to: &[(String, Address)],
    ) -> Vec<Result<Sent, SendError>> {
        let users: Vec<&str> = to.iter().filter_map(|(_, to)| self.reader(to)).collect();
        let mut done = match users.as_slice() {
            [_, _, ..] if self.together() > 1 => self.batch(&users, content).await,
            _ => Done::new(),
        };
        let mut all = Vec::new();
        for (key, to) in to {
            let shared = self.reader(to).and_then(|user| Some((user, done.remove(user)?)));
            all.push(match shared {
                Some((user, done)) => {
                    done.map(|message| Sent { chat: private_chat(user), message }).map_err(refusal)
                }
                None => self.send(&Letter { key, to, content, urgent: false }).await,
            });
        }
        all
    }

    /// Somebody who is reached by a metered call only.
    fn reader<'a>(&self, to: &'a Address) -> Option<&'a str> {
        let Address::Person(user) = to else { return None };
        let session = self.sessions().of(&private_chat(user), self.api().now());
        session.is_none().then_some(user)
    }

    /// One call for all who may be written to now. Who is missing in what comes back was surely not told, and can be
    /// told alone.
    async fn batch(&self, users: &[&str], content: &Content) -> Done {
        let free = join_all(users.iter().map(|user| self.api().wait(Lane::Receiver(user)))).await;
        let (mut done, mut open) = (Done::new(), Vec::new());
        for (user, free) in users.iter().zip(free) {
            match free {
                Ok(()) => open.push(*user),
                Err(error) => drop(done.insert((*user).to_owned(), Err(error))),
            }
        }
        if open.is_empty() {
            return done;
        }
        match self.to_people(&open, content.message.robot()).await {
            Ok(answer) => {
                done.extend(open.iter().map(|user| ((*user).to_owned(), reached(&answer, user))));
            }
            Err(error) if is_of_one(error.class) => {
                tracing::warn!("a message for {} people is said to each alone: {error}", open.len());
            }
            Err(error) => done.extend(open.iter().map(|user| ((*user).to_owned(), Err(error.clone())))),
        }
        done
    }
}

/// Whether what was refused may be about one of the readers, or about the make of the message.
fn is_of_one(class: Class) -> bool {
    matches!(class, Class::Receiver | Class::Content | Class::Other | Class::Done)
}

/// What became of one person of a batch: DingTalk names those whom it did not reach, and calls the whole a success.
pub(super) fn reached(answer: &Value, user: &str) -> Result<MessageId, ApiError> {
    let names = |list: &str| {
        let all = answer.get(list).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).any(|id| id == user)
    };
    if names("invalidStaffIdList") {
        return Err(ApiError::new(Class::Receiver, format!("DingTalk knows nobody with the id {user}")));
    }
    if names("filteredStaffIdList") {
        let why = format!("{user} does not get messages of the robot");
        return Err(ApiError::new(Class::Receiver, why));
    }
    if names("flowControlledStaffIdList") {
        let error = ApiError::new(Class::Limit, "too many messages to one person");
        return Err(ApiError { after: Some(FLOODED), ..error });
    }
    named(answer)
}
