//! A task list from a file in a real browser: chosen by keyboard, looked through on a phone and at a desk, corrected, added;
//! and the chart of many tasks.

use serde_json::json;

use crate::page::Page;
use crate::world::{Backend, World};

const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1280, 900);

const HEAD: &str = "\u{feff}序号,名称,负责人,开始,完成,前置任务,里程碑\r\n";

/// Both departments have signed.
async fn confirmed(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    number
}

/// As the shop's people would write it: several tasks begin on the same day, and much waits for little.
fn rows(count: usize) -> String {
    const NAMES: [&str; 8] = [
        "整理产品卖点",
        "样机试制与量产评审",
        "测算渠道推广预算",
        "培训门店与客服话术",
        "官网与小程序上线",
        "华东区经销商培训与终端物料投放以及门店陈列检查",
        "发布会场地",
        "媒体邀请与新闻稿",
    ];
    const OWNERS: [&str; 4] = ["李娜", "王芳", "孙丽", "张伟"];
    let row = |n: usize| {
        let (wave, name) = (
            n / 8,
            format!("{}{}", NAMES[n % 8], if n < 8 { String::new() } else { format!(" {}", n / 8 + 1) }),
        );
        let after = match (wave, n % 8) {
            (0, _) => String::new(),
            (_, 0) => ((wave - 1) * 8 + 1..=(wave - 1) * 8 + 4)
                .map(|k| k.to_string())
                .collect::<Vec<_>>()
                .join("、"),
            (_, k) => format!("{}", (wave - 1) * 8 + 1 + k / 2),
        };
        let (start, finish) = (wave * 3 + 1, wave * 3 + 3 + n % 3);
        let milestone = if n % 8 == 7 { "是" } else { "" };
        format!("{},{name},{},T+{start},T+{finish},{after},{milestone}\r\n", n + 1, OWNERS[n % 4])
    };
    let rows: String = (0..count).map(row).collect();
    format!("{HEAD}{rows}")
}

impl Page {
    /// Chooses a file where the focus stands, and sends it with the next button.
    async fn sends_file(&self, path: &str) {
        self.tabs_to("input[type=file]").await;
        self.types_here(path).await;
        self.tabs_to("form.upload button").await;
        self.enters().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_chosen_corrected_and_added_by_keyboard_on_a_phone_and_at_a_desk() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let wrong = format!("{HEAD}1,整理产品卖点,孙丽丽,,2020-01-01,,\r\n2,测算渠道推广预算,王芳,,T+5,9,是\r\n");
    let files = [world.keeps_file("wrong.csv", &wrong), world.keeps_file("right.csv", &rows(12))];
    let big = world.keeps_file("big.csv", &"x".repeat(300 * 1024));
    for (name, size, scheme) in [("phone-dark", PHONE, "dark"), ("desk-light", DESK, "light")] {
        let number = confirmed(&mut world).await;
        let link = world.way_in("zhang.wei", &format!("/board {number}")).await;
        let Some(page) = Page::of_link(&link, size, scheme).await else { return };
        page.sees_anywhere("body[data-ready]").await;
        page.tabs_to("#sheets a").await;
        page.enters().await;
        page.sees_anywhere("form.upload").await;
        let in_order = async |what: &str| {
            assert!(page.fits().await, "{what} sticks out on {name}");
            page.is_accessible().await;
            assert!(page.unnamed().await.is_empty(), "{what}: {:?}", page.unnamed().await);
            page.shot(&format!("list-{what}-{name}")).await;
        };
        in_order("1-choose").await;
        page.tabs_to("input[type=file]").await;
        page.types_here(&big).await;
        let too_big =
            "return document.querySelector('input[type=file]').validationMessage.includes('250 KB');";
        page.until(too_big, &[], "nobody waits for a file that is too large").await;
        page.goes_to(&format!("{}/requests/{number}/tasks", world.url())).await;
        page.sends_file(&files[0]).await;
        page.sees_anywhere("td.wrong").await;
        in_order("2-wrong").await;
        page.sends_file(&files[1]).await;
        page.sees_anywhere("input[name=list]").await;
        in_order("3-right").await;
        page.tabs_to("form.upload button.primary").await;
        page.enters().await;
        page.sees_anywhere(".told.success").await;
        in_order("4-added").await;
        page.tabs_to("a.button").await;
        page.enters().await;
        page.sees_anywhere("svg.gantt .task").await;
        page.tabs_to("#sheets a[data-key='task_list.download_csv']").await;
        page.closes().await;
        world.settles().await;
        world.forgets().await;
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ways_of_forty_tasks_stay_apart_and_those_of_one_stand_out() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    for (count, name, size, scheme) in [
        (3, "3-desk-light", DESK, "light"),
        (40, "40-desk-dark", DESK, "dark"),
        (40, "40-phone-light", PHONE, "light"),
    ] {
        let number = confirmed(&mut world).await;
        let file = world.keeps_file("tasks.csv", &rows(count));
        let link = world.way_in("zhang.wei", &format!("/board {number}")).await;
        let Some(page) = Page::of_link(&link, size, scheme).await else { return };
        page.goes_to(&format!("{}/requests/{number}/tasks", world.url())).await;
        page.sends_file(&file).await;
        page.sees_anywhere("input[name=list]").await;
        page.clicks("form.upload button.primary").await;
        page.clicks(".list a.button").await;
        page.sees_anywhere("body[data-ready]").await;
        page.run("document.querySelector('#gantt').scrollIntoView();", &[]).await;
        page.shot(&format!("gantt-{name}")).await;
        page.tabs_to(".gantt .task").await;
        let down = char::from(fantoccini::key::Key::Down).to_string();
        for _ in 0..2 {
            page.types_here(&down).await;
        }
        let stands = "const of = document.querySelector('.gantt').hasAttribute('data-of');
            const on = [...document.querySelectorAll('.gantt .arrow[data-on]')];
            return of && document.activeElement.dataset.task === '3' && on.every((a) => [a.dataset.from, a.dataset.to].includes('3')) && on.length === arguments[0];";
        let ways = if count == 3 { 0 } else { 3 };
        page.until(stands, &[json!(ways)], "only the ways of the third task stand out").await;
        page.run("document.activeElement.scrollIntoView({ block: 'start' });", &[]).await;
        page.shot(&format!("gantt-{name}-third")).await;
        page.is_accessible().await;
        page.closes().await;
        world.settles().await;
        world.forgets().await;
    }
    world.ends().await;
}
