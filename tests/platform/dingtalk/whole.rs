//! A request from its first word to its last signature, on interactive cards: heard and said through DingTalk alone.

use super::world::{World, tell};
use crate::world::telling::Way;
use crate::world::{filled, lent};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_filed_on_a_page_approved_and_confirmed_on_cards_that_change_before_everybodys_eyes() {
    tell(&[Way::Webhook], |mut world: World| async move {
        world.says("zhang.wei", "/new 新品上市推广").await;
        let (_, form) = world.card("zhang.wei", "发起跨部门需求").await;
        let button = (1..=6).find(|n| form[&format!("b{n}_label")] == "提交").unwrap();
        world.fills(&form[&format!("b{button}_url")], "file", &lent(&filled(&[]))).await.is_done();

        let answer = world.presses_on("liu.yang", ("请审批市场部的协作需求", "同意")).await;
        assert_eq!(answer["userPrivateData"]["cardParamMap"]["note_kind"], "success", "{answer}");
        let shown = &answer["cardData"]["cardParamMap"];
        assert_eq!((&shown["b1_label"], &shown["b2_label"]), (&"查看详情".into(), &"".into()), "decided");

        for (person, title) in [("li.na", "请研发部确认协作任务"), ("wang.fang", "请财务部确认协作任务")]
        {
            let answer = world.presses_on(person, (title, "确认无误")).await;
            assert_eq!(answer["userPrivateData"]["cardParamMap"]["note_kind"], "success", "{answer}");
        }
        for person in ["zhang.wei", "liu.yang"] {
            world.card(person, "各部门已全部确认").await;
        }
        let (registered, counted) = (world.office.count("cards.register"), world.count("signature").await);
        assert_eq!((registered, counted), (1, 2));
        world.ends().await;
    })
    .await;
}
