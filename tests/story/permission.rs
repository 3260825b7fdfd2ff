//! Everybody tries through the door what the table refuses him: he is told politely, nothing changes, nobody hears.
//!
//! What is refused is read from the reviewed table of `src/domain/permission/product.rs`, cell by cell.

use std::collections::BTreeMap;

use serde_json::json;

use crate::world::{PEOPLE, SECRET, World, story};

const TABLE: &str =
    include_str!("../../src/domain/permission/snapshots/liaison__domain__permission__product__decide.snap");
const SEEN: &str =
    include_str!("../../src/domain/permission/snapshots/liaison__domain__permission__product__may.snap");

/// How somebody types an act. Letters as in the table; a group is bound in a group, so `B` has its own story.
const TYPED: [(&str, &str); 14] = [
    ("A", "/approve NO"),
    ("R", "/return NO 目标不清楚"),
    ("S", "/revise NO"),
    ("K", "/confirm NO @研发部"),
    ("L", "/confirm NO @人力资源部"),
    ("J", "/object NO @研发部 来不及"),
    ("N", "/decline NO @研发部 已有安排"),
    ("E", "/escalate NO @研发部 谈不拢"),
    ("U", "/rule NO @研发部 uphold 理由充分"),
    ("D", "/rule NO @研发部 dismiss 理由不足"),
    ("W", "/withdraw NO"),
    ("C", "/cancel NO 不做了"),
    ("M", "/urge NO 很急"),
    ("T", "/comment NO 请注意"),
];

/// Who says what, so that a fresh request is in a state of the table.
const WAYS: [(&str, &[(&str, &str)]); 12] = [
    ("in review", &[]),
    ("in review by the general manager", &[("liu.yang", "A")]),
    ("returned", &[("liu.yang", "R")]),
    ("confirming", &[("liu.yang", "A")]),
    ("objected", &[("liu.yang", "A"), ("li.na", "J")]),
    ("escalated", &[("liu.yang", "A"), ("li.na", "J"), ("zhang.wei", "E")]),
    ("upheld", &[("liu.yang", "A"), ("li.na", "J"), ("zhang.wei", "E"), ("gao.jianguo", "U")]),
    ("dismissed", &[("liu.yang", "A"), ("li.na", "J"), ("zhang.wei", "E"), ("gao.jianguo", "D")]),
    ("declined", &[("liu.yang", "A"), ("li.na", "J"), ("zhang.wei", "N")]),
    ("confirmed", &[("liu.yang", "A"), ("li.na", "K"), ("zhou.ting", "L"), ("wang.fang", "its own")]),
    ("withdrawn", &[("zhang.wei", "W")]),
    ("cancelled", &[("liu.yang", "A"), ("zhang.wei", "C")]),
];

/// The block of a state: person → letter → how it ends.
fn cells(table: &'static str, state: &str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let has = |block: &&str| block.lines().next().is_some_and(|head| head.split(" | ").any(|s| s == state));
    let block = table.split("\n## ").skip(1).find(has).unwrap_or_else(|| panic!("no state {state}"));
    let rows = block.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.len() > 2).map(|row| (row[0], row[1..].to_vec())).collect()
}

/// What the answer begins with, by how the act ends.
fn words(ending: &str, sees: bool) -> &'static str {
    match ending {
        _ if !sees => "没有找到需求",
        "-" => "没有执行：这一步不由您处理",
        "x" => "没有执行：现在不能这样做",
        "=" => "已经有人处理过了",
        "0" => "现在没有需要催办的人",
        "!" => "没有执行：不能再次提出异议",
        other => panic!("no words for {other}"),
    }
}

struct Try {
    person: &'static str,
    typed: String,
    expected: &'static str,
}

