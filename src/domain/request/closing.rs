//! The ends of a request that are not its success, and the words said beside it: withdraw, cancel, urge, comment.

use std::collections::BTreeMap;

use super::work::{Rules, Work, nothing};
use super::{AskState, Request, Stage, State};
use crate::domain::change::{Change, Notice, Refusal, To, Value, What, with};
use crate::domain::obligation::{Kind, Obligation, Outcome};
use crate::domain::permission::Doing;
use crate::domain::{PersonId, Timestamp};

/// Somebody urges whoever owes now.
#[derive(Clone, Debug, Default)]
pub struct Urging {
    /// Why it presses.
    pub reason: String,
    /// How often the actor has urged each person today.
    pub today: BTreeMap<PersonId, u32>,
}

impl Request {
    /// The initiator takes it back before it was approved.
    pub(super) fn withdraw(&self, by: &PersonId, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Withdraw, None)?;
        let untouched = self.asks.iter().all(|a| a.state == AskState::Waiting);
        if !matches!(self.state, State::InReview | State::Returned) || !untouched {
            return Err(self.not_now());
        }
        let mut work = Work::by(self, by, authority, rules);
        let asked: Vec<PersonId> = self.owed().map(|o| o.debtor.person.clone()).collect();
        work.settle_all(Outcome::Cancelled);
        work.request.state = State::Withdrawn;
        let params = with([("by", Value::Person(by.clone()))]);
        work.news(asked.into_iter().chain([self.initiator.clone()]), "withdrawn", params.clone());
        Ok(work.done("withdrawn", params, "withdrawn"))
    }

    /// It ends after it was approved; everybody who was asked hears why.
    pub(super) fn cancel(&self, by: &PersonId, reason: &str, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Cancel, None)?;
        if self.state.is_over() {
            return Err(self.not_now());
        }
        let mut work = Work::by(self, by, authority, rules);
        let debtors: Vec<PersonId> = self.owed().map(|o| o.debtor.person.clone()).collect();
        let asked = self.asks.iter().filter(|a| a.state != AskState::Waiting);
        let sides: Vec<PersonId> = asked.flat_map(|a| work.side(&a.department)).collect();
        work.settle_all(Outcome::Cancelled);
        let now = rules.now;
        for round in work.request.rounds.iter_mut().filter(|r| r.stage.is_open()) {
            round.stage = Stage::Lapsed { at: now };
        }
        work.request.state = State::Cancelled;
        let params = with([("by", Value::Person(by.clone())), ("reason", Value::Text(reason.to_owned()))]);
        let told = debtors.into_iter().chain(sides).chain([self.initiator.clone()]);
        work.news(told, "cancelled", params.clone());
        if self.state != State::InReview && self.state != State::Returned {
            let news = work.news_of("cancelled", params.clone());
            work.tell(To::Project(self.id.clone()), news);
        }
        Ok(work.done("cancelled", params, "cancelled"))
    }

    /// Reminds whoever owes now; each thing rests between two urges.
    pub(super) fn urge(&self, by: &PersonId, urging: &Urging, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Urge, None)?;
        let mut work = Work::by(self, by, authority, rules);
        let others: Vec<&Obligation> = self.owed().filter(|o| &o.debtor.person != by).collect();
        if others.is_empty() {
            return Err(Refusal::NobodyOwes);
        }
        let rested = |o: &&&Obligation| rested_at(o, rules).is_none_or(|until| until <= rules.now);
        let ready: Vec<&Obligation> = others.iter().filter(rested).copied().collect();
        if ready.is_empty() {
            let soonest = others.iter().filter_map(|o| rested_at(o, rules)).min();
            return Err(soonest.map_or(Refusal::NobodyOwes, |until| Refusal::CoolDown { until }));
        }
        let per_day = rules.policy.urge.per_day;
        let spent = |o: &&Obligation| urging.today.get(&o.debtor.person).is_some_and(|n| *n >= per_day);
        let urged: Vec<Obligation> = ready.into_iter().filter(|o| !spent(o)).cloned().collect();
        if urged.is_empty() {
            return Err(Refusal::UrgedEnough);
        }
        for obligation in &urged {
            work.urge_one(obligation, by, &urging.reason);
        }
        let names = urged.iter().map(|o| o.debtor.person.clone());
        let mut params = with([("reason", Value::Text(urging.reason.clone()))]);
        for (person, n) in names.zip(1..) {
            params.insert(format!("person{n}"), Value::Person(person));
        }
        params.insert("count".to_owned(), Value::Number(i64::try_from(urged.len()).unwrap_or(i64::MAX)));
        Ok(work.done("urged", params, "urged"))
    }

    /// Something said about it, kept in the history, heard by those whom it concerns now.
    pub(super) fn comment(&self, by: &PersonId, text: &str, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Comment, None)?;
        let mut work = Work::by(self, by, authority, rules);
        let params = with([("by", Value::Person(by.clone())), ("text", Value::Text(text.to_owned()))]);
        let debtors: Vec<PersonId> = self.owed().map(|o| o.debtor.person.clone()).collect();
        work.news([self.initiator.clone()].into_iter().chain(debtors), "commented", params.clone());
        Ok(work.done("commented", params, "commented"))
    }

    /// Makes a group the request's own; news about it go there from now on.
    pub(super) fn bind_project(&self, by: &PersonId, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::BindProject, None)?;
        let work = Work::by(self, by, authority, rules);
        Ok(work.done("bound", nothing(), "bound"))
    }
}

impl Work<'_> {
    fn urge_one(&mut self, obligation: &Obligation, by: &PersonId, reason: &str) {
        let now = self.rules.now;
        let mine = self.request.obligations.iter_mut().find(|o| o.id == obligation.id);
        if let Some(o) = mine {
            o.urged_at = Some(now);
        }
        let what = What::Urged {
            request: self.request.id.clone(),
            obligation: obligation.id.clone(),
            by: by.clone(),
            reason: reason.to_owned(),
        };
        let to = To::Person(obligation.debtor.person.clone());
        // Somebody waits for this person and says so: that passes the caps, not the quiet hours.
        let urgent = obligation.kind == Kind::Arbitrate && obligation.urgent;
        self.notify(Notice { to, what, urgent, late: false, starts: None });
    }
}

/// Until when an urged obligation rests.
fn rested_at(obligation: &Obligation, rules: Rules) -> Option<Timestamp> {
    let urged = obligation.urged_at?;
    Some(rules.calendar.add(urged, rules.policy.urge.cool_down))
}
