//! An issue that belongs to no request stands in a case file of its own: so one lock, one version and one history hold for
//! it, too.
//!
//! Invariant: such a file has no asks and is in no list of requests; nothing can be done with it but through its issue.

use super::{Draft, Severity};
use crate::domain::change::{Change, Value};
use crate::domain::permission::Authority;
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Act, Content, Priority, Request, State, Visibility};
use crate::domain::{PersonId, RequestId};

/// The file's own facts.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its number, of the responsible department's scope.
    pub number: RequestId,
    /// Who reports.
    pub reporter: PersonId,
}

/// Whether an act makes sense without a request: it is about the issue, or about who hears of it.
pub fn fits_standing(act: &Act) -> bool {
    match act {
        Act::Issue(_)
        | Act::Improvement(_)
        | Act::Comment { .. }
        | Act::HandOver { .. }
        | Act::Copy { .. }
        | Act::Follow { .. }
        | Act::Snooze { .. }
        | Act::Urge { .. }
        | Act::Attach { .. } => true,
        Act::Approve { .. }
        | Act::Return { .. }
        | Act::Submit { .. }
        | Act::Confirm { .. }
        | Act::Object { .. }
        | Act::Decline { .. }
        | Act::Escalate { .. }
        | Act::Rule { .. }
        | Act::Withdraw
        | Act::Cancel { .. }
        | Act::BindProject
        | Act::Task(_)
        | Act::Decision(_)
        | Act::Risk(_)
        | Act::ConfirmWith { .. }
        | Act::Invite { .. }
        | Act::Reschedule { .. } => false,
    }
}

/// Opens the file with its issue.
pub fn stand(standing: Standing, draft: &Draft, rules: Rules) -> Change {
    let request = Request {
        id: standing.number,
        version: 0,
        revision: 1,
        state: State::Standing,
        initiator: standing.reporter.clone(),
        department: draft.report.department.clone(),
        filed_at: rules.now,
        content: content(draft, rules),
        approvals: Vec::new(),
        asks: Vec::new(),
        rounds: Vec::new(),
        onlookers: Vec::new(),
        obligations: Vec::new(),
        opened: 0,
        tasks: Vec::new(),
        tasks_given: 0,
        attached: Vec::new(),
        issues: Vec::new(),
        issues_given: 0,
        improvements: Vec::new(),
        improvements_given: 0,
        decisions: Vec::new(),
        decisions_given: 0,
        risks: Vec::new(),
        risks_given: 0,
    };
    let mut work = Work::by(&request, &standing.reporter, Authority::default(), rules);
    let number = work.open_issue(&standing.reporter, draft);
    let late = work.request.issue(number).is_some_and(|i| i.late);
    let mut params = work.about_issue_saying(number, &draft.report.text);
    let full = format!("{}-I{number}", work.request.id);
    params.insert("issue".to_owned(), Value::Text(full));
    let history = if late { "issue_reported_late" } else { "issue_reported" };
    work.done(history, params, history)
}

fn content(draft: &Draft, rules: Rules) -> Content {
    let priority = match draft.report.severity {
        Severity::Urgent => Priority::High,
        Severity::Important => Priority::Medium,
        Severity::General => Priority::Low,
    };
    Content {
        kind: None,
        title: draft.title(),
        background: String::new(),
        goal: draft.report.text.clone(),
        wanted_by: rules.today(),
        people: String::new(),
        budget: None,
        equipment: String::new(),
        risks: String::new(),
        priority,
        acceptance: String::new(),
        visibility: Visibility::Departments,
        attachments: Vec::new(),
    }
}
