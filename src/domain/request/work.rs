//! The working copy of a case file while one act is decided on: what every act needs, each said once.

use super::{Request, Round, Task};
use crate::domain::calendar::Calendar;
use crate::domain::change::{Audit, Change, Notice, Params, Reply, To, Value, What, with};
use crate::domain::directory::{Directory, Holder};
use crate::domain::obligation::{Closed, Kind, Obligation, Opening, Outcome, Planned};
use crate::domain::permission::{Authority, Case};
use crate::domain::policy::Policy;
use crate::domain::{Date, DepartmentId, ObligationId, PersonId, Timestamp};

/// Everything that a decision depends on besides the case file itself.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The time, on the service's clock.
    pub now: Timestamp,
    /// Who is who.
    pub directory: &'a Directory,
    /// How long things may take.
    pub policy: &'a Policy,
    /// Working days and hours.
    pub calendar: &'a Calendar,
}

impl Rules<'_> {
    /// The day in the company's time zone.
    pub fn today(&self) -> Date {
        self.calendar.date_of(self.now)
    }
}

/// The working copy.
pub struct Work<'a> {
    /// The file as it will be.
    pub request: Request,
    /// What the decision depends on.
    pub rules: Rules<'a>,
    by: Option<PersonId>,
    on_behalf_of: Option<PersonId>,
    notices: Vec<Notice>,
}

impl<'a> Work<'a> {
    /// A person's act.
    pub fn by(request: &Request, by: &PersonId, authority: Authority, rules: Rules<'a>) -> Self {
        let on_behalf_of = authority.on_behalf_of;
        Work { request: request.clone(), rules, by: Some(by.clone()), on_behalf_of, notices: Vec::new() }
    }

    /// An act of the service's clock.
    pub fn by_clock(request: &Request, rules: Rules<'a>) -> Self {
        Work { request: request.clone(), rules, by: None, on_behalf_of: None, notices: Vec::new() }
    }

    /// Who acts, and for whom.
    pub fn actor(&self) -> (Option<&PersonId>, Option<&PersonId>) {
        (self.by.as_ref(), self.on_behalf_of.as_ref())
    }

