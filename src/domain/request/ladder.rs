//! When nobody acts: the steps of a request's obligations, and what became of the messages that asked.

use super::work::{Rules, Work};
use super::{Obligation, Request};
use crate::domain::change::{Change, Notice, Params, To, Value, What, kind_key, with};
use crate::domain::directory::{Holder, Role};
use crate::domain::obligation::{Cause, Climbed, Kind, LATE, Taken};
use crate::domain::permission::Case;
use crate::domain::policy::{Audience, Rung, Step};
use crate::domain::{DepartmentId, ObligationId, PersonId, Timestamp};

/// What the service's own clock or outbox has to say to a case file.
#[derive(Clone, Debug, PartialEq)]
pub enum Tick {
    /// This step of the ladder came due.
    Climb { obligation: ObligationId, index: usize, due: Timestamp },
    /// The debtor's messenger took the message that asks.
    Delivered { obligation: ObligationId, at: Timestamp },
    /// It will never be delivered.
    Undeliverable { obligation: ObligationId, person: PersonId },
    /// The auditor found it open without a future step.
    Rearm { obligation: ObligationId },
    /// The daily round asks for progress.
    AskProgress { day: crate::domain::Date },
    /// People came or went: whoever holds the duty today owes it.
    Rehome { obligation: ObligationId },
    /// Its deadline is worked out anew.
    Recalculate { obligation: ObligationId, cause: Cause },
    /// The time of a promise came.
    Promise { obligation: ObligationId, until: Timestamp },
    /// The moment came at which delay crosses a threshold of a risk plan.
    LookAtRisks,
}

impl Request {
    /// Takes what the clock says. `None`: there is nothing left to do about it.
    pub fn tick(&self, tick: &Tick, rules: Rules) -> Option<Change> {
        let mut work = Work::by_clock(self, rules);
        match tick {
            Tick::Climb { obligation, index, due } => work.climb(obligation, (*index, *due)),
            Tick::Delivered { obligation, at } => {
                work.open(obligation)?.delivered(*at, rules.calendar);
                let params = work.facts(obligation)?;
                Some(work.ticked("delivered", params))
            }
            Tick::Undeliverable { obligation, person } => work.undeliverable(obligation, person),
            Tick::Rearm { obligation } => {
                work.open(obligation)?.rearm(rules.now, rules.calendar);
                let params = work.facts(obligation)?;
                Some(work.ticked("rearmed", params))
            }
            Tick::AskProgress { day } => self.ask_for_progress(*day, rules),
            Tick::Rehome { obligation } => work.rehome(obligation),
            Tick::Recalculate { obligation, cause } => work.recalculate(obligation, *cause),
            Tick::Promise { obligation, until } => work.promise_came(obligation, *until),
            Tick::LookAtRisks => work.look_at_risks(),
        }
    }
}

