//! A deadline beyond the known holidays is provisional; it is counted again, and those whom it concerns hear, when the
//! holidays are published.

use crate::world::story;

/// Three days off, and nothing else is known of the year.
const YEAR_2027: &str = r#"
year = 2027
status = "official"
source = "a story"
work = []

[[holiday]]
name = "元旦"
from = "2027-01-01"
to = "2027-01-03"
"#;

story!(a_deadline_beyond_the_known_holidays_moves_when_they_are_published, |world| {
    world.is("2026-12-31 10:00").await;
    let number = world.files_with(&[("wanted_by", "2027-01-20")]).await;
    world.presses("liu.yang", "approve").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/why {number}")).await;
    let why = world.card("zhang.wei").await.to_string();
    assert!(why.contains("暂定") && why.contains("1月1日"), "{why}");
    world.forgets().await;

    world.learns_holidays("2027", YEAR_2027).await;
    world
        .hears(
            "zhang.wei ← 研发部：部门确认的截止时间由2027年1月1日（周五）10:00改为2027年1月4日（周一）10:00（节假日安排已公布）
             li.na ← 研发部：部门确认的截止时间由2027年1月1日（周五）10:00改为2027年1月4日（周一）10:00（节假日安排已公布）",
        )
        .await;
    world.says("zhang.wei", &format!("/why {number}")).await;
    let why = world.card("zhang.wei").await.to_string();
    assert!(!why.contains("暂定") && why.contains("1月4日") && why.contains("元旦"), "{why}");
    world.forgets().await;

    world.is_down_for(0).await;
    world.hears("").await;
    world.is("2027-01-04 09:59").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    world.is("2027-01-04 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
});

story!(what_is_known_already_is_not_counted_again, |world| {
    world.files_and_approves().await;
    world.learns_holidays("2027", YEAR_2027).await;
    world.hears("").await;
});
