//! One issue: the alarm, the live summary in the issue group, what happened to it, and the steps of its ladders.
//!
//! Invariant: whatever it is about, the card shows the issue as it is now, coloured by its state; so the one in the group
//! is always the newest.

use super::answer::{paragraph, plain};
use super::asked::{field, note};
use super::scene::{Line, Scene};
use super::{Block, Card, Colour, Event, Field, Mention, Tone, improvement, issue_button, say};
use crate::domain::change::{Params, Value, with};
use crate::domain::obligation::Obligation;
use crate::domain::policy::Rung;
use crate::domain::request::Request;
use crate::domain::request::issue::{Issue, IssueState, Mark, Said};
use crate::domain::{ObligationId, PersonId, Timestamp};
use crate::text::{say as text_of, word};

/// What is said about an issue.
pub struct Told<'a> {
    /// Which one.
    pub issue: i64,
    /// The text key below `news_of_issue.`
    pub news: &'a str,
    /// Its words.
    pub with: &'a Params,
    /// What it asks for.
    pub obligation: Option<&'a ObligationId>,
    /// The step of a ladder.
    pub rung: Option<Rung>,
}

/// The card of a piece of news. `None`: nothing is asked any more, and nobody has it yet.
pub fn told(told: &Told, request: &Request, scene: &Scene, sent: bool) -> Option<Card> {
    let issue = request.issue(told.issue)?;
    let open = told.obligation.and_then(|id| request.owed().find(|o| &o.id == id));
    let moot = told.obligation.is_some() && open.is_none() || told.news == "alert" && !issue.is_open();
    if moot && !sent {
        return None;
    }
    let title = match (open, told.rung) {
        (Some(open), Some(rung)) => step(open, rung, issue, scene),
        (None, Some(_)) => headline(issue, scene),
        (_, None) => say::with(scene, &format!("news_of_issue.{}", told.news), told.with),
    };
    let mut card = summary(title, issue, request, scene);
    let words = match told.with.get("text") {
        Some(Value::Text(words)) if !words.is_empty() => Some(paragraph(words.clone(), Tone::Quote)),
        _ => None,
    };
    card.blocks.splice(0..0, mentions(issue, request, scene).into_iter().chain(words));
    card.blocks.push(note(word(scene.lang, &why(issue, told, scene)), scene));
    Some(card)
}

/// `/issue <no>`: everything about one, with its history.
pub fn page(issue: i64, request: &Request, scene: &Scene) -> Option<Card> {
    let issue = request.issue(issue)?;
    let mut card = summary(headline(issue, scene), issue, request, scene);
    card.blocks.extend(improvement::table(request, Some(issue.number), scene));
    card.blocks.extend(history(issue, request, scene));
    Some(card)
}

fn summary(title: String, issue: &Issue, request: &Request, scene: &Scene) -> Card {
    let mut card = plain(title, colour(issue, request, scene));
    card.subtitle = Some(format!("{} · {}", issue.full_number(&request.id), request.content.title));
    card.tag = Some(word(scene.lang, &format!("card.issue.state.{}", issue.state.name())));
    card.blocks = vec![
        paragraph(issue.report.text.clone(), Tone::Normal),
        Block::Fields { items: fields(issue, request, scene) },
    ];
    card.actions = issue_button::on(scene, request, issue);
    card
}

/// `紧急 I1：生产环境宕机`
pub fn headline(issue: &Issue, scene: &Scene) -> String {
    let params = with([
        ("issue", Value::Text(format!("I{}", issue.number))),
        ("title", Value::Text(issue.title())),
        ("severity", Value::Key(format!("choice.severity.{}", issue.report.severity.name()))),
        ("department", Value::Department(issue.report.department.clone())),
    ]);
    say::with(scene, "news_of_issue.alert", &params)
}

/// Red while nobody has acted on something urgent or something is late; green once it is solved.
pub(super) fn colour(issue: &Issue, request: &Request, scene: &Scene) -> Colour {
    let late = owed(issue, request).any(|o| scene.now > o.due_at);
    match issue.state {
        IssueState::Waiting if issue.is_urgent() || late => Colour::Red,
        IssueState::Waiting => Colour::Orange,
        IssueState::Handling if late => Colour::Red,
        IssueState::Handling => Colour::Blue,
        IssueState::Resolved => Colour::Green,
        IssueState::Closed => Colour::Grey,
    }
}

