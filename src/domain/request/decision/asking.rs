//! A decision is asked for: who decides, what, among what, by when.
//!
//! Invariant: the deadline is the asker's; it counts from the moment at which the message reaches the one who decides.

use super::{Decision, DecisionState, Draft, short};
use crate::domain::calendar::Span;
use crate::domain::change::{Change, Notice, Params, Refusal, To, Value, What, with};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation, Opening, Sought};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};
use crate::domain::{ObligationId, PersonId};

/// More decisions than this belong to several requests.
pub const MOST_DECISIONS: usize = 100;

impl Request {
    /// Asks somebody to decide.
    pub(super) fn ask_for_decision(
        &self,
        by: &PersonId,
        draft: &Draft,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::AskDecision, None)?;
        if self.state.is_over() {
            return Err(self.not_now());
        }
        if self.decisions.len() >= MOST_DECISIONS {
            return Err(Refusal::TooMany { what: "decisions".to_owned(), most: MOST_DECISIONS });
        }
        let mut work = Work::by(self, by, authority, rules);
        work.request.decisions_given += 1;
        let number = work.request.decisions_given;
        let owed = work.owe_decision(number, draft);
        work.request.decisions.push(Decision {
            number,
            subject: draft.subject.clone(),
            options: draft.options.clone(),
            decider: draft.decider.clone(),
            asked_by: by.clone(),
            asked_at: rules.now,
            working_days: draft.working_days,
            owed,
            state: DecisionState::Open,
        });
        let params = work.about_decision(number);
        work.news([self.initiator.clone()], "decision_asked", params.clone());
        Ok(work.done("decision_asked", params, "decision_asked"))
    }

    /// Whoever asked does not need it any more.
    pub(super) fn take_decision_back(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let decision = self.open_decision(number)?;
        let authority = self.case(rules).may_on_decision(by, Doing::TakeDecisionBack, decision)?;
        let mut work = Work::by(self, by, authority, rules);
        let debtor = self.owed_decision(number).map(|o| o.debtor.person.clone());
        work.end_decision(number, DecisionState::TakenBack { by: by.clone(), at: rules.now });
        let params = work.about_decision(number);
        let told = debtor.into_iter().chain([self.initiator.clone(), decision.asked_by.clone()]);
        work.news(told, "decision_taken_back", params.clone());
        Ok(work.done("decision_taken_back", params, "decision_taken_back"))
    }

    /// The decision, if it can still be made or taken back.
    pub fn open_decision(&self, number: i64) -> Result<&Decision, Refusal> {
        let unknown = || Refusal::NoSuchPlan { number: short(number) };
        let decision = self.decision(number).ok_or_else(unknown)?;
        let ended = |by: &PersonId, at, decision: &str| {
            Err(Refusal::AlreadyDecided { by: Some(by.clone()), at, decision: decision.to_owned() })
        };
        match &decision.state {
            DecisionState::Open if self.state.is_over() => Err(self.not_now()),
            DecisionState::Open => Ok(decision),
            DecisionState::Decided { by, at, .. } => ended(by, *at, "decided"),
            DecisionState::TakenBack { by, at } => ended(by, *at, "taken_back"),
        }
    }
}

impl Work<'_> {
    /// Opens what is owed for a decision and asks for it.
    fn owe_decision(&mut self, number: i64, draft: &Draft) -> ObligationId {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let home = directory.person(&draft.decider).map(|p| p.department.clone());
        let department = home.unwrap_or_else(|| self.request.department.clone());
        let present = directory.present(&draft.decider, today).or_else(|| directory.head(&department, today));
        let debtor = present.unwrap_or_else(|| Holder { person: draft.decider.clone(), instead_of: None });
        self.request.opened += 1;
        let id = ObligationId::new(format!("{}.{}", self.request.id, self.request.opened));
        let allowed = Span::Wd(u32::try_from(draft.working_days).unwrap_or(u32::MAX));
        let opening = Opening {
            id: id.clone(),
            kind: Kind::Decide,
            debtor: debtor.clone(),
            department,
            planned: None,
            decision: Some(Sought { decision: number, allowed }),
            issue: None,
            improvement: None,
        };
        let opened = Obligation::open(opening, self.rules.now, self.rules.policy, self.rules.calendar);
        if let Some(obligation) = opened {
            let urgent = obligation.urgent;
            self.request.obligations.push(obligation);
            let what = What::Asked { request: self.request.id.clone(), obligation: id.clone() };
            let (to, starts) = (To::Person(debtor.person), Some(id.clone()));
            self.notify(Notice { to, what, urgent, late: false, starts });
        }
        id
    }

    /// What texts say about a decision.
    pub(super) fn about_decision(&self, number: i64) -> Params {
        let mut params = with([("decision", Value::Text(short(number)))]);
        if let Some(decision) = self.request.decision(number) {
            params.insert("subject".to_owned(), Value::Text(decision.subject.clone()));
            params.insert("decider".to_owned(), Value::Person(decision.decider.clone()));
            params.insert("days".to_owned(), Value::Number(decision.working_days));
        }
        if let (Some(by), _) = self.actor() {
            params.insert("by".to_owned(), Value::Person(by.clone()));
        }
        params
    }
}
