//! What goes wrong around an act: said twice, said by a crowd, cut off by a crash, left without an answer; and what is
//! wrong with the messenger for a while.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use crate::ground;
use crate::house::House;

/// How an event comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Once,
    Twice,
    /// Three copies at the same moment.
    Crowd,
    /// The service falls down so many microseconds later; the messenger brings it again.
    Crash(u64),
}

impl Manner {
    /// One of them, mostly the first.
    pub fn any(chance: &mut fastrand::Rng) -> Self {
        match chance.u32(0..20) {
            0..=1 => Manner::Twice,
            2 => Manner::Crowd,
            3 => Manner::Crash(chance.u64(0..9_000)),
            _ => Manner::Once,
        }
    }
}

/// Brings an event in this manner; the answer, which is the same for every copy.
pub async fn brings(house: &mut House, event: &Value, manner: Manner) -> Value {
    match manner {
        Manner::Once => house.insists(event).await,
        Manner::Twice => {
            let first = house.insists(event).await;
            assert_eq!(house.insists(event).await["toast"], first["toast"], "{event}");
            first
        }
        Manner::Crowd => {
            let all = join_all((0..3).map(|_| house.sends(event))).await;
            let first = house.insists(event).await;
            for answer in all.into_iter().flatten() {
                assert_eq!(answer["toast"], first["toast"], "{event}");
            }
            first
        }
        Manner::Crash(after) => {
            let sent = tokio::spawn(house.sends(event));
            tokio::time::sleep(Duration::from_micros(after)).await;
            house.crashes();
            let heard = sent.await.unwrap();
            let again = house.insists(event).await;
            if let Some(heard) = heard {
                assert_eq!(heard["toast"], again["toast"], "answered before the crash: {event}");
            }
            again
        }
    }
}

/// What is wrong with the messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sickness {
    /// It takes nothing.
    Refuses,
    /// It says it, but nobody gets to note that.
    Forgets,
    /// It takes no new face for what it said.
    Stale,
}

impl Sickness {
    pub const ALL: [Sickness; 3] = [Sickness::Refuses, Sickness::Forgets, Sickness::Stale];

    /// Begins.
    pub async fn begins(self, house: &mut House) {
        let when = match self {
            Sickness::Refuses => "INSERT ON sandbox_message WHEN NEW.sender = 'bot'",
            Sickness::Forgets => "INSERT ON message",
            Sickness::Stale => "UPDATE ON sandbox_message",
        };
        let sql = format!(
            "CREATE TRIGGER sick BEFORE {when} BEGIN SELECT RAISE(ABORT, 'the messenger is sick'); END"
        );
        house.suffers(&sql).await;
    }
}

/// The messenger is well again, and half a minute of the machine's time has gone by: leases have run out, and what was
/// put off may be tried.
pub async fn is_over(house: &mut House) {
    house.suffers("DROP TRIGGER IF EXISTS sick").await;
    is_mended(house).await;
    lets_leases_end(house).await;
}

/// What was given up meanwhile is replayed, as an administrator does.
async fn is_mended(house: &mut House) {
    if house.count("SELECT COUNT(*) FROM outbox WHERE state = 'dead'").await > 0 {
        let replay = ["dead-letters", "replay", "--all"];
        let (code, said) = ground::runs(&house.database(), (&replay, &[]));
        assert_eq!(code, Some(0), "{said}");
    }
}

/// The machine's time cannot be moved, so what waits for it is moved.
pub async fn lets_leases_end(house: &mut House) {
    house.suffers("UPDATE outbox SET lease_until = 0 WHERE lease_until IS NOT NULL").await;
    house.suffers("UPDATE outbox SET retry_at = 0 WHERE state = 'waiting' AND retry_at > 0").await;
    house.suffers("UPDATE obligation SET lease_until = 0 WHERE lease_until IS NOT NULL").await;
}