/// What is owed for it now.
pub(super) fn owed<'a>(issue: &Issue, request: &'a Request) -> impl Iterator<Item = &'a Obligation> {
    let number = issue.number;
    request.owed().filter(move |o| o.issue == Some(number))
}

/// Every field of F6 and F7 that says something, and the clocks that run.
fn fields(issue: &Issue, request: &Request, scene: &Scene) -> Vec<Field> {
    let r = &issue.report;
    let mark = |mark: &Option<Mark>| mark.as_ref().map(|m| by_at(&m.by, m.at, scene)).unwrap_or_default();
    let happened = match issue.late {
        true => text_of(scene.lang, "card.issue.late", &[("at", &say::moment(scene, r.happened_at))]),
        false => say::moment(scene, r.happened_at),
    };
    let task = r.task.and_then(|n| request.task(n)).map(|t| format!("{} {}", t.number, t.plan.name));
    let count = match issue.count {
        1 => String::new(),
        n => text_of(scene.lang, "card.issue.count", &[("n", &n.to_string())]),
    };
    let mut items = vec![
        field("issue_severity", word(scene.lang, &format!("choice.severity.{}", r.severity.name())), scene),
        field("issue_topic", word(scene.lang, &format!("choice.topic.{}", r.topic.name())), scene),
        field("issue_department", say::department(scene, &r.department), scene),
        field("issue_reporter", by_at(&issue.reporter, issue.reported_at, scene), scene),
        field("issue_happened", happened, scene),
        field("issue_task", task.unwrap_or_default(), scene),
        field("issue_scope", r.scope.clone(), scene),
        field("issue_fix_by", r.fix_by.map(|at| say::moment(scene, at)).unwrap_or_default(), scene),
        field("issue_reports", count, scene),
        field("issue_response", mark(&issue.response), scene),
    ];
    items.extend(said("issue_coordination", issue.coordination.as_ref(), scene));
    items.extend(f7(issue, scene));
    items.extend(said("issue_update", issue.updates.last(), scene));
    items.push(field("issue_resolved", mark(&issue.resolved), scene));
    let closed = match (issue.state, &issue.closed) {
        (IssueState::Closed, None) => word(scene.lang, "card.issue.unanswered"),
        (_, closed) => mark(closed),
    };
    items.push(field("issue_closed", closed, scene));
    items.extend(owed(issue, request).map(|o| clock(o, scene)));
    items.retain(|f| !f.value.is_empty());
    items
}

fn f7(issue: &Issue, scene: &Scene) -> Vec<Field> {
    let long = |key: &str, text: &str| Field { short: false, ..field(key, text.to_owned(), scene) };
    let planned = issue.solution.iter().flat_map(|s| {
        [
            long("cause", &s.cause),
            long("measures", &s.measures),
            field("issue_owner", say::person(scene, &s.owner), scene),
            field("issue_due", say::moment(scene, s.due), scene),
        ]
    });
    let done = issue.resolution.iter().filter(|_| !issue.is_open());
    let done = done.flat_map(|r| [long("issue_process", &r.process), long("effect", &r.effect)]);
    planned.chain(done).collect()
}

fn said(key: &str, said: Option<&Said>, scene: &Scene) -> Option<Field> {
    let said = said?;
    let value = format!("{}\n{}", said.text, by_at(&said.by, said.at, scene));
    Some(Field { short: false, ..field(key, value, scene) })
}

fn by_at(by: &PersonId, at: Timestamp, scene: &Scene) -> String {
    format!("{} · {}", say::person(scene, by), say::moment(scene, at))
}

/// One clock: until when, and in a group how much time is left.
fn clock(open: &Obligation, scene: &Scene) -> Field {
    let value = match scene.reader {
        Some(_) => until(open, scene),
        None => running(open, scene),
    };
    Field { label: word(scene.lang, &format!("kind.{}", open.kind.name())), value, short: false }
}

fn until(open: &Obligation, scene: &Scene) -> String {
    let moment = say::moment(scene, open.due_at);
    let args = [("moment", &*moment), ("who", &*say::holder(scene, &open.debtor))];
    text_of(scene.lang, if scene.now > open.due_at { "card.issue.over" } else { "card.issue.until" }, &args)
}

