//! Wants about tasks → acts on a case file: what was typed is read against the request under its lock.
//!
//! Invariant: what was typed, in one line or in a form, comes back whole when it is not in order.

use std::collections::BTreeMap;

use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::change::{FormKind, FormReply, Refusal, Reply, View};
use crate::domain::obligation::Kind;
use crate::domain::request::task::form as f2;
use crate::domain::request::{self, TaskAct, form};
use crate::domain::{PersonId, RequestId};
use crate::intent::{RequestRef, TaskWant};
use crate::store::obligation;

mod importing;
mod sought;

use sought::{Sought, with_tasks};

impl App {
    /// The table of contents of tasks.
    pub(super) async fn on_tasks(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &TaskWant,
    ) -> Result<Reply, Trouble> {
        match want {
            TaskWant::List { request } => self.task_list(act, person, request).await,
            TaskWant::Progress { request: None, task: None, words: None } => Ok(Reply::View(View::Progress)),
            TaskWant::Report { tasks } => self.report_all(act, person, tasks).await,
            other => self.decide_on_task(act, person, other).await,
        }
    }

    async fn task_list(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        typed: &RequestRef,
    ) -> Result<Reply, Trouble> {
        let request = match self.meant(act, typed, ("tasks", AtHand::Any)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(request) => request,
        };
        if !self.sees(act, person, &request).await? {
            return Ok(refused(Refusal::NotFound { typed: request.to_string() }, None));
        }
        Ok(Reply::View(View::Tasks { request }))
    }

    async fn decide_on_task(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &TaskWant,
    ) -> Result<Reply, Trouble> {
        let (typed, task) = named(want);
        let (id, task) = match self.task_meant(act, person, (&typed, task), want).await? {
            Ok(found) => found,
            Err(reply) => return Ok(reply),
        };
        let found = self.files.locked(&mut act.tx, &id).await?;
        let Some((basis, file)) = act.seen(found) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        let decision = match act.sought(&file, person, (want, task)) {
            Err(refusal) => return Ok(refused(refusal, Some(id))),
            Ok(Sought::Form(reply)) => return Ok(Reply::Form(reply)),
            Ok(Sought::Act(decision)) => request::Act::Task(decision),
        };
        act.decides(&(basis, file), &decision, person)
    }

    /// The request, and the task where the want is about one: the only one that this person owes when none is named.
    async fn task_meant(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (typed, task): (&RequestRef, Option<i64>),
        want: &TaskWant,
    ) -> Result<Result<(RequestId, Option<i64>), Reply>, Trouble> {
        if typed.is_none() && task.is_none() && about_one(want) {
            let owed = obligation::of_debtor(&self.db, person.as_str(), 50).await?;
            let mut mine: Vec<(RequestId, Option<i64>)> = owed
                .into_iter()
                .filter(|o| o.obligation.task.is_some())
                .map(|o| (o.request, o.obligation.task))
                .collect();
            mine.dedup();
            return Ok(match mine.as_slice() {
                [one] => Ok(one.clone()),
                [] => Err(refused(Refusal::NothingAtHand, None)),
                [..] => Err(Reply::View(View::My)),
            });
        }
        let at_hand = match want {
            TaskWant::Accept { .. } | TaskWant::SendBack { .. } => AtHand::Owed(Kind::AcceptDelivery),
            TaskWant::Add { .. } | TaskWant::BreakDown { .. } | TaskWant::Save { .. } => AtHand::Filed,
            _ => AtHand::Any,
        };
        Ok(match self.meant(act, typed, (command(want), at_hand)).await? {
            Meant::Answer(reply) => Err(reply),
            Meant::One(id) => Ok((id, task)),
        })
    }

