//! Who may see a request: unseen is "not found" for every command, in groups too, and also for who could see it before.

use crate::world::{World, filled, story};

/// Every command that names a number, as typed.
const NAMING: [&str; 16] = [
    "/show NO",
    "/why NO",
    "/confirm NO",
    "/confirm NO @研发部",
    "/object NO 来不及",
    "/approve NO",
    "/return NO 不清楚",
    "/revise NO",
    "/decline NO 已有安排",
    "/escalate NO 谈不拢",
    "/rule NO uphold 理由充分",
    "/withdraw NO",
    "/cancel NO 不做了",
    "/urge NO 很急",
    "/comment NO 请注意",
    "/详情 NO",
];

/// What somebody hears, with the number in question written as `NO`.
async fn answer(world: &mut World, person: &str, typed: &str, number: &str) -> String {
    world.says(person, &typed.replace("NO", number)).await;
    let heard = world.heard().await;
    assert_eq!(heard.lines().count(), 1, "{typed}: {heard}");
    world.card(person).await.to_string().replace(number, "NO")
}

story!(an_unseen_number_and_one_that_does_not_exist_are_answered_alike, |world| {
    // The first number is the example in every such answer.
    world.files().await;
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    world.says("liu.yang", &format!("/approve {secret}")).await;
    world.forgets().await;
    for typed in NAMING {
        let unseen = answer(world, "sun.li", typed, &secret).await;
        let missing = answer(world, "sun.li", typed, "2026-Q4-SCB-777").await;
        assert_eq!(unseen, missing, "{typed}");
        assert!(unseen.contains("没有找到需求"), "{typed}: {unseen}");
        // The same for what is unique of it.
        let unseen = answer(world, "sun.li", typed, "SCB-002").await;
        assert_eq!(unseen, answer(world, "sun.li", typed, "SCB-777").await, "{typed}, shortened");
    }
    // Without a number nothing of it is offered either.
    for typed in ["/show", "/confirm", "/comment 好"] {
        world.says("sun.li", typed).await;
        let card = world.card("sun.li").await.to_string();
        assert!(!card.contains("收购") && !card.contains(&secret), "{typed}: {card}");
    }
    world.forgets().await;
    assert_eq!(secret, "2026-Q4-SCB-002");
});

story!(in_a_group_only_what_everybody_may_see_is_answered_there, |world| {
    let inner = world.files_and_approves().await;
    let open = world.files_with(&[("visibility", "public")]).await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
    for (typed, inner_is) in
        [("/详情 NO", "zhang.wei ← 新品上市推广"), ("/why NO", "zhang.wei ← 期限是怎么算的")]
    {
        world.says_in("zhang.wei", "g-issues", &format!("@联络 {}", typed.replace("NO", &inner))).await;
        world.hears(inner_is).await;
        world.says_in("zhang.wei", "g-issues", &format!("@联络 {}", typed.replace("NO", &open))).await;
        world.hears(&inner_is.replace("zhang.wei", "g-issues")).await;
    }
    // A list of what could be meant is its asker's own.
    world.says_in("zhang.wei", "g-issues", "@联络 /详情").await;
    world.hears("zhang.wei ← 查看详情：请选择需求").await;
    // An act is answered where it was said only if the group may know of it.
    world.says_in("zhang.wei", "g-issues", &format!("@联络 /comment {inner} 请大家抓紧")).await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 评论") && !heard.contains("g-issues"), "{heard}");
    // Whoever made a group the request's own has decided that its members take part.
    world.says_in("guo.qiang", "g-project", &format!("@联络 /bind project {inner}")).await;
    world.forgets().await;
    world.says_in("zhang.wei", "g-project", "@联络 /详情").await;
    world.hears("g-project ← 新品上市推广").await;
    world.says_in("zhang.wei", "g-issues", &format!("@联络 /详情 {inner}")).await;
    world.hears("zhang.wei ← 新品上市推广").await;
});

story!(a_card_of_what_may_be_seen_no_more_shows_nothing_any_more, |world| {
    let number = world.files_with(&[("visibility", "public"), ("title", "年会筹备")]).await;
    world.says("sun.li", &format!("/show {number}")).await;
    let shown = world.messages("p-sun.li", "sun.li").await.last().unwrap()["id"].as_str().unwrap().to_owned();
    assert!(world.card_of("sun.li", &shown).await.to_string().contains("年会筹备"));
    world.says("liu.yang", &format!("/return {number} 先保密")).await;
    world.says("zhang.wei", &format!("/revise {number}")).await;
    let values = filled(&[("visibility", "people"), ("title", "收购星辰公司")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.forgets().await;
    let card = world.card_of("sun.li", &shown).await.to_string();
    assert!(card.contains("没有找到需求") && !card.contains("年会") && !card.contains("收购"), "{card}");
});

story!(names_are_masked_for_those_who_have_no_part_in_a_request, |world| {
    let number = world.files_with(&[("visibility", "public")]).await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
    for (person, masked) in [("huang.lei", true), ("li.na", false), ("sun.li", false), ("guo.qiang", false)] {
        for typed in [format!("/show {number}"), "/list".to_owned()] {
            world.says(person, &typed).await;
            let card = world.card(person).await.to_string();
            assert!(card.contains(if masked { "张*" } else { "张伟" }), "{person} {typed}: {card}");
            assert_eq!(card.contains("张伟"), !masked, "{person} {typed}: {card}");
        }
    }
    world.forgets().await;
});
