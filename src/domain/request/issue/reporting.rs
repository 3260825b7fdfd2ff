//! 反馈: an issue comes into being, and those who can do something about it hear at once.
//!
//! Invariants: an issue is born with its clock running; a storm of reports about one task is one issue with a count.

use super::{Draft, Issue, IssueState, Said};
use crate::domain::change::{Change, Notice, Refusal, To, Value};
use crate::domain::obligation::Kind;
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};
use crate::domain::{PersonId, Timestamp};

/// More issues than this are not a request's any more.
const MOST_ISSUES: usize = 200;
/// Further reports of one trouble whose words are kept.
const MOST_KEPT: usize = 50;

impl Request {
    /// A new issue, or one more report of a known one.
    pub(in crate::domain::request) fn report_issue(
        &self,
        by: &PersonId,
        draft: &Draft,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::ReportIssue, None)?;
        let mut work = Work::by(self, by, authority, rules);
        if let Some(number) = self.same_trouble(draft, rules) {
            work.reported_again(number, (by, draft));
            let mut params = work.about_issue_saying(number, &draft.report.text);
            let count = self.issue(number).map_or(1, |i| i.count) + 1;
            params.insert("count".to_owned(), Value::Number(count));
            return Ok(work.done("issue_again", params, "issue_again"));
        }
        if self.issues.len() >= MOST_ISSUES {
            return Err(Refusal::TooManyIssues { most: MOST_ISSUES });
        }
        let number = work.open_issue(by, draft);
        let late = work.request.issue(number).is_some_and(|i| i.late);
        let params = work.about_issue_saying(number, &draft.report.text);
        let history = if late { "issue_reported_late" } else { "issue_reported" };
        Ok(work.done(history, params, history))
    }

    /// An open issue about the same task, reported moments ago and at least as grave; without a task only the very same
    /// words are the same trouble.
    fn same_trouble(&self, draft: &Draft, rules: Rules) -> Option<i64> {
        let (new, within) = (&draft.report, rules.policy.issue.group_within);
        let same = |i: &&Issue| {
            let about = match new.task {
                Some(_) => i.report.task == new.task,
                None => i.report.task.is_none() && i.report.text == new.text,
            };
            let recent = rules.now <= rules.calendar.add(i.heard_at, within);
            about
                && recent
                && i.is_open()
                && i.report.department == new.department
                && i.report.severity <= new.severity
        };
        self.issues.iter().find(same).map(|i| i.number)
    }
}

impl Work<'_> {
    /// Takes an issue into the file; its number.
    pub(super) fn open_issue(&mut self, by: &PersonId, draft: &Draft) -> i64 {
        self.request.issues_given += 1;
        let number = self.request.issues_given;
        let now = self.rules.now;
        let issue = Issue {
            number,
            report: draft.report.clone(),
            reporter: by.clone(),
            reported_at: now,
            late: is_late(draft.report.happened_at, self.rules),
            state: IssueState::Waiting,
            response: None,
            coordination: None,
            solution: None,
            resolver: None,
            updates: Vec::new(),
            resolution: None,
            resolved: None,
            closed: None,
            reopened: Vec::new(),
            also: Vec::new(),
            count: 1,
            heard_at: now,
            moves: Vec::new(),
        };
        self.request.issues.push(issue.clone());
        self.raise_alarm(&issue);
        number
    }

    /// The contact is asked and the clock starts; head, superior, the owner of the task and the issue group hear.
    fn raise_alarm(&mut self, issue: &Issue) {
        let department = &issue.report.department;
        let contact = self.answers_for(department);
        let owed = self.owe_issue(Kind::RespondIssue, issue, contact.clone(), None);
        self.owe_coordination(issue);
        let params = self.about_issue(issue.number);
        if let Some(contact) = contact {
            let what = self.trouble(issue.number, ("alert", params.clone()));
            let (to, urgent) = (To::Person(contact.person), issue.is_urgent());
            self.notify(Notice { to, what, urgent, late: false, starts: owed });
        }
        let asked = self.answers_for(department).map(|h| h.person);
        let owner = issue.report.task.and_then(|n| self.request.task(n)).map(|t| t.plan.owner.clone());
        let initiator = Some(self.request.initiator.clone());
        let told = self.responsible(department).into_iter().chain(owner).chain(initiator);
        let told: Vec<PersonId> = told.filter(|p| Some(p) != asked.as_ref()).collect();
        self.tell_of_issue(told, issue.number, ("alert", params.clone()));
        let what = self.trouble(issue.number, ("alert", params));
        self.notify(Notice { to: To::Issues, what, urgent: issue.is_urgent(), late: false, starts: None });
    }

    /// An urgent issue needs a coordination, known without any message: its clock runs from now.
    pub(super) fn owe_coordination(&mut self, issue: &Issue) {
        if !issue.is_urgent() || issue.coordination.is_some() {
            return;
        }
        let row = self.rules.policy.rows.get(&Kind::StartCoordination);
        let due = row.map(|row| row.due.from(self.rules.now, self.rules.calendar));
        let debtor = self.answers_for(&issue.report.department);
        self.owe_issue(Kind::StartCoordination, issue, debtor, due);
    }

    fn reported_again(&mut self, number: i64, (by, draft): (&PersonId, &Draft)) {
        let at = self.rules.now;
        let Some(issue) = self.issue(number) else { return };
        issue.count += 1;
        issue.heard_at = at;
        if issue.also.len() < MOST_KEPT {
            issue.also.push(Said { by: by.clone(), at, text: draft.report.text.clone() });
        }
    }
}

fn is_late(happened_at: Timestamp, rules: Rules) -> bool {
    rules.now > rules.calendar.add(happened_at, rules.policy.issue.late_after)
}
