//! The tasks of a request as a picture: bars in time, and a network in layers, in words for one reader.
//!
//! Invariant: pure; everything is worked out for the day of reading, like the list of tasks (`tasks`).

use std::collections::BTreeMap;

use super::scene::Scene;
use super::{say, task as one, task_button, tasks};
use crate::domain::Date;
use crate::domain::request::task::{Task, TaskState, network};
use crate::domain::request::{Request, Stage};
use crate::text::{say as text_of, word};

/// The picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// One for each task, in the order of their numbers.
    pub bars: Vec<Bar>,
    /// The first day that is shown, and the last.
    pub days: (Date, Date),
    /// The day of reading.
    pub today: Date,
    /// Days that are written above the bars.
    pub ticks: Vec<(Date, String)>,
    /// 目标完成率, 0 to 100: percents weighed by the planned length.
    pub percent: i64,
    /// The same with how many are done, in words.
    pub progress: String,
    /// When everything will be finished, and what decides that.
    pub outlook: Option<String>,
    /// Departments in the order in which they appear; a bar names its place here.
    pub departments: Vec<String>,
}

/// One task.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: String,
    /// Its lead department's place in the plan's list.
    pub department: usize,
    /// First and last planned day.
    pub planned: (Date, Date),
    /// The same in words.
    pub planned_words: String,
    /// When it is expected now, where that is later than planned, or when it was finished.
    pub expected: Option<Date>,
    /// The same in words; empty where everything goes as planned.
    pub expected_words: String,
    /// `waiting`, `doing`, `done`, `late`.
    pub state: &'static str,
    /// The same in words.
    pub state_words: String,
    /// 0 to 100.
    pub percent: i64,
    /// What it waits for: numbers of this plan.
    pub after: Vec<i64>,
    /// How many stand before it at most, one behind the other.
    pub layer: usize,
    /// 里程碑
    pub milestone: bool,
    /// It decides when everything is finished.
    pub critical: bool,
    /// What was last reported as a risk.
    pub risk: Option<String>,
}

/// Whether the reader may add tasks now.
pub fn may_add(request: &Request, scene: &Scene) -> bool {
    task_button::may_plan(scene, request)
}

/// The picture of a request's tasks; `None` where there are none.
pub fn plan(request: &Request, scene: &Scene) -> Option<Plan> {
    let forecast = tasks::forecast(request, scene);
    let critical = network::critical_path(&request.tasks, &forecast);
    let layers = network::layers(&request.tasks);
    let mut departments = Vec::new();
    for task in &request.tasks {
        if !departments.contains(&task.plan.lead) {
            departments.push(task.plan.lead.clone());
        }
    }
    let bar = |task: &Task| Bar {
        department: departments.iter().position(|d| d == &task.plan.lead).unwrap_or_default(),
        critical: critical.contains(&task.number),
        layer: layers.get(&task.number).copied().unwrap_or_default(),
        ..bar(task, &forecast, scene)
    };
    let bars: Vec<Bar> = request.tasks.iter().map(bar).collect();
    let first = bars.iter().map(|b| b.planned.0).min()?.min(scene.today);
    let last = bars.iter().map(|b| b.expected.map_or(b.planned.1, |e| e.max(b.planned.1))).max()?;
    let percent = percent(request, scene);
    let done = request.tasks.iter().filter(|t| t.state == TaskState::Done).count();
    let (done, all) = (done.to_string(), bars.len().to_string());
    let args = [("done", &*done), ("n", &*all), ("percent", &*percent.to_string())];
    Some(Plan {
        progress: text_of(scene.lang, "board.plan.progress", &args),
        outlook: tasks::outlook_words(request, scene),
        departments: departments.iter().map(|d| say::department(scene, d)).collect(),
        days: (first, last.max(scene.today)),
        ticks: ticks((first, last.max(scene.today)), scene),
        today: scene.today,
        percent,
        bars,
    })
}

