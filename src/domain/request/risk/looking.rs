//! When a plan has to be looked at again: the moment at which real delay crosses one of its thresholds if nobody acts.
//!
//! Invariants: every decision about a case file works it out anew, so what somebody did meanwhile is in it; after a look
//! it lies ahead, or nowhere.

use jiff::civil::Time;

use super::{Cause, Late, Risk, RiskState, Trigger, Watched};
use crate::domain::change::{Change, with};
use crate::domain::request::task::{Task, TaskState};
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Request, State};
use crate::domain::{Date, Timestamp};

/// No further than a year of working days ahead.
const HORIZON: usize = 250;

impl Request {
    /// Works out anew when each plan has to be looked at.
    pub(in crate::domain::request) fn arm_risks(&mut self, rules: Rules) {
        if self.risks.is_empty() {
            return;
        }
        let looks: Vec<_> = self.risks.iter().map(|risk| self.crossing_ahead(risk, rules)).collect();
        self.risks.iter_mut().zip(looks).for_each(|(risk, at)| risk.looks_at = at);
    }

    /// The moment of the next crossing if everything stays as it is, now at the soonest: a day is late when its working
    /// hours are over. The critical path may move by itself, day by day, until every unfinished task is late.
    fn crossing_ahead(&self, risk: &Risk, rules: Rules) -> Option<Timestamp> {
        let (calendar, today) = (rules.calendar, rules.today());
        let unfinished = || self.tasks.iter().filter(|task| task.state != TaskState::Done);
        let first = unfinished().flat_map(|task| risk.crossing_days(task, rules)).min()?;
        let last = unfinished().map(|task| task.plan.finish.date).max()?;
        if self.state != State::InProgress {
            return None;
        }
        let mut day = first.max(today);
        for _ in 0..HORIZON {
            let causes = risk.crossings(&self.late_tasks(day, rules));
            // Late for longer, but on the path from this morning on.
            let morning = calendar.next_opening(calendar.at(day, Time::midnight()));
            let moment = |begun: Date| match begun < day && day > today {
                true => morning,
                false => calendar.closing_of(begun),
            };
            let soonest = causes.iter().filter_map(|cause| cause.day(rules)).map(moment).min();
            if let Some(soonest) = soonest {
                return Some(soonest.max(rules.now));
            }
            if day > last {
                return None;
            }
            day = calendar.add_working_days(day, 1);
        }
        None
    }
}

impl Risk {
    /// What has to fire now, given what is late today: a day is late when its working hours are over.
    pub(super) fn crossed(&self, late: &[Late], rules: Rules) -> Vec<Cause> {
        let over =
            |cause: &Cause| cause.day(rules).is_some_and(|d| rules.calendar.closing_of(d) <= rules.now);
        self.crossings(late).into_iter().filter(over).collect()
    }

    /// The days on which this task would cross the thresholds that it has not crossed yet.
    fn crossing_days(&self, task: &Task, rules: Rules) -> Vec<Date> {
        let Trigger::Late { watched, thresholds } = &self.plan.trigger else { return Vec::new() };
        if self.state == RiskState::Retired
            || matches!(watched, Watched::Task(number) if *number != task.number)
        {
            return Vec::new();
        }
        let planned = task.plan.finish.date;
        let causes =
            thresholds.iter().map(|n| Cause::Late { task: task.number, threshold: *n, days: *n, planned });
        let ahead = causes.filter(|cause| !self.firings.iter().any(|f| f.cause.is_same_crossing(cause)));
        ahead.filter_map(|cause| cause.day(rules)).collect()
    }
}

impl Cause {
    /// The first day that is later than the threshold allows.
    fn day(&self, rules: Rules) -> Option<Date> {
        match self {
            Cause::Late { threshold, planned, .. } => {
                let days = i32::try_from(*threshold).ok()?.checked_add(1)?;
                Some(rules.calendar.add_working_days(*planned, days))
            }
            Cause::ByHand { .. } => None,
        }
    }
}

impl Work<'_> {
    /// The moment came, and the plans are looked at. `None`: an act was faster, and it is another moment now.
    pub(in crate::domain::request) fn look_at_risks(mut self) -> Option<Change> {
        let now = self.rules.now;
        let due = |risk: &Risk| risk.looks_at.is_some_and(|at| at <= now);
        if !self.request.risks.iter().any(due) {
            return None;
        }
        let mut params = with([]);
        self.watch_risks(&mut params);
        Some(self.ticked("risks_watched", params))
    }
}
