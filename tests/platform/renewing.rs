//! Cards that live longer than Feishu changes them: a question that is still open is asked anew, in a group as well.

use crate::world::company::{MANAGERS, account};
use crate::world::{World, cards, story};

/// The titles of somebody's cards, oldest first, as they look now.
fn titles(world: &World, person: &str) -> Vec<String> {
    let messages = world.fake.sent_to(&account(person));
    let title = |content: &str| {
        let card: serde_json::Value = serde_json::from_str(content).unwrap();
        card.pointer("/header/title/content").and_then(|title| title.as_str()).unwrap_or_default().to_owned()
    };
    messages.iter().map(|message| title(&message.content)).collect()
}

story!(a_question_that_is_still_open_after_thirteen_days_is_asked_anew_once, |world| {
    let number = world.files().await;
    world.is("2026-11-26 10:00").await;
    world.forgets();
    let asked = titles(world, "liu.yang").len();
    // The last reminder is thirteen days old on Wednesday night; nobody is written to before the morning.
    world.is("2026-12-10 08:59").await;
    world.hears("");
    assert_eq!(titles(world, "liu.yang").len(), asked);
    world.is("2026-12-10 10:00").await;
    world.rests().await;
    world.hears("liu.yang ← 请审批市场部的协作需求");
    let now = titles(world, "liu.yang");
    assert_eq!(now.len(), asked + 1, "once: {now:?}");
    assert!(now[..asked].iter().all(|title| title.contains("已移到下方")), "{now:?}");
    world.is("2026-12-11 10:00").await;
    world.hears("");
    // The new card takes the answer, and shows it; the old ones stay as they are.
    world.presses("liu.yang", "同意").await;
    world.forgets();
    world.rests().await;
    let after = titles(world, "liu.yang");
    assert_eq!(after[..asked], now[..asked]);
    assert!(world.card("liu.yang").to_string().contains(&number));
    assert!(!world.card("liu.yang").to_string().contains("已移到下方"));
    world.forgets();
});

/// The titles of the cards in the managers' group, oldest first, as they look now.
fn in_the_group(world: &World) -> Vec<String> {
    let cards = world.fake.sent_in(MANAGERS).into_iter().filter(|message| message.msg_type == "interactive");
    cards.map(|message| cards::title(&serde_json::from_str(&message.content).unwrap())).collect()
}

story!(what_a_group_was_told_of_and_is_still_owed_is_said_there_anew_once, |world| {
    world.says_in("guo.qiang", MANAGERS, "/bind managers").await;
    world.files().await;
    world.is("2026-11-26 10:00").await;
    world.forgets();
    let told = in_the_group(world);
    let last = told.last().unwrap().clone();
    assert!(last.contains("逾期未答复"), "{told:?}");
    world.is("2026-12-10 08:59").await;
    world.hears("");
    assert_eq!(in_the_group(world), told, "nobody is written to before the morning");
    world.is("2026-12-10 10:00").await;
    world.rests().await;
    world.hears(&format!("liu.yang ← 请审批市场部的协作需求\n managers ← {last}"));
    let now = in_the_group(world);
    assert_eq!(now.len(), told.len() + 1, "once: {now:?}");
    assert!(now[told.len() - 1].contains("已移到下方"), "{now:?}");
    assert_eq!(now[..told.len() - 1], told[..told.len() - 1], "what asks for nothing stays");
    world.is("2026-12-11 10:00").await;
    world.rests().await;
    world.hears("");
    // What is not owed any more is not said again, however old its card.
    world.says("zhang.wei", "/withdraw").await;
    world.rests().await;
    world.forgets();
    let answered = in_the_group(world);
    assert_eq!(answered.len(), now.len());
    world.passes_days(30).await;
    world.rests().await;
    assert_eq!(in_the_group(world), answered);
    world.hears("");
});
