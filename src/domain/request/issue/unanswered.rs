//! 解决确认: the side that reported an issue is asked to agree that it is solved; where it says nothing, it is agreed.
//!
//! Invariants: what is resolved is owed an answer until it is closed or opened again; silence counts from the moment at
//! which the question arrived, and never closes what nobody was asked about.

use super::IssueState;
use crate::domain::change::{Change, Notice, To, Value};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation, OfIssue, Opening, Outcome};
use crate::domain::request::work::Work;
use crate::domain::{DepartmentId, ObligationId, PersonId};

use super::owing::News;

impl Work<'_> {
    /// Asks whoever reported an issue, or stands in, to agree; whom.
    pub(super) fn ask_to_close(&mut self, number: i64, (news, params): News<'_>) -> Option<PersonId> {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let reporter = self.request.issue(number)?.reporter.clone();
        let home = directory.person(&reporter).map(|p| p.department.clone());
        let department = home.unwrap_or_else(|| self.request.department.clone());
        let debtor = directory.present(&reporter, today).or_else(|| directory.head(&department, today))?;
        let asked = debtor.person.clone();
        // Whoever solved what he reported himself is not told what he knows: his time runs from now.
        let knows = self.actor().0 == Some(&asked);
        let row = self.rules.policy.rows.get(&Kind::CloseIssue).filter(|_| knows);
        let due = row.map(|row| row.due.from(self.rules.now, self.rules.calendar));
        let owed = self.owe_agreement((debtor, department), OfIssue { number, urgent: false, due });
        if knows {
            return Some(asked);
        }
        let what = self.trouble(number, (news, params));
        let urgent = self.request.issue(number).is_some_and(super::Issue::is_urgent);
        let to = To::Person(asked.clone());
        self.notify(Notice { to, what, urgent, late: false, starts: owed });
        Some(asked)
    }

    fn owe_agreement(
        &mut self,
        (debtor, department): (Holder, DepartmentId),
        of: OfIssue,
    ) -> Option<ObligationId> {
        self.request.opened += 1;
        let id = ObligationId::new(format!("{}.{}", self.request.id, self.request.opened));
        let opening = Opening {
            id: id.clone(),
            kind: Kind::CloseIssue,
            debtor,
            department,
            planned: None,
            decision: None,
            issue: Some(of),
            improvement: None,
        };
        let opened = Obligation::open(opening, self.rules.now, self.rules.policy, self.rules.calendar)?;
        self.request.obligations.push(opened);
        Some(id)
    }

    /// The issue that nobody has said a word to although the time for it is over; `None` while it is not, or where the
    /// policy leaves such issues open.
    pub(in crate::domain::request) fn unanswered(&self, owed: &Obligation) -> Option<i64> {
        let over = owed.kind == Kind::CloseIssue && self.rules.now >= owed.due_at;
        let promised = owed.promise.as_ref().is_some_and(|p| p.open && p.until > self.rules.now);
        owed.issue.filter(|_| over && !promised && self.rules.policy.issue.close_unanswered)
    }

    /// It is closed without a word; both sides hear, and may still open it again.
    pub(in crate::domain::request) fn close_unanswered(mut self, number: i64) -> Change {
        let silent = self.settle_issue(Kind::CloseIssue, number, Outcome::Lapsed).map(|o| o.debtor.person);
        if let Some(issue) = self.issue(number) {
            issue.state = IssueState::Closed;
        }
        let mut params = self.about_issue(number);
        let told = self.request.issue(number).cloned().map(|issue| self.both_sides(&issue));
        if let Some(silent) = &silent {
            params.insert("silent".to_owned(), Value::Person(silent.clone()));
        }
        let told: Vec<PersonId> = silent.into_iter().chain(told.into_iter().flatten()).collect();
        self.tell_of_issue(told, number, ("closed_unanswered", params.clone()));
        self.ticked("issue_closed_unanswered", params)
    }
}
