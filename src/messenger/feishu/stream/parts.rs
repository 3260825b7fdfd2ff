//! Long messages come in parts, in any order; here they wait for each other.
//!
//! Nobody can make us keep more than [`Limits`] allow, whatever they send: what is too much is dropped, and the
//! platform, which hears no acknowledgement, sends it again.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::frame::Frame;

/// What is kept at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Parts of one message.
    pub parts: usize,
    /// Bytes of one message.
    pub bytes: usize,
    /// Messages that wait for parts at the same time; the oldest makes room.
    pub open: usize,
    /// Bytes of all messages that wait for parts; the oldest make room.
    pub bytes_open: usize,
    /// How long a message waits, from its first part on.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let patience = Duration::from_secs(10);
        Self { parts: 64, bytes: 8 << 20, open: 64, bytes_open: 32 << 20, patience }
    }
}

/// What became of a part.
#[derive(Debug, PartialEq, Eq)]
pub enum Added {
    /// It was the last one missing: this is the whole payload.
    Whole(Vec<u8>),
    /// Others are still missing, or it was there already.
    Waiting,
    /// It cannot be kept, and nothing of its message is.
    Dropped(&'static str),
}

/// The messages that wait for parts, of one connection.
#[derive(Debug)]
pub struct Parts {
    limits: Limits,
    open: HashMap<String, Incomplete>,
    /// Counts the messages opened: the smallest is the oldest.
    opened: u64,
}

#[derive(Debug)]
struct Incomplete {
    parts: Vec<Option<Vec<u8>>>,
    bytes: usize,
    number: u64,
    until: Instant,
}

impl Parts {
    /// None yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, open: HashMap::new(), opened: 0 }
    }

    /// Takes the payload out of `frame`. A frame that does not say of how many parts it is one, is the whole.
    pub fn add(&mut self, frame: &mut Frame, now: Instant) -> Added {
        self.expire(now);
        let payload = frame.payload.take().unwrap_or_default();
        if payload.len() > self.limits.bytes {
            return Added::Dropped("it is too long");
        }
        let number = |key| frame.header(key).map_or(Some(0), |value| value.parse::<usize>().ok());
        let (Some(sum), Some(seq)) = (number("sum"), number("seq")) else {
            return Added::Dropped("the numbers of its parts cannot be read");
        };
        if sum <= 1 {
            return Added::Whole(payload);
        }
        let Some(message) = frame.header("message_id") else {
            return Added::Dropped("nobody knows which message it is a part of");
        };
        if sum > self.limits.parts || seq >= sum {
            self.open.remove(message);
            return Added::Dropped("it has too many parts");
        }
        self.put(message, (sum, seq), payload, now)
    }

    /// Drops what waited too long; says how many messages.
    pub fn expire(&mut self, now: Instant) -> usize {
        let before = self.open.len();
        self.open.retain(|_, message| message.until > now);
        before - self.open.len()
    }

    fn put(&mut self, id: &str, (sum, seq): (usize, usize), payload: Vec<u8>, now: Instant) -> Added {
        // Sent again and cut otherwise: what was kept of the first time fits nothing.
        if self.open.get(id).is_some_and(|message| message.parts.len() != sum) {
            self.open.remove(id);
        }
        self.make_room(id, payload.len());
        self.opened += 1;
        let message = self.open.entry(id.to_owned()).or_insert_with(|| Incomplete {
            parts: vec![None; sum],
            bytes: 0,
            number: self.opened,
            until: now + self.limits.patience,
        });
        if message.parts[seq].is_some() {
            return Added::Waiting;
        }
        message.bytes += payload.len();
        message.parts[seq] = Some(payload);
        if message.bytes > self.limits.bytes {
            self.open.remove(id);
            return Added::Dropped("it is too long");
        }
        if message.parts.iter().any(Option::is_none) {
            return Added::Waiting;
        }
        let whole = self.open.remove(id).map(|message| message.parts.into_iter().flatten().flatten());
        Added::Whole(whole.into_iter().flatten().collect())
    }

