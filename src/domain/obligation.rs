//! Somebody owes something by a time; if it does not come, somebody else hears of it.
//!
//! Invariants: an open obligation has exactly one future step, or none because its ladder is climbed; a closed one has
//! none. The ladder is fixed at opening: a change of policy concerns later obligations.

use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Span};
use super::directory::Holder;
use super::policy::{At, Audience, Policy, Rung, Step, TooLate};
use super::{DepartmentId, ObligationId, PersonId, Timestamp};

#[cfg(test)]
mod fixture;
mod kind;
mod late;
mod recalculation;
mod trouble;

pub use kind::Kind;
pub use late::{LATE, SOON};
pub use recalculation::Cause;
pub use trouble::OfIssue;

/// How an obligation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done in time.
    Met,
    /// Done, but after it was due.
    MetLate,
    /// Its subject ended otherwise.
    Cancelled,
    /// Another one took its place.
    Superseded,
    /// Its time went by, and it makes no sense any more.
    Lapsed,
}

/// What is to be opened: the parts that the act knows.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its key.
    pub id: ObligationId,
    /// What is owed.
    pub kind: Kind,
    /// By whom.
    pub debtor: Holder,
    /// By which department; for objections the one that objected.
    pub department: DepartmentId,
    /// The task that it is about and its planned moment; `None` where the policy's span from the opening counts.
    pub planned: Option<Planned>,
    /// The decision that it is about and the time that its asker gave.
    pub decision: Option<Sought>,
    /// The issue that it is about.
    pub issue: Option<OfIssue>,
    /// The improvement item that it is about.
    pub improvement: Option<Agreed>,
}

/// A decision that somebody asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// Its number.
    pub decision: i64,
    /// The time allowed, in place of the policy's.
    pub allowed: Span,
}

/// An improvement item that somebody set.
#[derive(Clone, Copy, Debug)]
pub struct Agreed {
    /// Its number.
    pub improvement: i64,
    /// When it is due, in place of the policy's time.
    pub due: Timestamp,
}

/// A moment that a plan sets, not the policy.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// The task's number.
    pub task: i64,
    /// When it is due.
    pub due: Timestamp,
}

/// One thing that somebody owes.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligation {
    /// Its key, `<request>.<n>`.
    pub id: ObligationId,
    /// What is owed.
    pub kind: Kind,
    /// The department it is about.
    pub department: DepartmentId,
    /// Who owes it.
    pub debtor: Holder,
    /// It was handed to that person by hand, so it does not follow the office.
    pub transferred: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the debtor's messenger took the message: silence counts from here.
    pub delivered_at: Option<Timestamp>,
    /// When it is due.
    pub due_at: Timestamp,
    /// Due lies beyond the known holidays.
    pub provisional: bool,
    /// The time allowed, as it was at opening.
    pub allowed: Span,
    /// The steps, as they were at opening.
    pub ladder: Vec<Step>,
    /// Passes quiet hours.
    pub urgent: bool,
    /// The step to come.
    pub next: Option<Next>,
    /// The highest rung so far.
    pub climbed: Option<Rung>,
    /// When somebody last urged.
    pub urged_at: Option<Timestamp>,
    /// How it ended.
    pub closed: Option<Closed>,
    /// What the debtor promised last.
    pub promise: Option<Promise>,
    /// The task that it is about.
    pub task: Option<i64>,
    /// The decision that it is about.
    pub decision: Option<i64>,
    /// The issue that it is about.
    pub issue: Option<i64>,
    /// The improvement item that it is about.
    pub improvement: Option<i64>,
}

/// 稍后: "I will have it by then". Reminders to the debtor rest until that time; nothing else moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// By when.
    pub until: Timestamp,
    /// In the words of the one who promised; may be empty.
    pub words: String,
    /// Who promised.
    pub by: PersonId,
    /// Its time has not come yet.
    pub open: bool,
}

/// The step to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its place on the ladder.
    pub index: usize,
    /// The instant of the rule. Together with the index it names the step.
    pub due: Timestamp,
    /// The same, moved out of quiet hours.
    pub fires_at: Timestamp,
}

