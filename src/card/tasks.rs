//! The task list of a request: every task with its state, and what its reader may do with them.
//!
//! Invariant: the order is that of the numbers; 延期 and the forecast are worked out for the day of reading.

use std::collections::BTreeMap;

use super::answer::{paragraph, plain};
use super::scene::Scene;
use super::{Action, Block, Card, Style, Tone, request as whole, risk, say, task, task_button};
use crate::domain::Date;
use crate::domain::request::Request;
use crate::domain::request::task::{Task, network};
use crate::intent::{TaskWant, Want};
use crate::text::{say as text_of, word};

/// Buttons of single tasks on one list.
const MOST_BUTTONS: usize = 12;

/// `/tasks <no>`
pub fn list(request: &Request, scene: &Scene) -> Card {
    let count = request.tasks.len().to_string();
    let title = text_of(scene.lang, "view.tasks.title", &[("n", &count)]);
    let mut card = plain(title, whole::colour(request.state));
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.tag = Some(word(scene.lang, &format!("state.{}", request.state.name())));
    if request.tasks.is_empty() {
        card.blocks = vec![paragraph(word(scene.lang, "view.tasks.nothing"), Tone::Quiet)];
    } else {
        card.blocks = vec![table(request, scene)];
        card.blocks.extend(outlook(request, scene));
    }
    card.actions = task_button::of_list(scene, request).into_iter().take(MOST_BUTTONS).collect();
    card.actions.extend(task_button::planning(scene, request));
    card.actions.push(super::button::show(scene, request));
    card
}

/// One row a task.
pub fn table(request: &Request, scene: &Scene) -> Block {
    let columns = ["number", "task", "owner", "planned", "state", "percent"];
    let columns = columns.map(|c| word(scene.lang, &format!("view.tasks.column.{c}")));
    let row = |t: &Task| {
        let mark = if t.plan.milestone { word(scene.lang, "view.tasks.milestone") } else { String::new() };
        let after: Vec<String> = t.plan.after.iter().map(ToString::to_string).collect();
        let mut name = format!("{mark}{}", t.plan.name);
        if !after.is_empty() {
            let list = say::list(scene.lang, &after);
            name.push_str(&text_of(scene.lang, "view.tasks.after", &[("tasks", &list)]));
        }
        let risks = risk::watching(request, t.number);
        if !risks.is_empty() {
            let list = say::list(scene.lang, &risks);
            name.push_str(&text_of(scene.lang, "view.tasks.risks", &[("risks", &list)]));
        }
        let owner = say::person(scene, &t.plan.owner);
        vec![
            t.number.to_string(),
            name,
            format!("{owner} · {}", say::department(scene, &t.plan.lead)),
            format!("{} – {}", task::planned(&t.plan.start, scene), task::planned(&t.plan.finish, scene)),
            word(scene.lang, &format!("card.task.state.{}", t.shown(scene.today))),
            format!("{}%", t.percent),
        ]
    };
    Block::Table { columns: columns.into(), rows: request.tasks.iter().map(row).collect() }
}

/// When everything will be finished, and which chain of tasks decides that.
fn outlook(request: &Request, scene: &Scene) -> Option<Block> {
    outlook_words(request, scene).map(|words| paragraph(words, Tone::Quiet))
}

/// The same in words.
pub fn outlook_words(request: &Request, scene: &Scene) -> Option<String> {
    let forecast = forecast(request, scene);
    let last = forecast.values().max()?;
    let path: Vec<String> =
        network::critical_path(&request.tasks, &forecast).iter().map(ToString::to_string).collect();
    let args = [("day", &*say::day(scene, *last)), ("path", &*path.join(" → "))];
    Some(text_of(scene.lang, "view.tasks.outlook", &args))
}

/// When each unfinished task will be finished, as it looks today.
pub fn forecast(request: &Request, scene: &Scene) -> BTreeMap<i64, Date> {
    let after = |day: Date, n: i32| scene.calendar.add_working_days(day, n);
    let between = |from: Date, to: Date| scene.calendar.working_days_between(from, to);
    network::forecast(&request.tasks, scene.today, (&after, &between))
}

/// The way to the list.
pub fn button(scene: &Scene, request: &Request) -> Action {
    let want = Want::Task(TaskWant::List { request: Some(request.id.to_string()) });
    say::button(scene.lang, "tasks", Style::Quiet, want)
}
