//! Whether a messenger takes anything at all: while it does not, what fails is not the fault of the message that fails.
//!
//! Invariant: a try counts against a message without end only where the messenger took another since the try before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of each messenger the lanes that failed since it took something last.
#[derive(Default)]
pub(super) struct Reach(Mutex<BTreeMap<String, BTreeSet<String>>>);

impl Reach {
    fn failed(&self) -> MutexGuard<'_, BTreeMap<String, BTreeSet<String>>> {
        // A poisoned lock only means that another thread panicked between two whole changes of the map.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A messenger took something.
    pub(super) fn took(&self, platform: &str) {
        self.failed().remove(platform);
    }

    /// Something failed in a lane; whether it failed before, and the messenger has taken nothing of anybody since.
    pub(super) fn is_lost(&self, platform: &str, lane: &str) -> bool {
        !self.failed().entry(platform.to_owned()).or_default().insert(lane.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messenger_is_lost_to_a_chat_that_fails_again_while_nothing_is_taken() {
        let reach = Reach::default();
        assert!(!reach.is_lost("feishu", "person:li.na"));
        assert!(!reach.is_lost("dingtalk", "person:li.na"), "another messenger");
        assert!(!reach.is_lost("feishu", "person:wang.fang"), "another chat");
        assert!(reach.is_lost("feishu", "person:li.na"));
        reach.took("dingtalk");
        assert!(reach.is_lost("feishu", "person:li.na"));
        reach.took("feishu");
        assert!(!reach.is_lost("feishu", "person:li.na"), "others get through: it is this one's own trouble");
    }
}
