//! The wanted day moves: before approval as a revision that is reviewed again, afterwards as a new version that the
//! departments sign again whose day has changed with it.

use super::filing::filed_facts;
use super::form::Filing;
use super::work::{Rules, Work};
use super::{AskState, Request, State};
use crate::domain::change::{Change, Refusal, Value};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::{Date, PersonId};

impl Request {
    /// Moves the wanted day, with a reason. A day that is no working day moves on to the next one.
    pub(super) fn reschedule(
        &self,
        by: &PersonId,
        to: Date,
        reason: &str,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Reschedule, None)?;
        let unapproved = self.asks.iter().all(|a| a.state == AskState::Waiting);
        match self.state {
            State::InReview if unapproved => {}
            State::Confirming | State::Confirmed => {}
            State::InReview
            | State::Returned
            | State::Withdrawn
            | State::Cancelled
            | State::InProgress
            | State::Delivered
            | State::Standing
            | State::Accepted => {
                return Err(self.not_now());
            }
        }
        let day = rules.calendar.working_day_or_next(to);
        if to < rules.today() {
            return Err(Refusal::PastDay { day: to });
        }
        if day == self.content.wanted_by {
            return Err(Refusal::SameDay { day });
        }
        let mut content = self.content.clone();
        content.wanted_by = day;
        let filing = Filing { content, asks: self.as_version().asks, moved_from: (to != day).then_some(to) };
        let mut work = Work::by(self, by, authority, rules);
        work.request.revision += 1;
        work.request.content = filing.content.clone();
        if unapproved {
            work.settle(Kind::ApproveRequest, None, Outcome::Superseded);
            let revision = work.request.revision;
            work.request.asks.iter_mut().for_each(|ask| ask.revision = revision);
            work.restart_approvals();
            work.ask_approvers();
        } else {
            work.sign_again(&filing, by, self);
        }
        let mut params = filed_facts(&work, &filing);
        params.insert("from".to_owned(), Value::Text(self.content.wanted_by.to_string()));
        params.insert("to".to_owned(), Value::Text(day.to_string()));
        params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
        Ok(work.done("rescheduled", params, "rescheduled"))
    }
}

impl Work<'_> {
    /// Asks those departments again whose day is another one now; the others hear that there is a new version.
    fn sign_again(&mut self, filing: &Filing, by: &PersonId, before: &Request) {
        let changed = before.changed(filing);
        self.replace_asks(filing, &changed, by);
        self.say_unchanged(&changed);
        if !changed.is_empty() {
            self.dispatch_revised(before.revision);
        }
    }
}
