//! Two people at the same moment, whose acts exclude each other: what comes out is one of the two orders, whoever was
//! first, and nothing stays armed for what is over.

use serde_json::json;

use crate::world::{SECRET, World, machine_now, story};

/// How often each pair meets, in either order; `LIAISON_ROUNDS=200` lets them meet more often.
fn rounds() -> usize {
    std::env::var("LIAISON_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap())
}

/// Who types what.
type Says<'a> = (&'a str, String);

/// Both at once, each an event of its own; in every second round the other one is sent first.
async fn meet(world: &World, round: usize, says: [Says<'_>; 2]) {
    let [one, other] = says.map(|(person, text)| {
        let word = text.split(' ').next().unwrap_or_default();
        let event = json!({ "event": format!("{round}-{word}-{person}"), "person": person,
            "chat": format!("p-{person}"), "message": "m", "type": "text", "text": text });
        serde_json::to_vec(&event).unwrap()
    });
    let (first, second) = if round.is_multiple_of(2) { (one, other) } else { (other, one) };
    let now = machine_now();
    let done = tokio::join!(world.webhook(&first, SECRET, now), world.webhook(&second, SECRET, now));
    assert_eq!(done, (200, 200));
}

/// How often something is in the history of a request.
async fn count(world: &World, number: &str, what: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM audit WHERE subject = '{number}' AND what = '{what}'");
    world.numbers(&sql, 1).await[0]
}

/// It ended this way, once, at last, and nothing will ever fire for it.
async fn is_over(world: &World, number: &str, what: &str) {
    let last = format!(
        "SELECT COUNT(*) FROM audit a WHERE a.subject = '{number}' AND a.what = '{what}' \
         AND NOT EXISTS (SELECT 1 FROM audit b WHERE b.subject = a.subject AND b.n > a.n)"
    );
    assert_eq!(world.numbers(&last, 1).await, [1], "{number}: nothing follows its end");
    let armed = format!("SELECT COUNT(*) FROM obligation WHERE request = '{number}' AND closed_at IS NULL");
    assert_eq!(world.numbers(&armed, 1).await, [0], "{number}: something is owed for what is over");
    assert!(
        world.upcoming().await.iter().all(|step| step["subject"] != number),
        "{number}: something will fire"
    );
}

story!(an_approval_and_a_withdrawal_at_the_same_moment_have_one_winner, |world| {
    for round in 0..rounds() {
        let number = world.files().await;
        let says = [("liu.yang", format!("/approve {number}")), ("zhang.wei", format!("/withdraw {number}"))];
        meet(world, round, says).await;
        let approved = count(world, &number, "approved").await;
        assert_eq!(approved + count(world, &number, "withdrawn").await, 1, "{number}: approved {approved}");
        if approved == 0 {
            is_over(world, &number, "withdrawn").await;
        }
        world.forgets().await;
    }
});

story!(an_approval_and_a_return_at_the_same_moment_have_one_winner, |world| {
    for round in 0..rounds() {
        let number = world.files().await;
        // The same head at two devices.
        let says =
            ["/approve {}", "/return {} 目标不清楚"].map(|text| ("liu.yang", text.replace("{}", &number)));
        meet(world, round, says).await;
        let (approved, returned) =
            (count(world, &number, "approved").await, count(world, &number, "returned").await);
        assert_eq!(approved + returned, 1, "{number}: approved {approved}, returned {returned}");
        world.forgets().await;
    }
});

story!(a_confirmation_and_the_end_at_the_same_moment_come_out_as_one_after_the_other, |world| {
    for round in 0..rounds() {
        let number = world.files_and_approves().await;
        let says =
            [("li.na", format!("/confirm {number}")), ("zhang.wei", format!("/cancel {number} 不做了"))];
        meet(world, round, says).await;
        is_over(world, &number, "cancelled").await;
        let signed =
            format!("SELECT COUNT(*) FROM signature WHERE request = '{number}' AND signed_by = 'li.na'");
        assert_eq!(world.numbers(&signed, 1).await, [count(world, &number, "confirmed").await]);
        world.forgets().await;
    }
});
