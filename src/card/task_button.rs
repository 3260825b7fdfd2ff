//! The buttons about tasks that a reader may press now.
//!
//! Invariant: as in `button`: shown exactly when the permission table and the state allow it; pressing asks both again.

use super::scene::Scene;
use super::{Action, Style, button, say, tasks};
use crate::domain::change::{Params, Value};
use crate::domain::permission::Doing;
use crate::domain::request::task::{Task, TaskState};
use crate::domain::request::{Request, State};
use crate::intent::{TaskWant, Want};
use crate::text::{say as text_of, word};

/// What the reader may do with one task.
pub fn on(scene: &Scene, request: &Request, number: i64) -> Vec<Action> {
    let Some(task) = request.task(number) else { return Vec::new() };
    let (id, n) = (Some(request.id.to_string()), Some(number));
    let mut buttons = Vec::new();
    let mut push =
        |key: &str, style, want| buttons.push(say::button(scene.lang, key, style, Want::Task(want)));
    if works_on(scene, request, task) {
        if task.state == TaskState::Waiting && request.blockers(task).is_empty() {
            push("start", Style::Primary, TaskWant::Start { request: id.clone(), task: n });
        }
        let finish = TaskWant::Finish { request: id.clone(), task: n, reason: None };
        push("task_done", Style::Default, finish);
        if task.state == TaskState::Doing {
            let report = TaskWant::Progress { request: id.clone(), task: n, words: None };
            push("report", Style::Default, report);
        }
        let moved = TaskWant::Move { request: id.clone(), task: n, to: None, reason: None };
        push("move_task", Style::Quiet, moved);
    }
    buttons
}

/// What the request's tasks wait for from the reader: the acceptance.
pub fn deciding(scene: &Scene, request: &Request) -> Vec<Action> {
    if request.state != State::Delivered || !button::may(scene, request, Doing::Accept, None) {
        return Vec::new();
    }
    let id = Some(request.id.to_string());
    let accept = Want::Task(TaskWant::Accept { request: id.clone() });
    let back = Want::Task(TaskWant::SendBack { request: id, tasks: None, reason: None });
    vec![
        say::button(scene.lang, "accept_delivery", Style::Primary, accept),
        say::button(scene.lang, "send_back", Style::Default, back),
    ]
}

/// The next thing to do with each task, and its plan.
pub fn of_list(scene: &Scene, request: &Request) -> Vec<Action> {
    let mut buttons = deciding(scene, request);
    let plans = may_plan(scene, request);
    for task in &request.tasks {
        let (id, n) = (Some(request.id.to_string()), Some(task.number));
        let mut push = |key: &str, want| {
            let label = word(scene.lang, &format!("button.{key}"));
            let args = [("n", &*task.number.to_string()), ("title", &*label)];
            let label = text_of(scene.lang, "view.numbered", &args);
            buttons.push(say::labelled(
                &format!("{key}_{}", task.number),
                label,
                Style::Default,
                Want::Task(want),
            ));
        };
        if works_on(scene, request, task) {
            match task.state {
                TaskState::Waiting if request.blockers(task).is_empty() => {
                    push("start", TaskWant::Start { request: id.clone(), task: n });
                }
                TaskState::Doing => {
                    push("task_done", TaskWant::Finish { request: id.clone(), task: n, reason: None });
                }
                TaskState::Waiting | TaskState::Done => {}
            }
        }
        if plans && task.state != TaskState::Done {
            push("edit_task", TaskWant::Edit { request: id, task: n });
        }
    }
    buttons
}

/// Breaking down and adding.
pub fn planning(scene: &Scene, request: &Request) -> Vec<Action> {
    if !may_plan(scene, request) {
        return Vec::new();
    }
    let id = Some(request.id.to_string());
    let bare = request.asks.iter().any(|a| !request.tasks.iter().any(|t| t.plan.lead == a.department));
    let split = Want::Task(TaskWant::BreakDown { request: id.clone() });
    let add = TaskWant::Add { request: id, name: None, owner: None, finish: None, after: None };
    let split = bare.then(|| say::button(scene.lang, "split", Style::Primary, split));
    split.into_iter().chain([say::button(scene.lang, "add_task", Style::Default, Want::Task(add))]).collect()
}

/// What a piece of news lets its reader do at once.
pub fn beside_news(news: &str, with: &Params, request: &Request, scene: &Scene) -> Vec<Action> {
    let number = match with.get("task") {
        Some(Value::Number(n)) => Some(*n),
        _ => None,
    };
    let id = Some(request.id.to_string());
    let Some(task) = number.and_then(|n| request.task(n)) else {
        let planning = if news == "all_confirmed" { planning(scene, request) } else { Vec::new() };
        return match news {
            "delivered" => deciding(scene, request),
            _ => planning,
        };
    };
    let mut buttons = Vec::new();
    let task_number = Some(task.number);
    if news == "move_asked" && task.proposal.is_some() && may_answer(scene, request) {
        for (key, agreed) in [("agree_move", true), ("decline_move", false)] {
            let want = TaskWant::AnswerMove { request: id.clone(), task: task_number, agreed };
            buttons.push(say::button(scene.lang, key, Style::Default, Want::Task(want)));
        }
    }
    let unsigned = task.plan.milestone && task.state == TaskState::Done && task.signed.is_none();
    if news == "milestone_done" && unsigned && button::may(scene, request, Doing::Accept, None) {
        let want = TaskWant::SignOff { request: id, task: task_number };
        buttons.push(say::button(scene.lang, "sign_off", Style::Primary, Want::Task(want)));
    }
    buttons.push(tasks::button(scene, request));
    buttons
}

fn works_on(scene: &Scene, request: &Request, task: &Task) -> bool {
    let may = scene.reader.is_some_and(|r| scene.case(request).may_on(r, Doing::WorkOn, task).is_ok());
    may && request.state == State::InProgress && task.state != TaskState::Done
}

/// Whether the reader may add and change tasks now.
pub(super) fn may_plan(scene: &Scene, request: &Request) -> bool {
    let open = matches!(request.state, State::Confirmed | State::InProgress);
    open && button::may(scene, request, Doing::Plan, None)
}

fn may_answer(scene: &Scene, request: &Request) -> bool {
    button::may(scene, request, Doing::Plan, None)
}
