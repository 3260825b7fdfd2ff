//! The long connection breaks, and there may be several: what people said is taken, once.

use crate::world::company::{PEOPLE, private};
use crate::world::feishu_stream::{End, Said, Session};
use crate::world::{Backend, Way, World, story};

/// Messages from several people, each in a frame; the last is in three parts, which come in another order.
fn speak(world: &World, people: &[&str]) -> Vec<String> {
    let mut frames = Vec::new();
    for (n, person) in people.iter().enumerate() {
        let event = world.spoken(person, &private(person), "/new");
        let id = format!("spoken-{n}");
        let order = if n + 1 == people.len() { vec![2, 0, 1] } else { vec![0] };
        let said = Said { order, ..Said::event(&id, &event.envelope().to_string()) };
        world.stream.says(said);
        frames.push(id);
    }
    frames
}

/// Everybody was answered, once.
fn everybody_heard(world: &mut World, people: &[&str]) {
    let lines: Vec<String> = people.iter().map(|person| format!("{person} ← 发起跨部门需求")).collect();
    world.hears(&lines.join("\n"));
}

story!(a_connection_that_breaks_in_the_middle_loses_nothing_and_doubles_nothing, stream, |world| {
    // Cut after the event and before its answer; reset after one more; a goodbye; cut between two parts of one.
    let ends = [(1, End::Cut), (2, End::Reset), (1, End::Goodbye(1001)), (2, End::Cut)];
    world.stream.sessions(ends.map(|(after, end)| Session::Ends(after, end)));
    world.restarts().await;
    let people = &PEOPLE[..6];
    let frames = speak(world, people);
    let seen =
        world.stream.until(|seen| frames.iter().all(|id| seen.acked(200).contains(&id.as_str()))).await;
    assert!(seen.deliveries.len() > frames.len(), "some came again: {:?}", seen.deliveries);
    world.settles().await;
    everybody_heard(world, people);
});

story!(a_click_whose_answer_got_lost_with_the_connection_is_one_act, stream, |world| {
    world.files_and_approves().await;
    let (message, button) = world.with_button("li.na", "确认无误");
    world.stream.sessions([Session::Ends(1, End::Cut)]);
    world.restarts().await;
    world.forgets();
    let answer = world.clicks("li.na", &message, button.action(&[])).await;
    assert_eq!(answer.kind, "success", "{answer:?}");
    world.settles().await;
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_share_the_events_and_each_is_one_act() {
    let Some(mut world) = World::begins(Backend::Postgres, Way::Stream).await else { return };
    let (_, other) = world.replica().await;
    world.stream.until(|seen| seen.opened.len() == 2).await;
    let people = &PEOPLE[..10];
    let frames = speak(&world, people);
    // And what one replica has taken is brought to the other, too.
    let again = world.spoken("gao.jianguo", &private("gao.jianguo"), "/new");
    for _ in 0..2 {
        world.delivers(&again).await;
    }
    let seen =
        world.stream.until(|seen| frames.iter().all(|id| seen.acked(200).contains(&id.as_str()))).await;
    let by: std::collections::BTreeSet<_> =
        seen.deliveries.iter().map(|(connection, _)| *connection).collect();
    assert_eq!(by.len(), 2, "both took part");
    world.settles().await;
    everybody_heard(&mut world, &[people, &["gao.jianguo"]].concat());
    other.stop().await;
    // The one that is left takes everything.
    world.says("li.na", "/help").await;
    world.forgets();
    world.ends().await;
}
