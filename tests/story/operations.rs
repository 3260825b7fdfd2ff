//! What the people who keep the service hear of it, and what is kept for how long.

use jiff::civil::Time;

use crate::world::ground::{changes, runs};
use crate::world::story;

story!(administrators_hear_once_a_day_that_the_service_is_alive_and_what_waits, |world| {
    world.says_alive_at(Time::constant(9, 0, 0, 0)).await;
    // It is ten o'clock: the hour of today is made up for.
    world.hears("huang.lei ← 联络服务运行正常").await;
    world.files_and_approves().await;
    world.forgets().await;
    world.is_down_for(1).await;
    world.hears("").await;
    let replica = world.replica().await;
    world.is("2026-11-24 08:59").await;
    world.forgets().await;
    world.is("2026-11-24 09:01").await;
    let heard = world.heard().await;
    assert_eq!(heard.matches("联络服务运行正常").count(), 1, "{heard}");
    let card = world.card("huang.lei").await.to_string();
    assert!(card.contains("待处理事项 2 项") && card.contains("昨天发出消息"), "{card}");
    replica.1.stop().await;
});

story!(what_was_kept_long_enough_goes_and_the_history_stays_whole, |world| {
    let number = world.files_and_approves().await;
    world.forgets().await;
    let half_a_year_ago = "UPDATE inbox SET claimed_at = 1; UPDATE outbox SET finished_at = 1 WHERE finished_at IS NOT NULL; \
         UPDATE message SET sent_at = 1";
    for sql in half_a_year_ago.split(';') {
        changes(world.database(), sql).await;
    }
    let count =
        "SELECT (SELECT COUNT(*) FROM message WHERE request IS NOT NULL), (SELECT COUNT(*) FROM audit)";
    let before = world.numbers(count, 2).await;
    let (code, plan) = runs(world.database(), (&["purge", "--dry-run"], &[]));
    assert!(code == Some(0) && plan.contains("rows would go"), "{plan}");
    assert_eq!(world.numbers(count, 2).await, before, "looking takes nothing");
    changes(world.database(), "UPDATE person SET active = FALSE, left_at = 1 WHERE id = 'chen.jie'").await;
    let (code, said) = runs(world.database(), (&["purge"], &[]));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.lines().count(), plan.lines().count(), "{said}");
    let left = world
        .numbers(
            "SELECT (SELECT COUNT(*) FROM inbox), (SELECT COUNT(*) FROM outbox WHERE state <> 'waiting')",
            2,
        )
        .await;
    assert_eq!(left, [0, 0], "{said}");
    let numbers = "SELECT (SELECT COUNT(*) FROM person WHERE phone = ''), (SELECT COUNT(*) FROM person WHERE name = '')";
    assert_eq!(
        world.numbers(numbers, 2).await,
        [1, 0],
        "who left is named, but has no number any more: {said}"
    );
    // What is said of an open request is still needed; its buttons work.
    assert_eq!(world.numbers(count, 2).await, [before[0], before[1] + 1], "one line more: what was purged");
    assert_eq!(world.presses("li.na", "confirm").await, "已代表研发部确认，并记录电子签名。");
    world.forgets().await;
    let (code, said) = runs(world.database(), (&["audit", "verify"], &[]));
    assert!(code == Some(0) && said.starts_with("ok: "), "{said}");
    assert!(number.contains("SCB"));
});

story!(a_look_at_what_one_may_not_see_is_counted_and_answered_like_any_typing_error, |world| {
    let number = world.files_with(&[("visibility", "people")]).await;
    world.forgets().await;
    world.says("sun.li", &format!("/show {number}")).await;
    world.says("sun.li", "/show 2026-Q4-SCB-999").await;
    let heard = world.heard().await;
    assert_eq!(heard.lines().count(), 2, "{heard}");
    let metrics = world.metrics().await;
    assert!(metrics.contains("liaison_events_total{name=\"look_refused\"} 1\n"), "{metrics}");
    assert!(metrics.contains("liaison_build_info{version="), "{metrics}");
    assert!(
        metrics.contains("liaison_delivery_lateness_seconds_bucket{le=\"60.0\",name=\"free\"}"),
        "{metrics}"
    );
    assert!(metrics.contains("liaison_sending_paused{scope=\"kind\"} 0"), "{metrics}");
});
