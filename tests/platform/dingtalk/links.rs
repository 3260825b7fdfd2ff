//! Without a card template: messages whose buttons open signed pages, over Stream mode.
//!
//! Invariant: everything that a card's button does, a page does, once; looking changes nothing.

use super::world::{World, tell};
use crate::world::telling::Way;
use crate::world::{company, filled, lent};

const STREAM: &[Way] = &[Way::Stream];

/// Filed by 张伟 and approved by 刘洋, on pages.
async fn asked(world: &mut World) {
    world.says("zhang.wei", "/new 新品上市推广").await;
    let link = world.link("zhang.wei", ("发起跨部门需求", "提交")).await;
    world.fills(&link, "file", &lent(&filled(&[]))).await.is_done();
    let link = world.link("liu.yang", ("请审批市场部的协作需求", "同意")).await;
    world.fills(&link, "approve", &[]).await.is_done();
    world.settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_goes_its_whole_way_on_pages_with_an_objection_and_a_revision() {
    tell(STREAM, |mut world: World| async move {
        asked(&mut world).await;
        world.hears("zhang.wei", "刘洋已同意，需求已发给各部门", 0).await;
        let confirm = world.link("li.na", ("请研发部确认协作任务", "确认无误")).await;
        world.fills(&confirm, "confirm", &[]).await.is_done();

        let object = world.link("wang.fang", ("请财务部确认协作任务", "提出异议")).await;
        let wrong = world.fills(&object, "object", &[("reason", ""), ("suggestion", "")]).await;
        assert_eq!(wrong.status, 422, "an objection has a reason: {}", wrong.text);
        let said = [("reason", "预算口径不清"), ("suggestion", "先定口径")];
        world.submits((&object, &wrong), "object", &said).await.is_done();

        let revise = world.link("zhang.wei", ("财务部提出异议，请答复", "修订")).await;
        let values = filled(&[("ask2_task", "按含税口径测算推广预算")]);
        world.fills(&revise, "file", &lent(&values)).await.is_done();
        let again = world.link("wang.fang", ("需求已修订，请财务部重新确认", "确认无误")).await;
        world.fills(&again, "confirm", &[]).await.is_done();
        for person in ["zhang.wei", "liu.yang"] {
            world.hears(person, "各部门已全部确认", 0).await;
        }
        let state = world.count("request WHERE state = 'confirmed'").await;
        assert_eq!((state, world.office.count("cards.create")), (1, 0));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_one_persons_and_one_act_however_often_and_however_late_it_is_opened() {
    tell(STREAM, |mut world: World| async move {
        asked(&mut world).await;
        let confirm = world.link("li.na", ("请研发部确认协作任务", "确认无误")).await;
        let before = world.count("audit").await;
        let first = world.opens(&confirm).await;
        let second = world.opens(&confirm).await;
        // Whoever it was forwarded to reads in whose name it acts, and before that nothing has happened.
        assert!(first.text.contains("您正以李娜的名义办理"), "{}", first.text);
        assert_eq!((second.status, world.count("audit").await), (200, before));

        // Two windows, each sent twice: one signature.
        world.submits((&confirm, &first), "confirm", &[]).await.is_done();
        world.submits((&confirm, &first), "confirm", &[]).await.is_done();
        let late = world.submits((&confirm, &second), "confirm", &[]).await;
        assert_eq!((late.status, late.can_submit()), (409, false), "{}", late.text);
        assert_eq!(world.count("signature").await, 1);

        let after = world.opens(&confirm).await;
        assert!(after.status == 200 && !after.can_submit() && after.text.contains("李娜"), "{}", after.text);

        // Opened after the end: nothing to do any more.
        let object = world.link("wang.fang", ("请财务部确认协作任务", "提出异议")).await;
        world.says("zhang.wei", "/cancel 2026-Q4-SCB-001 不做了").await;
        let closed = world.opens(&object).await;
        assert!(closed.status == 200 && !closed.can_submit(), "{}: {}", closed.status, closed.text);
        world.ends().await;
    })
    .await;
}

/// Subject and whether it is ticked off, of everything on somebody's list.
fn listed(world: &World, person: &str) -> Vec<(String, bool)> {
    let (owner, state) = (format!("un_{}", company::account(person)), world.office.state());
    let theirs = state.todos.values().filter(|todo| todo.owner == owner);
    theirs.map(|todo| (todo.subject.clone(), todo.is_done)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_owed_stands_on_peoples_lists_until_it_is_done() {
    tell(STREAM, |mut world: World| async move {
        asked(&mut world).await;
        let about = "2026-Q4-SCB-001 新品上市推广";
        assert_eq!(listed(&world, "liu.yang"), [(format!("需求审批 · {about}"), true)]);
        for person in ["li.na", "wang.fang"] {
            assert_eq!(listed(&world, person), [(format!("部门确认 · {about}"), false)], "{person}");
        }
        let confirm = world.link("li.na", ("请研发部确认协作任务", "确认无误")).await;
        world.fills(&confirm, "confirm", &[]).await.is_done();
        world.settles().await;
        assert_eq!(listed(&world, "li.na"), [(format!("部门确认 · {about}"), true)]);
        assert_eq!(listed(&world, "wang.fang"), [(format!("部门确认 · {about}"), false)]);
        assert_eq!(world.office.count("todo.create"), 3, "nothing is made twice");
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_go_to_one_person_only_and_a_group_gets_none() {
    tell(STREAM, |mut world: World| async move {
        asked(&mut world).await;
        world.is("2026-11-25 10:00").await;
        let heard = world.titles("robot", 0);
        assert!(heard.iter().any(|title| title == "研发部的部门确认逾期未答复"), "{heard:?}");
        let messages = world.office.messages();
        let grouped: Vec<_> = messages.iter().filter(|message| message.to == "robot").collect();
        assert!(grouped.iter().all(|one| !one.content.to_string().contains("/forms/")), "{grouped:?}");
        world.hears("chen.jie", "研发部的部门确认逾期未答复，请协助", 0).await;
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_page_only_the_button_that_files_files() {
    tell(STREAM, |mut world: World| async move {
        world.says("zhang.wei", "/new 新品上市推广").await;
        let link = world.link("zhang.wei", ("发起跨部门需求", "提交")).await;
        let values = filled(&[]);
        for (button, status) in [("keep_draft", 200), ("preview", 200), ("drafts", 400), ("whatever", 400)] {
            let page = world.fills(&link, button, &lent(&values)).await;
            assert_eq!((page.status, world.count("request").await), (status, 0), "{button}: {}", page.text);
        }
        assert_eq!(world.count("draft").await, 1);
        world.fills(&link, "file", &lent(&values)).await.is_done();
        assert_eq!(world.count("request").await, 1);
        world.ends().await;
    })
    .await;
}
