//! An improvement item is set: what, who, by which day, and from which issue.
//!
//! Invariant: there is something to learn from: the request was carried out, or the issue that is named is solved.

use super::{Draft, Improvement, short};
use crate::domain::change::{Change, Notice, Params, Refusal, To, Value, What, with};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Agreed, Kind, Obligation, Opening};
use crate::domain::permission::Doing;
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Request, State};
use crate::domain::{ObligationId, PersonId};

/// More items than this nobody works off.
pub const MOST_IMPROVEMENTS: usize = 100;

impl Request {
    /// Sets one; whoever is to do it hears at once.
    pub(super) fn set_improvement(
        &self,
        by: &PersonId,
        draft: &Draft,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::SetImprovement, None)?;
        self.something_to_learn(draft.issue)?;
        if self.improvements.len() >= MOST_IMPROVEMENTS {
            return Err(Refusal::TooMany { what: "improvements".to_owned(), most: MOST_IMPROVEMENTS });
        }
        let mut work = Work::by(self, by, authority, rules);
        work.request.improvements_given += 1;
        let number = work.request.improvements_given;
        let owed = work.owe_improvement(number, draft);
        work.request.improvements.push(Improvement {
            number,
            subject: draft.subject.clone(),
            owner: draft.owner.clone(),
            due: draft.due,
            issue: draft.issue,
            set_by: by.clone(),
            set_at: rules.now,
            owed,
            finished: None,
            taken_back: None,
        });
        let params = work.about_improvement(number);
        work.news([self.initiator.clone()], "improvement_set", params.clone());
        Ok(work.done("improvement_set", params, "improvement_set"))
    }

    /// Whether an item can be set now: for the request, or from one of its issues.
    pub fn something_to_learn(&self, issue: Option<i64>) -> Result<(), Refusal> {
        match issue {
            Some(number) => match self.issue(number) {
                None => Err(Refusal::NoSuchIssue { number }),
                Some(open) if open.is_open() => {
                    Err(Refusal::IssueIs { number, state: open.state.name().to_owned() })
                }
                Some(_) => Ok(()),
            },
            None => match self.state {
                State::Confirmed
                | State::InProgress
                | State::Delivered
                | State::Accepted
                | State::Standing => Ok(()),
                State::InReview
                | State::Returned
                | State::Confirming
                | State::Withdrawn
                | State::Cancelled => Err(self.not_now()),
            },
        }
    }
}

impl Work<'_> {
    /// Opens what is owed for an item and asks for it.
    fn owe_improvement(&mut self, number: i64, draft: &Draft) -> ObligationId {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let home = directory.person(&draft.owner).map(|p| p.department.clone());
        let department = home.unwrap_or_else(|| self.request.department.clone());
        let present = directory.present(&draft.owner, today).or_else(|| directory.head(&department, today));
        let debtor = present.unwrap_or_else(|| Holder { person: draft.owner.clone(), instead_of: None });
        self.request.opened += 1;
        let id = ObligationId::new(format!("{}.{}", self.request.id, self.request.opened));
        let opening = Opening {
            id: id.clone(),
            kind: Kind::Improve,
            debtor: debtor.clone(),
            department,
            planned: None,
            decision: None,
            issue: None,
            improvement: Some(Agreed { improvement: number, due: self.rules.calendar.closing_of(draft.due) }),
        };
        let opened = Obligation::open(opening, self.rules.now, self.rules.policy, self.rules.calendar);
        if let Some(obligation) = opened {
            self.request.obligations.push(obligation);
            let what = What::Asked { request: self.request.id.clone(), obligation: id.clone() };
            let (to, starts) = (To::Person(debtor.person), Some(id.clone()));
            self.notify(Notice { to, what, urgent: false, late: false, starts });
        }
        id
    }

    /// What texts say about an item.
    pub(super) fn about_improvement(&self, number: i64) -> Params {
        let mut params = with([("item", Value::Text(short(number)))]);
        if let Some(item) = self.request.improvement(number) {
            params.insert("subject".to_owned(), Value::Text(item.subject.clone()));
            params.insert("owner".to_owned(), Value::Person(item.owner.clone()));
            params.insert("due".to_owned(), Value::Moment(self.rules.calendar.closing_of(item.due)));
            if let Some(issue) = item.issue {
                params.insert("issue".to_owned(), Value::Text(format!("I{issue}")));
            }
        }
        if let (Some(by), _) = self.actor() {
            params.insert("by".to_owned(), Value::Person(by.clone()));
        }
        params
    }
}
