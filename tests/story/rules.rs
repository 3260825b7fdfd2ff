//! The rules that hold for all deadlines: catch-up, quiet hours, fixed ladders, nothing about a thing already done.

use crate::world::{Backend, SECRET, World, client, story};

story!(nobody_is_reminded_of_a_thing_already_done, |world| {
    let number = world.files_and_approves().await;
    world.is("2026-11-23 14:59").await;
    world.says("li.na", &format!("/confirm {number}")).await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.forgets().await;
    world.is("2026-12-15 10:00").await;
    world.hears("").await;
});

story!(after_a_long_outage_the_newest_step_comes_once_and_stale_ones_do_not, |world| {
    world.research_owes().await;
    // Down from Monday 10:00 to Wednesday 11:00: reminder, overdue and alert all came due meanwhile.
    world.is_down_for(49).await;
    world
        .hears(
            "li.na ← 部门确认已升级通报，请优先处理
             chen.jie ← 研发部的部门确认逾期未答复，请协助
             g-managers ← 研发部的部门确认逾期未答复",
        )
        .await;
    world.is_down_for(0).await;
    world.hears("").await;
});

story!(late_reminders_of_one_person_come_in_one_message, |world| {
    for _ in 0..4 {
        let number = world.files().await;
        world.presses("liu.yang", "approve").await;
        world.says("wang.fang", &format!("/confirm {number}")).await;
    }
    world.forgets().await;
    // Down over the four-hour reminder of all four.
    world.is_down_for(7).await;
    world.hears("li.na ← 您有 4 项事项已到提醒时间").await;
});

story!(steps_in_quiet_hours_wait_for_the_morning, |world| {
    let soon =
        include_str!("../../config/policy.toml").replacen("{ at = \"24dh\", do", "{ at = \"3h\", do", 1);
    world.follows(&soon).await;
    world.is("2026-11-23 19:00").await;
    world.files().await;
    world.forgets().await;
    // Asked on Monday at 19:00: the reminder falls on 22:00, in quiet hours.
    world.is("2026-11-24 08:29").await;
    world.hears("").await;
    world.is("2026-11-24 08:30").await;
    world.hears("liu.yang ← 提醒：需求审批还在等您").await;
});

story!(the_first_question_and_an_urge_wait_for_the_morning_too, |world| {
    // Saturday.
    world.is("2026-11-28 22:00").await;
    let number = world.files().await;
    world.hears(&format!("zhang.wei ← 需求已提交：{number} 新品上市推广")).await;
    world.says("zhang.wei", &format!("/urge {number}")).await;
    world.hears("zhang.wei ← 已催办 1 人").await;
    // Whoever looks finds it at once.
    world.says("liu.yang", "/my").await;
    assert!(world.card("liu.yang").await.to_string().contains("新品上市推广"));
    world.forgets().await;
    world.is("2026-11-30 08:29").await;
    world.hears("").await;
    world.is("2026-11-30 08:30").await;
    world.hears("liu.yang ← 请审批市场部的协作需求\n liu.yang ← 张伟催办：需求审批").await;
    // The answer goes out at once, and what is answered meanwhile is not asked any more.
    world.is("2026-11-30 21:30").await;
    world.presses("liu.yang", "approve").await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.forgets().await;
    world.is("2026-12-01 08:30").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
    assert!(!heard.contains("wang.fang"), "{heard}");
    // Silence counts from the morning.
    let next = world.upcoming().await;
    let of_research = next.iter().find(|step| step["debtor"] == "li.na").unwrap();
    assert_eq!(of_research["at"], "2026-12-01T14:00:00+08:00");
});

