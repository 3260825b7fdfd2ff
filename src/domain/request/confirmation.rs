//! A department answers: it confirms with a signature, or objects with a reason.

use super::estimate::Estimate;
use super::work::{Rules, Work};
use super::{Ask, AskState, Request, Round, Signature, Stage, State};
use crate::domain::change::{Change, Refusal, To, Value, with};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::{DepartmentId, PersonId};

/// Which ask is answered, and on which version the answer was given.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// The department; the only one that the actor may sign for when it is left out.
    pub department: Option<DepartmentId>,
    /// The content version that the card showed; a typed command means the present one.
    pub seen: Option<i64>,
}

/// Reason and counter-proposal of an objection.
#[derive(Clone, Debug)]
pub struct Objection {
    /// Why.
    pub reason: String,
    /// What instead.
    pub suggestion: String,
}

/// A click on an older version decides nothing.
pub(super) fn same_revision(seen: Option<i64>, now: i64) -> Result<(), Refusal> {
    match seen {
        Some(seen) if seen != now => Err(Refusal::OldVersion { seen, now }),
        Some(_) | None => Ok(()),
    }
}

impl Request {
    /// 确认无误: an electronic signature on the present version.
    pub(super) fn confirm(&self, by: &PersonId, which: &Which, rules: Rules) -> Result<Change, Refusal> {
        self.sign(by, which, None, rules)
    }

    /// The same with what the department reckons with.
    pub(super) fn confirm_with(
        &self,
        by: &PersonId,
        which: &Which,
        estimate: &Estimate,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        self.sign(by, which, Some(estimate), rules)
    }

