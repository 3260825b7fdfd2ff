//! A sample of every form, refusal, view and alarm: what an actor hears besides "done".
//!
//! Invariant: each list has a `match` without a wildcard beside it, so that a new variant asks for its sample.

use std::collections::BTreeMap;

use crate::card::fixture::at;
use crate::card::news::{ALARMS, NOTES};
use crate::domain::change::{
    Bulk, Each, FieldFault, FormKind, FormReply, Refusal, Reply, Value, View, What, with,
};
use crate::domain::directory::Holder;
use crate::domain::{DepartmentId, PersonId, RequestId};

const FORMS: [FormKind; 39] = [
    FormKind::Request,
    FormKind::Objection,
    FormKind::Return,
    FormKind::Decline,
    FormKind::Escalate,
    FormKind::Ruling,
    FormKind::Cancel,
    FormKind::Comment,
    FormKind::Settings,
    FormKind::Task,
    FormKind::FinishBlocked,
    FormKind::MoveTask,
    FormKind::DeclineMove,
    FormKind::Progress,
    FormKind::SendBack,
    FormKind::Delegate,
    FormKind::Transfer,
    FormKind::Copy,
    FormKind::Invite,
    FormKind::Snooze,
    FormKind::Route,
    FormKind::Estimate,
    FormKind::Reschedule,
    FormKind::Attach,
    FormKind::Decision,
    FormKind::Verdict,
    FormKind::Risk,
    FormKind::FireRisk,
    FormKind::Improvement,
    FormKind::Improved,
    FormKind::TakeImprovementBack,
    FormKind::Issue,
    FormKind::Coordination,
    FormKind::Solution,
    FormKind::IssueUpdate,
    FormKind::Resolution,
    FormKind::Reopen,
    FormKind::MoveIssue,
    FormKind::RateIssue,
];

fn form_name(form: FormKind) -> &'static str {
    match form {
        FormKind::Request => "request",
        FormKind::Objection => "objection",
        FormKind::Return => "return",
        FormKind::Decline => "decline",
        FormKind::Escalate => "escalate",
        FormKind::Ruling => "ruling",
        FormKind::Cancel => "cancel",
        FormKind::Comment => "comment",
        FormKind::Settings => "settings",
        FormKind::Task => "task",
        FormKind::FinishBlocked => "finish blocked",
        FormKind::MoveTask => "move task",
        FormKind::DeclineMove => "decline move",
        FormKind::Progress => "progress",
        FormKind::SendBack => "send back",
        FormKind::Delegate => "delegate",
        FormKind::Transfer => "transfer",
        FormKind::Copy => "copy",
        FormKind::Invite => "invite",
        FormKind::Snooze => "snooze",
        FormKind::Route => "route",
        FormKind::Estimate => "estimate",
        FormKind::Reschedule => "reschedule",
        FormKind::Attach => "attach",
        FormKind::Decision => "decision",
        FormKind::Verdict => "verdict",
        FormKind::Risk => "risk",
        FormKind::FireRisk => "fire risk",
        FormKind::Improvement => "improvement",
        FormKind::Improved => "improved",
        FormKind::TakeImprovementBack => "take improvement back",
        FormKind::Issue => "issue",
        FormKind::Coordination => "coordination",
        FormKind::Solution => "solution",
        FormKind::IssueUpdate => "issue update",
        FormKind::Resolution => "resolution",
        FormKind::Reopen => "reopen",
        FormKind::MoveIssue => "move issue",
        FormKind::RateIssue => "rate issue",
    }
}

