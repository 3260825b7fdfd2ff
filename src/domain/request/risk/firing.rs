//! A plan fires: the measure becomes a task, its owner and the superior are called, and that it fired is kept.
//!
//! Invariants: plans are looked at in the very act that takes a step of a late task's ladder, and at the moment of a crossing
//! itself (`looking.rs`); what fired is kept with it, so a crossing fires once however often it is looked at; a measure is a
//! task once at a time.

use std::collections::BTreeMap;

use super::{Cause, Firing, Late, Risk, short};
use crate::domain::change::{Change, Notice, Params, Refusal, To, Value, What};
use crate::domain::permission::Doing;
use crate::domain::request::task::{self, Day, TaskState, network};
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Request, State};
use crate::domain::{Date, PersonId};

impl Request {
    /// It came, and somebody says so.
    pub(super) fn fire_risk(
        &self,
        by: &PersonId,
        (number, reason): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let risk = self.risk(number).ok_or_else(|| Refusal::NoSuchPlan { number: short(number) })?;
        let authority = self.case(rules).may_on_risk(by, Doing::FireRisk, risk)?;
        self.watched_risk(number)?;
        if !matches!(self.state, State::Confirmed | State::InProgress) {
            return Err(self.not_now());
        }
        let mut work = Work::by(self, by, authority, rules);
        work.fire(number, vec![Cause::ByHand { by: by.clone(), reason: reason.to_owned() }]);
        let mut params = work.about_risk(number);
        params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
        Ok(work.done("risk_fired", params, "risk_fired"))
    }

    /// What is late on a day, and whether the end hangs on it then.
    pub(super) fn late_tasks(&self, today: Date, rules: Rules) -> Vec<Late> {
        let calendar = rules.calendar;
        let after = |day: Date, n: i32| calendar.add_working_days(day, n);
        let between = |from: Date, to: Date| calendar.working_days_between(from, to);
        let forecast: BTreeMap<i64, Date> = network::forecast(&self.tasks, today, (&after, &between));
        let path = network::critical_path(&self.tasks, &forecast);
        let late = self.tasks.iter().filter(|t| t.is_late(today));
        late.map(|t| Late {
            task: t.number,
            days: i64::from(calendar.working_days_between(t.plan.finish.date, today)),
            planned: t.plan.finish.date,
            on_path: path.contains(&t.number),
        })
        .collect()
    }
}

impl Work<'_> {
    /// Fires what real delay calls for; the history of the step says so.
    pub(in crate::domain::request) fn watch_risks(&mut self, params: &mut Params) {
        if self.request.risks.is_empty() || self.request.state != State::InProgress {
            return;
        }
        let late = self.request.late_tasks(self.rules.today(), self.rules);
        let crossed: Vec<(i64, Vec<Cause>)> =
            self.request.risks.iter().map(|r| (r.number, r.crossed(&late, self.rules))).collect();
        let mut fired = Vec::new();
        for (number, causes) in crossed.into_iter().filter(|(_, causes)| !causes.is_empty()) {
            self.fire(number, causes);
            fired.push(short(number));
        }
        if !fired.is_empty() {
            params.insert("risks".to_owned(), Value::Text(fired.join("、")));
        }
    }

    /// Keeps each cause, makes the measure a task, and calls each person once.
    fn fire(&mut self, number: i64, causes: Vec<Cause>) {
        let Some(risk) = self.request.risk(number).cloned() else { return };
        let superior =
            causes.iter().any(|c| risk.calls_superior(c)).then(|| risk.plan.superior.clone()).flatten();
        for cause in causes {
            let measure = self.measure_of(&risk);
            let firing = Firing { at: self.rules.now, cause, measure };
            if let Some(risk) = self.risk(number) {
                risk.firings.push(firing);
            }
        }
        let firings = self.request.risk(number).map_or(0, |r| r.firings.len());
        let mut called: Vec<PersonId> = vec![risk.plan.owner.clone()];
        called.extend(superior.filter(|s| s != &risk.plan.owner));
        for person in called {
            let what = What::RiskFired { request: self.request.id.clone(), risk: number, firing: firings };
            let to = To::Person(person);
            self.notify(Notice { to, what, urgent: false, late: false, starts: None });
        }
        let params = self.about_risk(number);
        self.news([self.request.initiator.clone()], "risk_fired", params.clone());
        let news = self.news_of("risk_fired", params);
        self.tell(To::Project(self.request.id.clone()), news);
    }

    /// The measure as a task, unless it is one that is not done.
    fn measure_of(&mut self, risk: &Risk) -> Option<i64> {
        let kept = self.request.risk(risk.number).map_or(&[][..], |r| &r.firings);
        let open = |n: i64| self.request.task(n).is_some_and(|t| t.state != TaskState::Done);
        if kept.iter().filter_map(|f| f.measure).any(open) || self.request.tasks.len() >= task::MOST_TASKS {
            return None;
        }
        let (directory, calendar) = (self.rules.directory, self.rules.calendar);
        let plan = &risk.plan;
        let home = directory.person(&plan.owner).map(|p| p.department.clone());
        let start = calendar.working_day_or_next(self.rules.today());
        let days = i32::try_from(plan.measure_days).unwrap_or(1);
        let first_line = plan.measure.lines().next().unwrap_or_default();
        let number = self.plan_task(task::Plan {
            name: first_line.chars().take(task::form::NAME).collect(),
            lead: home.unwrap_or_else(|| self.request.department.clone()),
            supporting: Vec::new(),
            deciding: None,
            owner: plan.owner.clone(),
            start: Day { date: start, offset: None },
            finish: Day { date: calendar.add_working_days(start, days), offset: None },
            deliverable: String::new(),
            standard: plan.measure.clone(),
            after: Vec::new(),
            milestone: false,
        });
        Some(number)
    }
}
