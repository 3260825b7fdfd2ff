//! What a link to a web form stands for: the button of a card as something to open, and its submission as something to do.
//!
//! Invariant: what a link's form submits is the act that the link was made for, and no other.

use super::{DecisionWant, FormValues, ImproveWant, IssueWant, RiskWant, TaskWant, Want, submitting};

/// The button under a form that adds a row of asks.
pub const ADD_ROW: &str = "add_row";
/// The button under a request's form that submits it.
pub const FILE: &str = "file";
/// Those that show its way, and keep what was typed.
const PREVIEW: &str = "preview";
const KEEP_DRAFT: &str = "keep_draft";

/// What the link of a button opens. A button under a form opens that form, with what stands in `values` as far as it
/// was typed on the way there; `None` for a button that is of no use outside of its card.
pub fn opening(want: &Want, values: &FormValues) -> Option<Want> {
    match want {
        Want::AddRow { .. } | Want::Bind { .. } | Want::Unknown { .. } | Want::Fault { .. } => None,
        Want::File { request: None } => {
            let typed = |field: &str| values.get(field).filter(|value| !value.is_empty()).cloned();
            let departments = (1..=rows(values)).filter_map(|row| typed(&format!("ask{row}_department")));
            let departments = departments.collect();
            Some(Want::New { title: typed("title"), departments, date: typed("wanted_by") })
        }
        Want::File { request } => Some(Want::Revise { request: request.clone() }),
        other => submitting::opening(other, values).or_else(|| Some(other.clone())),
    }
}

/// What the form of a link does when it is submitted with one of its buttons; `None` where there is nothing but to read.
pub fn submitted(want: &Want, button: &str, values: &FormValues) -> Option<Want> {
    let request = match want {
        Want::New { .. } | Want::Template { .. } | Want::Like { .. } => None,
        Want::Revise { request } => request.clone(),
        Want::Task(task) => return submitted_task(task).map(Want::Task),
        // The ruling is chosen in the form.
        Want::Rule { request, department, .. } => {
            let (request, department) = (request.clone(), department.clone());
            return Some(Want::Rule { request, department, uphold: None, reason: None });
        }
        Want::Confirm { .. }
        | Want::Object { .. }
        | Want::Approve { .. }
        | Want::Return { .. }
        | Want::Decline { .. }
        | Want::Escalate { .. }
        | Want::Withdraw { .. }
        | Want::Cancel { .. }
        | Want::Urge { .. }
        | Want::Comment { .. }
        | Want::Settings { .. }
        | Want::Cosign { .. }
        | Want::Transfer { .. }
        | Want::Cc { .. }
        | Want::Follow { .. }
        | Want::Unfollow { .. }
        | Want::Snooze { .. }
        | Want::Estimate { .. }
        | Want::Date { .. }
        | Want::Attach { .. }
        | Want::Delegate { .. }
        | Want::EndDelegation { .. }
        | Want::Several { .. } => return Some(want.clone()),
        other => return submitting::submitted(other),
    };
    let rows = rows(values);
    match button {
        ADD_ROW => Some(Want::AddRow { request, rows }),
        PREVIEW => Some(Want::Preview { request, rows }),
        KEEP_DRAFT => Some(Want::KeepDraft { request }),
        FILE => Some(Want::File { request }),
        _ => None,
    }
}

/// The same for what is about tasks. Whoever opened the report of all tasks is asked for rows that only its own button
/// names, and lists are only read.
fn submitted_task(want: &TaskWant) -> Option<TaskWant> {
    match want {
        TaskWant::Add { request, .. } => Some(TaskWant::Save { request: request.clone(), task: None }),
        TaskWant::Edit { request, task } => Some(TaskWant::Save { request: request.clone(), task: *task }),
        TaskWant::List { .. } | TaskWant::Progress { .. } => None,
        other => Some(other.clone()),
    }
}

/// Whether its form opens something each time that it is taken: two of them are two. What sets something, or what a
/// state allows only once, comes to the same.
pub fn makes_new(want: &Want) -> bool {
    matches!(
        want,
        Want::File { request: None }
            | Want::Comment { .. }
            | Want::Attach { .. }
            | Want::Task(TaskWant::Save { task: None, .. })
            | Want::Issue(IssueWant::File { .. })
            | Want::Decision(DecisionWant::Ask { .. })
            | Want::Risk(RiskWant::Save { risk: None, .. })
            | Want::Improve(ImproveWant::Set { .. })
    )
}

/// How many rows of asks the form has that these values come from.
fn rows(values: &FormValues) -> u8 {
    let row = |field: &String| field.strip_prefix("ask")?.split_once('_')?.0.parse::<u8>().ok();
    values.keys().filter_map(row).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> FormValues {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_form_opens_with_what_was_typed_in_the_line() {
        let typed =
            [("title", "推广"), ("wanted_by", ""), ("ask1_department", "YFB"), ("ask2_department", "")];
        let opened = opening(&Want::File { request: None }, &values(&typed));
        let new = Want::New { title: Some("推广".into()), departments: vec!["YFB".into()], date: None };
        assert_eq!(opened, Some(new.clone()));
        assert_eq!(submitted(&new, "file", &values(&typed)), Some(Want::File { request: None }));
        assert_eq!(submitted(&new, ADD_ROW, &values(&typed)), Some(Want::AddRow { request: None, rows: 2 }));
    }

    #[test]
    fn a_form_about_a_request_stays_with_it() {
        let request = Some("2026-Q4-SCB-001".to_owned());
        let file = Want::File { request: request.clone() };
        let revise = opening(&file, &values(&[])).unwrap();
        assert_eq!(submitted(&revise, "file", &values(&[])), Some(file));
        let rule =
            Want::Rule { request: request.clone(), department: None, uphold: Some(true), reason: None };
        let open = Want::Rule { request: request.clone(), department: None, uphold: None, reason: None };
        assert_eq!(submitted(&rule, "rule", &values(&[])), Some(open), "the form says which");
        let confirm = Want::Confirm { request, department: None, version: Some(3) };
        assert_eq!(submitted(&confirm, ADD_ROW, &values(&[])), Some(confirm), "whatever button is named");
    }

    #[test]
    fn only_the_button_that_files_files() {
        let revise = Want::Revise { request: Some("2026-Q4-SCB-001".to_owned()) };
        let request = || Some("2026-Q4-SCB-001".to_owned());
        let pressed = |button: &str| submitted(&revise, button, &values(&[("ask1_task", "")]));
        assert_eq!(pressed("keep_draft"), Some(Want::KeepDraft { request: request() }));
        assert_eq!(pressed("preview"), Some(Want::Preview { request: request(), rows: 1 }));
        assert_eq!(pressed("drafts"), None);
        let add = TaskWant::Add { request: request(), name: None, owner: None, finish: None, after: None };
        let save = TaskWant::Save { request: request(), task: None };
        assert_eq!(submitted(&Want::Task(add), "save", &values(&[])), Some(Want::Task(save)));
    }

    #[test]
    fn what_is_only_read_is_not_submitted_and_what_needs_its_chat_has_no_link() {
        for want in [Want::Show { request: None }, Want::My, Want::Whoami, Want::File { request: None }] {
            assert_eq!(submitted(&want, "file", &values(&[])), None, "{want:?}");
        }
        let add = Want::AddRow { request: None, rows: 1 };
        for want in [add, Want::Bind { what: None, request: None }] {
            assert_eq!(opening(&want, &values(&[])), None, "{want:?}");
        }
    }
}
