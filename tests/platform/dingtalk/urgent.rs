//! I1–I3 and T3 on DingTalk: an urgent issue in the night of a holiday with a DING, and from the form to the 17:00 round, over
//! HTTP and in Stream mode, on interactive cards and on links.

use std::collections::BTreeMap;

use serde_json::json;

use super::world::{World, message, office, press, tell_every_way};
use crate::world::{company, filled, lent};

/// Somebody was told this, on a card or in a message.
async fn told(world: &World, person: &str, title: &str) {
    match world.has_cards() {
        true => drop(world.card(person, title).await),
        false => world.hears(person, title, 0).await,
    }
}

/// Somebody presses a button that acts at once: on the card, or on the page that it leads to.
async fn presses(world: &mut World, person: &str, (title, label): (&str, &str)) {
    if world.has_cards() {
        let answer = world.presses_on(person, (title, label)).await;
        assert_eq!(answer["userPrivateData"]["cardParamMap"]["note_kind"], "success", "{answer}");
    } else {
        let link = world.link(person, (title, label)).await;
        let page = world.opens(&link).await;
        let button = page.text.split("name=\"_button\" value=\"").nth(1).unwrap_or_default();
        let button = button.split('"').next().unwrap_or_default().to_owned();
        world.submits((&link, &page), &button, &[]).await.is_done();
    }
    world.settles().await;
}

/// Somebody fills in the form under that title: on the card itself where it fits, else on the page that it leads to.
async fn fills(
    world: &mut World,
    person: &str,
    (title, label, action): (&str, &str, &str),
    values: &[(&str, &str)],
) {
    if !world.has_cards() {
        let link = world.link(person, (title, label)).await;
        world.fills(&link, action, values).await.is_done();
    } else {
        let (id, form) = world.card(person, title).await;
        match (1..=6).find(|n| form[&format!("b{n}_label")] == label) {
            Some(button) => world.fills(&form[&format!("b{button}_url")], action, values).await.is_done(),
            None => {
                world.until_there_are(1, &format!("message WHERE message = '{id}'")).await;
                let typed: BTreeMap<&str, &str> = values.iter().copied().collect();
                let mut press = press(person, &json!({ "w": form["form_want"], "form": typed }));
                press["outTrackId"] = json!(id);
                let (code, answer) = world.delivers_press(&press).await;
                let note = &answer["userPrivateData"]["cardParamMap"]["note_kind"];
                assert_eq!((code, note.as_str()), (200, Some("success")), "{answer}");
            }
        }
    }
    world.settles().await;
}

/// Somebody writes into the group, to the robot.
async fn says_in_the_group(world: &mut World, person: &str, words: &str) {
    let id = world.fresh("msg");
    let mut said = message(&id, person, words);
    said["conversationType"] = json!("2");
    said["conversationId"] = json!(office::GROUP);
    said["conversationTitle"] = json!("项目群");
    said["isInAtList"] = json!(true);
    world.delivers_message(&said).await;
    world.settles().await;
}

/// Whether something with these words stands in the group.
fn stands_in_the_group(world: &World, words: &str) -> bool {
    let space = format!("IM_GROUP.{}", office::GROUP);
    let card = world
        .office
        .state()
        .cards
        .values()
        .any(|card| card.space == space && json!(card.data).to_string().contains(words));
    let messages = world.office.messages();
    card || messages.iter().any(|one| one.to == office::GROUP && one.content.to_string().contains(words))
}

