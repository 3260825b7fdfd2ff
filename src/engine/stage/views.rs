//! What each view lists, looked up for its reader.

use std::sync::Arc;

use super::Stage;
use crate::app::{App, Trouble, search};
use crate::card::paused::{self, Paused};
use crate::card::scene::{
    Begun, Choosable, Closed, Found, Listed, Me, Owed, Owes, Reportable, Status, Sum, ViewData,
};
use crate::domain::calendar::DayKind;
use crate::domain::change::{Bulk, FormReply, View, What};
use crate::domain::obligation::Kind;
use crate::domain::quiet::Wishes;
use crate::domain::request::{Request, Visibility};
use crate::domain::{DepartmentId, PersonId, RequestId};
use crate::store::draft::Kept;
use crate::store::obligation::Owed as Due;
use crate::store::pause::{Pause, Scope};
use crate::store::search::Line;

pub(super) async fn look_up(app: &App, view: &View, stage: &Stage) -> Result<ViewData, Trouble> {
    let Some(person) = stage.reader.as_ref() else { return Ok(ViewData::Nothing) };
    Ok(match view {
        View::My => {
            let owed = app.owed_by(person).await?.into_iter();
            let row = |o: crate::store::obligation::Owed| Owed {
                request: o.request,
                title: o.title,
                obligation: o.obligation,
            };
            ViewData::My(owed.map(row).collect())
        }
        View::List { words, page, turn } => {
            let found = app.list(person, words, (*page, turn.as_ref())).await?;
            let outside = outside(app, &found.lines, stage).await?;
            ViewData::List(page_of(found, &outside))
        }
        View::Pick { candidates, .. } => {
            let lines = app.lines(person, candidates).await?;
            let outside = outside(app, &lines, stage).await?;
            ViewData::Pick(lines.into_iter().map(|line| listed(line, &outside)).collect())
        }
        View::Why { .. } => ViewData::Why(sums(stage)),
        View::Whoami => ViewData::Whoami(me(stage, person)),
        View::Status => ViewData::Status(status(app, stage).await?),
        View::Batch => ViewData::Batch(app.choosable(person).await?.into_iter().map(choosable).collect()),
        View::Several { each, .. } => {
            let done = each.iter().map(|e| RequestId::new(e.number.clone())).collect::<Vec<_>>();
            let lines = app.lines(person, &done).await?;
            let outside = outside(app, &lines, stage).await?;
            ViewData::Pick(lines.into_iter().map(|line| listed(line, &outside)).collect())
        }
        View::Drafts => ViewData::Drafts(app.drafts_of(person).await?.into_iter().map(begun).collect()),
        View::Progress => to_report(app, stage).await?,
        View::Decisions => to_decide(app, person).await?,
        View::Issues { request } => ViewData::Issues(app.issues_for(person, request.as_ref()).await?),
        View::Help { .. }
        | View::Show { .. }
        | View::Unknown { .. }
        | View::Introduction
        | View::Board { .. }
        | View::Tasks { .. }
        | View::Decision { .. }
        | View::Risks { .. }
        | View::Issue { .. }
        | View::Improvement { .. } => ViewData::Nothing,
    })
}

/// What the reader has to decide.
async fn to_decide(app: &App, person: &PersonId) -> Result<ViewData, Trouble> {
    let mut rows = Vec::new();
    for Due { request, title, obligation } in app.owed_by(person).await? {
        let Some(number) = obligation.decision else { continue };
        let Some(file) = app.file(&request).await? else { continue };
        let decision = file.decision(number).cloned();
        rows.extend(decision.map(|decision| (Owed { request, title, obligation }, decision)));
    }
    Ok(ViewData::Decisions(rows))
}

/// What the reader has to report on.
pub(super) async fn to_report(app: &App, stage: &Stage) -> Result<ViewData, Trouble> {
    let Some(person) = stage.reader.as_ref() else { return Ok(ViewData::Nothing) };
    let rows = app.to_report(person).await?.into_iter();
    let row = |(file, number): crate::app::Reportable| {
        let owed = file
            .owed()
            .any(|o| o.kind == Kind::ReportProgress && o.task == Some(number) && &o.debtor.person == person);
        let blockers = file.task(number).map(|t| file.blockers(t).len()).unwrap_or_default();
        let task = file.task(number).cloned()?;
        let (request, title) = (file.id.clone(), file.content.title.clone());
        Some(Reportable { request, title, task, owed, blocked: blockers > 0 })
    };
    Ok(ViewData::Progress(rows.filter_map(row).collect()))
}

/// What stands under an empty form.
pub(super) async fn offers(app: &App, stage: &Stage) -> Result<ViewData, Trouble> {
    let Some(person) = stage.reader.as_ref() else { return Ok(ViewData::Nothing) };
    let name = |t: &crate::domain::template::Template| (t.id.clone(), t.name.of(stage.language()).to_owned());
    let templates = stage.company.templates.iter().map(name).collect();
    Ok(ViewData::Offers { templates, drafts: app.drafts_of(person).await?.len() })
}

fn choosable((doing, owed, revision): (Bulk, Due, i64)) -> Choosable {
    let Due { request, title, obligation } = owed;
    let (department, due_at) = (obligation.department, obligation.due_at);
    Choosable { doing, request, title, department, revision, due_at }
}

/// Where the values of a form would lead if it were filed now.
pub(super) async fn route(app: &App, form: &FormReply, stage: &Stage) -> Result<ViewData, Trouble> {
    let Some(person) = stage.reader.as_ref() else { return Ok(ViewData::Nothing) };
    Ok(app.route_of(person, form).await?.map_or(ViewData::Nothing, ViewData::Route))
}

