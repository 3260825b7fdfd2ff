//! Wants about risk plans → acts on a case file.
//!
//! Invariant: what was typed, in one line or in a form, comes back whole when it is not in order.

use std::collections::BTreeMap;

use super::decisions::{Read, plan_form};
use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::change::{FormKind, Refusal, Reply, View};
use crate::domain::permission::Doing;
use crate::domain::request::risk::{RiskAct, form as f8, short};
use crate::domain::request::{self, Request, form};
use crate::domain::{PersonId, RequestId};
use crate::intent::{RequestRef, RiskWant};

/// What one line has to say, so that no form is needed.
const ENOUGH: [&str; 7] =
    ["risk_kind", "risk_description", "likelihood", "risk_impact", "measure", "risk_owner", "risk_watch"];

impl App {
    /// The table of contents of risk plans.
    pub(super) async fn on_risks(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &RiskWant,
    ) -> Result<Reply, Trouble> {
        let id = match self.meant(act, named(want), ("risk", AtHand::Any)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(id) => id,
        };
        if let RiskWant::List { .. } = want {
            return self.risk_list(act, person, id).await;
        }
        let by = person.clone();
        self.on_plan(act, person, &id, |act, file| act.risk_sought(file, &by, want)).await
    }

    async fn risk_list(
        &self,
        act: &Act<'_>,
        person: &PersonId,
        request: RequestId,
    ) -> Result<Reply, Trouble> {
        match self.sees(act, person, &request).await? {
            true => Ok(Reply::View(View::Risks { request })),
            false => Ok(refused(Refusal::NotFound { typed: request.to_string() }, None)),
        }
    }
}

impl Act<'_> {
    fn risk_sought(&self, file: &Request, person: &PersonId, want: &RiskWant) -> Result<Read, Refusal> {
        let decided = |act| Ok(Read::Act(request::Act::Risk(act)));
        match want {
            RiskWant::Plan { said, .. } => self.risk_planned(file, person, said),
            RiskWant::Edit { risk, .. } => {
                file.case(self.company.rules(self.now)).may(person, Doing::PlanRisks, None)?;
                let found = file.risk(*risk).ok_or_else(|| Refusal::NoSuchPlan { number: short(*risk) })?;
                let mut values = f8::values_of(&found.plan);
                values.insert("risk".to_owned(), risk.to_string());
                Ok(Read::Form(plan_form(file, FormKind::Risk, (values, Vec::new()))))
            }
            RiskWant::Save { risk, .. } => self.risk_saved(file, *risk, self.intent.values.clone()),
            RiskWant::Retire { risk, .. } => decided(RiskAct::Retire { risk: *risk }),
            RiskWant::Fire { risk, reason, .. } => self.risk_fired((file, person), *risk, reason.as_deref()),
            RiskWant::List { .. } => Err(Refusal::NothingAtHand),
        }
    }

    fn risk_planned(
        &self,
        file: &Request,
        person: &PersonId,
        said: &BTreeMap<String, String>,
    ) -> Result<Read, Refusal> {
        file.case(self.company.rules(self.now)).may(person, Doing::PlanRisks, None)?;
        if ENOUGH.iter().all(|field| said.contains_key(*field)) {
            return self.risk_saved(file, None, said.clone());
        }
        Ok(Read::Form(plan_form(file, FormKind::Risk, (said.clone(), Vec::new()))))
    }

    fn risk_saved(
        &self,
        file: &Request,
        risk: Option<i64>,
        mut values: BTreeMap<String, String>,
    ) -> Result<Read, Refusal> {
        let named = |field: &str, typed: &str| self.named(field, typed);
        match f8::check(&f8::Typed { values: &values, person: &named }, file) {
            Ok(draft) => {
                let draft = Box::new(draft);
                Ok(Read::Act(request::Act::Risk(match risk {
                    None => RiskAct::Plan { draft },
                    Some(risk) => RiskAct::Change { risk, draft },
                })))
            }
            Err(faults) => {
                values.extend(risk.map(|n| ("risk".to_owned(), n.to_string())));
                Ok(Read::Form(plan_form(file, FormKind::Risk, (values, faults))))
            }
        }
    }

    fn risk_fired(
        &self,
        (file, person): (&Request, &PersonId),
        risk: i64,
        typed: Option<&str>,
    ) -> Result<Read, Refusal> {
        let mut values = self.intent.values.clone();
        values.extend(typed.map(|words| ("reason".to_owned(), words.to_owned())));
        let said = values.contains_key("reason");
        let read = form::words(&values, "reason", form::LONG);
        values.insert("risk".to_owned(), risk.to_string());
        match read {
            Ok(reason) => Ok(Read::Act(request::Act::Risk(RiskAct::Fire { risk, reason }))),
            Err(fault) => {
                let open = file.watched_risk(risk)?;
                file.case(self.company.rules(self.now)).may_on_risk(person, Doing::FireRisk, open)?;
                let faults = if said { vec![fault] } else { Vec::new() };
                Ok(Read::Form(plan_form(file, FormKind::FireRisk, (values, faults))))
            }
        }
    }
}

fn named(want: &RiskWant) -> &RequestRef {
    match want {
        RiskWant::List { request }
        | RiskWant::Plan { request, .. }
        | RiskWant::Edit { request, .. }
        | RiskWant::Save { request, .. }
        | RiskWant::Retire { request, .. }
        | RiskWant::Fire { request, .. } => request,
    }
}
