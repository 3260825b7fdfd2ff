//! Feishu says things twice: under another event id, after an answer that it did not like, after a restart.

use crate::world::company::private;
use crate::world::envelope::Event;
use crate::world::story;
use crate::world::stranger::Stranger;

story!(one_message_under_two_event_ids_is_one_act, both ways, |world| {
    let event = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    let again = Event { id: "ev_again".to_owned(), ..event.clone() };
    for event in [&event, &event, &again] {
        assert_eq!(world.delivers(event).await.0, 200);
        world.settles().await;
    }
    world.hears("zhang.wei ← 发起跨部门需求");
});

story!(one_click_that_is_delivered_twice_gets_the_first_answer_twice, |world| {
    world.files_and_approves().await;
    let (message, button) = world.with_button("li.na", "确认无误");
    let click = world.click("li.na", &message, button.action(&[]));
    let (_, first) = world.delivers(&click).await;
    let (_, second) = world.delivers(&click).await;
    assert_eq!(first["toast"]["type"], "success", "{first}");
    assert_eq!(first["toast"], second["toast"]);
    world.settles().await;
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

story!(what_a_locked_database_put_off_is_one_act_when_it_comes_again, webhook, |world| {
    let event = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    let stranger = Stranger::holds(world.database()).await;
    assert_eq!(world.delivers(&event).await.0, 503);
    stranger.lets_go().await;
    for _ in 0..2 {
        assert_eq!(world.delivers(&event).await.0, 200);
        world.settles().await;
    }
    world.hears("zhang.wei ← 发起跨部门需求");
});

story!(a_redelivery_after_a_restart_is_the_same_act, |world| {
    let event = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    assert_eq!(world.delivers(&event).await.0, 200);
    world.settles().await;
    world.restarts().await;
    assert_eq!(world.delivers(&event).await.0, 200);
    world.settles().await;
    world.hears("zhang.wei ← 发起跨部门需求");
    // A button from before the restart still works.
    assert_eq!(world.presses("zhang.wei", "再加一个部门").await.kind, "");
});
