//! The messenger is down for two hours while hundreds of reminders come due: afterwards nobody hears more than a day may
//! bring, nobody hears of what is done, and nothing was given up.

use serde_json::{Value, json};

use crate::world::ground::{changes, columns, token};
use crate::world::{World, client, filled, story};

/// Requests that are asked about during the outage; `LIAISON_OUTAGE_SUBJECTS=200` plays the whole size.
const SUBJECTS: usize = 20;
/// What a day may bring somebody, in the company's policy.
const PER_DAY: i64 = 6;

/// The messenger takes nothing new and changes nothing.
async fn goes_down(world: &World) {
    let sql = match world.database().starts_with("sqlite:") {
        true => {
            "CREATE TRIGGER down BEFORE INSERT ON sandbox_message WHEN NEW.sender = 'bot' \
             BEGIN SELECT RAISE(ABORT, 'down'); END; \
             CREATE TRIGGER down_too BEFORE UPDATE ON sandbox_message BEGIN SELECT RAISE(ABORT, 'down'); END"
        }
        false => {
            "CREATE FUNCTION down() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'down'; END $$ LANGUAGE plpgsql; \
             CREATE TRIGGER down BEFORE INSERT ON sandbox_message FOR EACH ROW WHEN (NEW.sender = 'bot') \
             EXECUTE FUNCTION down(); \
             CREATE TRIGGER down_too BEFORE UPDATE ON sandbox_message FOR EACH ROW EXECUTE FUNCTION down()"
        }
    };
    changes(world.database(), sql).await;
}

async fn comes_back(world: &World) {
    let table = if world.database().starts_with("sqlite:") { "" } else { " ON sandbox_message" };
    changes(world.database(), &format!("DROP TRIGGER down{table}; DROP TRIGGER down_too{table}")).await;
    may_try_again(world).await;
}

/// The machine's time, on which a messenger is tried again, cannot be moved: whoever waits has waited long enough.
async fn may_try_again(world: &World) {
    changes(world.database(), "UPDATE outbox SET retry_at = 0 WHERE state = 'waiting'").await;
}

/// A program acts for somebody.
struct Program(String);

impl Program {
    fn of(world: &World, person: &str) -> Self {
        Self(token(world.database(), ("ERP", person, "act")))
    }

    async fn does(&self, world: &World, body: &Value) -> Value {
        let request = client().post(format!("{}/api/v1/acts", world.url())).bearer_auth(&self.0);
        let key = uuid::Uuid::now_v7().to_string();
        let answer = request.header("idempotency-key", key).json(body).send().await.unwrap();
        let (status, answer) = (answer.status(), answer.json::<Value>().await.unwrap());
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

/// What was said to somebody from the `after`th of all messages on.
async fn said(world: &World, person: &str, after: i64) -> Vec<String> {
    let sql =
        format!("SELECT notice FROM message WHERE person = '{person}' AND sent_at >= {after} ORDER BY id");
    columns::<String>(world.database(), &sql, 1).await.into_iter().flatten().collect()
}

/// So many requests for research are filed and approved; their numbers.
async fn asks_for(world: &World, subjects: usize) -> Vec<String> {
    let [zhang, liu] = ["zhang.wei", "liu.yang"].map(|person| Program::of(world, person));
    let mut values = filled(&[("ask2_department", ""), ("ask2_task", "")]);
    values.remove("title");
    let mut numbers = Vec::new();
    for n in 0..subjects {
        let file = json!({ "command": format!("/new 推广{n}"), "values": values, "as": "zhang.wei" });
        let number = zhang.does(world, &file).await["request"].as_str().unwrap().to_owned();
        liu.does(world, &json!({ "command": format!("/approve {number}") })).await;
        numbers.push(number);
    }
    numbers
}

story!(two_hours_without_the_messenger_bring_no_storm_and_lose_nothing, |world| {
    let subjects = std::env::var("LIAISON_OUTAGE_SUBJECTS").map_or(SUBJECTS, |n| n.parse().unwrap());
    for person in ["zhang.wei", "liu.yang", "li.na", "chen.jie", "wang.fang", "zhao.min"] {
        world.says(person, "/settings digest both").await;
    }
    let numbers = asks_for(world, subjects).await;
    let li = Program::of(world, "li.na");
    // What is over the day's cap is asked with the digest of 17:00, and silence counts from then: on Tuesday the first ones
    // are overdue at 10:00, the others are reminded of at 12:00.
    world.is("2026-11-24 09:55").await;
    world.forgets().await;

    goes_down(world).await;
    for ten_minutes in 1..=13 {
        world.passes("10min").await;
        for _ in 0..2 {
            may_try_again(world).await;
            world.settles().await;
        }
        if ten_minutes == 6 {
            // Half of them are confirmed meanwhile, on another way.
            for number in numbers.iter().step_by(2) {
                li.does(world, &json!({ "command": format!("/confirm {number}") })).await;
            }
        }
    }
    world.hears("").await;
    let tried = world.numbers("SELECT MAX(attempts) FROM outbox WHERE state <> 'sent'", 1).await[0];
    assert!(tried > 12, "{tried} tries: as many as would be too many for one message alone");
    let back = world.now().await.as_millisecond();
    comes_back(world).await;
    world.settles().await;
    // Each as it stands now, as far as the day has room; the rest comes in the digest that was due anyway.
    world
        .hears(
            "li.na ← 部门确认已到时限，请尽快处理
             li.na ← 部门确认已到时限，请尽快处理
             li.na ← 提醒：部门确认还在等您
             li.na ← 提醒：部门确认还在等您
             li.na ← 提醒：部门确认还在等您",
        )
        .await;
    world.is("2026-11-24 16:59").await;
    world.hears("").await;
    world.is("2026-11-24 17:00").await;
    let (done, left) = (subjects.div_ceil(2), subjects / 2 - 5);
    world
        .hears(&format!(
            "zhang.wei ← 汇总：{done} 项需求有 {done} 条消息
             liu.yang ← 汇总：{done} 项需求有 {done} 条消息
             li.na ← 汇总：{left} 项需求有 {left} 条消息"
        ))
        .await;
    assert_eq!(world.numbers("SELECT COUNT(*) FROM outbox WHERE state = 'dead'", 1).await, [0], "given up");
    let most = "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM message WHERE counted_on IS NOT NULL \
                GROUP BY person, counted_on) AS days";
    let most = world.numbers(most, 1).await[0];
    assert!(most <= PER_DAY, "{most} messages on one day");
    let heard = said(world, "li.na", back).await;
    for (n, number) in numbers.iter().enumerate() {
        let about = heard.iter().filter(|notice| notice.contains(number.as_str())).count();
        assert_eq!(about > 0, n % 2 == 1, "{number}: owed and said, or done and not said");
    }
});

story!(a_digest_that_cannot_be_said_is_tried_no_more_often_than_anything_else, |world| {
    world.says("zhang.wei", "/settings digest both").await;
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/comment {number} 口径按含税算")).await;
    world.presses("wang.fang", "confirm").await;
    world.is("2026-11-23 16:59").await;
    world.forgets().await;
    goes_down(world).await;
    world.is("2026-11-23 17:00").await;
    world.settles().await;
    let tried = "SELECT MAX(attempts) FROM outbox \
                 WHERE lane = 'person:zhang.wei' AND held_for IS NOT NULL AND state = 'waiting'";
    let most = world.numbers(tried, 1).await[0];
    assert!((1..=6).contains(&most), "{most} tries within a few seconds");
    comes_back(world).await;
    world.settles().await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 汇总：1 项需求有 3 条消息"), "{heard}");
});
