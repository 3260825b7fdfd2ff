//! One message for many through the fake: who hears it, who does not, and what that costs.
//!
//! Invariant: whatever is asserted to be said is what the fake keeps, and every call is one that it took or refused.

use std::collections::BTreeMap;

use super::fake::{Fake, Fault, Person, TEMPLATE};
use super::send_tests::{face, ground};
use super::voice::Voice;
use crate::messenger::{Address, Circular, Face, SendError, Sent};

/// So many people whom DingTalk knows.
fn crowd(fake: &Fake, many: usize) -> Vec<String> {
    let mut state = fake.state();
    let like = state.people[0].clone();
    let ids: Vec<String> = (1..=many).map(|n| format!("u{n}")).collect();
    state.people.extend(ids.iter().map(|id| Person { id: id.clone(), ..like.clone() }));
    ids
}

async fn says(voice: &Voice, users: &[String]) -> Vec<Result<Sent, SendError>> {
    let keyed = |user: &String| (format!("key-{user}"), Address::Person(user.clone()));
    let face = Face { links: BTreeMap::new(), ..face("the same for all") };
    voice.send_together(&Circular { face, to: users.iter().map(keyed).collect() }).await
}

/// Who heard it, in their order.
fn heard(fake: &Fake) -> Vec<String> {
    fake.messages().into_iter().map(|said| said.to).collect()
}

#[tokio::test]
async fn twenty_hear_it_by_one_metered_call() {
    let (fake, voice) = ground(|_| ()).await;
    let users = crowd(&fake, 20);
    assert_eq!(voice.together(), 20);
    let sent: Vec<Sent> = says(&voice, &users).await.into_iter().map(Result::unwrap).collect();
    assert_eq!((heard(&fake), fake.count("batchSend"), voice.metered().0), (users.clone(), 1, 1));
    let chats: Vec<_> = sent.iter().map(|sent| sent.chat.clone()).collect();
    assert_eq!(chats, users.iter().map(|user| super::place::private_chat(user)).collect::<Vec<_>>());
}

#[tokio::test]
async fn each_of_the_three_lists_concerns_whom_it_names_and_nobody_else() {
    let (fake, voice) = ground(|_| ()).await;
    let mut users = crowd(&fake, 4);
    users.push("u_nobody".to_owned());
    fake.state().flooded.insert("u2".to_owned());
    fake.state().filtered.insert("u3".to_owned());
    let done = says(&voice, &users).await;
    assert!(done[0].is_ok() && done[3].is_ok(), "{done:?}");
    assert!(matches!(&done[1], Err(SendError::Full { after }) if after.as_secs() >= 60), "{done:?}");
    for n in [2, 4] {
        assert!(matches!(&done[n], Err(SendError::Refused { why }) if why.contains(&users[n])), "{done:?}");
    }
    assert_eq!((heard(&fake), fake.count("batchSend")), (vec!["u1".to_owned(), "u4".to_owned()], 1));
}

#[tokio::test]
async fn what_may_have_been_heard_is_unclear_for_each_and_not_said_again() {
    let (fake, voice) = ground(|_| ()).await;
    let users = crowd(&fake, 3);
    fake.fail("batchSend", 1, Fault::CutAfter);
    let done = says(&voice, &users).await;
    assert!(done.iter().all(|one| matches!(one, Err(SendError::Unclear { .. }))), "{done:?}");
    assert_eq!((heard(&fake), fake.count("batchSend")), (users, 1));
}

#[tokio::test]
async fn a_limit_or_a_spent_quota_is_everybodys_and_a_refusal_is_told_apart() {
    let (fake, voice) = ground(|_| ()).await;
    let users = crowd(&fake, 3);
    fake.fail("batchSend", 1, Fault::Code(400, "send.too.fast"));
    let done = says(&voice, &users).await;
    assert!(done.iter().all(|one| matches!(one, Err(SendError::Full { .. }))), "{done:?}");
    assert_eq!(fake.count("batchSend"), 1);
    fake.fail("batchSend", 1, Fault::Code(400, "invalidParameter.userIds.invalid"));
    let done = says(&voice, &users).await;
    assert!(done.iter().all(Result::is_ok), "one of them may be wrong, the others are not: {done:?}");
    assert_eq!((heard(&fake), fake.count("batchSend")), (users, 5), "one for all, then one for each");
}

#[tokio::test]
async fn cards_are_one_persons_each() {
    let (fake, voice) = ground(|options| options.card_template_id = Some(TEMPLATE.to_owned())).await;
    let users = crowd(&fake, 2);
    assert_eq!(voice.together(), 1);
    assert!(says(&voice, &users).await.iter().all(Result::is_ok));
    assert_eq!((fake.count("cards.create"), fake.count("batchSend")), (2, 0));
}