    /// The file before a permission question.
    pub fn case(&self) -> Case<'_> {
        Case { request: &self.request, directory: self.rules.directory, today: self.rules.today() }
    }

    /// Opens an obligation and asks the debtor; silence counts from the delivery of that message.
    pub fn owe(
        &mut self,
        kind: Kind,
        department: &DepartmentId,
        debtor: Option<Holder>,
    ) -> Option<ObligationId> {
        let request = self.request.id.clone();
        self.owe_saying(kind, department, debtor, |obligation| What::Asked { request, obligation })
    }

    /// Asks a department to sign again, showing what changed since version `from`.
    pub fn owe_revised(&mut self, department: &DepartmentId, debtor: Option<Holder>, from: i64) {
        let request = self.request.id.clone();
        let about = department.clone();
        self.owe_saying(Kind::ConfirmRequest, department, debtor, |obligation| What::Revised {
            request,
            obligation,
            department: about,
            from,
        });
    }

    fn owe_saying(
        &mut self,
        kind: Kind,
        department: &DepartmentId,
        debtor: Option<Holder>,
        saying: impl FnOnce(ObligationId) -> What,
    ) -> Option<ObligationId> {
        // Only a directory without an administrator has nobody left; `directory check` refuses such a one.
        let debtor = debtor?;
        self.request.opened += 1;
        let id = ObligationId::new(format!("{}.{}", self.request.id, self.request.opened));
        let opening = Opening {
            id: id.clone(),
            kind,
            debtor: debtor.clone(),
            department: department.clone(),
            planned: None,
            decision: None,
            issue: None,
            improvement: None,
        };
        let opened = Obligation::open(opening, self.rules.now, self.rules.policy, self.rules.calendar);
        let obligation = opened?;
        let urgent = obligation.urgent;
        self.request.obligations.push(obligation);
        let (to, what) = (To::Person(debtor.person), saying(id.clone()));
        self.notices.push(Notice { to, what, urgent, late: false, starts: Some(id.clone()) });
        Some(id)
    }

    /// Opens what is owed for a task by a planned moment. Whoever has to finish it is asked at once; reports are asked
    /// for together, by the round.
    pub fn owe_task(&mut self, kind: Kind, task: &Task, due: Timestamp) {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let head = || directory.head(&task.plan.lead, today);
        let Some(debtor) = directory.present(&task.plan.owner, today).or_else(head) else { return };
        self.request.opened += 1;
        let id = ObligationId::new(format!("{}.{}", self.request.id, self.request.opened));
        let opening = Opening {
            id: id.clone(),
            kind,
            debtor: debtor.clone(),
            department: task.plan.lead.clone(),
            planned: Some(Planned { task: task.number, due }),
            decision: None,
            issue: None,
            improvement: None,
        };
        let opened = Obligation::open(opening, self.rules.now, self.rules.policy, self.rules.calendar);
        let Some(obligation) = opened else { return };
        self.request.obligations.push(obligation);
        if kind == Kind::FinishTask {
            let what = What::Asked { request: self.request.id.clone(), obligation: id.clone() };
            let to = To::Person(debtor.person);
            self.notices.push(Notice { to, what, urgent: false, late: false, starts: Some(id) });
        }
    }

    /// Closes what is owed for one task.
    pub fn settle_task(&mut self, kind: Kind, task: i64, outcome: Outcome) {
        let (now, by) = (self.rules.now, self.by.clone());
        let mine = |o: &&mut Obligation| o.is_open() && o.kind == kind && o.task == Some(task);
        self.request.obligations.iter_mut().filter(mine).for_each(|o| o.close(outcome, now, by.as_ref()));
    }

    /// Closes one obligation, if it is open.
    pub fn settle_one(&mut self, id: &ObligationId, outcome: Outcome) {
        let (now, by) = (self.rules.now, self.by.clone());
        if let Some(open) = self.request.obligations.iter_mut().find(|o| o.is_open() && &o.id == id) {
            open.close(outcome, now, by.as_ref());
        }
    }

    /// Closes the open obligations of a kind, of one department or of all.
    pub fn settle(&mut self, kind: Kind, department: Option<&DepartmentId>, outcome: Outcome) {
        let (now, by) = (self.rules.now, self.by.clone());
        let mine = |o: &&mut Obligation| {
            o.is_open() && o.kind == kind && department.is_none_or(|d| d == &o.department)
        };
        self.request.obligations.iter_mut().filter(mine).for_each(|o| o.close(outcome, now, by.as_ref()));
    }

    /// Closes whatever is open and ends with the request.
    pub fn settle_all(&mut self, outcome: Outcome) {
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.outlives_request()) {
            self.settle(kind, None, outcome);
        }
    }

    /// Tells somebody, unless it is the actor.
    pub fn tell(&mut self, to: To, what: What) {
        let is_actor = matches!(&to, To::Person(p) if Some(p) == self.by.as_ref());
        if !is_actor {
            self.notices.push(Notice { to, what, urgent: false, late: false, starts: None });
        }
    }

    /// Pushes a notice as it is.
    pub fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Tells people what happened, each once, the actor not at all; those who look on hear what the initiator hears.
    pub fn news(&mut self, to: impl IntoIterator<Item = PersonId>, news: &str, with: Params) {
        let to: Vec<PersonId> = to.into_iter().collect();
        let looks_on = to.contains(&self.request.initiator) && news != "copied";
        let directory = self.rules.directory;
        let onlookers = self.request.onlookers.iter().filter(|o| looks_on && directory.is_active(&o.person));
        let onlookers: Vec<PersonId> = onlookers.map(|o| o.person.clone()).collect();
        let mut told: Vec<PersonId> = Vec::new();
        for person in to.into_iter().chain(onlookers) {
            if told.contains(&person) {
                continue;
            }
            told.push(person.clone());
            let what = self.news_of(news, with.clone());
            self.tell(To::Person(person), what);
        }
    }

    /// A news line about this request.
    pub fn news_of(&self, news: &str, with: Params) -> What {
        What::News { request: self.request.id.clone(), news: news.to_owned(), with }
    }

    /// Contact and head of a department today, each once.
    pub fn side(&self, department: &DepartmentId) -> Vec<PersonId> {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let contact = directory.contact(department, today).map(|h| h.person);
        let head = directory.head(department, today).map(|h| h.person);
        let mut people: Vec<PersonId> = contact.into_iter().collect();
        people.extend(head.filter(|h| !people.contains(h)));
        people
    }

    /// Who answers for the initiator today: the initiator, a substitute, or the head.
    pub fn initiator(&self) -> Option<Holder> {
        let (directory, today) = (self.rules.directory, self.rules.today());
        directory
            .present(&self.request.initiator, today)
            .or_else(|| directory.head(&self.request.department, today))
    }

    /// The objection round with this number.
    pub fn round(&mut self, number: i64) -> Option<&mut Round> {
        self.request.rounds.iter_mut().find(|r| r.number == number)
    }

    /// Ends the decision: the history line and what the actor hears. The version rises by one.
    pub fn done(mut self, history: &str, params: Params, done: &str) -> Change {
        self.request.version += 1;
        let reply = Reply::Done {
            done: done.to_owned(),
            with: params.clone(),
            request: Some(self.request.id.clone()),
        };
        self.change(history, params, reply)
    }

    /// Ends a decision of the clock: nobody waits for an answer.
    pub fn ticked(mut self, history: &str, params: Params) -> Change {
        self.request.version += 1;
        self.change(history, params, Reply::Silent)
    }

    fn change(mut self, history: &str, mut params: Params, reply: Reply) -> Change {
        self.request.arm_risks(self.rules);
        // What is done before a promise's time is a promise kept.
        let kept = |o: &&Obligation| {
            let done =
                |c: &Closed| c.at == self.rules.now && matches!(c.outcome, Outcome::Met | Outcome::MetLate);
            o.promise.as_ref().is_some_and(|p| p.open) && o.closed.as_ref().is_some_and(done)
        };
        if self.request.obligations.iter().any(|o| kept(&o)) {
            params.insert("promise".to_owned(), Value::Key("card.promised.kept".to_owned()));
        }
        let audit =
            Audit { by: self.by, on_behalf_of: self.on_behalf_of, what: history.to_owned(), with: params };
        Change { request: self.request, audit, notices: self.notices, reply }
    }
}

/// No parameters.
pub fn nothing() -> Params {
    with([])
}
