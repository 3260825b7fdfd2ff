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

/// So many subjects are brought into a state side by side.
const SIDE_BY_SIDE: usize = 8;

/// Lets every two acts of every state meet.
async fn meet(world: &mut World, states: &[State]) {
    world.hears_any_number().await;
    let mut stage = Stage::new(world, states).await;
    for state in states {
        let pairs: Vec<[&Act; 2]> = pairs(state.acts).collect();
        for pairs in pairs.chunks(SIDE_BY_SIDE) {
            compare(&mut stage, state, pairs).await;
        }
    }
    world.forgets().await;
}

fn pairs(acts: &[Act]) -> impl Iterator<Item = [&Act; 2]> {
    acts.iter().enumerate().flat_map(|(n, one)| acts[n + 1..].iter().map(move |other| [one, other]))
}

/// Both orders of each pair, and then at once, whoever is sent first.
async fn compare(stage: &mut Stage<'_>, state: &State, pairs: &[[&Act; 2]]) {
    let one_first = stage.plays(state, pairs, (|_| [0, 1], Meeting::OneAfterTheOther)).await;
    let other_first = stage.plays(state, pairs, (|_| [1, 0], Meeting::OneAfterTheOther)).await;
    for (n, pair) in pairs.iter().enumerate() {
        for (serial, first) in [(&one_first[n], 0), (&other_first[n], 1)] {
            let names = names(state, *pair);
            assert!(serial.has_done(first), "{names}: what {first} does is not possible\n{serial}");
            is_sound(&names, serial);
        }
    }
    for round in 0..rounds() {
        let order = |n: usize| if (n + round).is_multiple_of(2) { [0, 1] } else { [1, 0] };
        for (n, at_once) in stage.plays(state, pairs, (order, Meeting::AtOnce)).await.iter().enumerate() {
            let names = names(state, pairs[n]);
            is_sound(&names, at_once);
            assert!(
                [&one_first[n], &other_first[n]].contains(&at_once),
                "{names}: round {round} is neither order\n  one first:\n{}  the other first:\n{}  at once:\n{at_once}",
                one_first[n],
                other_first[n]
            );
        }
    }
}

fn names(state: &State, pair: [&Act; 2]) -> String {
    let [one, other] = pair.map(|act| format!("{}: {}", act.who, act.line));
    format!("{}: {one} × {other}", state.name)
}

fn is_sound(names: &str, ending: &Ending) {
    assert!(ending.faults().is_empty(), "{names}: {:?}\n{ending}", ending.faults());
}

/// Commands that begin something, read something, or are about the forms of one person.
const ALONE: [&str; 4] = ["/new", "/drafts", "/tasks", "/issues"];

/// A new command is in no state yet, and this says so.
#[test]
fn every_command_that_changes_something_meets_another() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/commands.md");
    let page = std::fs::read_to_string(page).unwrap();
    let groups = ["Filing", "Answering", "Tasks", "When things go wrong"];
    let blocks = page.split("\n## ").filter(|block| groups.iter().any(|group| block.starts_with(group)));
    let all = [requests::ALL, tasks::ALL, issues::ALL, plans::ALL].concat();
    let met: Vec<&str> =
        all.iter().flat_map(|states| *states).flat_map(|state| state.acts).map(|act| act.line).collect();
    for row in blocks.flat_map(str::lines).filter(|line| line.starts_with("| `/")) {
        let names = row.rsplit_once(" | ").unwrap().1;
        let names: Vec<&str> = names.split('`').filter(|name| name.starts_with('/')).collect();
        let meets = met.iter().any(|line| names.contains(&line.split(' ').next().unwrap()));
        assert!(meets || names.iter().any(|name| ALONE.contains(name)), "{names:?} meets nothing");
    }
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
