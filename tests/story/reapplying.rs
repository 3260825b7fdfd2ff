//! The rules about time change; what is open keeps its deadlines until somebody says otherwise, having seen what moves.

use crate::world::ground::runs;
use crate::world::{World, story};

/// The built-in rules, but two working days to confirm.
fn slower(world: &World) -> String {
    let rules = include_str!("../../config/policy.toml");
    let (before, confirm) = rules.split_once("[confirm_request]").unwrap();
    let confirm = confirm.replacen(r#"due = "1wd""#, r#"due = "2wd""#, 1);
    let confirm = confirm.replacen(r#"at = "48dh""#, r#"at = "72dh""#, 1);
    world.keeps_file("policy.toml", &format!("{before}[confirm_request]{confirm}"))
}

story!(what_is_open_moves_to_new_rules_only_when_told_and_the_difference_is_shown_first, |world| {
    let number = world.files_and_approves().await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    let file = slower(world);
    let rules = [("LIAISON__POLICY__FILE", file.as_str())];
    let before = world.numbers("SELECT due_at FROM obligation WHERE closed_at IS NULL", 1).await;

    let (code, said) = runs(world.database(), (&["policy", "reapply"], &rules));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("confirm_request li.na"), "{said}");
    assert!(said.contains("due  Tue 2026-11-24 10:00 → Wed 2026-11-25 10:00"), "{said}");
    assert!(said.contains("1 would change, nothing was changed"), "{said}");
    assert_eq!(world.numbers("SELECT due_at FROM obligation WHERE closed_at IS NULL", 1).await, before);
    world.settles().await;
    world.hears("").await;

    let (code, said) = runs(world.database(), (&["policy", "reapply", "--apply"], &rules));
    assert_eq!((code, said.contains("1 of 1 changed")), (Some(0), true), "{said}");
    world.settles().await;
    let moved =
        "研发部：部门确认的截止时间由11月24日（周二）10:00改为11月25日（周三）10:00（时限规则已调整）";
    world.hears(&format!("zhang.wei ← {moved}\n li.na ← {moved}")).await;
    let (_, said) = runs(world.database(), (&["policy", "reapply", "--apply"], &rules));
    assert!(said.contains("nothing that is open would change"), "{said}");
    world.settles().await;
    world.hears("").await;

    // What is said and done afterwards counts from the new deadline.
    world.is("2026-11-25 09:59").await;
    assert!(!world.heard().await.contains("到时限"));
    world.is("2026-11-25 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
    let toast = world.presses("li.na", "confirm").await;
    assert!(toast.contains("研发部"), "{toast} {number}");
    world.forgets().await;
});
