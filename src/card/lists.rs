//! Lists: what the reader owes, and the one of several that was meant.
//!
//! Invariant: every row leads somewhere by button; the words say how much is overdue before the rows do.

use super::answer::{nothing, paragraph, plain};
use super::scene::{Owed, Scene, ViewData};
use super::{Action, Block, Card, Colour, Field, Style, Tone, refusal, say};
use crate::domain::RequestId;
use crate::domain::obligation::Kind;
use crate::intent::{DecisionWant, ImproveWant, IssueWant, RiskWant, TaskWant, Want};
use crate::text::{say as text_of, word};

/// Rows of one's own list that get buttons; a card with more is no longer read.
pub(super) const MOST_ROWS: usize = 10;

/// What the reader owes, soonest first.
pub(super) fn my(scene: &Scene) -> Card {
    let owed = match scene.view {
        ViewData::My(owed) => owed.as_slice(),
        _ => &[],
    };
    if owed.is_empty() {
        return nothing(
            (word(scene.lang, "view.my.nothing"), Colour::Green),
            word(scene.lang, "view.my.nothing_why"),
            vec![refusal::list(scene.lang), refusal::new(scene.lang)],
        );
    }
    let mut owed: Vec<&Owed> = owed.iter().collect();
    owed.sort_by_key(|o| o.obligation.due_at);
    let late = owed.iter().filter(|o| is_late(o, scene)).count();
    let count = owed.len().to_string();
    let mut card = plain(text_of(scene.lang, "view.my.title", &[("n", &count)]), Colour::Blue);
    if late > 0 {
        card.colour = Colour::Red;
        card.tag = Some(text_of(scene.lang, "view.my.late", &[("n", &late.to_string())]));
    }
    for (n, row) in (1..).zip(owed.iter().take(MOST_ROWS)) {
        card.blocks.push(owed_row(n, row, scene));
        card.actions.extend(owed_buttons(n, row, scene));
    }
    if owed.len() > MOST_ROWS {
        let more = (owed.len() - MOST_ROWS).to_string();
        card.blocks.push(Block::Note { text: text_of(scene.lang, "view.my.more", &[("n", &more)]) });
    }
    if owed.len() > 1 {
        card.actions.push(say::button(scene.lang, "batch", Style::Default, Want::Batch));
    }
    card
}

fn is_late(owed: &Owed, scene: &Scene) -> bool {
    owed.obligation.due_at < scene.now
}

/// What is owed and by when.
pub(super) fn owed_row(n: usize, owed: &Owed, scene: &Scene) -> Block {
    let due = say::moment(scene, owed.obligation.due_at);
    let key = if is_late(owed, scene) { "view.my.was_due" } else { "view.my.due" };
    let what = word(scene.lang, &format!("kind.{}", owed.obligation.kind.name()));
    let department = say::department(scene, &owed.obligation.department);
    let args = [
        ("what", what.as_str()),
        ("department", &department),
        ("due", &due),
        ("number", owed.request.as_str()),
        ("title", &owed.title),
    ];
    let mut lines = vec![text_of(scene.lang, "view.my.row", &args)];
    if scene.reader != Some(&owed.obligation.debtor.person) {
        let debtor = say::holder(scene, &owed.obligation.debtor);
        lines.push(text_of(scene.lang, "view.my.debtor", &[("debtor", &debtor)]));
    }
    lines.push(text_of(scene.lang, key, &args));
    let label = text_of(scene.lang, "view.numbered", &[("n", &n.to_string()), ("title", &owed.title)]);
    Block::Fields { items: vec![Field { label, value: lines.join("\n"), short: false }] }
}

