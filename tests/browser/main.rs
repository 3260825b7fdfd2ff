//! A real browser plays the sandbox: every step below is a click or a key in Chromium, on the page that a newcomer sees.
//!
//! Screenshots of each scene are left in `target/screenshots/`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod access;
mod board;
mod driver;
mod forms;
mod inside;
mod issue_board;
mod page;
mod task_lists;
#[path = "../story/world.rs"]
#[expect(
    dead_code,
    unused_macros,
    unused_imports,
    reason = "the stories use more of the world than the browser does"
)]
mod world;

use page::Page;
use world::{Backend, World};

/// From the first form, through a return and an objection, to the last signature.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filing_return_resubmit_approve_one_confirm_one_objection_revise_resign_all_confirmed() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let people = "zhang.wei,liu.yang,li.na,wang.fang";
    let Some(page) = Page::opens(&world, &format!("?tour=0&people={people}"), (1440, 900)).await else {
        return;
    };

    page.writes("zhang.wei", "/new").await;
    page.types("zhang.wei", "title", "新品上市推广").await;
    page.presses("zhang.wei", "file").await;
    page.sees("zhang.wei", ".field-error").await;
    assert_eq!(page.value("zhang.wei", "title").await, "新品上市推广", "nothing typed is lost");
    page.shot("1-errors-next-to-the-fields").await;
    for (field, words) in [
        ("background", "X1 下月上市，需要各部门一起准备"),
        ("goal", "首月销量 5000 台"),
        ("wanted_by", "2026-12-15"),
        ("ask1_task", "提供技术资料"),
        ("ask2_task", "测算推广预算"),
    ] {
        page.types("zhang.wei", field, words).await;
    }
    page.chooses("zhang.wei", "priority", "high").await;
    page.chooses("zhang.wei", "ask1_department", "YFB").await;
    page.chooses("zhang.wei", "ask2_department", "CWB").await;
    page.presses("zhang.wei", "file").await;

    page.presses("liu.yang", "return").await;
    page.types("liu.yang", "reason", "目标写得不够具体").await;
    page.presses("liu.yang", "return").await;
    page.reads("zhang.wei", "目标写得不够具体").await;
    page.presses("zhang.wei", "revise").await;
    page.types("zhang.wei", "goal", "首月销量 5000 台，退货率低于 2%").await;
    page.presses("zhang.wei", "file").await;
    page.presses("liu.yang", "approve").await;
    page.shot("2-departments-are-asked").await;

    page.presses("wang.fang", "confirm").await;
    page.reads("wang.fang", "✓ 王芳").await;
    page.presses("li.na", "object").await;
    page.types("li.na", "reason", "两周做不完").await;
    page.types("li.na", "suggestion", "顺延到 12 月 22 日").await;
    page.presses("li.na", "object").await;
    page.reads("zhang.wei", "两周做不完").await;
    page.presses("zhang.wei", "revise").await;
    page.types("zhang.wei", "ask1_wanted_by", "2026-12-22").await;
    page.presses("zhang.wei", "file").await;
    page.reads("li.na", "12月22日").await;
    page.shot("3-the-difference-is-shown").await;
    world.settles().await;
    world.forgets().await;
    page.presses("li.na", "confirm").await;
    page.reads("zhang.wei", "各部门已全部确认").await;
    page.shot("4-all-confirmed").await;
    world.settles().await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认").await;
    assert!(world.upcoming().await.is_empty());
    page.closes().await;
    world.ends().await;
}

/// Nobody answers: the clock bar shows how it climbs, and an answer ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_climbs_to_the_managers_group_while_the_clock_is_moved_by_hand() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.settles().await;
    world.forgets().await;
    let people = "li.na,zhang.wei,chen.jie";
    let Some(page) = Page::opens(&world, &format!("?tour=0&people={people}"), (1440, 900)).await else {
        return;
    };

    page.clicks("#clock-next").await;
    page.reads("li.na", "提醒：部门确认还在等您").await;
    page.clicks("#clock-next").await;
    page.reads("li.na", "部门确认已到时限，请尽快处理").await;
    page.clicks("#clock-workday").await;
    page.reads("chen.jie", "逾期未答复，请协助").await;
    page.reads("chen.jie", "今天 · 11月25日").await;
    page.clicks("#upcoming-toggle").await;
    page.sees_anywhere("#upcoming").await;
    page.shot("5-it-has-climbed").await;
    page.clicks("#upcoming-toggle").await;
    page.writes("zhang.wei", &format!("/urge {number} 周五要交")).await;
    page.reads("li.na", "张伟催办").await;
    world.settles().await;
    world.forgets().await;
    page.presses("li.na", "confirm").await;
    page.reads("zhang.wei", "各部门已全部确认").await;
    world.settles().await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认").await;
    world.passes("5wd").await;
    page.closes().await;
    world.ends().await;
}

/// A phone, the keyboard, the dark, the other language, and the tour of six steps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_on_a_phone_by_keyboard_in_the_dark_and_in_english() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    world.files_and_approves().await;
    let Some(page) = Page::opens(&world, "?people=li.na", (360, 740)).await else { return };

    for _ in 0..6 {
        page.clicks("[data-tour=next]").await;
    }
    page.misses("[data-tour=next]").await;
    assert!(page.fits().await, "nothing sticks out at 360 px");
    page.shot("6-on-a-phone").await;
    page.switches("#language", "en").await;
    page.reads("li.na", "Please confirm what").await;
    page.clicks("#theme").await;
    page.shot("7-in-the-dark").await;
    page.tabs_to("[data-action=confirm]").await;
    world.settles().await;
    world.forgets().await;
    page.enters().await;
    page.reads("li.na", "✓ signed by 李娜").await;
    world.settles().await;
    let heard = world.heard().await;
    assert_eq!(heard.lines().count(), 1, "only the initiator hears of it: {heard}");
    assert!(page.unnamed().await.is_empty(), "controls without a name: {:?}", page.unnamed().await);
    page.closes().await;
    world.ends().await;
}