impl Work<'_> {
    pub(super) fn open(&mut self, id: &ObligationId) -> Option<&mut Obligation> {
        self.request.obligations.iter_mut().find(|o| &o.id == id && o.is_open())
    }

    fn climb(mut self, id: &ObligationId, seen: (usize, Timestamp)) -> Option<Change> {
        let rules = self.rules;
        let obligation = self.open(id)?;
        let climbed = obligation.climb(seen, rules.now, (&rules.policy.too_late, rules.calendar));
        let obligation = obligation.clone();
        let taken = matches!(climbed, Climbed::Fired(_) | Climbed::TooLate(_));
        if let Some(number) = self.unanswered(&obligation).filter(|_| taken) {
            return Some(self.close_unanswered(number));
        }
        match climbed {
            Climbed::Moot => None,
            Climbed::NotBegun => {
                let params = self.facts(id)?;
                Some(self.ticked("step_postponed", params))
            }
            Climbed::Rests(taken) => {
                let params = self.facts_of_step(id, &taken)?;
                Some(self.ticked("step_rests", params))
            }
            Climbed::TooLate(taken) => {
                let params = self.facts_of_step(id, &taken)?;
                Some(self.ticked("step_too_late", params))
            }
            Climbed::Spared(taken) => {
                let params = self.facts_of_step(id, &taken)?;
                Some(self.ticked("step_spared", params))
            }
            Climbed::Fired(taken) if obligation.kind == Kind::ReportProgress => {
                self.missed(id, &taken.step.to);
                let params = self.facts(id)?;
                Some(self.ticked("report_missed", params))
            }
            Climbed::Fired(taken) => {
                let Taken { step, due, overtaken } = &taken;
                let planned = if obligation.urgent { *due } else { rules.calendar.after_quiet(*due) };
                let late = rules.now.duration_since(planned) > LATE;
                for to in self.audience(&obligation, &step.to) {
                    let what = self.said_by(&obligation, (step.rung, *overtaken));
                    self.notify(Notice { to, what, urgent: obligation.urgent, late, starts: None });
                }
                let params = self.facts_of_step(id, &taken)?;
                Some(self.ticked("step_fired", params))
            }
        }
    }

    /// What the history says about a step that was taken, and how many it stands for.
    fn facts_of_step(&mut self, id: &ObligationId, taken: &Taken) -> Option<Params> {
        let mut params = self.facts(id)?;
        self.watch_risks(&mut params);
        params.insert("rung".to_owned(), rung_key(&taken.step));
        params.insert("due".to_owned(), Value::Moment(taken.due));
        let overtaken = i64::try_from(taken.overtaken).unwrap_or(i64::MAX);
        params.insert("overtaken".to_owned(), Value::Number(overtaken));
        Some(params)
    }

    /// What a step says; about an issue it is the issue's own card.
    fn said_by(&self, open: &Obligation, (rung, overtaken): (Rung, usize)) -> What {
        let (request, obligation) = (self.request.id.clone(), open.id.clone());
        match open.issue {
            None => What::Step { request, obligation, rung, overtaken },
            Some(issue) => {
                let (news, with) = ("step".to_owned(), facts(open));
                What::Trouble { request, issue, news, with, obligation: Some(obligation), rung: Some(rung) }
            }
        }
    }

    /// Head and administrators hear at once that somebody cannot be reached.
    fn undeliverable(mut self, id: &ObligationId, person: &PersonId) -> Option<Change> {
        let rules = self.rules;
        let obligation = self.open(id)?.clone();
        let head = self.request.case(self.rules).hearer(&obligation, Audience::Head);
        let administrators = rules.directory.with_role(Role::Administrator).map(|p| p.id.clone());
        let mut told: Vec<PersonId> = Vec::new();
        for to in head.map(|h| h.person).into_iter().chain(administrators).filter(|p| p != person) {
            if told.contains(&to) {
                continue;
            }
            told.push(to.clone());
            let what = What::Undeliverable {
                request: self.request.id.clone(),
                obligation: id.clone(),
                person: person.clone(),
            };
            self.notify(Notice { to: To::Person(to), what, urgent: true, late: false, starts: None });
        }
        let mut params = self.facts(id)?;
        params.insert("person".to_owned(), Value::Person(person.clone()));
        Some(self.ticked("undeliverable", params))
    }

    /// Who hears a step, the late person first, nobody twice.
    fn audience(&self, obligation: &Obligation, audience: &[Audience]) -> Vec<To> {
        let mut to: Vec<To> = Vec::new();
        for who in audience {
            if *who == Audience::Successors {
                let waiting = obligation.task.map(|n| self.request.blocked_by(n)).unwrap_or_default();
                for person in self.doers(&waiting).into_iter().map(To::Person) {
                    to.extend(Some(person).filter(|t| !to.contains(t)));
                }
                continue;
            }
            let role = match who {
                Audience::Coordinator => Some(Role::Coordinator),
                Audience::EnterpriseManagement => Some(Role::EnterpriseManagement),
                Audience::Debtor
                | Audience::Head
                | Audience::Supervisor
                | Audience::CommonSuperior
                | Audience::ManagersGroup
                | Audience::Successors
                | Audience::VicePresident => None,
            };
            if let Some(role) = role {
                let all = self.rules.directory.with_role(role);
                let all: Vec<To> = all.map(|p| To::Person(p.id.clone())).collect();
                to.extend(all.into_iter().filter(|t| !to.contains(t)).collect::<Vec<_>>());
                continue;
            }
            let heard = match who {
                Audience::ManagersGroup => Some(To::Managers),
                who => self.request.case(self.rules).hearer(obligation, *who).map(|h| To::Person(h.person)),
            };
            to.extend(heard.filter(|t| !to.contains(t)));
        }
        to
    }

    /// What the history says about an obligation.
    pub(super) fn facts(&self, id: &ObligationId) -> Option<Params> {
        self.request.obligations.iter().find(|o| &o.id == id).map(facts)
    }
}

/// What the history says about an obligation.
pub(super) fn facts(o: &Obligation) -> Params {
    with([
        ("kind", kind_key(o.kind)),
        ("department", Value::Department(o.department.clone())),
        ("debtor", Value::Person(o.debtor.person.clone())),
    ])
}

impl Case<'_> {
    /// Who holds the office that hears a step of this obligation today; `None` where nobody does, and for groups.
    pub fn hearer(&self, obligation: &Obligation, audience: Audience) -> Option<Holder> {
        match audience {
            Audience::Debtor => Some(obligation.debtor.clone()),
            Audience::Head => self.head_for(obligation),
            Audience::Supervisor => self.superior_of(obligation),
            Audience::CommonSuperior => {
                let (own, other) = (&self.request.department, &obligation.department);
                self.directory.common_superior(own, other, self.today)
            }
            Audience::VicePresident => {
                self.directory.vice_president(self.request.owing_side(obligation), self.today)
            }
            Audience::ManagersGroup
            | Audience::Successors
            | Audience::Coordinator
            | Audience::EnterpriseManagement => None,
        }
    }

    /// The head of the side that owes; who owes as a head is answered for by the superior.
    fn head_for(&self, obligation: &Obligation) -> Option<Holder> {
        match self.directory.head(self.request.owing_side(obligation), self.today) {
            Some(head) if head.person == obligation.debtor.person => self.superior_of(obligation),
            other => other,
        }
    }

    fn superior_of(&self, obligation: &Obligation) -> Option<Holder> {
        let above = self.directory.supervisor(self.request.owing_side(obligation), self.today);
        let manager = || self.directory.general_manager(self.today);
        above.filter(|h| h.person != obligation.debtor.person).or_else(manager)
    }
}

impl Request {
    /// The department whose duty it is: for an objection the one that asked, not the one that objected.
    pub fn owing_side<'a>(&'a self, obligation: &'a Obligation) -> &'a DepartmentId {
        match obligation.kind {
            Kind::ApproveRequest | Kind::AnswerObjection | Kind::AcceptDelivery => &self.department,
            Kind::ConfirmRequest
            | Kind::Arbitrate
            | Kind::FinishTask
            | Kind::ReportProgress
            | Kind::Decide
            | Kind::RespondIssue
            | Kind::StartCoordination
            | Kind::UpdateIssue
            | Kind::ResolveIssue
            | Kind::CloseIssue
            | Kind::Improve => &obligation.department,
        }
    }
}

fn rung_key(step: &Step) -> Value {
    let name = match step.rung {
        Rung::Remind => "remind",
        Rung::Overdue => "overdue",
        Rung::Alert => "alert",
    };
    Value::Key(format!("rung.{name}"))
}
