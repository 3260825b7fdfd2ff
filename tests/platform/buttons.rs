//! Pressed buttons: what comes back at once, what is shown to the others afterwards, and what is refused.

use serde_json::{Value, json};

use crate::world::feishu::Message;
use crate::world::{World, cards, filled, lent, story};

/// Which message each PATCH concerned, in their order, from the `from`th call on.
fn patched(world: &World, from: usize) -> Vec<String> {
    let calls = world.fake.calls();
    let patches = calls.into_iter().skip(from).filter(|call| call.name == "messages.patch");
    patches.map(|call| call.ids[0].clone()).collect()
}

fn shown(world: &World, message: &Message) -> Value {
    let state = world.fake.state();
    serde_json::from_str(&state.message(&message.id).unwrap().content).unwrap()
}

story!(a_pressed_card_is_patched_after_the_answer_never_beside_it, both ways, |world| {
    let number = world.files_and_approves().await;
    // A second copy of the question, and somebody who looks at the whole request.
    world.says("zhang.wei", &format!("/urge {number}")).await;
    world.says("chen.jie", &format!("/show {number}")).await;
    world.rests().await;
    let reader = world.newest("chen.jie");
    let (message, button) = world.with_button("li.na", "确认无误");
    let copies = world.fake.sent_to(&crate::world::company::account("li.na"));
    assert_eq!(copies.len(), 2);
    world.forgets();

    let calls = world.fake.calls().len();
    let answer = world.clicks("li.na", &message, button.action(&[])).await;
    assert_eq!(patched(world, calls), Vec::<String>::new(), "beside the answer the client may show the old card");
    assert_eq!((answer.kind.as_str(), answer.toast.as_str()), ("success", "已代表研发部确认，并记录电子签名。"));
    let card = answer.card.unwrap();
    assert!(cards::button(&card, "确认无误").is_none(), "{card}");

    world.rests().await;
    let after = patched(world, calls);
    for stands in copies.iter().chain([&reader]) {
        assert!(after.contains(&stands.id), "{after:?} leaves {} as it was", stands.id);
        assert!(cards::button(&shown(world, stands), "确认无误").is_none());
    }
    let once: std::collections::BTreeSet<_> = after.iter().collect();
    assert_eq!(once.len(), after.len(), "each card once: {after:?}");
    let same = cards::unsealed(&shown(world, &message)) == cards::unsealed(&card);
    assert!(same, "the answer and the update show the same: {card} and {}", shown(world, &message));
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

story!(a_double_click_is_one_act_and_the_second_says_so, |world| {
    world.files_and_approves().await;
    let (message, button) = world.with_button("li.na", "确认无误");
    let first = world.clicks("li.na", &message, button.action(&[])).await;
    let second = world.clicks("li.na", &message, button.action(&[])).await;
    assert_eq!(first.kind, "success");
    assert_ne!(second.kind, "", "{second:?}");
    world.settles().await;
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

story!(another_persons_click_changes_nothing_and_is_told_why, |world| {
    world.files_and_approves().await;
    let (message, button) = world.with_button("li.na", "确认无误");
    for person in ["sun.li", crate::world::company::STRANGER] {
        let answer = world.clicks(person, &message, button.action(&[])).await;
        assert_eq!(answer.kind, "error", "{answer:?}");
        assert!(!answer.toast.is_empty());
    }
    world.rests().await;
    world.hears("");
    world.presses("li.na", "确认无误").await;
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

story!(a_button_taken_from_another_card_gives_nobody_what_is_not_theirs, |world| {
    world.files_and_approves().await;
    let (_, theirs) = world.with_button("li.na", "确认无误");
    let (message, _) = world.with_button("wang.fang", "确认无误");
    let answer = world.clicks("wang.fang", &message, theirs.action(&[])).await;
    assert_eq!(answer.kind, "error", "{answer:?}");
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature", 1).await, [0]);
    world.rests().await;
    world.hears("");
});

story!(a_body_that_is_too_large_is_refused, webhook, |world| {
    let (status, _) = world.posts_raw(&[], &"x".repeat(2 << 20)).await;
    assert_eq!(status, 413);
    assert_eq!(world.numbers("SELECT COUNT(*) FROM inbox", 1).await, [0]);
});

story!(a_click_on_an_old_versions_card_changes_nothing, |world| {
    let number = world.files_and_approves().await;
    let (message, button) = world.with_button("li.na", "确认无误");
    world.says("li.na", &format!("/object {number} 时间太紧")).await;
    world.presses("zhang.wei", "修订").await;
    world.fills("zhang.wei", "提交修订", &lent(&filled(&[("ask1_wanted_by", "2026-12-22")]))).await;
    world.forgets();
    let answer = world.clicks("li.na", &message, button.action(&[])).await;
    assert_eq!(answer.kind, "error", "{answer:?}");
    world.rests().await;
    world.hears("");
    world.presses("li.na", "确认无误").await;
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

story!(a_value_that_is_not_ours_is_answered_politely_and_does_nothing, |world| {
    world.files_and_approves().await;
    let (message, button) = world.with_button("li.na", "确认无误");
    let sealed = button.value["w"].as_str().unwrap();
    let (body, tag) = sealed.split_once('.').unwrap();
    let last = if tag.ends_with('A') { "B" } else { "A" };
    let forged = [
        json!({ "w": format!("{body}.{}{last}", &tag[..tag.len() - 1]) }),
        json!({ "w": format!("{}.{tag}", &body[1..]) }),
        json!({ "w": "" }),
        json!({ "w": 7 }),
        json!({ "action": "confirm", "request": "2026-Q4-SCB-001" }),
        json!({}),
        json!("confirm"),
        Value::Null,
    ];
    for value in forged {
        let action = json!({ "tag": "button", "value": value });
        let answer = world.clicks("li.na", &message, action).await;
        assert_eq!(answer.kind, "warning", "{value}: {answer:?}");
        assert!(!answer.toast.is_empty() && answer.card.is_none());
    }
    world.rests().await;
    world.hears("");
    // The same value as a client sends it that makes texts of objects.
    let action = json!({ "tag": "button", "value": button.value.to_string() });
    assert_eq!(world.clicks("li.na", &message, action).await.kind, "success");
    world.settles().await;
    world.hears("zhang.wei ← 研发部已确认（李娜）");
});

story!(what_is_wrong_in_a_form_stands_next_to_the_field_and_nothing_typed_is_lost, |world| {
    world.says("zhang.wei", "/new").await;
    let long = "长".repeat(201);
    let typed = [
        ("title", "新品上市推广"),
        ("background", long.as_str()),
        ("wanted_by", "2026-12-15"),
        ("budget", "很多"),
        ("ask1_department", "YFB"),
        ("ask1_task", "提供技术资料\n第二行 **不是粗体** <at id=all></at>"),
    ];
    let answer = world.fills("zhang.wei", "提交", &typed).await;
    assert_eq!(answer.kind, "error", "{answer:?}");
    let card = answer.card.unwrap();
    let fields = cards::fields(&card);
    for (name, words) in typed {
        let (_, field) = fields.iter().find(|(known, _)| known == name).unwrap();
        assert_eq!(cards::standing(field), json!(words), "{name}");
    }
    // The label stands before its field, and what is wrong stands under the label.
    let wrong = |name: &str| {
        cards::label(&card, name).contains("color='red'>") && cards::label(&card, name).contains('\n')
    };
    for name in ["background", "goal", "budget"] {
        assert!(wrong(name), "{name}: {}", cards::label(&card, name));
    }
    assert!(cards::label(&card, "background").contains("200"));
    for name in ["title", "wanted_by", "priority", "ask1_department", "ask1_task"] {
        assert!(!wrong(name), "{name}: {}", cards::label(&card, name));
    }
    // What was put right is filed with what had been typed before.
    let right = [("background", "为什么"), ("goal", "首月 5000 台"), ("budget", "80000")];
    let answer = world.fills("zhang.wei", "提交", &right).await;
    assert_eq!(answer.kind, "success", "{answer:?}");
    world.hears("zhang.wei ← 需求已提交：2026-Q4-SCB-001 新品上市推广\n liu.yang ← 请审批市场部的协作需求");
});
