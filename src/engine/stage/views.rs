//! What each view lists, looked up for its reader.

use super::Stage;
use crate::app::{App, Trouble};
use crate::card::scene::{Closed, Listed, Me, Owed, Reportable, Status, Sum, ViewData};
use crate::domain::calendar::DayKind;
use crate::domain::change::{View, What};
use crate::domain::obligation::Kind;
use crate::domain::{DepartmentId, PersonId};
use crate::store::board;

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
        View::List { words, page } => {
            let (rows, more) = app.list(person, words, *page).await?;
            ViewData::List { rows: rows.into_iter().map(listed).collect(), page: *page, more }
        }
        View::Pick { candidates, .. } => {
            ViewData::Pick(app.lines(candidates).await?.into_iter().map(listed).collect())
        }
        View::Why { .. } => ViewData::Why(sums(stage)),
        View::Whoami => ViewData::Whoami(me(stage, person)),
        View::Status => ViewData::Status(status(app, stage).await?),
        View::Progress => to_report(app, stage).await?,
        View::Help { .. }
        | View::Show { .. }
        | View::Unknown { .. }
        | View::Introduction
        | View::Tasks { .. } => ViewData::Nothing,
    })
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

/// What several reminders are about, as far as it is still open; each thing once.
pub(super) async fn still_owed(app: &App, reminders: &[What]) -> Result<ViewData, Trouble> {
    let mut rows: Vec<Owed> = Vec::new();
    for reminder in reminders {
        let (What::Step { request, obligation, .. } | What::Urged { request, obligation, .. }) = reminder
        else {
            continue;
        };
        let Some(file) = app.file(request).await? else { continue };
        let open = file.owed().find(|o| &o.id == obligation).cloned();
        let known = rows.iter().any(|row| &row.obligation.id == obligation);
        rows.extend(open.filter(|_| !known).map(|obligation| Owed {
            request: request.clone(),
            title: file.content.title.clone(),
            obligation,
        }));
    }
    Ok(ViewData::My(rows))
}

fn listed(row: board::Listed) -> Listed {
    Listed {
        id: row.id,
        title: row.title,
        state: row.state,
        initiator: row.initiator,
        department: row.department,
        wanted_by: row.wanted_by,
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
    }
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
        paused_since: pulse.paused_since,
        known_until: stage.company.calendar.known_until(),
    })
}