/// The fields of each form in which somebody types.
fn fields(form: FormKind) -> &'static [&'static str] {
    match form {
        FormKind::Request | FormKind::Route => {
            &["title", "background", "goal", "risks", "attachments", "ask1_task", "ask2_task"]
        }
        FormKind::Objection => &["reason", "suggestion"],
        FormKind::Comment => &["text"],
        FormKind::Task => &["task_name", "task_owner", "task_after", "task_deliverable", "task_standard"],
        FormKind::MoveTask => &["moved_to", "reason"],
        FormKind::SendBack => &["tasks", "reason"],
        FormKind::Progress => &["p1_percent", "p1_done", "p1_next", "p1_why_not", "p1_risk"],
        FormKind::FinishBlocked | FormKind::DeclineMove => &["reason"],
        FormKind::Delegate => &["whose", "deputy", "deputy_from", "deputy_until"],
        FormKind::Transfer => &["to", "reason"],
        FormKind::Copy => &["people"],
        FormKind::Invite => &["people", "turn", "rule", "reason"],
        FormKind::Settings => &["quiet", "digest", "most"],
        FormKind::Snooze => &["until", "promise"],
        FormKind::Estimate => &["impact"],
        FormKind::Reschedule => &["wanted_by", "reason"],
        FormKind::Attach => &["link_name"],
        FormKind::Decision => &["decision_subject", "decider", "decision_options", "decision_days"],
        FormKind::Verdict => &["conclusion", "reason"],
        FormKind::Risk => &[
            "risk_description",
            "measure",
            "risk_owner",
            "measure_days",
            "risk_watch",
            "risk_late",
            "risk_superior",
        ],
        FormKind::FireRisk | FormKind::TakeImprovementBack => &["reason"],
        FormKind::Improvement => &["improvement", "improvement_owner", "improvement_due"],
        FormKind::Improved => &["improvement_effect"],
        FormKind::Issue => &["issue_text", "issue_scope", "issue_happened", "issue_fix_by", "issue_task"],
        FormKind::Coordination => &["place"],
        FormKind::Solution => &["cause", "measures", "issue_owner", "issue_due"],
        FormKind::IssueUpdate => &["update_text"],
        FormKind::Resolution => &["issue_process", "effect"],
        FormKind::MoveIssue | FormKind::RateIssue | FormKind::Reopen => &["reason"],
        FormKind::Return | FormKind::Decline | FormKind::Escalate | FormKind::Ruling | FormKind::Cancel => {
            &["reason"]
        }
    }
}

/// A form that came back: `words` in every text field, and each of its fields found wrong once.
pub fn form(form: FormKind, words: &str) -> Reply {
    let names = fields(form);
    let typed = |name: &str| FieldFault {
        field: name.to_owned(),
        fault: "fault.form.unknown_choice".to_owned(),
        with: with([("typed", Value::Text(words.to_owned()))]),
    };
    let about = !matches!(
        form,
        FormKind::Request | FormKind::Route | FormKind::Settings | FormKind::Delegate | FormKind::Progress
    );
    let mut values: BTreeMap<String, String> =
        names.iter().map(|name| ((*name).to_owned(), words.to_owned())).collect();
    if form == FormKind::Progress {
        // Which task a row is about is never typed.
        values.insert("p1_task".to_owned(), format!("{}/1", number()));
    }
    Reply::Form(FormReply {
        form,
        request: about.then(number),
        department: matches!(form, FormKind::Objection | FormKind::Ruling).then(|| DepartmentId::new("SHC")),
        version: Some(1),
        rows: 2,
        values,
        faults: names.iter().map(|name| typed(name)).collect(),
    })
}

fn number() -> RequestId {
    RequestId::new("2026-Q4-SCB-001")
}