story!(own_quiet_hours_hold_back_what_can_wait, |world| {
    world.says("li.na", "/settings quiet 09:00-16:00").await;
    world.files().await;
    world.presses("liu.yang", "approve").await;
    let heard = world.heard().await;
    assert!(!heard.contains("li.na ← 请研发部"), "{heard}");
    world.is("2026-11-23 16:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
    // Silence counts from the delivery: four working hours after 16:00 are two of today and two of tomorrow.
    let next = world.upcoming().await;
    let of_research = next.iter().find(|s| s["debtor"] == "li.na").unwrap();
    assert_eq!(of_research["at"], "2026-11-24T11:00:00+08:00");
});

story!(a_deadline_beyond_the_published_holidays_says_so, |world| {
    world.is("2026-12-31 17:00").await;
    let number = world.files_with(&[("wanted_by", "2027-01-20")]).await;
    world.says("liu.yang", &format!("/why {number}")).await;
    let card = world.card("liu.yang").await.to_string();
    assert!(card.contains("暂定"), "2027 is not published: {card}");
    world.forgets().await;
});

story!(one_event_said_twice_is_one_act_with_one_answer, |world| {
    let number = world.files_and_approves().await;
    let event = serde_json::json!({
        "event": "said-twice", "person": "li.na", "chat": "p-li.na", "message": "m-1",
        "type": "text", "text": format!("/confirm {number}"),
    });
    let body = serde_json::to_vec(&event).unwrap();
    let now = crate::world::machine_now();
    for _ in 0..3 {
        assert_eq!(world.webhook(&body, SECRET, now).await, 200);
    }
    world.hears("zhang.wei ← 研发部已确认（李娜）\n li.na ← 已代表研发部确认，并记录电子签名").await;
});

story!(rival_clicks_at_the_same_moment_have_one_winner, |world| {
    for round in 0..8 {
        let number = world.files_and_approves().await;
        let confirm = format!("/confirm {number} @研发部");
        let object = format!("/object {number} @研发部 来不及");
        let says = |person: &str, text: &str| {
            let event = serde_json::json!({
                "event": format!("rival-{round}-{person}"), "person": person, "chat": format!("p-{person}"),
                "message": "m", "type": "text", "text": text,
            });
            serde_json::to_vec(&event).unwrap()
        };
        let (one, other) = (says("li.na", &confirm), says("chen.jie", &object));
        let now = crate::world::machine_now();
        let (a, b) = tokio::join!(world.webhook(&one, SECRET, now), world.webhook(&other, SECRET, now));
        assert_eq!((a, b), (200, 200));
        let heard = world.heard().await;
        let confirmed = heard.contains("zhang.wei ← 研发部已确认（李娜）");
        let objected = heard.contains("zhang.wei ← 研发部提出异议，请答复");
        assert!(confirmed != objected, "exactly one of them counts: {heard}");
    }
});

story!(a_confirmation_that_meets_its_reminder_leaves_nothing_armed, |world| {
    for round in 0..10 {
        let number = world.files_and_approves().await;
        world.says("wang.fang", &format!("/confirm {number}")).await;
        world.forgets().await;
        let event = serde_json::json!({
            "event": format!("meets-{round}"), "person": "li.na", "chat": "p-li.na", "message": "m",
            "type": "text", "text": format!("/confirm {number}"),
        });
        let body = serde_json::to_vec(&event).unwrap();
        let now = crate::world::machine_now();
        let (status, ()) = tokio::join!(world.webhook(&body, SECRET, now), world.passes("4wh"));
        assert_eq!(status, 200);
        let left = world.upcoming().await;
        assert!(left.iter().all(|s| s["subject"] != number.as_str()), "{left:?}");
        world.forgets().await;
    }
    world.passes("5wd").await;
    world.hears("").await;
});

/// Only PostgreSQL has several writers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_fire_each_step_once_and_one_event_at_both_is_one_act() {
    let Some(mut world) = World::begins(Backend::Postgres).await else { return };
    let (other, running) = world.replica().await;
    let client = client();
    for _ in 0..6 {
        let number = world.files().await;
        world.presses("liu.yang", "approve").await;
        world.says("wang.fang", &format!("/confirm {number}")).await;
    }
    world.forgets().await;
    let to = serde_json::json!({ "set": "2026-11-24T10:00:00+08:00" });
    let clock = format!("{other}/sandbox/api/clock");
    let (there, ()) = tokio::join!(client.post(clock).json(&to).send(), world.is("2026-11-24 10:00"));
    assert!(there.unwrap().status().is_success());
    world.settles().await;
    let heard = world.heard().await;
    assert_eq!(heard.matches("li.na ← 提醒：部门确认还在等您").count(), 6, "{heard}");
    assert_eq!(heard.matches("li.na ← 部门确认已到时限，请尽快处理").count(), 6, "{heard}");
    assert_eq!(heard.lines().count(), 12, "and nothing else: {heard}");

    let says = serde_json::json!({ "event": "at-both", "person": "li.na", "chat": "p-li.na", "message": "m",
        "type": "text", "text": "/confirm 2026-Q4-SCB-003" });
    let body = serde_json::to_vec(&says).unwrap();
    let now = crate::world::machine_now();
    let there = world.webhook_at(&other, &body, SECRET, now);
    let (here, there) = tokio::join!(world.webhook(&body, SECRET, now), there);
    assert_eq!((here, there), (200, 200));
    world.settles().await;
    let heard = world.heard().await;
    assert_eq!(heard.matches("li.na ← 已代表研发部确认").count(), 1, "{heard}");
    assert_eq!(heard.matches("zhang.wei ← 各部门已全部确认").count(), 1, "{heard}");
    running.stop().await;
    world.ends().await;
}
