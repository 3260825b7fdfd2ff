//! Two acts at the same moment, on one subject: what comes out is what one after the other brings, in one of the two
//! orders, and nothing stays armed for what is over.
//!
//! Which acts meet is a table of states; each pair of a state is played one after the other, in either order, and then
//! at once, each time on a fresh subject.

use crate::world::{World, story};

mod act;
mod ending;
mod issues;
mod plans;
mod requests;
mod stage;
mod tasks;

use act::{Act, State};
use ending::Ending;
use stage::{Meeting, Stage};

/// How often each pair meets; `LIAISON_ROUNDS=200` lets them meet more often.
fn rounds() -> usize {
    std::env::var("LIAISON_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap())
}

/// Lets every two acts of every state meet.
async fn meet(world: &mut World, states: &[State]) {
    let mut stage = Stage::new(world, states).await;
    let mut pairs = 0;
    for state in states {
        for (n, one) in state.acts.iter().enumerate() {
            for other in &state.acts[n + 1..] {
                pair(&mut stage, state, [one, other], pairs).await;
                pairs += 1;
            }
        }
    }
    world.forgets().await;
}

/// One pair: both orders, then at once; `turn` says who is sent first.
async fn pair(stage: &mut Stage<'_>, state: &State, acts: [&Act; 2], turn: usize) {
    let [one, other] = acts.map(|act| format!("{}: {}", act.who, act.line));
    let names = format!("{}: {one} × {other}", state.name);
    let mut serial = Vec::new();
    for order in [[0, 1], [1, 0]] {
        let ending = stage.plays(state, acts, order, Meeting::OneAfterTheOther).await;
        assert!(ending.has_done(order[0]), "{names}: {order:?} is not possible\n{ending}");
        is_sound(&names, &ending);
        serial.push(ending);
    }
    for round in 0..rounds() {
        let order = if (turn + round).is_multiple_of(2) { [0, 1] } else { [1, 0] };
        let at_once = stage.plays(state, acts, order, Meeting::AtOnce).await;
        is_sound(&names, &at_once);
        assert!(
            serial.contains(&at_once),
            "{names}: round {round} is neither order\n  one first:\n{}  the other first:\n{}  at once:\n{at_once}",
            serial[0],
            serial[1]
        );
    }
}

fn is_sound(names: &str, ending: &Ending) {
    assert!(ending.faults().is_empty(), "{names}: {:?}\n{ending}", ending.faults());
}

story!(what_meets_while_a_request_is_reviewed_comes_out_as_one_after_the_other, |world| {
    meet(world, requests::REVIEWED).await;
});

story!(what_meets_while_several_approve_a_request_comes_out_as_one_after_the_other, |world| {
    meet(world, requests::APPROVED_BY_SEVERAL).await;
});

story!(what_meets_while_departments_are_asked_comes_out_as_one_after_the_other, |world| {
    meet(world, requests::ASKED).await;
});

story!(what_meets_over_an_objection_comes_out_as_one_after_the_other, |world| {
    meet(world, requests::OBJECTED).await;
});

story!(what_meets_while_work_is_planned_comes_out_as_one_after_the_other, |world| {
    meet(world, tasks::PLANNED).await;
});

story!(what_meets_over_a_task_comes_out_as_one_after_the_other, |world| {
    meet(world, tasks::DONE).await;
});

story!(what_meets_over_an_issue_comes_out_as_one_after_the_other, |world| {
    meet(world, issues::OPEN).await;
});

story!(what_meets_over_an_issue_that_is_solved_comes_out_as_one_after_the_other, |world| {
    meet(world, issues::SOLVED).await;
});

story!(what_meets_over_a_decision_comes_out_as_one_after_the_other, |world| {
    meet(world, plans::DECISIONS).await;
});

story!(what_meets_over_a_risk_plan_or_an_improvement_comes_out_as_one_after_the_other, |world| {
    meet(world, plans::RISKS_AND_IMPROVEMENTS).await;
});
