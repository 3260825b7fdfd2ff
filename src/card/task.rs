//! One task: asked for, reminded of, late; and the delivery of all of them.
//!
//! Invariant: a card about a task always says its planned finish and what its reader can do about it.

use super::answer::{paragraph, plain};
use super::asked::{due, field, note};
use super::scene::Scene;
use super::{Block, Card, Colour, Field, Tone, say, task_button, tasks};
use crate::domain::obligation::Obligation;
use crate::domain::policy::Rung;
use crate::domain::request::Request;
use crate::domain::request::task::{Day, Task, TaskState};
use crate::text::{say as text_of, word};

/// To its owner: this is yours now.
pub fn asking(open: &Obligation, request: &Request, scene: &Scene) -> Card {
    let Some(task) = open.task.and_then(|n| request.task(n)) else {
        return plain(word(scene.lang, "card.settled"), Colour::Grey);
    };
    // One that is under way already has only got another day, or another pair of hands.
    let begins = !task.plan.after.is_empty() && task.state == TaskState::Waiting;
    let key = if begins { "card.task.ready" } else { "card.task.assigned" };
    let mut card = about(task, request, (key, Colour::Blue), scene);
    if task.is_late(scene.today) {
        card.colour = Colour::Red;
    }
    card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    card.actions = task_button::on(scene, request, task.number);
    card.actions.push(tasks::button(scene, request));
    card.blocks.push(note(word(scene.lang, "card.task.why.owner"), scene));
    card
}

/// A step of its ladder: to its owner, to those who wait for it, to whoever stands above.
pub fn step(open: &Obligation, rung: Rung, request: &Request, scene: &Scene) -> Card {
    let Some(task) = open.task.and_then(|n| request.task(n)) else {
        return plain(word(scene.lang, "card.settled"), Colour::Grey);
    };
    let mine = scene.reader == Some(&open.debtor.person);
    let waits = request.blocked_by(task.number);
    let does = |task: &Task| scene.directory.present(&task.plan.owner, scene.today);
    let waiting = scene.reader.is_some_and(|r| waits.iter().any(|t| does(t).is_some_and(|h| &h.person == r)));
    let who = match (mine, waiting) {
        (true, _) => "debtor",
        (false, true) => "waiting",
        (false, false) => "other",
    };
    let (step, colour) = match rung {
        Rung::Remind => ("soon", Colour::Orange),
        Rung::Overdue | Rung::Alert => ("late", Colour::Red),
    };
    let mut card = about(task, request, (&format!("card.task.{step}.{who}"), colour), scene);
    if step == "late" && !waits.is_empty() {
        card.blocks.push(held_up(&waits, request, scene));
    }
    card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    card.actions = task_button::on(scene, request, task.number);
    card.actions.push(tasks::button(scene, request));
    card.blocks.push(note(word(scene.lang, &format!("card.task.why.{who}")), scene));
    card
}

/// What a late task holds up, and when that will be finished now.
fn held_up(waits: &[&Task], request: &Request, scene: &Scene) -> Block {
    let forecast = tasks::forecast(request, scene);
    let line = |t: &&Task| {
        let day = forecast.get(&t.number).copied().unwrap_or(t.plan.finish.date);
        let (owner, day) = (say::person(scene, &t.plan.owner), say::day(scene, day));
        let number = t.number.to_string();
        let args = [("task", &*number), ("name", &*t.plan.name), ("owner", &*owner), ("day", &*day)];
        text_of(scene.lang, "card.task.holds_up", &args)
    };
    paragraph(waits.iter().map(line).collect::<Vec<_>>().join("\n"), Tone::Strong)
}

fn about(task: &Task, request: &Request, (title, colour): (&str, Colour), scene: &Scene) -> Card {
    let (number, owner) = (task.number.to_string(), say::person(scene, &task.plan.owner));
    let args = [("task", &*number), ("name", &*task.plan.name), ("owner", &*owner)];
    let mut card = plain(text_of(scene.lang, title, &args), colour);
    card.subtitle = Some(format!("{} · {}", task.full_number(&request.id), request.content.title));
    card.tag = Some(word(scene.lang, &format!("card.task.state.{}", task.shown(scene.today))));
    card.blocks = vec![Block::Fields { items: fields(task, scene) }];
    card
}

/// Every field of F2 that says something.
pub fn fields(task: &Task, scene: &Scene) -> Vec<Field> {
    let p = &task.plan;
    let departments: Vec<String> = p.supporting.iter().map(|d| say::department(scene, d)).collect();
    let numbers: Vec<String> = p.after.iter().map(ToString::to_string).collect();
    let milestone = if p.milestone { word(scene.lang, "choice.milestone.yes") } else { String::new() };
    let moment =
        |at: Option<crate::domain::Timestamp>| at.map(|at| say::moment(scene, at)).unwrap_or_default();
    let mut items = vec![
        field("task_owner", say::person(scene, &p.owner), scene),
        field("task_lead", say::department(scene, &p.lead), scene),
        field("task_supporting", say::list(scene.lang, &departments), scene),
        field(
            "task_deciding",
            p.deciding.as_ref().map(|d| say::department(scene, d)).unwrap_or_default(),
            scene,
        ),
        field("task_start", planned(&p.start, scene), scene),
        field("task_finish", planned(&p.finish, scene), scene),
        field("task_deliverable", p.deliverable.clone(), scene),
        Field { short: false, ..field("task_standard", p.standard.clone(), scene) },
        field("task_after", say::list(scene.lang, &numbers), scene),
        field("task_milestone", milestone, scene),
        field("task_started", moment(task.started_at), scene),
        field("task_finished", moment(task.finished_at), scene),
        field("percent", format!("{}%", task.percent), scene),
    ];
    items.retain(|f| !f.value.is_empty());
    items
}

/// A planned day; `T+n` stands beside the day that it came to.
pub fn planned(day: &Day, scene: &Scene) -> String {
    let said = say::day(scene, day.date);
    match day.offset {
        None => said,
        Some(n) => text_of(scene.lang, "card.task.offset", &[("day", &said), ("n", &n.to_string())]),
    }
}

/// What was delivered, against what was asked for.
pub fn delivered(request: &Request, scene: &Scene) -> Vec<Block> {
    let mut blocks = vec![tasks::table(request, scene)];
    let standards = request.tasks.iter().filter(|t| !t.plan.standard.is_empty());
    let mut items: Vec<Field> = standards
        .map(|t| Field {
            label: format!("{} {}", t.number, t.plan.name),
            value: t.plan.standard.clone(),
            short: false,
        })
        .collect();
    if !request.content.acceptance.is_empty() {
        items.insert(
            0,
            Field { short: false, ..field("acceptance", request.content.acceptance.clone(), scene) },
        );
    }
    if !items.is_empty() {
        blocks.push(Block::Fields { items });
    }
    blocks
}
