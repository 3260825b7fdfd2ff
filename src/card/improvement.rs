//! Improvement items: asked for, done, listed; and their two forms.
//!
//! Invariant: a card about an item says what, who and by which day; once it is done, what came of it.

use super::answer::plain;
use super::asked::{due, field, note};
use super::form::field as form_field;
use super::scene::Scene;
use super::{Action, Block, Card, Colour, Field, FieldKind, FormField, Style, button, say};
use crate::domain::ObligationId;
use crate::domain::change::{FormKind, FormReply};
use crate::domain::directory::Holder;
use crate::domain::obligation::Obligation;
use crate::domain::permission::Doing;
use crate::domain::request::form::LONG;
use crate::domain::request::improvement::{Improvement, short};
use crate::domain::request::issue::{Issue, IssueState};
use crate::domain::request::{Request, State};
use crate::intent::{ImproveWant, Want};
use crate::text::{say as text_of, word};

/// To whoever is to do it.
pub fn asking(open: &Obligation, request: &Request, scene: &Scene) -> Option<Card> {
    let item = open.improvement.and_then(|n| request.improvement(n))?;
    let late = scene.now > open.due_at;
    let colour = if late { Colour::Red } else { Colour::Blue };
    let mut card = of(item, request, ("card.improvement.asked", colour), scene);
    card.tag = Some(word(scene.lang, if late { "card.tag.late" } else { "card.tag.waiting" }));
    let why = match &open.debtor.instead_of {
        Some(absent) => {
            text_of(scene.lang, "card.why_you.stands_in", &[("person", &say::person(scene, absent))])
        }
        None => word(scene.lang, "card.why_you.improve"),
    };
    card.blocks.push(note(why, scene));
    card.actions = on(scene, request, item);
    card.actions.extend(button::snooze(scene, request, open));
    card.actions.push(button::show(scene, request));
    Some(card)
}

/// What became of the item that this was owed for.
pub fn settled(id: &ObligationId, request: &Request, scene: &Scene) -> Option<Card> {
    let item = request.improvements.iter().find(|i| &i.owed == id)?;
    Some(view(item, request, scene))
}

/// One item, whoever reads: `/improve <no>-K1`.
pub fn view(item: &Improvement, request: &Request, scene: &Scene) -> Card {
    let colour = match state(item) {
        "done" => Colour::Green,
        "taken_back" => Colour::Grey,
        _ => Colour::Blue,
    };
    let mut card = of(item, request, ("card.improvement.title", colour), scene);
    card.tag = Some(word(scene.lang, &format!("card.improvement.state.{}", state(item))));
    card.actions = on(scene, request, item);
    card.actions.extend(take_back(scene, request, item));
    card.actions.push(button::show(scene, request));
    card
}

fn of(item: &Improvement, request: &Request, (title, colour): (&str, Colour), scene: &Scene) -> Card {
    let number = short(item.number);
    let args = [("item", &*number), ("subject", &*item.subject)];
    let mut card = plain(text_of(scene.lang, title, &args), colour);
    card.subtitle = Some(format!("{}-{number} · {}", request.id, request.content.title));
    card.blocks = vec![Block::Fields { items: fields(item, request, scene) }];
    card
}

/// What a step of its ladder is about.
pub fn about(open: &Obligation, request: &Request, scene: &Scene) -> Option<Block> {
    let item = request.improvement(open.improvement?)?;
    Some(Block::Fields { items: fields(item, request, scene) })
}

fn fields(item: &Improvement, request: &Request, scene: &Scene) -> Vec<Field> {
    let long = |key: &str, value: String| Field { short: false, ..field(key, value, scene) };
    let owed = request.owed_improvement(item.number);
    let issue = item.issue.and_then(|n| request.issue(n)).map(|i| format!("I{} {}", i.number, i.title()));
    let mut items = vec![
        long("improvement", item.subject.clone()),
        field("improvement_owner", responsible(item, request, scene), scene),
        field("improvement_setter", say::person(scene, &item.set_by), scene),
        long("improvement_issue", issue.unwrap_or_default()),
    ];
    if let Some(back) = &item.taken_back {
        let told = format!("{} · {}", say::person(scene, &back.by), say::moment(scene, back.at));
        items.push(long("improvement_why", back.reason.clone()));
        items.push(long("improvement_taken_back", told));
    }
    match (&item.finished, owed) {
        (Some(done), _) => {
            let holder = Holder { person: done.by.clone(), instead_of: done.on_behalf_of.clone() };
            let made = format!("{} · {}", say::holder(scene, &holder), say::moment(scene, done.at));
            items.push(long("improvement_effect", done.effect.clone()));
            items.push(long("improvement_done", made));
        }
        (None, Some(open)) => items.push(due(open, scene)),
        (None, None) => items.push(field("improvement_due", say::day(scene, item.due), scene)),
    }
    items.retain(|f| !f.value.is_empty());
    items
}

/// Whoever owes it now; once it is done, whose it was.
fn responsible(item: &Improvement, request: &Request, scene: &Scene) -> String {
    match request.owed_improvement(item.number) {
        Some(open) => say::holder(scene, &open.debtor),
        None => say::person(scene, &item.owner),
    }
}

