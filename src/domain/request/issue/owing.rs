//! What is owed for an issue, and who hears about it.
//!
//! Invariant: of each kind an issue has at most one open obligation.

use super::{Issue, Severity};
use crate::domain::change::{Notice, Params, To, Value, What, with};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation, OfIssue, Opening, Outcome};
use crate::domain::request::work::Work;
use crate::domain::{DepartmentId, ObligationId, PersonId, Timestamp};

/// A piece of news about an issue: its key below `news_of_issue.`, and its words.
pub(super) type News<'a> = (&'a str, Params);

impl Work<'_> {
    /// The issue with this number.
    pub(super) fn issue(&mut self, number: i64) -> Option<&mut Issue> {
        self.request.issues.iter_mut().find(|i| i.number == number)
    }

    /// Opens what is owed for an issue; by a planned moment, or as long as the policy gives.
    pub(super) fn owe_issue(
        &mut self,
        kind: Kind,
        issue: &Issue,
        debtor: Option<Holder>,
        due: Option<Timestamp>,
    ) -> Option<ObligationId> {
        let debtor = debtor?;
        self.request.opened += 1;
        let id = ObligationId::new(format!("{}.{}", self.request.id, self.request.opened));
        let urgent = issue.is_urgent();
        let opening = Opening {
            id: id.clone(),
            kind,
            debtor,
            department: issue.report.department.clone(),
            planned: None,
            decision: None,
            issue: Some(OfIssue { number: issue.number, urgent, due }),
            improvement: None,
        };
        let opened = Obligation::open(opening, self.rules.now, self.rules.policy, self.rules.calendar)?;
        self.request.obligations.push(opened);
        Some(id)
    }

    /// Closes what is owed of a kind for one issue; the debtor of what was closed.
    pub(super) fn settle_issue(&mut self, kind: Kind, number: i64, outcome: Outcome) -> Option<Obligation> {
        let (now, by) = (self.rules.now, self.actor().0.cloned());
        let mine = |o: &&mut Obligation| o.is_open() && o.kind == kind && o.issue == Some(number);
        let open = self.request.obligations.iter_mut().find(mine)?;
        let before = open.clone();
        open.close(outcome, now, by.as_ref());
        Some(before)
    }

    /// Who has to respond for a department today.
    pub(super) fn answers_for(&self, department: &DepartmentId) -> Option<Holder> {
        self.rules.directory.contact(department, self.rules.today())
    }

    /// Who solves an issue today: its resolver, or whoever answers for the department.
    pub(super) fn solver(&self, issue: &Issue) -> Option<Holder> {
        let present =
            issue.resolver.as_ref().and_then(|p| self.rules.directory.present(p, self.rules.today()));
        present.or_else(|| self.answers_for(&issue.report.department))
    }

    /// When an issue without a plan has to be solved, counted from a moment.
    pub(super) fn unplanned(&self, severity: Severity, from: Timestamp) -> Timestamp {
        let rules = &self.rules.policy.issue;
        let span = if severity == Severity::Urgent { rules.unplanned_urgent } else { rules.unplanned };
        self.rules.calendar.add(from, span)
    }

    /// Opens what whoever handles it owes: the solution by its due time, and progress until then.
    pub(super) fn owe_handling(&mut self, issue: &Issue, due: Timestamp) -> Option<ObligationId> {
        let solver = self.solver(issue);
        let owed = self.owe_issue(Kind::ResolveIssue, issue, solver.clone(), Some(due));
        self.owe_progress(issue, solver);
        owed
    }

    /// The next word on progress, so long from now.
    pub(super) fn owe_progress(&mut self, issue: &Issue, debtor: Option<Holder>) {
        let row = self.rules.policy.rows.get(&Kind::UpdateIssue);
        let due = row.map(|row| row.due.from(self.rules.now, self.rules.calendar));
        self.owe_issue(Kind::UpdateIssue, issue, debtor, due);
    }

    /// Something was said about it: the clock of progress begins again.
    pub(super) fn renew_progress(&mut self, issue: &Issue) {
        let Some(before) = self.settle_issue(Kind::UpdateIssue, issue.number, Outcome::Met) else { return };
        self.owe_progress(issue, Some(before.debtor));
    }

    /// The heads and contacts of the responsible side, the superior first asked last, each once.
    pub(super) fn responsible(&self, department: &DepartmentId) -> Vec<PersonId> {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let mut people = self.side(department);
        let above = directory.supervisor(department, today).map(|h| h.person);
        people.extend(above.filter(|a| !people.contains(a)));
        people
    }

    /// Tells people about an issue, each once, the actor not at all.
    pub(super) fn tell_of_issue(
        &mut self,
        people: impl IntoIterator<Item = PersonId>,
        number: i64,
        (news, params): News<'_>,
    ) {
        let urgent = self.request.issue(number).is_some_and(Issue::is_urgent);
        let mut told: Vec<PersonId> = self.actor().0.cloned().into_iter().collect();
        for person in people {
            if told.contains(&person) || !self.rules.directory.is_active(&person) {
                continue;
            }
            told.push(person.clone());
            let what = self.trouble(number, (news, params.clone()));
            self.notify(Notice { to: To::Person(person), what, urgent, late: false, starts: None });
        }
    }

    /// Something to be said about an issue.
    pub(super) fn trouble(&self, number: i64, (news, with): News<'_>) -> What {
        let (request, news) = (self.request.id.clone(), news.to_owned());
        What::Trouble { request, issue: number, news, with, obligation: None, rung: None }
    }

    /// What texts say about an issue.
    pub(super) fn about_issue(&self, number: i64) -> Params {
        let Some(issue) = self.request.issue(number) else {
            return with([("issue", Value::Text(format!("I{number}")))]);
        };
        let mut params = with([
            ("issue", Value::Text(format!("I{number}"))),
            ("title", Value::Text(issue.title())),
            ("severity", Value::Key(format!("choice.severity.{}", issue.report.severity.name()))),
            ("department", Value::Department(issue.report.department.clone())),
        ]);
        if let (Some(by), _) = self.actor() {
            params.insert("by".to_owned(), Value::Person(by.clone()));
        }
        params
    }

    /// The same, with somebody's words.
    pub(super) fn about_issue_saying(&self, number: i64, words: &str) -> Params {
        let mut params = self.about_issue(number);
        params.insert("text".to_owned(), Value::Text(words.to_owned()));
        params
    }
}
