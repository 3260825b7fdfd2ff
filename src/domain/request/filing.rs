//! A request comes into being, is edited and resubmitted, and is revised in answer to an objection.

use super::approval::chain;
use super::form::Filing;
use super::work::{Rules, Work};
use super::{Ask, AskState, AskText, Request, Round, Stage, State};
use crate::domain::change::{Change, Params, Refusal, To, Value, with};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::{Authority, Doing};
use crate::domain::{DepartmentId, PersonId, RequestId};

/// A new request's own facts, besides its form.
#[derive(Clone, Debug)]
pub struct Filer {
    /// Its number, allocated in the same transaction.
    pub number: RequestId,
    /// Who files.
    pub initiator: PersonId,
    /// For which department.
    pub department: DepartmentId,
}

/// Files a checked form: the head of the initiating department is asked.
pub fn file(filer: Filer, filing: &Filing, rules: Rules) -> Change {
    let request = Request {
        id: filer.number,
        version: 0,
        revision: 1,
        state: State::InReview,
        approvals: chain(&filer.initiator, &filer.department, &filing.content, rules),
        initiator: filer.initiator.clone(),
        department: filer.department,
        filed_at: rules.now,
        content: filing.content.clone(),
        asks: filing.asks.iter().map(|(d, text)| waiting(d, text, 1)).collect(),
        rounds: Vec::new(),
        onlookers: Vec::new(),
        obligations: Vec::new(),
        opened: 0,
        tasks: Vec::new(),
        tasks_given: 0,
        attached: Vec::new(),
        decisions: Vec::new(),
        decisions_given: 0,
        risks: Vec::new(),
        risks_given: 0,
        issues: Vec::new(),
        issues_given: 0,
        improvements: Vec::new(),
        improvements_given: 0,
    };
    let mut work = Work::by(&request, &filer.initiator, Authority::default(), rules);
    work.ask_approvers();
    let params = filed_facts(&work, filing);
    work.done("filed", params, "filed")
}

impl Request {
    /// The one form behind "edit", "resubmit" and "accept the objection": which of them it is, the state says.
    pub(super) fn submit(&self, by: &PersonId, filing: &Filing, rules: Rules) -> Result<Change, Refusal> {
        match self.state {
            State::InReview | State::Returned if self.asks.iter().all(|a| a.state == AskState::Waiting) => {
                self.resubmit(by, filing, rules)
            }
            State::InReview | State::Returned | State::Confirming | State::Confirmed => {
                self.revise(by, filing, rules)
            }
            State::Withdrawn
            | State::Cancelled
            | State::InProgress
            | State::Delivered
            | State::Standing
            | State::Accepted => Err(self.not_now()),
        }
    }

    /// Whether the form may be opened by this person now, so that nobody fills in what cannot be submitted.
    pub fn may_submit(&self, by: &PersonId, rules: Rules) -> Result<(), Refusal> {
        let before_approval = self.asks.iter().all(|a| a.state == AskState::Waiting);
        match self.state {
            State::InReview | State::Returned if before_approval => {
                self.case(rules).may(by, Doing::Resubmit, None).map(|_| ())
            }
            State::InReview | State::Returned | State::Confirming | State::Confirmed => {
                self.answerable(by, rules).map(|_| ())
            }
            State::Withdrawn
            | State::Cancelled
            | State::InProgress
            | State::Delivered
            | State::Standing
            | State::Accepted => Err(self.not_now()),
        }
    }

