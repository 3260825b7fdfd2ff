//! The issue board in a real browser: while it changes, on a phone and at a desk, light and dark.

use serde_json::json;

use crate::page::Page;
use crate::world::{Backend, World};

const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1440, 1000);

/// Issues of every severity: one late, one nearly due, one being handled, one reported twice, one that stands alone.
async fn troubled(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    for (person, act) in [("li.na", "confirm"), ("wang.fang", "confirm"), ("zhang.wei", "split")] {
        world.presses(person, act).await;
    }
    for issue in [
        "/1 重要 样机测试接口全部返回错误，需要供应商到场排查 影响：全部门店",
        "/2 重要 预算表与系统数据对不上",
        " 一般 @财务部 发票抬头有误",
        " 一般 @研发部 会议室投影仪无法使用",
    ] {
        world.says("zhang.wei", &format!("/问题 {number}{issue}")).await;
    }
    world.says("li.na", &format!("/问题 {number}/1 重要 接口错误")).await;
    world.says("wang.fang", &format!("/响应 {number}-I2")).await;
    world.is("2026-11-23 13:10").await;
    world.says("zhang.wei", "/问题 紧急 @信息技术部 收银系统宕机，所有门店无法结账").await;
    world.passes("13min").await;
    world.settles().await;
    world.forgets().await;
    number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_issue_board_is_in_order_on_a_phone_and_at_a_desk_light_and_dark() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = troubled(&mut world).await;
    world.says("guo.qiang", "/settings language en").await;
    for (name, person, size, scheme) in [
        ("phone-light", "zhang.wei", PHONE, "light"),
        ("phone-dark", "zhang.wei", PHONE, "dark"),
        ("desk-dark", "zhang.wei", DESK, "dark"),
        ("desk-light-english", "guo.qiang", DESK, "light"),
    ] {
        let link = world.way_in(person, "/board").await;
        let Some(page) = Page::of_link(&link, size, scheme).await else { return };
        for (path, what) in [
            ("/board/issues".to_owned(), "all"),
            ("/board/issues?severity=general".to_owned(), "general"),
            ("/requests/2026-Q4-XXB-001".to_owned(), "alone"),
            (format!("/requests/{number}"), "request"),
        ] {
            page.goes_to(&format!("{}{path}", world.url())).await;
            page.sees_anywhere("body[data-ready]").await;
            assert!(page.fits().await, "{what} sticks out on {name}");
            page.is_accessible().await;
            page.shot(&format!("issues-1-{what}-{name}")).await;
        }
        page.closes().await;
    }
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_issue_board_follows_what_happens_while_somebody_reads_and_types() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = troubled(&mut world).await;
    let link = world.way_in("zhang.wei", "/看板").await;
    let Some(page) = Page::of_link(&link, DESK, "light").await else { return };
    page.goes_to(&format!("{}/board/issues", world.url())).await;
    page.sees_anywhere("body[data-ready]").await;
    page.tabs_to("input[name=text]").await;
    page.types_here("发票").await;
    page.tabs_to(&format!("[data-key='{number}-I1']")).await;
    world.says("li.na", &format!("/响应 {number}-I1")).await;
    let handled = "return document.querySelector('#issues').textContent.split('处理中').length === 3;";
    page.until(handled, &[], "two tiles say so").await;
    let kept = "return document.activeElement.dataset.key === arguments[0] && document.querySelector('[name=text]').value === '发票';";
    page.until(kept, &[json!(format!("{number}-I1"))], "focus and what was typed are where they were").await;
    world.says("li.na", &format!("/解决 {number}-I1 换了版本 效果：恢复")).await;
    let gone = "return document.querySelector(`[data-key='${arguments[0]}']`) === null;";
    page.until(gone, &[json!(format!("{number}-I1"))], "what is solved leaves").await;
    page.closes().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}
