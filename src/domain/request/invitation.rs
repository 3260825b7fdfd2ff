//! 加签: an approver calls others in to decide before him, beside him or after him.
//!
//! Invariants: whoever was called in has the time of a fresh question; nobody sits twice among those who still decide.

use super::work::{Rules, Work};
use super::{Approval, Onlooker, Part, Request, Seat};
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal, Value, with};

/// Seats that may wait for a decision at the same time.
const MOST_SEATS: usize = 10;

/// An approver calls others in.
#[derive(Clone, Debug)]
pub struct Inviting {
    /// Whom, each once.
    pub people: Vec<PersonId>,
    /// When they decide.
    pub turn: Turn,
    /// One of them is enough.
    pub any: bool,
    /// Why; may be empty.
    pub words: String,
}

/// When those decide who were called in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// 前加签: first they, then everybody whose turn it is now, asked again.
    Before,
    /// 并加签: now, side by side with those whose turn it is.
    Beside,
    /// 后加签: next.
    After,
}

impl Turn {
    /// The name in text keys and forms.
    pub fn name(self) -> &'static str {
        match self {
            Turn::Before => "before",
            Turn::Beside => "beside",
            Turn::After => "after",
        }
    }
}

impl Request {
    /// Calls others in; only those whose turn it is may.
    pub(super) fn invite(&self, by: &PersonId, inviting: &Inviting, rules: Rules) -> Result<Change, Refusal> {
        let (step, authority) = self.reviewer(by, None, rules)?;
        self.may_sit(inviting, rules)?;
        let stage = self.approvals.iter().find(|a| a.step == step).map_or(0, |a| a.stage);
        let mut work = Work::by(self, by, authority, rules);
        let stage = work.makes_room(stage, inviting);
        let (last, _) = self.last_seat();
        let mut params = with([
            ("by", Value::Person(by.clone())),
            ("turn", Value::Key(format!("choice.turn.{}", inviting.turn.name()))),
            ("rule", Value::Key(format!("choice.rule.{}", if inviting.any { "any" } else { "all" }))),
            ("reason", Value::Text(inviting.words.clone())),
        ]);
        for (n, person) in (1..).zip(&inviting.people) {
            let seat =
                Seat::Invited { person: person.clone(), by: by.clone(), words: inviting.words.clone() };
            let (asked, decision) = (None, None);
            let any = inviting.any;
            work.request.approvals.push(Approval { step: last + n, stage, seat, any, asked, decision });
            params.insert(format!("person{n}"), Value::Person(person.clone()));
        }
        params.insert("count".to_owned(), Value::Number(i64::try_from(inviting.people.len()).unwrap_or(0)));
        if let Some(first) = inviting.people.first() {
            params.insert("person".to_owned(), Value::Person(first.clone()));
        }
        work.ask_approvers();
        work.news([self.initiator.clone()], "invited", params.clone());
        Ok(work.done("invited", params, "invited"))
    }

    /// Whether they can: not the initiator, and nobody who still has to decide.
    fn may_sit(&self, inviting: &Inviting, rules: Rules) -> Result<(), Refusal> {
        let case = self.case(rules);
        let open: Vec<&Approval> = self.approvals.iter().filter(|a| a.decision.is_none()).collect();
        if open.len() + inviting.people.len() > MOST_SEATS {
            return Err(Refusal::TooManyApprovers { most: MOST_SEATS });
        }
        let sits = |person: &PersonId| {
            open.iter().filter_map(|a| case.holder_of(a)).any(|holder| &holder.person == person)
        };
        for person in &inviting.people {
            let why = match () {
                () if person == &self.initiator => "initiator",
                () if sits(person) => "in_chain",
                () => continue,
            };
            return Err(Refusal::CannotApprove { person: person.clone(), why: why.to_owned() });
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Moves other stages out of the way; which stage is theirs.
    fn makes_room(&mut self, stage: i64, inviting: &Inviting) -> i64 {
        let open = |a: &&mut Approval| a.decision.is_none();
        let seats = self.request.approvals.iter_mut().filter(open);
        match inviting.turn {
            Turn::Beside => {
                seats.filter(|a| a.stage == stage).for_each(|a| a.any = inviting.any);
                stage
            }
            Turn::After => {
                seats.filter(|a| a.stage > stage).for_each(|a| a.stage += 1);
                stage + 1
            }
            Turn::Before => {
                let later = |a: &mut Approval| {
                    a.stage += 1;
                    a.step
                };
                let now: Vec<i64> = seats.map(later).collect();
                now.into_iter().for_each(|step| self.unask(step));
                stage
            }
        }
    }

    /// Whoever was called in and has decided hears what becomes of it.
    pub(super) fn looks_on_after(&mut self, seat: &Seat) {
        let (file, since) = (&mut self.request, self.rules.now);
        let Seat::Invited { person, by, .. } = seat else { return };
        if file.part_of(person) != Some(Part::Copied) {
            file.onlookers.retain(|o| &o.person != person);
            let (person, put_by) = (person.clone(), by.clone());
            file.onlookers.push(Onlooker { person, part: Part::Copied, since, put_by });
        }
    }
}