    fn resubmit(&self, by: &PersonId, filing: &Filing, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Resubmit, None)?;
        let same = filing.content == self.content && filing.asks == self.as_version().asks;
        if self.state == State::InReview && same {
            return Err(Refusal::NothingChanged);
        }
        let mut work = Work::by(self, by, authority, rules);
        work.settle(Kind::ApproveRequest, None, Outcome::Superseded);
        let file = &mut work.request;
        file.revision += i64::from(!same);
        file.content = filing.content.clone();
        file.asks = filing.asks.iter().map(|(d, text)| waiting(d, text, file.revision)).collect();
        work.restart_approvals();
        work.ask_approvers();
        let params = filed_facts(&work, filing);
        let history = if self.state == State::Returned { "resubmitted" } else { "edited" };
        Ok(work.done(history, params, "resubmitted"))
    }

    /// Accepts an objection: a new version, signed again only where the ask changed.
    fn revise(&self, by: &PersonId, filing: &Filing, rules: Rules) -> Result<Change, Refusal> {
        let (rounds, authority) = self.answerable(by, rules)?;
        let changed: Vec<&DepartmentId> = self.changed(filing);
        let answers = |r: &&Round| {
            changed.contains(&&r.department) || !filing.asks.iter().any(|(d, _)| d == &r.department)
        };
        if !rounds.iter().any(answers) {
            return Err(Refusal::NothingChanged);
        }
        let mut work = Work::by(self, by, authority, rules);
        work.request.revision += 1;
        work.request.content = filing.content.clone();
        work.drop_asks(filing);
        work.replace_asks(filing, &changed, by);
        work.say_unchanged(&changed);
        let mut params = filed_facts(&work, filing);
        params.insert("revision".to_owned(), Value::Number(work.request.revision));
        if work.needs_manager() {
            work.ask_approvers();
        } else {
            work.dispatch_revised(self.revision);
        }
        Ok(work.done("revised", params, "revised"))
    }

    /// The open rounds that this person may answer with a revision.
    fn answerable(&self, by: &PersonId, rules: Rules) -> Result<(Vec<&Round>, Authority), Refusal> {
        let open: Vec<&Round> =
            self.open_rounds().filter(|r| !matches!(r.stage, Stage::Escalated { .. })).collect();
        let mut mine = Vec::new();
        let mut refused = None;
        for round in open {
            match self.may_answer(by, round, rules) {
                Ok(authority) => mine.push((round, authority)),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        let Some((_, authority)) = mine.first().cloned() else {
            return Err(refused.unwrap_or_else(|| self.not_now()));
        };
        Ok((mine.into_iter().map(|(round, _)| round).collect(), authority))
    }

    /// Departments of the new form whose ask is new or reads differently, dates that follow the request's included.
    pub(super) fn changed<'f>(&self, filing: &'f Filing) -> Vec<&'f DepartmentId> {
        let differs = |(department, text): &&(DepartmentId, AskText)| match self.ask(department) {
            None => true,
            Some(ask) => {
                let day = text.wanted_by.unwrap_or(filing.content.wanted_by);
                day != self.wanted_by(ask)
                    || AskText { wanted_by: None, ..text.clone() } != ask.task.undated()
            }
        };
        filing.asks.iter().filter(differs).map(|(d, _)| d).collect()
    }
}

impl AskText {
    fn undated(&self) -> AskText {
        AskText { wanted_by: None, ..self.clone() }
    }
}