/// All that is refused in a state.
fn refused(state: &str, number: &str) -> Vec<Try> {
    let (ends, may) = (cells(TABLE, state), cells(SEEN, state));
    let letters = TABLE.lines().find(|line| line.trim().starts_with("A R S")).unwrap();
    let letters: Vec<&str> = letters.split_whitespace().collect();
    let mut found = Vec::new();
    for person in PEOPLE {
        let Some(row) = ends.get(person) else { continue };
        for (letter, ending) in letters.iter().zip(row) {
            let typed = TYPED.iter().find(|(l, _)| l == letter).map(|(_, typed)| typed.replace("NO", number));
            let sees = may[person][0] == "S";
            if let Some(typed) = typed.filter(|_| *ending != "+") {
                found.push(Try { person, typed, expected: words(ending, sees) });
            }
        }
    }
    found
}

/// Says it as a messenger brings it: signed bytes at the webhook.
async fn brings(world: &World, key: &str, person: &str, text: &str) {
    let event = json!({ "event": key, "person": person, "chat": format!("p-{person}"), "message": key,
        "type": "text", "text": text });
    let body = serde_json::to_vec(&event).unwrap();
    let status = world.webhook_at(world.url(), &body, SECRET, crate::world::machine_now()).await;
    assert_eq!(status, 200, "{person}: {text}");
}

/// A request in a state.
async fn reaches(world: &World, state: &str, way: &[(&str, &str)]) -> String {
    let budget = if state.ends_with("manager") { "99999999" } else { "" };
    let more = [("ask3_department", "RLB"), ("ask3_task", "招两名兼职"), ("budget", budget)];
    let number = world.files_with(&more).await;
    for (person, letter) in way {
        let typed = TYPED.iter().find(|(l, _)| l == letter).map_or("/confirm NO", |(_, typed)| typed);
        world.says(person, &typed.replace("NO", &number)).await;
    }
    number
}

/// Everything of a request that an act would move.
async fn footprint(world: &World, number: &str) -> Vec<i64> {
    let of = |column: &str, table: &str| {
        format!("(SELECT COUNT({column}) FROM {table} WHERE request = '{number}')")
    };
    let counts = [
        of("*", "obligation"),
        of("closed_at", "obligation"),
        of("urged_at", "obligation"),
        of("*", "urge"),
        of("*", "request_version"),
        of("decided_at", "approval"),
        of("*", "signature"),
        of("*", "objection"),
        "(SELECT COUNT(*) FROM audit)".to_owned(),
        "(SELECT COUNT(*) FROM draft)".to_owned(),
    ];
    let sql =
        format!("SELECT version, audit_count, {} FROM request WHERE id = '{number}'", counts.join(", "));
    world.numbers(&sql, counts.len() + 2).await
}

/// The first and only words that each try was answered with.
async fn answered(world: &mut World, tries: &[Try], state: &str) {
    world.settles().await;
    let heard = world.heard().await;
    let mut heard: Vec<&str> = heard.lines().collect();
    for one in tries {
        let begins = format!("{} ← {}", one.person, one.expected);
        let at = heard.iter().position(|line| line.starts_with(&begins));
        let at = at.unwrap_or_else(|| panic!("{state}: {} should hear {begins}: {heard:#?}", one.typed));
        heard.remove(at);
    }
    assert!(heard.is_empty(), "{state}: heard besides: {heard:#?}");
}

story!(what_the_table_refuses_is_refused_at_the_door_and_changes_nothing, |world| {
    let mut tried = 0;
    for (state, way) in WAYS {
        let number = reaches(world, state, way).await;
        world.forgets().await;
        let before = footprint(world, &number).await;
        let tries = refused(state, &number);
        for (n, one) in tries.iter().enumerate() {
            brings(world, &format!("{number}-{n}"), one.person, &one.typed).await;
        }
        assert_eq!(footprint(world, &number).await, before, "{state}: something changed");
        answered(world, &tries, state).await;
        tried += tries.len();
    }
    assert!(tried > 1_000, "only {tried} were tried");
});

story!(a_group_is_bound_by_those_who_may_and_by_nobody_else, |world| {
    let number = world.files_and_approves().await;
    let before = footprint(world, &number).await;
    for person in ["zhang.wei", "gao.jianguo", "liu.yang"] {
        world.says_in(person, "g-project", &format!("@联络 /bind project {number}")).await;
    }
    assert_eq!(footprint(world, &number).await, before);
    world.hears(&"g-project ← 没有执行：这条命令不对所有人开放\n".repeat(3)).await;
});