fn bar(task: &Task, forecast: &BTreeMap<i64, Date>, scene: &Scene) -> Bar {
    let planned = (task.plan.start.date, task.plan.finish.date);
    let finished = task.finished_at.map(|at| at.to_zoned(scene.zone.clone()).date());
    let later = forecast.get(&task.number).copied().filter(|day| *day > planned.1);
    let expected_words = match (finished, later) {
        (Some(day), _) => text_of(scene.lang, "board.plan.finished", &[("day", &say::day(scene, day))]),
        (None, Some(day)) => text_of(scene.lang, "board.plan.expected", &[("day", &say::day(scene, day))]),
        (None, None) => String::new(),
    };
    let state = task.shown(scene.today);
    let risk = task.report.as_ref().map(|r| r.said.risk.clone());
    Bar {
        number: task.number,
        name: task.plan.name.clone(),
        owner: say::person(scene, &task.plan.owner),
        department: 0,
        planned,
        planned_words: format!(
            "{} – {}",
            one::planned(&task.plan.start, scene),
            one::planned(&task.plan.finish, scene)
        ),
        expected: finished.or(later),
        expected_words,
        state,
        state_words: word(scene.lang, &format!("card.task.state.{state}")),
        percent: task.percent,
        after: task.plan.after.clone(),
        layer: 0,
        milestone: task.plan.milestone,
        critical: false,
        risk: risk.filter(|risk| !risk.is_empty() && task.state != TaskState::Done),
    }
}

/// Each task counts as long as it was planned to take.
fn percent(request: &Request, scene: &Scene) -> i64 {
    let length = |t: &Task| {
        let days = scene.calendar.working_days_between(t.plan.start.date, t.plan.finish.date);
        i64::from(days.max(0)) + 1
    };
    let all: i64 = request.tasks.iter().map(length).sum();
    let done: i64 = request.tasks.iter().map(|t| length(t) * t.percent).sum();
    done / all.max(1)
}

/// Mondays, every second or fourth one where there are many.
fn ticks((first, last): (Date, Date), scene: &Scene) -> Vec<(Date, String)> {
    let weeks = (last - first).get_days() / 7 + 1;
    let step = match weeks {
        ..=6 => 1,
        7..=12 => 2,
        _ => weeks / 6,
    };
    let into_week = i32::from(first.weekday().to_monday_zero_offset());
    let monday = (0..).map(|n| first.checked_add(jiff::Span::new().days(7 * n * step - into_week)));
    let shown = monday.map_while(|day| day.ok().filter(|day| *day <= last)).filter(|day| *day >= first);
    shown
        .map(|day| {
            (
                day,
                text_of(
                    scene.lang,
                    "board.plan.tick",
                    &[("month", &day.month().to_string()), ("day", &day.day().to_string())],
                ),
            )
        })
        .collect()
}

/// What holds the request up now: late tasks with what they hold up, open objections, and what is overdue.
pub fn blockers(request: &Request, scene: &Scene) -> Vec<String> {
    let mut lines = Vec::new();
    for task in request.tasks.iter().filter(|t| t.is_late(scene.today)) {
        let waiting: Vec<String> =
            request.blocked_by(task.number).iter().map(|t| format!("{} {}", t.number, t.plan.name)).collect();
        let key = if waiting.is_empty() { "board.blocker.late" } else { "board.blocker.late_holds" };
        let (number, owner) = (task.number.to_string(), say::person(scene, &task.plan.owner));
        let (day, waiting) = (say::day(scene, task.plan.finish.date), say::list(scene.lang, &waiting));
        let args = [
            ("task", &*number),
            ("name", &*task.plan.name),
            ("owner", &*owner),
            ("day", &*day),
            ("waiting", &*waiting),
        ];
        lines.push(text_of(scene.lang, key, &args));
    }
    for round in request.open_rounds() {
        let key = match round.stage {
            Stage::Escalated { .. } => "board.blocker.ruling",
            _ => "board.blocker.objection",
        };
        let department = say::department(scene, &round.department);
        lines.push(text_of(scene.lang, key, &[("department", &department)]));
    }
    for owed in request.owed().filter(|o| o.task.is_none() && o.due_at < scene.now) {
        let (what, who) =
            (word(scene.lang, &format!("kind.{}", owed.kind.name())), say::holder(scene, &owed.debtor));
        let since = say::moment(scene, owed.due_at);
        let args = [("what", &*what), ("person", &*who), ("since", &*since)];
        lines.push(text_of(scene.lang, "board.blocker.overdue", &args));
    }
    lines
}
