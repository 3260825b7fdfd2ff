//! The daily round: one card with everything that its reader has to report on, and the digest for the project group.
//!
//! Invariant: a row is prefilled from what was said last, so that an ordinary day is one click; what is reported is
//! no longer asked for.

use std::collections::BTreeMap;

use super::answer::{nothing, paragraph, plain};
use super::asked::note;
use super::scene::{Reportable, Scene, ViewData};
use super::{Block, Card, Colour, Field, Tone, form, say, tasks};
use crate::domain::Date;
use crate::domain::change::{FormKind, FormReply};
use crate::domain::request::Request;
use crate::domain::request::task::{Task, TaskState};
use crate::text::{say as text_of, word};

/// Tasks on one card; what does not fit comes when these are answered.
const MOST_ROWS: usize = 6;

/// The card of the round. `None`: everything was reported before it came.
pub fn nudge(day: Date, scene: &Scene, sent: bool) -> Option<Card> {
    let owed: Vec<&Reportable> = rows(scene).iter().filter(|r| r.owed).collect();
    if owed.is_empty() {
        return sent.then(|| {
            let mut card = plain(word(scene.lang, "card.progress.thanks"), Colour::Green);
            card.subtitle = Some(say::day(scene, day));
            card
        });
    }
    let mut card = filled(&owed, scene);
    card.title = text_of(scene.lang, "card.progress.title", &[("n", &owed.len().to_string())]);
    card.subtitle = Some(say::day(scene, day));
    card.blocks.push(note(word(scene.lang, "card.progress.why"), scene));
    Some(card)
}

/// `/progress`: every task in progress, asked for or not.
pub fn card(scene: &Scene) -> Card {
    let open: Vec<&Reportable> = rows(scene).iter().filter(|r| !r.blocked).collect();
    if open.is_empty() {
        return nothing(
            (word(scene.lang, "card.progress.nothing"), Colour::Green),
            word(scene.lang, "card.progress.nothing_why"),
            Vec::new(),
        );
    }
    filled(&open, scene)
}

fn rows<'a>(scene: &Scene<'a>) -> &'a [Reportable] {
    match scene.view {
        ViewData::Progress(rows) => rows,
        _ => &[],
    }
}

fn filled(rows: &[&Reportable], scene: &Scene) -> Card {
    let mut values = BTreeMap::new();
    for (row, reportable) in (1..).zip(rows.iter().take(MOST_ROWS)) {
        let task = &reportable.task;
        let mut put = |part: &str, value: &str| values.insert(format!("p{row}_{part}"), value.to_owned());
        put("task", &task.full_number(&reportable.request));
        put("percent", &task.percent.to_string());
        if let Some(last) = &task.report {
            put("done", &last.said.next);
            put("next", &last.said.next);
            put("risk", &last.said.risk);
        }
    }
    let reply = FormReply {
        form: FormKind::Progress,
        request: None,
        department: None,
        version: None,
        rows: 0,
        values,
        faults: Vec::new(),
    };
    form::card(&reply, scene)
}

/// What the group reads after the round: done, doing, risks, and who is missing.
pub fn evening(day: Date, request: &Request, scene: &Scene) -> Card {
    let mut card =
        plain(text_of(scene.lang, "card.evening.title", &[("day", &say::day(scene, day))]), Colour::Blue);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    let finished = |t: &&Task| t.finished_at.is_some_and(|at| scene.calendar.date_of(at) == day);
    let doing = |t: &&Task| t.state == TaskState::Doing && t.reported_on(day);
    let missing =
        |t: &&Task| t.state == TaskState::Doing && !t.reported_on(day) && request.blockers(t).is_empty();
    let risky = |t: &&Task| t.report.as_ref().is_some_and(|r| r.day == day && !r.said.risk.is_empty());
    let said = |t: &Task| t.report.as_ref().filter(|r| r.day == day).map(|r| r.said.done.clone());
    let line = |t: &Task| format!("{} {} · {}", t.number, t.plan.name, say::person(scene, &t.plan.owner));
    let progress = |t: &Task| format!("{} · {}% {}", line(t), t.percent, said(t).unwrap_or_default());
    let risk = |t: &Task| {
        let risk = t.report.as_ref().map(|r| r.said.risk.clone()).unwrap_or_default();
        format!("{}：{risk}", line(t))
    };
    let late = |t: &&Task| t.is_late(day);
    let groups: [(&str, Vec<String>); 5] = [
        ("done", request.tasks.iter().filter(finished).map(line).collect()),
        ("doing", request.tasks.iter().filter(doing).map(progress).collect()),
        ("risks", request.tasks.iter().filter(risky).map(risk).collect()),
        ("late", request.tasks.iter().filter(late).map(line).collect()),
        ("missing", request.tasks.iter().filter(missing).map(line).collect()),
    ];
    let items: Vec<Field> = groups
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(key, lines)| Field {
            label: word(scene.lang, &format!("card.evening.{key}")),
            value: lines.join("\n"),
            short: false,
        })
        .collect();
    if items.is_empty() {
        card.blocks.push(paragraph(word(scene.lang, "card.evening.quiet"), Tone::Quiet));
    } else {
        card.blocks.push(Block::Fields { items });
    }
    card.blocks.push(note(word(scene.lang, "card.why_you.project_group"), scene));
    card.actions = vec![tasks::button(scene, request)];
    card
}