/// Until when, and how much time is left or how much too late it is.
pub(super) fn running(open: &Obligation, scene: &Scene) -> String {
    let late = scene.now > open.due_at;
    let (from, to) = if late { (open.due_at, scene.now) } else { (scene.now, open.due_at) };
    let key = if late { "card.issue.over_by" } else { "card.issue.left" };
    let span = span(to.duration_since(from).as_mins(), scene);
    until(open, scene) + &text_of(scene.lang, key, &[("span", &span)])
}

/// Days and hours, or hours and minutes: as precise as it matters.
pub(super) fn span(minutes: i64, scene: &Scene) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let part = |n: i64, unit: &str| {
        (n > 0).then(|| text_of(scene.lang, &format!("card.issue.span.{unit}"), &[("n", &n.to_string())]))
    };
    let parts = match days {
        0 => [part(hours, "hours"), part(rest, "minutes")],
        days => [part(days, "days"), part(hours, "hours")],
    };
    let said: Vec<String> = parts.into_iter().flatten().collect();
    match said.is_empty() {
        true => word(scene.lang, "card.issue.span.none"),
        false => said.join(" "),
    }
}

fn step(open: &Obligation, rung: Rung, issue: &Issue, scene: &Scene) -> String {
    let rung = match rung {
        Rung::Remind => "remind",
        Rung::Overdue | Rung::Alert => "alert",
    };
    let who = if scene.reader == Some(&open.debtor.person) { "debtor" } else { "other" };
    let args = [
        ("issue", format!("I{}", issue.number)),
        ("title", issue.title()),
        ("severity", word(scene.lang, &format!("choice.severity.{}", issue.report.severity.name()))),
        ("kind", word(scene.lang, &format!("kind.{}", open.kind.name()))),
        ("department", say::department(scene, &open.department)),
        ("debtor", say::holder(scene, &open.debtor)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(n, t)| (*n, t.as_str())).collect();
    text_of(scene.lang, &format!("card.issue.step.{rung}.{who}"), &args)
}

/// In a group those who can act are called by name, as long as somebody has to.
fn mentions(issue: &Issue, request: &Request, scene: &Scene) -> Option<Block> {
    if scene.reader.is_some() {
        return None;
    }
    let (directory, today, department) = (scene.directory, scene.today, &issue.report.department);
    let offices = [
        directory.contact(department, today),
        directory.head(department, today),
        directory.supervisor(department, today),
    ];
    let debtors = owed(issue, request).map(|o| o.debtor.person.clone());
    let mut people: Vec<PersonId> = Vec::new();
    for person in offices.into_iter().flatten().map(|h| h.person).chain(debtors) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    let mention = |id: PersonId| Mention { name: say::person(scene, &id), id: id.to_string(), account: None };
    Some(Block::Mentions { people: people.into_iter().map(mention).collect() })
}

fn history(issue: &Issue, request: &Request, scene: &Scene) -> Option<Block> {
    // Where it stands alone, its first line names it in full.
    let names = [format!("I{}", issue.number), issue.full_number(&request.id)].map(Value::Text);
    let about = |line: &&Line| line.audit.with.get("issue").is_some_and(|name| names.contains(name));
    let event = |line: &Line| Event {
        at: say::moment(scene, line.at),
        who: line
            .audit
            .by
            .as_ref()
            .map_or_else(|| word(scene.lang, "card.service"), |p| say::person(scene, p)),
        text: say::with(scene, &format!("history.{}", line.audit.what), &line.audit.with),
        colour: Colour::Blue,
    };
    let items: Vec<Event> = scene.history.iter().filter(about).map(event).collect();
    (!items.is_empty()).then_some(Block::Timeline { items })
}

/// Why this came to this reader.
fn why(issue: &Issue, told: &Told, scene: &Scene) -> String {
    let Some(reader) = scene.reader else { return "card.why_you.issue_group".to_owned() };
    let mine = told.obligation.is_some() && told.rung.is_none();
    let key = match () {
        () if reader == &issue.reporter => "reporter",
        () if mine || issue.resolver.as_ref() == Some(reader) => "resolver",
        () => "responsible",
    };
    format!("card.why_you.issue_{key}")
}