/// How often somebody was buzzed.
fn dings(world: &World, person: &str) -> usize {
    let account = company::account(person);
    world.office.messages().iter().filter(|one| one.to == account && one.kind == "ding").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_urgent_issue_in_the_night_of_a_holiday_is_heard_taken_on_solved_and_closed() {
    tell_every_way(|mut world: World| async move {
        world.buzzes();
        world.begins_at("2026-10-01 02:00").await;
        says_in_the_group(&mut world, "guo.qiang", "/bind issues").await;
        world.says("zhang.wei", "/问题 紧急 @研发部 生产环境宕机").await;
        world.settles().await;
        let alert = "紧急问题 I1：生产环境宕机";
        for person in ["li.na", "chen.jie", "ma.ning"] {
            told(&world, person, alert).await;
            assert_eq!(dings(&world, person), 1, "{person}");
        }
        assert!(stands_in_the_group(&world, "生产环境宕机"));
        world.is("2026-10-01 02:15").await;
        told(&world, "li.na", "提醒：问题响应还在等您 · 紧急问题 I1 生产环境宕机").await;
        assert_eq!(dings(&world, "li.na"), 2, "a reminder in the night buzzes, too");
        world.restarts().await;
        presses(&mut world, "li.na", (alert, "响应")).await;
        told(&world, "zhang.wei", "李娜已响应问题 I1：生产环境宕机").await;
        world.is("2026-10-01 02:30").await;
        told(&world, "ma.ning", "研发部的启动协调会已超时（李娜）· 紧急问题 I1 生产环境宕机").await;
        world.says("li.na", "/协调会 YFB-1-I1 https://meet.example.com/1").await;
        told(&world, "ma.ning", "问题 I1 的协调会已启动：生产环境宕机").await;
        world.says("li.na", "/方案 YFB-1-I1 磁盘满 措施：扩容 @李娜 完成：今天 08:00").await;
        told(&world, "zhang.wei", "问题 I1 有了解决方案：李娜，10月1日（周四）08:00前完成").await;
        world.restarts().await;
        world.says("li.na", "/解决 YFB-1-I1 扩容完成 效果：恢复").await;
        let solved = "问题 I1 已解决，请确认：生产环境宕机";
        told(&world, "zhang.wei", solved).await;
        presses(&mut world, "zhang.wei", (solved, "确认并关闭")).await;
        told(&world, "li.na", "问题 I1 已关闭：生产环境宕机").await;
        assert_eq!(world.count("issue WHERE state = 'closed'").await, 1);
        assert_eq!(world.count("obligation WHERE closed_at IS NULL").await, 0);
        world.ends().await;
    })
    .await;
}

/// Both departments have signed and work on their tasks.
async fn at_work(world: &mut World) {
    world.says("zhang.wei", "/new 新品上市推广").await;
    fills(world, "zhang.wei", ("发起跨部门需求", "提交", "file"), &lent(&filled(&[]))).await;
    presses(world, "liu.yang", ("请审批市场部的协作需求", "同意")).await;
    presses(world, "li.na", ("请研发部确认协作任务", "确认无误")).await;
    presses(world, "wang.fang", ("请财务部确认协作任务", "确认无误")).await;
    says_in_the_group(world, "guo.qiang", "/bind project SCB-1").await;
    world.says("zhang.wei", "/任务 拆分 SCB-1").await;
    for (person, task) in [("li.na", 1), ("wang.fang", 2)] {
        world.says(person, &format!("/开始 SCB-1/{task}")).await;
    }
    world.settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_17_00_round_is_one_message_each_answered_on_its_page_and_read_in_the_group_at_18_00() {
    tell_every_way(|mut world: World| async move {
        at_work(&mut world).await;
        let round = "请汇报今日进度（1 项）";
        world.is("2026-11-23 16:59").await;
        world.restarts().await;
        let before = world.office.messages().len();
        world.is("2026-11-23 17:00").await;
        for person in ["li.na", "wang.fang"] {
            told(&world, person, round).await;
            let account = company::account(person);
            let theirs =
                world.office.messages().into_iter().skip(before).filter(|one| one.to == account).count();
            assert_eq!(theirs, 1, "{person} gets one message");
        }
        let said = [("p1_percent", "60"), ("p1_done", "接口写完"), ("p1_next", "联调")];
        fills(&mut world, "li.na", (round, "提交进度", "report"), &said).await;
        assert_eq!(world.count("obligation WHERE kind = 'report_progress' AND outcome = 'met'").await, 1);
        world.is("2026-11-23 18:00").await;
        assert!(stands_in_the_group(&world, "接口写完"), "{:?}", world.office.messages().last());
        assert!(stands_in_the_group(&world, "王芳"), "who is missing is named");
        world.ends().await;
    })
    .await;
}
