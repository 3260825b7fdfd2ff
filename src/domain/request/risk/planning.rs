//! Risk plans are made, changed and retired.

use super::{Draft, Risk, RiskState, short};
use crate::domain::PersonId;
use crate::domain::change::{Change, Params, Refusal, Value, with};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};

/// More plans than this are no plan.
pub const MOST_RISKS: usize = 50;

impl Request {
    /// One more plan; its owner hears of it.
    pub(super) fn plan_risk(&self, by: &PersonId, draft: &Draft, rules: Rules) -> Result<Change, Refusal> {
        let mut work = self.planning_risks(by, rules)?;
        if self.risks.len() >= MOST_RISKS {
            return Err(Refusal::TooMany { what: "risks".to_owned(), most: MOST_RISKS });
        }
        work.request.risks_given += 1;
        let number = work.request.risks_given;
        work.request.risks.push(Risk {
            number,
            plan: draft.plan.clone(),
            state: RiskState::Watching,
            planned_by: by.clone(),
            planned_at: rules.now,
            firings: Vec::new(),
            looks_at: None,
        });
        let params = work.about_risk(number);
        work.news([draft.plan.owner.clone(), self.initiator.clone()], "risk_planned", params.clone());
        Ok(work.done("risk_planned", params, "risk_planned"))
    }

    /// Its fields, all of them. A changed threshold is a new one: it can be crossed again.
    pub(super) fn change_risk(
        &self,
        by: &PersonId,
        (number, draft): (i64, &Draft),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.planning_risks(by, rules)?;
        let old = self.watched_risk(number)?;
        if old.plan == draft.plan {
            return Err(Refusal::NothingChanged);
        }
        if let Some(risk) = work.risk(number) {
            risk.plan = draft.plan.clone();
        }
        let params = work.about_risk(number);
        let told = (old.plan.owner != draft.plan.owner).then(|| draft.plan.owner.clone());
        work.news(told, "risk_planned", params.clone());
        Ok(work.done("risk_changed", params, "risk_changed"))
    }

    /// It is not watched any more, and cannot be fired.
    pub(super) fn retire_risk(&self, by: &PersonId, number: i64, rules: Rules) -> Result<Change, Refusal> {
        let mut work = self.planning_risks(by, rules)?;
        let owner = self.watched_risk(number)?.plan.owner.clone();
        if let Some(risk) = work.risk(number) {
            risk.state = RiskState::Retired;
        }
        let params = work.about_risk(number);
        work.news([owner], "risk_retired", params.clone());
        Ok(work.done("risk_retired", params, "risk_retired"))
    }

    /// The plan, if it is watched.
    pub fn watched_risk(&self, number: i64) -> Result<&Risk, Refusal> {
        let risk = self.risk(number).ok_or_else(|| Refusal::NoSuchPlan { number: short(number) })?;
        match risk.state {
            RiskState::Watching => Ok(risk),
            RiskState::Retired => Err(Refusal::RiskRetired { number: short(number) }),
        }
    }

    fn planning_risks<'a>(&self, by: &PersonId, rules: Rules<'a>) -> Result<Work<'a>, Refusal> {
        let authority = self.case(rules).may(by, Doing::PlanRisks, None)?;
        match self.state.is_over() {
            true => Err(self.not_now()),
            false => Ok(Work::by(self, by, authority, rules)),
        }
    }
}

impl Work<'_> {
    /// The risk plan with this number.
    pub(super) fn risk(&mut self, number: i64) -> Option<&mut Risk> {
        self.request.risks.iter_mut().find(|r| r.number == number)
    }

    /// What texts say about a risk plan.
    pub(super) fn about_risk(&self, number: i64) -> Params {
        let mut params = with([("risk_number", Value::Text(short(number)))]);
        if let Some(risk) = self.request.risk(number) {
            params.insert("description".to_owned(), Value::Text(risk.plan.description.clone()));
            params.insert("owner".to_owned(), Value::Person(risk.plan.owner.clone()));
        }
        if let (Some(by), _) = self.actor() {
            params.insert("by".to_owned(), Value::Person(by.clone()));
        }
        params
    }
}