fn refusals(words: &str) -> Vec<Refusal> {
    let holder = |id: &str| Holder { person: PersonId::new(id), instead_of: None };
    let until = at("2026-11-23T14:30:00");
    let typed = words.to_owned();
    vec![
        Refusal::UnknownPerson,
        Refusal::NotFound { typed },
        Refusal::NothingAtHand,
        Refusal::which_department(vec![DepartmentId::new("SHC"), DepartmentId::new("YFB")]),
        Refusal::NotYours { who: vec![holder("sun"), holder("wang")] },
        Refusal::NotNow { state: "returned".to_owned() },
        Refusal::AlreadyDecided {
            by: Some(PersonId::new("sun")),
            at: until,
            decision: "confirmed".to_owned(),
        },
        Refusal::OldVersion { seen: 1, now: 3 },
        Refusal::CoolDown { until },
        Refusal::UrgedEnough,
        Refusal::NobodyOwes,
        Refusal::NothingChanged,
        Refusal::Unreadable {
            command: "confirm".to_owned(),
            fault: "fault.form.required".to_owned(),
            at: Some(words.to_owned()),
        },
        Refusal::OnlyInGroups,
        Refusal::OnlyFor { roles: vec!["administrator".to_owned(), "coordinator".to_owned()] },
        Refusal::SlowDown { until },
        Refusal::Ruled,
        Refusal::NoSuchTask { number: 9 },
        Refusal::WhichTask { numbers: vec![1, 3] },
        Refusal::TaskIs { number: 2, state: "done".to_owned() },
        Refusal::BlockedBy { number: 2, by: vec![(1, words.to_owned(), PersonId::new("sun"))] },
        Refusal::NothingToAnswer { number: 2 },
        Refusal::AllPlanned,
        Refusal::TooManyTasks { most: 200 },
        Refusal::OwesAlready { person: PersonId::new("sun") },
        Refusal::NothingDelegated { person: PersonId::new("sun") },
        Refusal::AsItIs { what: "copied".to_owned() },
        Refusal::AsItIs { what: "followed".to_owned() },
        Refusal::AsItIs { what: "unfollowed".to_owned() },
        Refusal::TooManyDrafts { most: 20, oldest: words.to_owned(), saved_at: until },
        Refusal::NoSuchDraft,
        Refusal::NothingChosen,
        Refusal::PastDay { day: jiff::civil::date(2026, 11, 2) },
        Refusal::SameDay { day: jiff::civil::date(2026, 12, 18) },
        Refusal::EnoughLinks { most: 20 },
        Refusal::NoSuchIssue { number: 9 },
        Refusal::IssueIs { number: 2, state: "closed".to_owned() },
        Refusal::TooManyIssues { most: 200 },
        Refusal::CannotApprove { person: PersonId::new("sun"), why: "initiator".to_owned() },
        Refusal::CannotApprove { person: PersonId::new("sun"), why: "in_chain".to_owned() },
        Refusal::TooManyApprovers { most: 10 },
        Refusal::NoSuchPlan { number: "D9".to_owned() },
        Refusal::RiskRetired { number: "R1".to_owned() },
        Refusal::TooMany { what: "decisions".to_owned(), most: 100 },
        Refusal::TooMany { what: "risks".to_owned(), most: 50 },
        Refusal::TooMany { what: "improvements".to_owned(), most: 100 },
    ]
}

fn refusal_name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownPerson => "unknown person",
        Refusal::NotFound { .. } => "not found",
        Refusal::NothingAtHand => "nothing at hand",
        Refusal::WhichDepartment { .. } => "which department",
        Refusal::NotYours { .. } => "not yours",
        Refusal::NotNow { .. } => "not now",
        Refusal::AlreadyDecided { .. } => "already decided",
        Refusal::OldVersion { .. } => "old version",
        Refusal::CoolDown { .. } => "cool down",
        Refusal::UrgedEnough => "urged enough",
        Refusal::NobodyOwes => "nobody owes",
        Refusal::NothingChanged => "nothing changed",
        Refusal::Unreadable { .. } => "unreadable",
        Refusal::OnlyInGroups => "only in groups",
        Refusal::OnlyFor { .. } => "only for",
        Refusal::SlowDown { .. } => "slow down",
        Refusal::Ruled => "ruled",
        Refusal::NoSuchTask { .. } => "no such task",
        Refusal::WhichTask { .. } => "which task",
        Refusal::TaskIs { .. } => "task is",
        Refusal::BlockedBy { .. } => "blocked by",
        Refusal::NothingToAnswer { .. } => "nothing to answer",
        Refusal::AllPlanned => "all planned",
        Refusal::TooManyTasks { .. } => "too many tasks",
        Refusal::OwesAlready { .. } => "owes already",
        Refusal::NothingDelegated { .. } => "nothing delegated",
        Refusal::AsItIs { .. } => "as it is",
        Refusal::TooManyDrafts { .. } => "too many drafts",
        Refusal::NoSuchDraft => "no such draft",
        Refusal::NothingChosen => "nothing chosen",
        Refusal::PastDay { .. } => "past day",
        Refusal::SameDay { .. } => "same day",
        Refusal::EnoughLinks { .. } => "enough links",
        Refusal::NoSuchIssue { .. } => "no such issue",
        Refusal::IssueIs { .. } => "issue is",
        Refusal::TooManyIssues { .. } => "too many issues",
        Refusal::CannotApprove { .. } => "cannot approve",
        Refusal::TooManyApprovers { .. } => "too many approvers",
        Refusal::NoSuchPlan { .. } => "no such plan",
        Refusal::RiskRetired { .. } => "risk retired",
        Refusal::TooMany { .. } => "too many",
    }
}

