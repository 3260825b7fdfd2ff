//! Wants about issues → acts on a case file; an issue that belongs to no request gets a file of its own.
//!
//! Invariant: what was typed, in one line or in a form, comes back whole when it is not in order.

use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::change::{Refusal, Reply, View};
use crate::domain::request::issue::{self, Standing};
use crate::domain::request::{self, IssueAct};
use crate::domain::{PersonId, RequestId, number};
use crate::intent::{IssueWant, RequestRef};
use crate::store::request::next_number;
use crate::store::{issue as issues, obligation};

mod sought;

use sought::Sought;

/// Issues in one list.
const MOST_LISTED: i64 = 100;

impl App {
    /// The table of contents of issues.
    pub(super) async fn on_issues(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &IssueWant,
    ) -> Result<Reply, Trouble> {
        match want {
            IssueWant::List { request: None } => Ok(Reply::View(View::Issues { request: None })),
            IssueWant::List { request } => self.issue_list(act, person, request).await,
            IssueWant::Report { request: None, .. } | IssueWant::File { request: None } => {
                // In the group of a request, and under its card, it is about that request.
                match self.around_here(act, person).await? {
                    Some(id) => self.decide_on_issue(act, person, (&id, None), want).await,
                    None => self.stand_alone(act, person, want).await,
                }
            }
            IssueWant::Report { request, .. } | IssueWant::File { request } => {
                match self.meant(act, request, ("issue", AtHand::Any)).await? {
                    Meant::Answer(reply) => Ok(reply),
                    Meant::One(id) => self.decide_on_issue(act, person, (&id, None), want).await,
                }
            }
            other => {
                let (typed, number) = named(other);
                match self.issue_meant(act, person, (&typed, number), other).await? {
                    Err(reply) => Ok(reply),
                    Ok((id, number)) => self.decide_on_issue(act, person, (&id, number), other).await,
                }
            }
        }
    }

    async fn issue_list(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        typed: &RequestRef,
    ) -> Result<Reply, Trouble> {
        let request = match self.meant(act, typed, ("issues", AtHand::Any)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(request) => request,
        };
        if !self.sees(act, person, &request).await? {
            return Ok(refused(Refusal::NotFound { typed: request.to_string() }, None));
        }
        Ok(Reply::View(View::Issues { request: Some(request) }))
    }

    async fn decide_on_issue(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (id, number): (&RequestId, Option<i64>),
        want: &IssueWant,
    ) -> Result<Reply, Trouble> {
        let found = self.files.locked(&mut act.tx, id).await?;
        let Some((basis, file)) = act.seen(found) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        let decision = match act.sought_of_issue(&file, (want, number)) {
            Err(refusal) => return Ok(refused(refusal, Some(id.clone()))),
            Ok(Sought::Form(reply)) => return Ok(Reply::Form(reply)),
            Ok(Sought::View(view)) => return Ok(Reply::View(view)),
            Ok(Sought::Act(decision)) => request::Act::Issue(decision),
        };
        act.decides(&(basis, file), &decision, person)
    }

    /// Reported without a request: a file of the responsible department's scope, opened with its issue.
    async fn stand_alone(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &IssueWant,
    ) -> Result<Reply, Trouble> {
        let draft = match act.reported(None, want) {
            Ok(IssueAct::Report { draft }) => draft,
            Ok(_) => return Ok(refused(Refusal::NothingAtHand, None)),
            Err(form) => return Ok(Reply::Form(form)),
        };
        let company = act.company.clone();
        let scope = number::scope(draft.department(), company.calendar.date_of(act.now));
        let n = next_number(&mut act.tx, &scope).await?;
        let number = RequestId::new(number::number(&scope, u32::try_from(n).unwrap_or(u32::MAX)));
        let change =
            issue::stand(Standing { number, reporter: person.clone() }, &draft, company.rules(act.now));
        let basis = act.keeps_new(&change)?;
        act.accept(basis, change)
    }

    /// The case file, and the issue where one is named or only one is at hand: the one that this person owes something
    /// about, or the only one of the request.
    async fn issue_meant(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (typed, number): (&RequestRef, Option<i64>),
        want: &IssueWant,
    ) -> Result<Result<(RequestId, Option<i64>), Reply>, Trouble> {
        if typed.is_none() && number.is_none() {
            let around = self.around_here(act, person).await?;
            let mut mine = self.issues_owed_by(person).await?;
            mine.retain(|(request, _)| around.as_ref().is_none_or(|id| id == request));
            return Ok(match (mine.as_slice(), around) {
                ([(request, issue)], _) => Ok((request.clone(), Some(*issue))),
                (_, Some(request)) => Ok((request, None)),
                (_, None) => Err(Reply::View(View::Issues { request: None })),
            });
        }
        Ok(match self.meant(act, typed, (command(want), AtHand::Any)).await? {
            Meant::Answer(reply) => Err(reply),
            Meant::One(id) => Ok((id, number)),
        })
    }

    async fn issues_owed_by(&self, person: &PersonId) -> Result<Vec<(RequestId, i64)>, Trouble> {
        let owed = obligation::of_debtor(&self.db, person.as_str(), 50).await?.into_iter();
        let mut mine: Vec<_> = owed.filter_map(|o| Some((o.request, o.obligation.issue?))).collect();
        mine.sort();
        mine.dedup();
        Ok(mine)
    }

    /// The request of the card that was replied to or pressed, or of the group, if this person may see it.
    async fn around_here(&self, act: &mut Act<'_>, person: &PersonId) -> Result<Option<RequestId>, Trouble> {
        let Some(id) = self.around(act).await? else { return Ok(None) };
        Ok(self.sees(act, person, &id).await?.then_some(id))
    }

    /// Open issues that a person may see, of one request or of all, the newest first.
    pub async fn issues_for(
        &self,
        person: &PersonId,
        of: Option<&RequestId>,
    ) -> Result<Vec<(std::sync::Arc<request::Request>, i64)>, Trouble> {
        let (company, now) = (self.company(), self.clock.now());
        let keys = match of {
            None => issues::open(&self.db, MOST_LISTED).await?,
            Some(request) => {
                let file = self.file(request).await?;
                let numbers = file.iter().flat_map(|f| f.issues.iter().map(|i| i.number)).rev();
                numbers.map(|n| (request.clone(), n)).collect()
            }
        };
        let mut found = Vec::new();
        for (request, number) in keys {
            let Some(file) = self.file(&request).await? else { continue };
            if file.case(company.rules(now)).sees(person) {
                found.push((file, number));
            }
        }
        Ok(found)
    }
}

fn named(want: &IssueWant) -> (RequestRef, Option<i64>) {
    match want {
        IssueWant::Report { request, .. } | IssueWant::File { request } | IssueWant::List { request } => {
            (request.clone(), None)
        }
        IssueWant::Show { request, issue }
        | IssueWant::Respond { request, issue }
        | IssueWant::Coordinate { request, issue, .. }
        | IssueWant::Plan { request, issue, .. }
        | IssueWant::Update { request, issue, .. }
        | IssueWant::Resolve { request, issue, .. }
        | IssueWant::Close { request, issue }
        | IssueWant::Reopen { request, issue, .. }
        | IssueWant::Move { request, issue, .. }
        | IssueWant::Rate { request, issue, .. } => (request.clone(), *issue),
    }
}

/// The command that is asked again by button where several requests could be meant.
fn command(want: &IssueWant) -> &'static str {
    match want {
        IssueWant::Report { .. } | IssueWant::File { .. } => "issue",
        _ => "issues",
    }
}