fn state(item: &Improvement) -> &'static str {
    match (&item.finished, &item.taken_back) {
        (Some(_), _) => "done",
        (None, Some(_)) => "taken_back",
        (None, None) => "open",
    }
}

/// The items of a request, or those that came of one issue, each in one row; nothing where there is none.
pub fn table(request: &Request, issue: Option<i64>, scene: &Scene) -> Option<Block> {
    let mine = |i: &&Improvement| issue.is_none() || i.issue == issue;
    let row = |i: &Improvement| {
        let said = match (&i.finished, &i.taken_back) {
            (Some(done), _) => format!("{} · {}", done.effect, say::moment(scene, done.at)),
            (None, Some(back)) => {
                text_of(scene.lang, "card.improvement.taken_back", &[("reason", &back.reason)])
            }
            (None, None) => {
                let day = say::day(scene, i.due);
                text_of(scene.lang, "card.improvement.until", &[("day", &day)])
            }
        };
        vec![short(i.number), i.subject.clone(), responsible(i, request, scene), said]
    };
    let rows: Vec<Vec<String>> = request.improvements.iter().filter(mine).map(row).collect();
    let columns = ["number", "subject", "owner", "said"];
    let columns = columns.map(|c| word(scene.lang, &format!("card.improvement.column.{c}")));
    (!rows.is_empty()).then_some(Block::Table { columns: columns.into(), rows })
}

/// The button of one item that is open, for whoever owes it.
pub fn on(scene: &Scene, request: &Request, item: &Improvement) -> Vec<Action> {
    let doing = Doing::FinishImprovement;
    let may = |reader| scene.case(request).may_on_improvement(reader, doing, item).is_ok();
    if !item.is_open() || !scene.reader.is_some_and(may) {
        return Vec::new();
    }
    let request = Some(request.id.to_string());
    let want = ImproveWant::Finish { request, item: Some(item.number), effect: None };
    vec![say::button(scene.lang, "improved", Style::Primary, Want::Improve(want))]
}

/// Why is asked first.
fn take_back(scene: &Scene, request: &Request, item: &Improvement) -> Option<Action> {
    let doing = Doing::TakeImprovementBack;
    let may = |reader| scene.case(request).may_on_improvement(reader, doing, item).is_ok();
    let request = (item.is_open() && scene.reader.is_some_and(may)).then(|| Some(request.id.to_string()))?;
    let want = ImproveWant::TakeBack { request, item: item.number, reason: None };
    Some(say::button(scene.lang, "improvement_back", Style::Danger, Want::Improve(want)))
}

/// Under a request that was delivered: something to do better next time.
pub fn beside(scene: &Scene, request: &Request) -> Option<Action> {
    let over = matches!(request.state, State::Delivered | State::Accepted);
    over.then(|| set(scene, request, None)).flatten()
}

/// Under an issue that is closed.
pub fn from_issue(scene: &Scene, request: &Request, issue: &Issue) -> Option<Action> {
    (issue.state == IssueState::Closed).then(|| set(scene, request, Some(issue.number))).flatten()
}

fn set(scene: &Scene, request: &Request, issue: Option<i64>) -> Option<Action> {
    let may = |reader| scene.case(request).may(reader, Doing::SetImprovement, None).is_ok();
    let request = scene.reader.is_some_and(may).then(|| Some(request.id.to_string()))?;
    let want = ImproveWant::Set { request, issue, subject: None, owner: None, due: None };
    Some(say::button(scene.lang, "improve", Style::Quiet, Want::Improve(want)))
}

/// Whether a form is drawn here.
pub fn is_form(kind: FormKind) -> bool {
    matches!(kind, FormKind::Improvement | FormKind::Improved | FormKind::TakeImprovementBack)
}

/// Its fields.
pub fn form_fields(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let long = |name: &str| form_field(reply, scene, name, FieldKind::Multiline).required().at_most(LONG);
    let text = |name: &str| form_field(reply, scene, name, FieldKind::Text).required();
    match reply.form {
        FormKind::Improvement => {
            vec![long("improvement"), text("improvement_owner"), text("improvement_due")]
        }
        FormKind::TakeImprovementBack => vec![long("reason")],
        _ => vec![long("improvement_effect")],
    }
}

/// Its submit button: which issue or item it is about stands there, not in a field to be typed over.
pub fn submit(reply: &FormReply, scene: &Scene) -> Action {
    let request = reply.request.as_ref().map(ToString::to_string);
    let number = |field: &str| reply.values.get(field).and_then(|n| n.parse::<i64>().ok());
    let (id, want) = match reply.form {
        FormKind::Improvement => {
            let (subject, owner, due) = (None, None, None);
            ("improve", ImproveWant::Set { request, issue: number("issue"), subject, owner, due })
        }
        FormKind::TakeImprovementBack => {
            let item = number("item").unwrap_or_default();
            ("improvement_back", ImproveWant::TakeBack { request, item, reason: None })
        }
        _ => ("improved", ImproveWant::Finish { request, item: number("item"), effect: None }),
    };
    let label = word(scene.lang, &format!("form.submit.{id}"));
    let style = if id == "improvement_back" { Style::Danger } else { Style::Primary };
    Action { submit: true, ..say::labelled(id, label, style, Want::Improve(want)) }
}
