//! The stories of the service told on Feishu: protocol messages in, calls of the open platform out, and nothing else.
//!
//! Invariant: the service is the real one over a real database; Feishu's end is the strict fake, which keeps what was
//! said. Each story ends by proving that nothing else was heard, and that no card was one that Feishu may refuse.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod world;

mod buttons;
mod chats;
mod climbing;
mod copies;
mod dingtalk;
mod disorder;
mod four_weeks;
mod logins;
mod mixed;
mod order;
mod outage;
mod pictures;
mod refused;
mod renewing;
mod repeats;
mod staff;
mod stage;
mod stream;
mod trouble;
mod urgent;
mod vectors;
mod whole;