/// A look at it first, and the thing to do.
pub(super) fn owed_buttons(n: usize, owed: &Owed, scene: &Scene) -> [Action; 2] {
    let request = Some(owed.request.to_string());
    let (department, task) = (Some(owed.obligation.department.to_string()), owed.obligation.task);
    let issue = owed.obligation.issue;
    let (key, want) = match owed.obligation.kind {
        // A card of an older version must not be signed, and a list does not know which one it is.
        Kind::ConfirmRequest => ("confirm", Want::Confirm { request, department, version: None }),
        Kind::ApproveRequest => ("approve", Want::Approve { request, version: None }),
        Kind::AnswerObjection => ("revise", Want::Revise { request }),
        Kind::Arbitrate => ("rule", Want::Rule { request, department, uphold: None, reason: None }),
        Kind::FinishTask => ("finish_task", Want::Task(TaskWant::Finish { request, task, reason: None })),
        Kind::ReportProgress => {
            ("report_progress", Want::Task(TaskWant::Progress { request: None, task: None, words: None }))
        }
        Kind::AcceptDelivery => ("accept_delivery", Want::Task(TaskWant::Accept { request })),
        Kind::Decide => {
            let decision = owed.obligation.decision.unwrap_or_default();
            ("decide", Want::Decision(DecisionWant::Look { request, decision }))
        }
        Kind::RespondIssue => ("respond_issue", Want::Issue(IssueWant::Respond { request, issue })),
        Kind::StartCoordination => {
            ("start_coordination", Want::Issue(IssueWant::Coordinate { request, issue, place: None }))
        }
        Kind::UpdateIssue => ("update_issue", Want::Issue(IssueWant::Update { request, issue, words: None })),
        Kind::ResolveIssue => {
            ("resolve_issue", Want::Issue(IssueWant::Resolve { request, issue, words: None }))
        }
        Kind::CloseIssue => ("close_issue", Want::Issue(IssueWant::Close { request, issue })),
        Kind::Improve => {
            let item = owed.obligation.improvement;
            ("improved", Want::Improve(ImproveWant::Finish { request, item, effect: None }))
        }
    };
    let label = |key: &str| numbered(n, &word(scene.lang, &format!("button.{key}")), scene);
    let mut decide = say::labelled(&format!("{key}_{n}"), label(key), Style::Primary, want);
    if matches!(owed.obligation.kind, Kind::ConfirmRequest | Kind::ApproveRequest) {
        let args = [("number", owed.request.as_str()), ("title", owed.title.as_str())];
        decide.ask_first = Some(text_of(scene.lang, &format!("view.my.ask_{key}"), &args));
    }
    let look = Want::Show { request: Some(owed.request.to_string()) };
    [say::labelled(&format!("show_{n}"), label("show"), Style::Default, look), decide]
}

fn numbered(n: usize, label: &str, scene: &Scene) -> String {
    text_of(scene.lang, "view.numbered", &[("n", &n.to_string()), ("title", label)])
}

/// Which of several was meant: one button each, for the same command.
pub(super) fn pick(command: &str, candidates: &[RequestId], scene: &Scene) -> Card {
    let known = match scene.view {
        ViewData::Pick(rows) => rows.as_slice(),
        _ => &[],
    };
    let name = word(scene.lang, &format!("button.{command}"));
    let mut card = plain(text_of(scene.lang, "view.pick.title", &[("command", &name)]), Colour::Blue);
    card.blocks = vec![paragraph(word(scene.lang, "view.pick.lead"), Tone::Quiet)];
    let buttons = candidates.iter().map(|id| {
        let title = known.iter().find(|row| &row.id == id).map(|row| row.title.as_str());
        let label = title.map_or_else(|| id.to_string(), |title| format!("{id} · {title}"));
        say::labelled(&format!("pick_{id}"), label, Style::Default, asked_again(command, id))
    });
    card.actions = buttons.collect();
    card
}

/// The command again, with the number that was missing.
fn asked_again(command: &str, id: &RequestId) -> Want {
    let request = Some(id.to_string());
    match command {
        "revise" => Want::Revise { request },
        "confirm" => Want::Confirm { request, department: None, version: None },
        "object" => Want::Object { request, department: None, reason: None, version: None },
        "approve" => Want::Approve { request, version: None },
        "return" => Want::Return { request, reason: None, version: None },
        "decline" => Want::Decline { request, department: None, reason: None },
        "escalate" => Want::Escalate { request, department: None, reason: None },
        "rule" => Want::Rule { request, department: None, uphold: None, reason: None },
        "withdraw" => Want::Withdraw { request },
        "cancel" => Want::Cancel { request, reason: None },
        "urge" => Want::Urge { request, reason: None },
        "why" => Want::Why { request },
        "like" => Want::Like { request },
        "date" => Want::Date { request, date: None, reason: None },
        "attach" => Want::Attach { request, url: None, name: None },
        "comment" => Want::Comment { request, text: None },
        "tasks" => Want::Task(TaskWant::List { request }),
        "task" => Want::Task(TaskWant::Add { request, name: None, owner: None, finish: None, after: None }),
        "accept" => Want::Task(TaskWant::Accept { request }),
        "decide" => {
            let (decider, days, subject, options) = (None, None, None, None);
            Want::Decision(DecisionWant::Ask { request, decider, days, subject, options })
        }
        "risk" => Want::Risk(RiskWant::List { request }),
        "improve" => {
            let (subject, owner, due) = (None, None, None);
            Want::Improve(ImproveWant::Set { request, issue: None, subject, owner, due })
        }
        "snooze" => Want::Snooze { request, department: None, words: None },
        "bind" => Want::Bind { what: Some("project".to_owned()), request },
        _ => Want::Show { request },
    }
}
