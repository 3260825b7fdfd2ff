//! Objection rounds: decline with a reason, hand to the common superior, rule. (Accepting is a revision: `filing`.)

use super::confirmation::Which;
use super::work::{Rules, Work};
use super::{AskState, Request, Round, Stage};
use crate::domain::PersonId;
use crate::domain::change::{Change, Params, Refusal, Value, with};
use crate::domain::directory::Role;
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::{Authority, Doing};

/// What the common superior rules.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// `true`: the objection stands and the initiator must revise; `false`: the ask stands.
    pub uphold: bool,
    /// Why.
    pub reason: String,
}

impl Request {
    /// The initiator does not follow an objection: the ask stands, and the department is asked again.
    pub(super) fn decline(
        &self,
        by: &PersonId,
        which: &Which,
        reason: &str,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let round = self.round_meant(which, |r| r.stage.is_open())?;
        let authority = self.may_answer(by, round, rules)?;
        if round.stage != Stage::Open {
            return Err(Refusal::NotNow { state: stage_name(&round.stage).to_owned() });
        }
        let mut work = Work::by(self, by, authority, rules);
        let stage = Stage::Declined { by: by.clone(), at: rules.now, reason: reason.to_owned() };
        work.settle(Kind::AnswerObjection, Some(&round.department), Outcome::Met);
        work.ask_again(round, stage);
        let params = about(round, by, reason);
        let head = rules.directory.head(&round.department, rules.today()).map(|h| h.person);
        let contact = rules.directory.contact(&round.department, rules.today()).map(|h| h.person);
        work.news(head.filter(|h| Some(h) != contact.as_ref()), "declined", params.clone());
        Ok(work.done("declined", params, "declined"))
    }

    /// The objection goes to the nearest superior of both sides. A declined one may be handed up by the department.
    pub(super) fn escalate(
        &self,
        by: &PersonId,
        which: &Which,
        reason: &str,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let can_rise = |r: &Round| match r.stage {
            Stage::Open => true,
            Stage::Declined { .. } => self.ask(&r.department).is_some_and(|a| a.state == AskState::Open),
            Stage::Escalated { .. }
            | Stage::Upheld { .. }
            | Stage::Accepted { .. }
            | Stage::Dismissed { .. }
            | Stage::Lapsed { .. } => false,
        };
        // A declined round stays declined when the request ends.
        let round = self.round_meant(which, |r| can_rise(r) && !self.state.is_over())?;
        let authority = self.case(rules).may(by, Doing::Escalate, Some(&round.department))?;
        let superior = rules
            .directory
            .common_superior(&self.department, &round.department, rules.today())
            .ok_or_else(|| self.not_now())?;
        let mut work = Work::by(self, by, authority, rules);
        let answered = if by == &self.initiator { Outcome::Met } else { Outcome::Superseded };
        work.settle(Kind::AnswerObjection, Some(&round.department), answered);
        work.settle(Kind::ConfirmRequest, Some(&round.department), Outcome::Superseded);
        let stage = Stage::Escalated {
            by: by.clone(),
            at: rules.now,
            reason: reason.to_owned(),
            superior: superior.clone(),
        };
        if let Some(r) = work.round(round.number) {
            r.stage = stage;
        }
        work.set(&round.department, AskState::Objected { round: round.number });
        work.owe(Kind::Arbitrate, &round.department, Some(superior.clone()));
        let mut params = about(round, by, reason);
        params.insert("superior".to_owned(), Value::Person(superior.person.clone()));
        let both = [self.initiator.clone()].into_iter().chain(work.side(&round.department));
        let told: Vec<PersonId> = both.filter(|p| p != &superior.person).collect();
        work.news(told, "escalated", params.clone());
        Ok(work.done("escalated", params, "escalated"))
    }