impl Work<'_> {
    /// Departments that the new form leaves out hear that they are free.
    fn drop_asks(&mut self, filing: &Filing) {
        let stays = |d: &DepartmentId| filing.asks.iter().any(|(f, _)| f == d);
        let gone: Vec<DepartmentId> =
            self.request.asks.iter().map(|a| a.department.clone()).filter(|d| !stays(d)).collect();
        let now = self.rules.now;
        for department in gone {
            // A decision is asked of a person, and trouble is no part of the paper: they do not go with the ask.
            let goes = |kind: &Kind| *kind != Kind::Decide && !kind.outlives_request();
            for kind in Kind::ALL.into_iter().filter(goes) {
                self.settle(kind, Some(&department), Outcome::Cancelled);
            }
            let open = |r: &&mut Round| r.department == department && r.stage.is_open();
            self.request.rounds.iter_mut().filter(open).for_each(|r| r.stage = Stage::Lapsed { at: now });
            let params = with([("department", Value::Department(department.clone()))]);
            self.news(self.side(&department), "dropped", params);
            self.request.asks.retain(|a| a.department != department);
        }
    }

    /// Takes the new words; changed asks wait to be asked again, and the objections against them are accepted.
    pub(super) fn replace_asks(&mut self, filing: &Filing, changed: &[&DepartmentId], by: &PersonId) {
        let (revision, now) = (self.request.revision, self.rules.now);
        let old = std::mem::take(&mut self.request.asks);
        let kept =
            |d: &DepartmentId| old.iter().find(|a| &a.department == d && !changed.contains(&d)).cloned();
        let fresh = |(d, text): &(DepartmentId, AskText)| {
            let same = kept(d).map(|ask| Ask { task: text.clone(), ..ask });
            same.unwrap_or_else(|| waiting(d, text, revision))
        };
        self.request.asks = filing.asks.iter().map(fresh).collect();
        for department in changed {
            self.settle(Kind::ConfirmRequest, Some(department), Outcome::Superseded);
            self.settle(Kind::AnswerObjection, Some(department), Outcome::Met);
            self.settle(Kind::Arbitrate, Some(department), Outcome::Superseded);
            let open = |r: &&mut Round| &&r.department == department && r.stage.is_open();
            for round in self.request.rounds.iter_mut().filter(open) {
                round.stage = Stage::Accepted { by: by.clone(), at: now, revision };
            }
        }
    }

    /// Departments that need not sign again hear that there is a new version.
    pub(super) fn say_unchanged(&mut self, changed: &[&DepartmentId]) {
        let untouched = |a: &&Ask| !changed.contains(&&a.department);
        let departments: Vec<DepartmentId> =
            self.request.asks.iter().filter(untouched).map(|a| a.department.clone()).collect();
        for department in departments {
            let contact = self.rules.directory.contact(&department, self.rules.today());
            let params = with([
                ("department", Value::Department(department)),
                ("revision", Value::Number(self.request.revision)),
            ]);
            self.news(contact.map(|h| h.person), "revised", params);
        }
    }

    /// Asks the departments that wait, showing what changed since `from`.
    pub(super) fn dispatch_revised(&mut self, from: i64) {
        self.request.state = State::Confirming;
        let waits = |a: &&Ask| a.state == AskState::Waiting;
        let waiting: Vec<DepartmentId> =
            self.request.asks.iter().filter(waits).map(|a| a.department.clone()).collect();
        for department in waiting {
            self.set(&department, AskState::Open);
            let contact = self.rules.directory.contact(&department, self.rules.today());
            self.owe_revised(&department, contact, from);
        }
        let news = self.news_of("revised", with([("revision", Value::Number(self.request.revision))]));
        self.tell(To::Project(self.request.id.clone()), news);
    }

    /// The chain begins anew; earlier decisions stay on file.
    pub(super) fn restart_approvals(&mut self) {
        let file = &mut self.request;
        file.approvals.retain(|a| a.decision.is_some());
        let (step, stage) = file.last_seat();
        let fresh = chain(&file.initiator, &file.department, &file.content, self.rules);
        let after = |a: super::Approval| super::Approval { step: step + a.step, stage: stage + a.stage, ..a };
        file.approvals.extend(fresh.into_iter().map(after));
    }

    /// A budget that rose above the limit needs the general manager, if that office has not approved before.
    fn needs_manager(&mut self) -> bool {
        let file = &self.request;
        let needed = chain(&file.initiator, &file.department, &file.content, self.rules);
        let given = |had: &super::Approval, a: &super::Approval| {
            had.seat == a.seat && had.decision.as_ref().is_some_and(|d| d.approved)
        };
        let missing = |a: &super::Approval| !file.approvals.iter().any(|had| given(had, a));
        let Some(mut approval) = needed.into_iter().find(missing) else { return false };
        let (step, stage) = file.last_seat();
        (approval.step, approval.stage) = (step + 1, stage + 1);
        self.request.approvals.push(approval);
        true
    }
}

fn waiting(department: &DepartmentId, text: &AskText, revision: i64) -> Ask {
    Ask {
        department: department.clone(),
        task: text.clone(),
        revision,
        state: AskState::Waiting,
        ruled: false,
    }
}

/// What the filer and the history read: number, title, and a day that was moved.
pub(super) fn filed_facts(work: &Work, filing: &Filing) -> Params {
    let file = &work.request;
    let mut params = with([
        ("number", Value::Text(file.id.to_string())),
        ("title", Value::Text(file.content.title.clone())),
    ]);
    if let Some(typed) = filing.moved_from {
        params.insert("moved_from".to_owned(), Value::Text(typed.to_string()));
        params.insert("moved_to".to_owned(), Value::Text(file.content.wanted_by.to_string()));
    }
    if let Some(approver) = work.case().approvers().into_iter().next() {
        params.insert("approver".to_owned(), Value::Person(approver.person));
    }
    params
}
