//! I3, I5: each rung of each ladder of an issue, to the minute: who hears it, where, and that acting stops the rest; the
//! service is killed and started again in between.
//!
//! Each page is played here in the sandbox, and on every other messenger as it stands (`tests/platform/climbing.rs`).

use crate::four_weeks::{compare, played};
use crate::world::{World, story};

/// Begins at that moment and plays the page; then nothing is owed any more.
async fn is_told(world: &mut World, (begin, page): (&str, &str)) {
    world.begins_at(begin).await;
    let told = played(world, page).await;
    compare(page, &told);
    assert!(world.upcoming().await.is_empty(), "what is closed owes nothing");
}

story!(an_important_issue_at_17_55_on_a_friday_before_a_make_up_sunday, |world| {
    is_told(world, ("2026-09-18 17:50", include_str!("climbing/important.txt"))).await;
});

story!(a_general_issue_that_is_acted_on_half_way_climbs_no_further, |world| {
    is_told(world, ("2026-11-23 09:50", include_str!("climbing/general.txt"))).await;
});

story!(a_general_issue_that_is_answered_in_time_is_never_heard_of_again, |world| {
    is_told(world, ("2026-11-23 09:50", include_str!("climbing/in_time.txt"))).await;
});

story!(an_urgent_issue_at_02_00_on_a_holiday_passes_quiet_hours, |world| {
    is_told(world, ("2026-10-01 01:50", include_str!("climbing/urgent.txt"))).await;
});
