//! The board and the page of a request in a real browser: while they change, on a phone and at a desk, light and dark, by
//! keyboard, on paper.

use serde_json::json;

use crate::page::Page;
use crate::world::{Backend, World};

const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1440, 1000);

/// A request with seven tasks in four departments, some done, one late, one with a risk; and some others.
async fn busy(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.presses("zhang.wei", "split").await;
    for task in [
        "样机测试与量产评审 @李娜 12月4日 依赖 1",
        "上市预算分解到渠道 @王芳 11月30日 依赖 2",
        "培训门店与客服话术 @唐蕊 12月8日 依赖 3",
        "官网与信息系统上线 @黄磊 12月11日 依赖 3",
        "上市发布会 @孙丽 12月15日 依赖 4,5,6",
    ] {
        world.says("zhang.wei", &format!("/task add {number} {task}")).await;
    }
    for line in [
        "li.na /start NO/1",
        "li.na /done NO/1",
        "wang.fang /start NO/2",
        "wang.fang /progress NO/2 40% 已收集报价 下一步：汇总 风险：供应商报价未回",
        "li.na /start NO/3",
    ] {
        let (person, words) = line.split_once(' ').unwrap();
        world.says(person, &words.replace("NO", &number)).await;
    }
    world.files_with(&[("title", "年会场地与直播支持"), ("priority", "high")]).await;
    world.files_with(&[("title", "客服知识库改版"), ("visibility", "public")]).await;
    world.is("2026-12-07 10:00").await;
    world.settles().await;
    world.forgets().await;
    number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_follows_what_happens_while_somebody_reads_and_types() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = world.files_and_approves().await;
    let link = world.way_in("zhang.wei", "/看板").await;
    let Some(page) = Page::of_link(&link, DESK, "light").await else { return };
    page.sees_anywhere("body[data-ready]").await;
    page.tabs_to("input[name=text]").await;
    page.types_here("新品").await;
    page.tabs_to(&format!("[data-key='{number}']")).await;

    let signed = "return [...document.querySelectorAll('.asked .signed')].some((n) => n.textContent.includes(arguments[0]));";
    world.says("wang.fang", &format!("/confirm {number}")).await;
    page.until(signed, &[json!("财务部")], "the tile shows who has signed").await;
    let moved = "return document.querySelector(`section[aria-labelledby=column-${arguments[0]}]`).textContent.includes('新品上市推广');";
    world.says("li.na", &format!("/confirm {number}")).await;
    page.until(moved, &[json!("confirmed")], "the tile stands in the next column").await;
    let kept = "return document.activeElement.dataset.key === arguments[0] && document.querySelector('[name=text]').value === '新品';";
    page.until(kept, &[json!(number)], "focus and what was typed are where they were").await;
    page.shot("board-1-it-has-moved").await;

    page.enters().await;
    page.sees_anywhere(".request h1").await;
    page.sees_anywhere("body[data-ready]").await;
    page.reads_anywhere("尚未拆分任务").await;
    world.presses("zhang.wei", "split").await;
    page.sees_anywhere("svg.gantt .today").await;
    page.reads_anywhere("0/2 项任务已完成").await;
    world.says("li.na", &format!("/done {number}/1")).await;
    page.reads_anywhere("1/2 项任务已完成").await;
    page.closes().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_in_order_on_a_phone_and_at_a_desk_light_and_dark() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = busy(&mut world).await;
    world.says("guo.qiang", "/settings language en").await;
    for (name, person, size, scheme) in [
        ("phone-light", "zhang.wei", PHONE, "light"),
        ("phone-dark", "zhang.wei", PHONE, "dark"),
        ("desk-light", "zhang.wei", DESK, "light"),
        ("desk-dark-english", "guo.qiang", DESK, "dark"),
    ] {
        let link = world.way_in(person, "/board").await;
        let Some(page) = Page::of_link(&link, size, scheme).await else { return };
        for (path, what) in [
            ("/board".to_owned(), "board"),
            ("/board?column=review".to_owned(), "column"),
            ("/board?by=department".to_owned(), "departments"),
            (format!("/requests/{number}"), "request"),
        ] {
            page.goes_to(&format!("{}{path}", world.url())).await;
            page.sees_anywhere("body[data-ready]").await;
            assert!(page.fits().await, "{what} sticks out on {name}");
            page.is_accessible().await;
            page.shot(&format!("board-2-{what}-{name}")).await;
        }
        page.run("document.querySelector('#gantt').scrollIntoView();", &[]).await;
        page.shot(&format!("board-3-pictures-{name}")).await;
        page.closes().await;
    }
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_paper_stands_what_is_to_be_read_and_nothing_to_click() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = busy(&mut world).await;
    let link = world.way_in("zhang.wei", &format!("/board {number}")).await;
    let Some(page) = Page::of_link(&link, (800, 1130), "light").await else { return };
    page.sees_anywhere("svg.flow").await;
    page.browser.asks("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    page.misses(".acts").await;
    page.misses("#sheets").await;
    page.misses(".top form").await;
    page.sees_anywhere("#table").await;
    page.shot("board-4-on-paper").await;
    page.closes().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}
