//! The auditor: an open obligation whose next step was lost is armed again, and nothing is that has had all its steps.

use std::time::Duration;

use crate::world::{World, ground, story};

impl World {
    /// The service starts anew at that moment, and its auditor has looked once.
    async fn is_audited_at(&mut self, moment: &str) {
        self.is_down_until(moment).await;
        let looked = async {
            while !self.metrics().await.contains("{name=\"steps_late\"}") {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), looked).await.unwrap();
        self.settles().await;
    }
}

/// Somebody who works on the database by hand makes a mistake.
const LOSE: &str =
    "UPDATE obligation SET fires_at = NULL, next_step = NULL, next_due = NULL WHERE closed_at IS NULL";

story!(a_step_that_was_lost_is_armed_again_and_the_administrators_hear, |world| {
    world.research_owes().await;
    ground::changes(world.database(), LOSE).await;
    assert!(world.upcoming().await.is_empty());
    world.is_audited_at("2026-11-23 11:00").await;
    world.hears("huang.lei ← 恢复了 1 项事项的提醒").await;
    world.is("2026-11-23 15:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
});

story!(a_clock_that_is_set_back_brings_no_step_back_that_was_taken, |world| {
    world.files().await;
    world.is("2026-11-25 10:00").await;
    assert!(world.upcoming().await.is_empty(), "all steps of the approval are taken");
    world.forgets().await;
    world.is_audited_at("2026-11-24 09:00").await;
    world.hears("").await;
    assert!(world.upcoming().await.is_empty());
    world.is_audited_at("2026-11-26 12:00").await;
    world.hears("").await;
    assert!(world.upcoming().await.is_empty());
});