    /// Lets the oldest go, until `more` bytes for the message `id` fit.
    fn make_room(&mut self, id: &str, more: usize) {
        loop {
            let bytes: usize = self.open.values().map(|message| message.bytes).sum();
            let count = self.open.len() + usize::from(!self.open.contains_key(id));
            if count <= self.limits.open && bytes + more <= self.limits.bytes_open {
                return;
            }
            let others = self.open.iter().filter(|(other, _)| *other != id);
            let Some(oldest) = others.min_by_key(|(_, m)| m.number).map(|(other, _)| other.clone()) else {
                return;
            };
            self.open.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::messenger::feishu::stream::frame::Header;

    fn part(id: &str, sum: &str, seq: &str, payload: &[u8]) -> Frame {
        let header = |key: &str, value: &str| Header { key: key.to_owned(), value: value.to_owned() };
        let headers = vec![header("message_id", id), header("sum", sum), header("seq", seq)];
        Frame { headers, payload: Some(payload.to_vec()), ..Frame::default() }
    }

    fn small() -> Limits {
        Limits { parts: 4, bytes: 100, open: 3, bytes_open: 150, patience: Duration::from_secs(10) }
    }

    #[test]
    fn the_parts_of_the_vectors_are_the_whole_in_any_order() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../../tests/platform/vectors/feishu/ws.json")).unwrap();
        let frame = |n: usize| {
            let hexed = vectors["frames"][format!("event_part_{n}_of_3")]["hex"].as_str().unwrap();
            Frame::read(&hex::decode(hexed).unwrap()).unwrap()
        };
        let merged = vectors["frames"]["event_multipart_merged"]["payload_utf8"].as_str().unwrap();
        for order in [[1, 2, 3], [3, 1, 2], [2, 3, 1], [3, 2, 1]] {
            let mut parts = Parts::new(Limits::default());
            assert_eq!(parts.add(&mut frame(order[0]), Instant::now()), Added::Waiting);
            assert_eq!(parts.add(&mut frame(order[1]), Instant::now()), Added::Waiting);
            let whole = Added::Whole(merged.as_bytes().to_vec());
            assert_eq!(parts.add(&mut frame(order[2]), Instant::now()), whole);
        }
    }

    #[test]
    fn a_part_that_waits_longer_than_ten_seconds_waits_for_nothing() {
        let (start, mut parts) = (Instant::now(), Parts::new(small()));
        parts.add(&mut part("m", "2", "0", b"a"), start);
        let late = start + Duration::from_secs(10);
        assert_eq!(parts.add(&mut part("m", "2", "1", b"b"), late), Added::Waiting);
        assert_eq!(parts.expire(late + Duration::from_secs(9)), 0);
        assert_eq!(parts.expire(late + Duration::from_secs(10)), 1);
    }

    #[test]
    fn what_is_too_long_or_makes_no_sense_is_dropped_and_does_not_harm_the_rest() {
        let (now, mut parts) = (Instant::now(), Parts::new(small()));
        parts.add(&mut part("good", "2", "0", b"a"), now);
        for (sum, seq) in [("5", "0"), ("2", "2"), ("x", "0"), ("2", "-1")] {
            assert!(
                matches!(parts.add(&mut part("bad", sum, seq, b""), now), Added::Dropped(_)),
                "{sum} {seq}"
            );
        }
        assert!(matches!(parts.add(&mut part("long", "1", "0", &[0; 101]), now), Added::Dropped(_)));
        parts.add(&mut part("long", "2", "0", &[0; 60]), now);
        assert!(matches!(parts.add(&mut part("long", "2", "1", &[0; 60]), now), Added::Dropped(_)));
        assert_eq!(parts.add(&mut part("good", "2", "1", b"b"), now), Added::Whole(b"ab".to_vec()));
        assert!(parts.open.is_empty());
    }

    #[test]
    fn the_same_part_again_changes_nothing_and_another_cut_begins_anew() {
        let (now, mut parts) = (Instant::now(), Parts::new(small()));
        parts.add(&mut part("m", "2", "0", b"a"), now);
        assert_eq!(parts.add(&mut part("m", "2", "0", b"other"), now), Added::Waiting);
        assert_eq!(parts.add(&mut part("m", "3", "1", b"y"), now), Added::Waiting);
        assert_eq!(parts.add(&mut part("m", "3", "0", b"x"), now), Added::Waiting);
        assert_eq!(parts.add(&mut part("m", "3", "2", b"z"), now), Added::Whole(b"xyz".to_vec()));
    }

    #[test]
    fn the_oldest_makes_room() {
        let (now, mut parts) = (Instant::now(), Parts::new(small()));
        for id in ["a", "b", "c", "d"] {
            parts.add(&mut part(id, "2", "0", b"1"), now);
        }
        assert_eq!(parts.add(&mut part("a", "2", "1", b"2"), now), Added::Waiting, "it had to go");
        assert_eq!(parts.add(&mut part("d", "2", "1", b"2"), now), Added::Whole(b"12".to_vec()));
    }

    proptest! {
        #[test]
        fn cut_anywhere_shuffled_and_repeated_it_is_the_same_message(
            payload in proptest::collection::vec(any::<u8>(), 0..60),
            (sum, order) in (2usize..5).prop_flat_map(|sum| (Just(sum), Just((0..sum).collect::<Vec<_>>()).prop_shuffle())),
            again in 0usize..4,
        ) {
            let (now, mut parts) = (Instant::now(), Parts::new(small()));
            let size = payload.len() / sum;
            let piece = |seq: usize| {
                let end = if seq + 1 == sum { payload.len() } else { (seq + 1) * size };
                part("m", &sum.to_string(), &seq.to_string(), &payload[seq * size..end])
            };
            for (at, seq) in order.iter().enumerate() {
                if at > 0 && at == again {
                    prop_assert_eq!(parts.add(&mut piece(order[0]), now), Added::Waiting);
                }
                let added = parts.add(&mut piece(*seq), now);
                let expected = if at + 1 == sum { Added::Whole(payload.clone()) } else { Added::Waiting };
                prop_assert_eq!(added, expected);
            }
            prop_assert!(parts.open.is_empty());
        }

        #[test]
        fn whoever_sends_whatever_no_more_is_kept_than_allowed(
            sent in proptest::collection::vec((0u8..8, 0usize..7, 0usize..7, 0usize..120, 0u64..4), 0..60),
        ) {
            let (mut now, mut parts) = (Instant::now(), Parts::new(small()));
            for (id, sum, seq, length, pause) in sent {
                now += Duration::from_secs(pause);
                let mut part = part(&id.to_string(), &sum.to_string(), &seq.to_string(), &vec![0; length]);
                parts.add(&mut part, now);
                prop_assert!(parts.open.len() <= 3);
                prop_assert!(parts.open.values().map(|m| m.bytes).sum::<usize>() <= 150);
                prop_assert!(parts.open.values().all(|m| m.parts.len() <= 4 && m.bytes <= 100 && m.until > now));
            }
        }
    }
}