fn begun(kept: Kept) -> Begun {
    Begun {
        title: kept.values.get("title").cloned().unwrap_or_default(),
        request: kept.of_request(),
        saved_at: kept.saved_at,
        key: kept.about,
    }
}

/// What several reminders are about, as far as it is still open; each thing once.
pub(super) async fn still_owed(app: &App, reminders: &[What]) -> Result<ViewData, Trouble> {
    let mut rows: Vec<(Arc<Request>, Owed)> = Vec::new();
    for reminder in reminders {
        let (What::Step { request, obligation, .. }
        | What::Urged { request, obligation, .. }
        | What::Asked { request, obligation }
        | What::Trouble { request, obligation: Some(obligation), .. }) = reminder
        else {
            continue;
        };
        let Some(file) = app.file(request).await? else { continue };
        let open = file.owed().find(|o| &o.id == obligation).cloned();
        let known = rows.iter().any(|(_, row)| &row.obligation.id == obligation);
        let title = file.content.title.clone();
        let owed = |obligation| Owed { request: request.clone(), title, obligation };
        rows.extend(open.filter(|_| !known).map(|open| (file.clone(), owed(open))));
    }
    Ok(ViewData::Merged(rows))
}

/// The lines that the reader has no part in. Whoever sees what is not for everybody has one.
async fn outside(app: &App, lines: &[Line], stage: &Stage) -> Result<Vec<RequestId>, Trouble> {
    let mut outside = Vec::new();
    for line in lines.iter().filter(|line| line.visibility == Visibility::Public) {
        let file = app.file(&line.id).await?;
        let is_outside =
            |file: &Arc<Request>| stage.reader.as_ref().is_some_and(|r| stage.is_outside(file, r));
        outside.extend(file.filter(is_outside).map(|file| file.id.clone()));
    }
    Ok(outside)
}

fn page_of(found: search::Found, outside: &[RequestId]) -> Found {
    Found {
        rows: found.lines.into_iter().map(|line| listed(line, outside)).collect(),
        page: found.page,
        total: found.total.min(search::COUNTED),
        uncounted: found.total > search::COUNTED,
        newer: found.newer,
        older: found.older,
        too_long: found.too_long,
    }
}

fn listed(line: Line, outside: &[RequestId]) -> Listed {
    let masks = outside.contains(&line.id);
    let owes =
        line.owes.into_iter().map(|o| Owes { person: o.person, kind: o.kind, since: o.since, due: o.due });
    Listed {
        id: line.id,
        title: line.title,
        state: line.state,
        initiator: line.initiator,
        department: line.department,
        owes: owes.collect(),
        masks,
    }
}

/// Each open obligation's sum, replayed on today's calendar.
fn sums(stage: &Stage) -> Vec<Sum> {
    let calendar = &stage.company.calendar;
    let Some(file) = &stage.request else { return Vec::new() };
    let reason = |kind: DayKind| match kind {
        DayKind::Holiday(name) => Closed::Holiday(name),
        DayKind::CompanyCloses(reason) => Closed::Company(reason),
        DayKind::Weekend | DayKind::Working | DayKind::MakeUp | DayKind::CompanyWorks(_) => Closed::Weekend,
    };
    file.owed()
        .map(|o| {
            let trace = calendar.trace(o.counted_from(), o.allowed);
            let steps = o.to_come(calendar).into_iter().map(|(step, next)| (step, next.due, next.fires_at));
            Sum {
                obligation: o.clone(),
                counted_from: trace.counted_from,
                skipped: trace.skipped.into_iter().map(|(day, kind)| (day, reason(kind))).collect(),
                steps: steps.collect(),
            }
        })
        .collect()
}

fn me(stage: &Stage, person: &PersonId) -> Me {
    let directory = &stage.company.directory;
    let today = stage.company.calendar.date_of(stage.now);
    let departments = || directory.departments.keys();
    let heads = |d: &&DepartmentId| directory.head(d, today).is_some_and(|h| &h.person == person);
    let contacts = |d: &&DepartmentId| directory.contact(d, today).is_some_and(|h| &h.person == person);
    let stands_in = directory.people.keys().filter(|other| *other != person);
    Me {
        heads: departments().filter(heads).cloned().collect(),
        contacts: departments().filter(contacts).cloned().collect(),
        stands_in_for: stands_in.filter(|o| directory.acts_for(person, o, today)).cloned().collect(),
        preferences: stage.company.preferences.get(person).cloned().unwrap_or_default(),
        wishes: Wishes::of(&stage.company.policy.quiet, stage.company.preferences.get(person)),
    }
}

fn paused(pause: &Pause) -> Paused {
    let what = match &pause.scope {
        Scope::All => paused::What::All,
        Scope::Chat(chat) => paused::What::Chat(chat.clone()),
        Scope::Kind(kind) => paused::What::Kind(kind.clone()),
    };
    Paused { what, since: pause.since, until: pause.until }
}

async fn status(app: &App, stage: &Stage) -> Result<Status, Trouble> {
    let pulse = app.pulse().await?;
    Ok(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database: pulse.database.to_owned(),
        requests: pulse.requests,
        open: pulse.open,
        overdue: pulse.overdue,
        waiting: pulse.waiting,
        dead: pulse.dead,
        pauses: pulse.pauses.iter().map(paused).collect(),
        known_until: stage.company.calendar.known_until(),
    })
}