/// How and when an obligation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// How.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// By whose act; `None` for the service's own.
    pub by: Option<PersonId>,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The newest that came due.
    pub step: Step,
    /// The instant of its rule.
    pub due: Timestamp,
    /// So many earlier ones are left out because it stands for them.
    pub overtaken: usize,
}

/// What taking a step came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Climbed {
    /// Its time came, but the debtor's own reminders rest until the promise's time.
    Rests(Taken),
    /// It fires now.
    Fired(Taken),
    /// Too long ago to be worth a message: logged only.
    TooLate(Taken),
    /// A late reminder, and the next step is about to say the same: logged only.
    Spared(Taken),
    /// The message that asks has not reached the debtor's messenger yet: silence has not begun.
    NotBegun,
    /// There was no such step to take any more.
    Moot,
}

/// A ladder whose silence has not begun looks again after this, lest it stand without a step; the delivery arms it properly,
/// and looking more often only fills the history.
const LOOK_AGAIN: Span = Span::H(24);

impl Obligation {
    /// Opens an obligation: its due time and its ladder are those of the policy as it stands.
    pub fn open(opening: Opening, now: Timestamp, policy: &Policy, calendar: &Calendar) -> Option<Self> {
        let is_urgent = opening.issue.is_some_and(|i| i.urgent);
        let row = policy.row(opening.kind, is_urgent)?;
        let mut obligation = Obligation {
            id: opening.id,
            kind: opening.kind,
            department: opening.department,
            debtor: opening.debtor,
            transferred: false,
            opened_at: now,
            delivered_at: None,
            due_at: now,
            provisional: false,
            allowed: opening.decision.map_or(row.due.span(), |d| d.allowed),
            ladder: row.ladder.clone(),
            urgent: row.urgent || (is_urgent && opening.kind.wakes()),
            next: None,
            climbed: None,
            urged_at: None,
            closed: None,
            promise: None,
            task: opening.planned.map(|p| p.task),
            decision: opening.decision.map(|d| d.decision),
            issue: opening.issue.map(|i| i.number),
            improvement: opening.improvement.map(|i| i.improvement),
        };
        let agreed = opening.improvement.map(|i| i.due);
        match opening.planned.map(|p| p.due).or(opening.issue.and_then(|i| i.due)).or(agreed) {
            None => obligation.count_from(now, calendar),
            Some(due) => obligation.plan_for(due, calendar),
        }
        Some(obligation)
    }

    /// The debtor's messenger took the message: silence counts from now on, so due and steps are worked out anew.
    pub fn delivered(&mut self, at: Timestamp, calendar: &Calendar) {
        if self.delivered_at.is_none() {
            self.delivered_at = Some(at);
            self.count_from(at, calendar);
        }
    }

    /// From when silence counts.
    pub fn counted_from(&self) -> Timestamp {
        self.delivered_at.unwrap_or(self.opened_at)
    }

    /// Takes the step that came due, or the newest of several, and arms the next one.
    ///
    /// `step` and `due` name the step that the caller saw; another act may have moved the ladder since.
    pub fn climb(
        &mut self,
        seen: (usize, Timestamp),
        now: Timestamp,
        rules: (&TooLate, &Calendar),
    ) -> Climbed {
        let (too_late, calendar) = rules;
        let Some(first) = self.next.filter(|n| (n.index, n.due) == seen && n.fires_at <= now) else {
            return Climbed::Moot;
        };
        if self.delivered_at.is_none() {
            let later = calendar.add(now, LOOK_AGAIN);
            self.next = Some(Next { index: first.index, due: later, fires_at: later });
            return Climbed::NotBegun;
        }
        let mut fired = first;
        let mut overtaken = 0;
        let mut next = self.after(&first, calendar);
        while let Some(later) = next.filter(|n| n.fires_at <= now) {
            fired = later;
            overtaken += 1;
            next = self.after(&later, calendar);
        }
        self.next = next;
        let Some(step) = self.ladder.get(fired.index).cloned() else { return Climbed::Moot };
        let limit = match step.rung {
            Rung::Remind => too_late.remind,
            Rung::Overdue => too_late.overdue,
            Rung::Alert => too_late.alert,
        };
        let rung = step.rung;
        let taken = Taken { step, due: fired.due, overtaken };
        if self.rests(&taken.step, now) {
            return Climbed::Rests(taken);
        }
        if now > calendar.add(fired.fires_at, limit) {
            return Climbed::TooLate(taken);
        }
        if self.is_spared(&taken.step, fired.fires_at, now) {
            return Climbed::Spared(taken);
        }
        self.climbed = self.climbed.max(Some(rung));
        Climbed::Fired(taken)
    }