    /// The submitted card of the daily round: each row is a task; what was left empty is not reported.
    async fn report_all(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        tasks: &[String],
    ) -> Result<Reply, Trouble> {
        let values = act.intent.values.clone();
        let rows = filled_rows(&values, tasks);
        let form = |faults| FormReply {
            form: FormKind::Progress,
            request: None,
            department: None,
            version: None,
            rows: 0,
            values: with_tasks(values.clone(), tasks),
            faults,
        };
        if rows.is_empty() {
            return Ok(Reply::Form(form(vec![form::fault("p1_done", "required")])));
        }
        let company = act.company.clone();
        let (rules, mut faults, mut last) = (company.rules(act.now), Vec::new(), None);
        for (id, rows) in rows {
            let found = self.files.locked(&mut act.tx, &id).await?;
            let Some((basis, file)) = act.seen(found) else {
                return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
            };
            let mut reports = Vec::new();
            for (row, number) in rows {
                let late = file.task(number).is_some_and(|t| t.plan.finish.date <= rules.today());
                match f2::reporting(&values, &format!("p{row}_"), late) {
                    Ok(said) => reports.push((number, said)),
                    Err(more) => faults.extend(more),
                }
            }
            if !faults.is_empty() {
                continue;
            }
            let decision = request::Act::Task(TaskAct::Report { reports });
            match file.decide(&decision, person, rules) {
                Err(refusal) => {
                    act.out = Default::default();
                    act.saved.clear();
                    return Ok(refused(refusal, Some(id)));
                }
                Ok(change) => {
                    let basis = act.keeps((&basis, &file), &change)?;
                    last = Some(act.accept(basis, change)?);
                }
            }
        }
        if !faults.is_empty() {
            act.out = Default::default();
            act.saved.clear();
            return Ok(Reply::Form(form(faults)));
        }
        Ok(last.unwrap_or(Reply::Silent))
    }
}

/// The rows that say something, with their tasks, by request.
fn filled_rows(
    values: &BTreeMap<String, String>,
    tasks: &[String],
) -> BTreeMap<RequestId, Vec<(usize, i64)>> {
    let mut rows: BTreeMap<RequestId, Vec<(usize, i64)>> = BTreeMap::new();
    for (row, named) in (1..).zip(tasks) {
        let filled = ["done", "why_not", "next"]
            .iter()
            .any(|part| values.get(&format!("p{row}_{part}")).is_some_and(|v| !v.trim().is_empty()));
        let Some((request, number)) = named.rsplit_once('/').filter(|_| filled) else { continue };
        let Ok(number) = number.parse() else { continue };
        rows.entry(RequestId::new(request)).or_default().push((row, number));
    }
    rows
}

/// Whether it makes sense only for one task.
fn about_one(want: &TaskWant) -> bool {
    !matches!(
        want,
        TaskWant::List { .. }
            | TaskWant::BreakDown { .. }
            | TaskWant::Add { .. }
            | TaskWant::Save { .. }
            | TaskWant::Report { .. }
            | TaskWant::Accept { .. }
            | TaskWant::SendBack { .. }
            | TaskWant::Import { .. }
    )
}

fn named(want: &TaskWant) -> (RequestRef, Option<i64>) {
    match want {
        TaskWant::List { request }
        | TaskWant::BreakDown { request }
        | TaskWant::Add { request, .. }
        | TaskWant::Accept { request }
        | TaskWant::SendBack { request, .. }
        | TaskWant::Import { request } => (request.clone(), None),
        TaskWant::Edit { request, task }
        | TaskWant::Save { request, task }
        | TaskWant::Drop { request, task }
        | TaskWant::Start { request, task }
        | TaskWant::Finish { request, task, .. }
        | TaskWant::Move { request, task, .. }
        | TaskWant::AnswerMove { request, task, .. }
        | TaskWant::Progress { request, task, .. }
        | TaskWant::SignOff { request, task } => (request.clone(), *task),
        TaskWant::Report { .. } => (None, None),
    }
}

fn command(want: &TaskWant) -> &'static str {
    match want {
        TaskWant::Accept { .. } | TaskWant::SendBack { .. } => "accept",
        TaskWant::Add { .. }
        | TaskWant::BreakDown { .. }
        | TaskWant::Save { .. }
        | TaskWant::Import { .. } => "task",
        _ => "tasks",
    }
}
