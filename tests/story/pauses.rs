//! The pause switch: nothing to one chat, nothing of one kind, or nothing at all, until it is lifted or its end has come.

use crate::world::ground::{changes, runs};
use crate::world::{World, story};

fn liaison(world: &World, line: &str) -> String {
    let arguments: Vec<&str> = line.split(' ').collect();
    let (code, said) = runs(world.database(), (&arguments, &[]));
    assert_eq!(code, Some(0), "{line}: {said}");
    said
}

/// Gives every pause this end, on the story's clock: the command line lives by the machine's.
async fn ends_in(world: &World, minutes: i64) {
    let at = world.now().await.as_millisecond() + minutes * 60_000;
    let sql = format!("UPDATE switch SET until_at = {at} WHERE value = 'paused'");
    changes(world.database(), &sql).await;
}

story!(a_chat_that_is_paused_hears_nothing_and_everybody_else_goes_on, |world| {
    let number = world.files().await;
    world.forgets().await;
    let said = liaison(world, "pause --chat li.na");
    assert!(said.starts_with("sending is to person:li.na paused since "), "{said}");
    world.says("liu.yang", &format!("/approve {number}")).await;
    world
        .hears(
            "zhang.wei ← 刘洋已同意，需求已发给各部门
             liu.yang ← 已同意
             chen.jie ← 研发部收到新的协作任务
             wang.fang ← 请财务部确认协作任务
             zhao.min ← 财务部收到新的协作任务",
        )
        .await;
    let ready = world.gets("/readyz").await;
    assert_eq!(ready["degraded"].to_string(), r#"["paused_in_part"]"#, "{ready}");
    world.says("huang.lei", "/status").await;
    world.hears("huang.lei ← 服务在运行，有事项需要处理").await;
    let status = world.card("huang.lei").await.to_string();
    assert!(status.contains("发往 person:li.na 的消息自"), "{status}");
    assert_eq!(liaison(world, "resume --chat li.na"), "sending goes on\n");
    world.settles().await;
    world.hears("li.na ← 请研发部确认协作任务").await;
});

story!(a_kind_that_is_paused_waits_and_holds_up_no_other_kind_in_the_same_chat, |world| {
    let number = world.files_and_approves().await;
    world.forgets().await;
    liaison(world, "pause --kind step");
    world.passes("3wd").await;
    world.says("li.na", "/whoami").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ←") && !heard.contains("提醒"), "{heard}");
    world.says("huang.lei", "/status").await;
    let status = world.card("huang.lei").await.to_string();
    assert!(status.contains("“提醒与升级”类消息自"), "{status}");
    world.forgets().await;
    liaison(world, "resume --kind step");
    world.settles().await;
    let heard = world.heard().await;
    assert!(heard.contains("wang.fang ← 部门确认已到时限"), "what is still owed is said: {heard}");
    assert!(number.contains("SCB"));
});

story!(a_pause_ends_by_itself, |world| {
    let number = world.files().await;
    world.forgets().await;
    liaison(world, "pause --until 2h");
    ends_in(world, 30).await;
    world.says("liu.yang", &format!("/approve {number}")).await;
    world.hears("").await;
    assert_eq!(world.gets("/readyz").await["degraded"].to_string(), r#"["sending_paused"]"#);
    world.passes("31min").await;
    assert_eq!(world.gets("/readyz").await["degraded"].to_string(), "[]");
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
});