    /// Whether a step waits for a promise: one that only the debtor would hear.
    fn rests(&self, step: &Step, now: Timestamp) -> bool {
        let promised = self.promise.as_ref().is_some_and(|p| p.open && p.until > now);
        promised && step.to.iter().all(|to| *to == Audience::Debtor)
    }

    /// When a promise's time comes before the next step of the ladder, or where there is none.
    pub fn promise_first(&self) -> Option<Timestamp> {
        let promise = self.promise.as_ref().filter(|p| p.open && self.is_open())?;
        self.next.is_none_or(|next| promise.until <= next.fires_at).then_some(promise.until)
    }

    /// Ends the obligation; `met` outcomes are late when due has passed.
    pub fn close(&mut self, outcome: Outcome, now: Timestamp, by: Option<&PersonId>) {
        let outcome = match outcome {
            Outcome::Met if now > self.due_at => Outcome::MetLate,
            as_said => as_said,
        };
        self.next = None;
        self.closed = Some(Closed { outcome, at: now, by: by.cloned() });
    }

    /// Whether it is still owed.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The steps still to come, soonest first; a repeating one once.
    pub fn to_come(&self, calendar: &Calendar) -> Vec<(Step, Next)> {
        let mut steps = Vec::new();
        let mut at = self.next;
        while let Some(next) =
            at.filter(|n| steps.last().is_none_or(|(_, l): &(Step, Next)| l.index != n.index))
        {
            let Some(step) = self.ladder.get(next.index) else { break };
            steps.push((step.clone(), next));
            at = self.after(&next, calendar);
        }
        steps
    }

    /// The engine lost the future step (a bug or a hand in the database): arm the first that still makes sense.
    pub fn rearm(&mut self, now: Timestamp, calendar: &Calendar) {
        let mut at = self.step(0, self.counted_from(), calendar);
        while let Some(next) = at.filter(|n| n.fires_at <= now) {
            at = self.after(&next, calendar);
        }
        self.next = at;
    }

    /// A planned moment is known without any message: silence counts from the opening. What would have been said before
    /// that is left out.
    fn plan_for(&mut self, due: Timestamp, calendar: &Calendar) {
        self.delivered_at = Some(self.opened_at);
        self.due_at = due;
        self.provisional = calendar.provisional(due);
        self.allowed = calendar.working_days_until(self.opened_at, due);
        self.rearm(self.opened_at, calendar);
    }

    fn count_from(&mut self, from: Timestamp, calendar: &Calendar) {
        self.due_at = calendar.add(from, self.allowed);
        self.provisional = calendar.provisional(self.due_at);
        self.next = self.step(0, from, calendar);
    }

    fn after(&self, this: &Next, calendar: &Calendar) -> Option<Next> {
        let again = matches!(self.ladder.get(this.index)?.at, At::Every(_));
        self.step(if again { this.index } else { this.index + 1 }, this.due, calendar)
    }

    fn step(&self, index: usize, previous: Timestamp, calendar: &Calendar) -> Option<Next> {
        let due = match self.ladder.get(index)?.at {
            At::After(span) => calendar.add(self.counted_from(), span),
            At::BeforeDue(span) => calendar.before(self.due_at, span),
            At::Due => self.due_at,
            At::AfterDue(span) => calendar.add(self.due_at, span),
            At::Every(span) => calendar.add(previous, span),
            At::Clock { time, days } => calendar.at_clock(self.due_at, days, time),
        };
        let fires_at = if self.urgent { due } else { calendar.after_quiet(due) };
        Some(Next { index, due, fires_at })
    }
}