    fn sign(
        &self,
        by: &PersonId,
        which: &Which,
        estimate: Option<&Estimate>,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, department) = self.answering(by, which, rules)?;
        let signature = Signature {
            by: by.clone(),
            on_behalf_of: work.actor().1.cloned(),
            at: rules.now,
            revision: self.revision,
            digest: self.as_version().digest(),
            estimate: estimate.cloned(),
        };
        work.set(&department, AskState::Confirmed(signature));
        work.settle(Kind::ConfirmRequest, Some(&department), Outcome::Met);
        let params = with([
            ("by", Value::Person(by.clone())),
            ("department", Value::Department(department.clone())),
            ("revision", Value::Number(self.revision)),
        ]);
        let all = work.request.asks.iter().all(|a| matches!(a.state, AskState::Confirmed(_)));
        if all {
            work.request.state = State::Confirmed;
            let head = rules.directory.head(&self.department, rules.today()).map(|h| h.person);
            let told = [self.initiator.clone()].into_iter().chain(head);
            work.news(told, "all_confirmed", params.clone());
            let news = work.news_of("all_confirmed", params.clone());
            work.tell(To::Project(self.id.clone()), news);
        } else {
            work.news([self.initiator.clone()], "confirmed", params.clone());
        }
        let Some(estimate) = estimate else { return Ok(work.done("confirmed", params, "confirmed")) };
        let params = params.into_iter().chain(estimate.facts()).collect();
        Ok(work.done("confirmed_estimate", params, "confirmed"))
    }

    /// 有异议: the initiator has to answer.
    pub(super) fn object(
        &self,
        by: &PersonId,
        which: &Which,
        objection: &Objection,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, department) = self.answering(by, which, rules)?;
        if self.ask(&department).is_some_and(|a| a.ruled) {
            return Err(Refusal::Ruled);
        }
        let number = self.rounds.iter().map(|r| r.number).max().unwrap_or(0) + 1;
        work.request.rounds.push(Round {
            number,
            department: department.clone(),
            by: by.clone(),
            at: rules.now,
            revision: self.revision,
            reason: objection.reason.clone(),
            suggestion: objection.suggestion.clone(),
            stage: Stage::Open,
        });
        work.set(&department, AskState::Objected { round: number });
        work.settle(Kind::ConfirmRequest, Some(&department), Outcome::Met);
        let params = with([
            ("by", Value::Person(by.clone())),
            ("department", Value::Department(department.clone())),
            ("reason", Value::Text(objection.reason.clone())),
            ("suggestion", Value::Text(objection.suggestion.clone())),
        ]);
        let answering = work.initiator();
        let asked = answering.as_ref().map(|h| h.person.clone());
        work.owe(Kind::AnswerObjection, &department, answering);
        let heads = [&self.department, &department]
            .into_iter()
            .filter_map(|d| rules.directory.head(d, rules.today()))
            .map(|h| h.person)
            .filter(|h| Some(h) != asked.as_ref())
            .collect::<Vec<_>>();
        work.news(heads, "objected", params.clone());
        Ok(work.done("objected", params, "objected"))
    }

    /// Whose ask it is, whether it is still open, and whether the actor may answer it.
    fn answering<'a>(
        &self,
        by: &PersonId,
        which: &Which,
        rules: Rules<'a>,
    ) -> Result<(Work<'a>, DepartmentId), Refusal> {
        let department = self.meant(by, which.department.as_ref(), rules)?;
        let authority = self.case(rules).may(by, Doing::Sign, Some(&department))?;
        let ask = self.ask(&department).ok_or_else(|| self.not_now())?;
        if self.state.is_over() {
            return Err(self.not_now());
        }
        match &ask.state {
            AskState::Open => {}
            AskState::Waiting => return Err(self.not_now()),
            AskState::Confirmed(s) => return Err(decided(Some(&s.by), s.at, "confirmed")),
            AskState::Objected { round } => {
                let round = self.rounds.iter().find(|r| r.number == *round);
                return Err(round.map_or_else(|| self.not_now(), |r| decided(Some(&r.by), r.at, "objected")));
            }
        }
        same_revision(which.seen, self.revision)?;
        Ok((Work::by(self, by, authority, rules), department))
    }

    /// The department that is meant: the named one, or the only one that the actor may answer for.
    fn meant(
        &self,
        by: &PersonId,
        named: Option<&DepartmentId>,
        rules: Rules,
    ) -> Result<DepartmentId, Refusal> {
        if let Some(department) = named {
            return match self.ask(department) {
                Some(_) => Ok(department.clone()),
                None => Err(Refusal::which_department(self.departments())),
            };
        }
        let case = self.case(rules);
        let mine = |a: &&Ask| case.may(by, Doing::Sign, Some(&a.department)).is_ok();
        let own: Vec<&Ask> = self.asks.iter().filter(mine).collect();
        let open: Vec<&Ask> = own.iter().copied().filter(|a| a.state == AskState::Open).collect();
        match (open.as_slice(), own.as_slice()) {
            ([one], _) | ([], [one, ..]) => Ok(one.department.clone()),
            ([], []) => {
                let asks = self.asks.iter().filter(|a| a.state == AskState::Open);
                let contact = |a: &Ask| rules.directory.contact(&a.department, rules.today());
                Err(Refusal::NotYours { who: asks.filter_map(contact).collect() })
            }
            (several, _) => {
                Err(Refusal::which_department(several.iter().map(|a| a.department.clone()).collect()))
            }
        }
    }

    fn departments(&self) -> Vec<DepartmentId> {
        self.asks.iter().map(|a| a.department.clone()).collect()
    }
}

impl Work<'_> {
    /// Sets what a department said.
    pub(super) fn set(&mut self, department: &DepartmentId, state: AskState) {
        let ask = self.request.asks.iter_mut().find(|a| &a.department == department);
        if let Some(ask) = ask {
            ask.state = state;
        }
    }
}

/// The slower of two learns who was faster.
pub(super) fn decided(by: Option<&PersonId>, at: crate::domain::Timestamp, decision: &str) -> Refusal {
    Refusal::AlreadyDecided { by: by.cloned(), at, decision: decision.to_owned() }
}
