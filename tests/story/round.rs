//! T3: whom the daily round asks, on which days, and what the group reads afterwards.

use crate::world::{World, story};

/// Confirmed on Monday, 28 September 2026, with a task for 李娜 and one for 王芳.
async fn before_national_day(world: &mut World) -> String {
    world.begins_at("2026-09-28 10:00").await;
    let number = world.files_with(&[("wanted_by", "2026-10-30")]).await;
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        world.says(person, &format!("/{words} {number}")).await;
    }
    world.says("zhang.wei", &format!("/task split {number}")).await;
    number
}

story!(the_round_comes_on_a_make_up_saturday_and_not_on_a_holiday, |world| {
    let number = before_national_day(world).await;
    world.says("li.na", &format!("/start {number}/1")).await;
    world.is("2026-09-30 17:30").await;
    world.forgets().await;
    // National Day: seven days in which nobody is asked. (At 18:00 of the last day the third round was missed.)
    world.is("2026-10-08 16:59").await;
    world.hears("").await;
    world.is("2026-10-08 17:00").await;
    world.hears("li.na ← 请汇报今日进度（1 项）").await;
    world.is("2026-10-09 17:00").await;
    world.forgets().await;
    world.is("2026-10-10 16:59").await;
    world.hears("").await;
    world.is("2026-10-10 17:00").await;
    world.hears("li.na ← 请汇报今日进度（1 项）").await;
    world.is("2026-10-11 20:00").await;
    world.hears("").await;
});

story!(who_stands_in_is_asked_and_who_is_back_is_asked_again, |world| {
    let number = before_national_day(world).await;
    world.says("zhang.wei", &format!("/task add {number} 准备培训 @吴昊 2026-10-20")).await;
    for (person, task) in [("wang.fang", 2), ("zhou.ting", 3)] {
        world.says(person, &format!("/start {number}/{task}")).await;
    }
    world.says("wang.fang", "/delegate @赵敏 从 2026-09-29 到 2026-09-29").await;
    world.forgets().await;
    // 吴昊 is on leave all year.
    world.is("2026-09-28 17:00").await;
    world.all_of(&["wang.fang ← 请汇报今日进度（1 项）", "zhou.ting ← 请汇报今日进度（1 项）"]).await;
    // What 王芳 owes passes at midnight, and is said in the morning.
    world.is("2026-09-29 08:29").await;
    world.hears("").await;
    world.is("2026-09-29 16:59").await;
    world.forgets().await;
    world.is("2026-09-29 17:00").await;
    world.all_of(&["zhao.min ← 请汇报今日进度（1 项）", "zhou.ting ← 请汇报今日进度（1 项）"]).await;
    world.is("2026-09-30 16:59").await;
    world.forgets().await;
    world.is("2026-09-30 17:00").await;
    world.all_of(&["wang.fang ← 请汇报今日进度（1 项）", "zhou.ting ← 请汇报今日进度（1 项）"]).await;
});

story!(who_reported_is_not_asked_nor_who_waits_for_another, |world| {
    let number = before_national_day(world).await;
    world.says("zhang.wei", &format!("/task add {number} 拍产品照 @孙丽 2026-10-20")).await;
    for (person, task) in [("li.na", 1), ("wang.fang", 2), ("sun.li", 3)] {
        world.says(person, &format!("/start {number}/{task}")).await;
    }
    // What 王芳 has begun turns out to wait for 李娜.
    world.says("zhang.wei", &format!("/task edit {number}/2")).await;
    let plan = [("task_name", "测算推广预算"), ("task_owner", "王芳"), ("task_after", "1")];
    world.fills("zhang.wei", "save_task", &plan).await;
    world.says("sun.li", &format!("/progress {number}/3 20% 选好场地 下一步：拍摄")).await;
    world.forgets().await;
    world.is("2026-09-28 17:00").await;
    world.hears("li.na ← 请汇报今日进度（1 项）").await;
    world.says("li.na", &format!("/progress {number}/1 50% 完成一半 下一步：整理")).await;
    world.forgets().await;
    world.is("2026-09-29 17:00").await;
    world.all_of(&["li.na ← 请汇报今日进度（1 项）", "sun.li ← 请汇报今日进度（1 项）"]).await;
});

story!(a_day_on_which_the_last_task_in_progress_was_finished_is_told_to_the_group, |world| {
    let number = before_national_day(world).await;
    world.says_in("guo.qiang", "g-project", &format!("@联络 /bind project {number}")).await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.forgets().await;
    world.is("2026-09-28 17:59").await;
    world.hears("").await;
    world.is("2026-09-28 18:00").await;
    world.hears("g-project ← 今日进度汇总 · 9月28日（周一）").await;
    let messages = world.messages("g-project", "zhang.wei").await;
    let card = messages.last().unwrap()["card"].to_string();
    assert!(card.contains("1 提供技术资料 · 李娜") && !card.contains("未汇报"), "{card}");
    // The day after there is nothing to tell.
    world.is("2026-09-29 20:00").await;
    world.hears("").await;
});

story!(what_is_in_hand_is_reported_by_the_link_of_a_list, |world| {
    let number = before_national_day(world).await;
    world.says("li.na", &format!("/start {number}/1")).await;
    world.loses_forms().await;
    world.is("2026-09-28 17:00").await;
    world.says("li.na", "/my").await;
    world.forgets().await;
    let link = world.link("li.na", "report_progress_1").await;
    let page = world.opens(&link).await;
    page.says("name=\"p1_done\"");
    let wrong =
        world.submits(&page.link, &page, "report", &[("p1_percent", "40"), ("p1_done", "写完初稿")]).await;
    assert_eq!(wrong.status, 422, "what comes next is missing");
    wrong.says("写完初稿");
    let values = [("p1_percent", "40"), ("p1_done", "写完初稿"), ("p1_next", "补充参数")];
    let done = world.submits(&page.link, &wrong, "report", &values).await;
    assert_eq!(done.status, 200, "{}", done.text);
    done.says("told success");
    world.says("zhang.wei", &format!("/tasks {number}")).await;
    assert!(world.card("zhang.wei").await.to_string().contains("40%"));
    world.forgets().await;
});