    /// The common superior arbitrates.
    pub(super) fn rule(
        &self,
        by: &PersonId,
        which: &Which,
        ruling: &Ruling,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let handed = |r: &Round| matches!(r.stage, Stage::Escalated { .. });
        let round = self.round_meant(which, handed)?;
        let authority = self.case(rules).may(by, Doing::Rule, Some(&round.department))?;
        let mut work = Work::by(self, by, authority, rules);
        let (by_whom, at, reason) = (by.clone(), rules.now, ruling.reason.clone());
        work.settle(Kind::Arbitrate, Some(&round.department), Outcome::Met);
        let mut params = about(round, by, &ruling.reason);
        if ruling.uphold {
            if let Some(r) = work.round(round.number) {
                r.stage = Stage::Upheld { by: by_whom, at, reason };
            }
            let answering = work.initiator();
            work.owe(Kind::AnswerObjection, &round.department, answering);
            work.news(work.side(&round.department), "upheld", params.clone());
        } else {
            work.ask_again(round, Stage::Dismissed { by: by_whom, at, reason });
            let ask = work.request.asks.iter_mut().find(|a| a.department == round.department);
            if let Some(ask) = ask {
                ask.ruled = true;
            }
            work.news([self.initiator.clone()], "dismissed", params.clone());
        }
        let ruled = if ruling.uphold { "ruled_uphold" } else { "ruled_dismiss" };
        params.insert("ruling".to_owned(), Value::Key(format!("history.{ruled}")));
        Ok(work.done(ruled, params, "ruled"))
    }

    /// Whether `by` may answer the objection: the initiator and the head; once it is late, head and coordinator.
    pub(super) fn may_answer(
        &self,
        by: &PersonId,
        round: &Round,
        rules: Rules,
    ) -> Result<Authority, Refusal> {
        let of_round = |o: &&crate::domain::obligation::Obligation| {
            o.kind == Kind::AnswerObjection && o.department == round.department
        };
        let late = self.owed().find(of_round).is_some_and(|o| rules.now > o.due_at);
        let case = self.case(rules);
        let head = rules.directory.head(&self.department, rules.today());
        if !late {
            return case.may(by, Doing::Answer, Some(&round.department));
        }
        let is_head = head.as_ref().is_some_and(|h| case_is(by, h));
        match is_head || rules.directory.has_role(by, Role::Coordinator) {
            true => Ok(Authority::default()),
            false => Err(Refusal::NotYours { who: head.into_iter().collect() }),
        }
    }

    /// The round that is meant: of the named department, or the only one that fits.
    pub(super) fn round_meant(
        &self,
        which: &Which,
        fits: impl Fn(&Round) -> bool,
    ) -> Result<&Round, Refusal> {
        let named = |r: &&Round| which.department.as_ref().is_none_or(|d| d == &r.department);
        // Of one department only its newest round counts, whatever could have become of an older one.
        let newer =
            |r: &Round| self.rounds.iter().any(|o| o.department == r.department && o.number > r.number);
        let candidates: Vec<&Round> =
            self.rounds.iter().filter(named).filter(|r| !newer(r) && fits(r)).collect();
        match candidates.as_slice() {
            [one] => Ok(one),
            [] => Err(match self.rounds.iter().rev().find(named) {
                Some(last) => self.answered(last),
                None => self.not_now(),
            }),
            several => Err(Refusal::which_department(several.iter().map(|r| r.department.clone()).collect())),
        }
    }

    /// An objection that was answered names who answered it.
    fn answered(&self, round: &Round) -> Refusal {
        let (by, at) = match &round.stage {
            Stage::Escalated { by, at, .. }
            | Stage::Upheld { by, at, .. }
            | Stage::Accepted { by, at, .. }
            | Stage::Declined { by, at, .. }
            | Stage::Dismissed { by, at, .. } => (by, at),
            Stage::Open | Stage::Lapsed { .. } => return self.not_now(),
        };
        super::confirmation::decided(Some(by), *at, stage_name(&round.stage))
    }
}

impl Work<'_> {
    /// The ask stands: the round ends and the department is asked again.
    fn ask_again(&mut self, round: &Round, stage: Stage) {
        if let Some(r) = self.round(round.number) {
            r.stage = stage;
        }
        self.set(&round.department, AskState::Open);
        let contact = self.rules.directory.contact(&round.department, self.rules.today());
        self.owe(Kind::ConfirmRequest, &round.department, contact);
    }
}

/// Stage names in refusals and exports.
pub fn stage_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Open => "objected",
        Stage::Escalated { .. } => "escalated",
        Stage::Upheld { .. } => "upheld",
        Stage::Accepted { .. } => "accepted",
        Stage::Declined { .. } => "declined",
        Stage::Dismissed { .. } => "dismissed",
        Stage::Lapsed { .. } => "lapsed",
    }
}

fn case_is(by: &PersonId, holder: &crate::domain::directory::Holder) -> bool {
    by == &holder.person || holder.instead_of.as_ref() == Some(by)
}

fn about(round: &Round, by: &PersonId, reason: &str) -> Params {
    with([
        ("by", Value::Person(by.clone())),
        ("department", Value::Department(round.department.clone())),
        ("reason", Value::Text(reason.to_owned())),
    ])
}