fn views(words: &str) -> Vec<View> {
    let typed = words.to_owned();
    vec![
        View::Help { word: None },
        View::Help { word: Some(typed.clone()) },
        View::My,
        View::List { words: vec![typed.clone()], page: 1, turn: None },
        View::Show { request: number() },
        View::Why { request: number() },
        View::Whoami,
        View::Status,
        View::Pick { command: "confirm".to_owned(), candidates: vec![number()] },
        View::Unknown { typed, nearest: Some("confirm".to_owned()) },
        View::Introduction,
        View::Tasks { request: number() },
        View::Progress,
        View::Drafts,
        View::Batch,
        View::Board { request: Some(number()) },
        View::Decisions,
        View::Decision { request: number(), decision: 1 },
        View::Risks { request: number() },
        View::Several { doing: Bulk::Confirm, each: several(words), more: 3 },
        View::Issues { request: None },
        View::Improvement { request: number(), item: 1 },
    ]
}

/// One done, one refused, one that another message is about.
fn several(words: &str) -> Vec<Each> {
    let each =
        |number: &str, reply| Each { number: number.to_owned(), department: None, version: None, reply };
    let params = with([("department", Value::Department(DepartmentId::new("SHC")))]);
    let done = Reply::Done { done: "confirmed".to_owned(), with: params, request: Some(number()) };
    let refused = Reply::Refused { refusal: Refusal::NotFound { typed: words.to_owned() }, request: None };
    vec![each("2026-Q4-SCB-001", done), each("SCB-002", refused), each("SCB-003", Reply::Silent)]
}

fn view_name(view: &View) -> &'static str {
    match view {
        View::Help { word: None } => "help",
        View::Help { .. } => "help with a word",
        View::My => "my",
        View::List { .. } => "list",
        View::Show { .. } => "show",
        View::Why { .. } => "why",
        View::Whoami => "whoami",
        View::Status => "status",
        View::Pick { .. } => "pick",
        View::Unknown { .. } => "unknown",
        View::Introduction => "introduction",
        View::Tasks { .. } => "tasks",
        View::Progress => "progress",
        View::Drafts => "drafts",
        View::Batch => "batch",
        View::Board { .. } => "board",
        View::Several { .. } => "several",
        View::Decisions => "decisions",
        View::Decision { .. } => "decision",
        View::Risks { .. } => "risks",
        View::Issues { .. } => "issues",
        View::Issue { .. } => "issue",
        View::Improvement { .. } => "improvement",
    }
}

/// Every answer and alarm with its name.
pub fn all(words: &str) -> Vec<(String, What)> {
    let forms = FORMS.map(|kind| (format!("form {}", form_name(kind)), form(kind, words)));
    let refused = refusals(words).into_iter().map(|refusal| {
        let name = format!("refusal {}", refusal_name(&refusal));
        (name, Reply::Refused { refusal, request: Some(number()) })
    });
    let views = views(words).into_iter().map(|v| (format!("view {}", view_name(&v)), Reply::View(v)));
    let answers = forms.into_iter().chain(refused).chain(views);
    let alarms = ALARMS.iter().map(|alarm| {
        let params = with([
            ("count", Value::Number(3)),
            ("what", Value::Key("binding.project".to_owned())),
            ("request", Value::Text("2026-Q4-SCB-001".to_owned())),
            ("open", Value::Number(12)),
            ("overdue", Value::Number(2)),
            ("said", Value::Number(48)),
            ("waiting", Value::Number(1)),
            ("dead", Value::Number(1)),
            ("degraded", Value::Text("dead_letters, late_steps".to_owned())),
        ]);
        (format!("alarm {alarm}"), What::Alarm { alarm: (*alarm).to_owned(), with: params })
    });
    let notes = NOTES.iter().map(|note| {
        let person = |id: &str| Value::Person(PersonId::new(id));
        let moment = |text: &str| Value::Moment(at(text));
        let params = with([
            ("person", person("sun")),
            ("deputy", person("wang")),
            ("by", person("sun")),
            ("from", moment("2026-11-23T14:30:00")),
            ("until", moment("2026-11-28T00:00:00")),
        ]);
        (format!("note {note}"), What::Note { note: (*note).to_owned(), with: params })
    });
    answers.map(|(name, reply)| (name, What::Answer(reply))).chain(alarms).chain(notes).collect()
}
