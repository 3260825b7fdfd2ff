//! What card tests draw from: a small company on one morning, and cards as lines of text.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::tz::TimeZone;

use super::answer::card;
use super::scene::{Scene, ViewData};
use super::{Block, Card};
use crate::domain::change::Reply;
use crate::domain::directory::{Department, Directory, Person, Role};
use crate::domain::request::{Ask, AskState, AskText, Content, Priority, Request, State, Visibility};
use crate::domain::{Date, DepartmentId, Lang, PersonId, RequestId, Timestamp};

fn department(id: &str, name: &str, english: &str, head: &str) -> Department {
    Department {
        id: DepartmentId::new(id),
        name: name.to_owned(),
        english: english.to_owned(),
        head: Some(PersonId::new(head)),
        contact: None,
        supervisor: Some(PersonId::new("chen")),
        parent: None,
    }
}

fn person(id: &str, name: &str, department: &str, roles: &[Role]) -> Person {
    Person {
        id: PersonId::new(id),
        name: name.to_owned(),
        department: DepartmentId::new(department),
        also: Vec::new(),
        title: String::new(),
        phone: String::new(),
        roles: roles.to_vec(),
        away: Vec::new(),
        active: true,
        language: Lang::Zh,
        accounts: BTreeMap::new(),
        prefers: None,
    }
}

pub(super) fn directory() -> Directory {
    let departments =
        [department("SCB", "市场部", "Marketing", "li"), department("SHC", "生产部", "Production", "wang")];
    let people = [
        person("li", "李敏", "SCB", &[]),
        person("wang", "王强", "SHC", &[]),
        person("chen", "陈总", "SCB", &[Role::VicePresident, Role::Administrator]),
    ];
    Directory {
        deputies: BTreeMap::new(),
        departments: departments.into_iter().map(|d| (d.id.clone(), d)).collect(),
        people: people.into_iter().map(|p| (p.id.clone(), p)).collect(),
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Draws something for 王强 on Wednesday, 14 October 2026, at 10:00.
pub(super) fn drawn<T>(lang: Lang, view: &ViewData, draw: impl Fn(&Scene) -> T) -> T {
    let (directory, zone) = (directory(), TimeZone::get("Asia/Shanghai").unwrap());
    let calendar = super::gallery::calendar();
    let reader = PersonId::new("wang");
    draw(&Scene {
        reader: Some(&reader),
        lang,
        now: at("2026-10-14T10:00:00"),
        zone: &zone,
        today: date("2026-10-14"),
        calendar: &calendar,
        directory: &directory,
        request: None,
        history: &[],
        earlier: None,
        view,
        masks: false,
    })
}

pub(super) fn read(lang: Lang, view: &ViewData, reply: &Reply) -> String {
    // Sums are sums of a request.
    let file = matches!(view, ViewData::Why(_)).then(|| request(State::Confirming));
    drawn(lang, view, |scene| {
        let scene = Scene { request: file.as_ref(), ..*scene };
        card(reply, &scene).map(|card| page(&card)).unwrap_or_default()
    })
}

/// A card as somebody reads it, line by line.
pub(super) fn page(card: &Card) -> String {
    let mut out = format!("[{:?}] {}", card.colour, card.title);
    card.tag.iter().for_each(|tag| out.push_str(&format!("  <{tag}>")));
    card.subtitle.iter().for_each(|line| out.push_str(&format!("\n  {line}")));
    out.push('\n');
    card.blocks.iter().for_each(|block| out.push_str(&lines(block)));
    for f in card.form.iter().flat_map(|form| &form.fields) {
        let (group, mark) = (f.group.as_deref().unwrap_or("-"), if f.required { "*" } else { "" });
        let options: Vec<String> = f.options.iter().map(|o| format!("{}={}", o.value, o.label)).collect();
        let _ = write!(out, "{group} | {}{mark} ({}, {:?}, ≤{:?})", f.label, f.name, f.kind, f.max_length);
        let _ = writeln!(out, " [{}] {} — {}", f.value, options.join(" / "), f.hint.as_deref().unwrap_or(""));
        f.error.iter().for_each(|error| out.push_str(&format!("    ! {error}\n")));
    }
    for a in &card.actions {
        let want = serde_json::to_string(&a.want).unwrap();
        let _ = writeln!(out, "({}) {:?}{} {want}", a.label, a.style, if a.submit { " submit" } else { "" });
        a.ask_first.iter().for_each(|ask| out.push_str(&format!("    ? {ask}\n")));
    }
    out
}

fn lines(block: &Block) -> String {
    match block {
        Block::Text { text, tone } => format!("{tone:?}: {text}\n"),
        Block::Fields { items } => items.iter().map(|f| format!("{} = {}\n", f.label, f.value)).collect(),
        Block::Table { columns, rows } => {
            let rows = std::iter::once(columns).chain(rows);
            rows.map(|row| format!("| {} |\n", row.join(" | "))).collect()
        }
        Block::Timeline { items } => {
            items.iter().map(|e| format!("{} · {} · {} ({:?})\n", e.at, e.who, e.text, e.colour)).collect()
        }
        Block::Note { text } => format!("note: {text}\n"),
        Block::Divider => "---\n".to_owned(),
        other => format!("{other:?}\n"),
    }
}

/// A request of 市场部 that 生产部 is asked for.
pub(super) fn request(state: State) -> Request {
    let content = Content {
        kind: None,
        title: "新品试制".to_owned(),
        background: String::new(),
        goal: String::new(),
        wanted_by: date("2026-12-01"),
        people: String::new(),
        budget: None,
        equipment: String::new(),
        risks: String::new(),
        priority: Priority::High,
        acceptance: String::new(),
        visibility: Visibility::Departments,
        attachments: Vec::new(),
    };
    let text = AskText {
        task: "试制 20 台".to_owned(),
        deliverable: String::new(),
        wanted_by: None,
        resources: String::new(),
    };
    let department = DepartmentId::new("SHC");
    let ask = Ask { department, task: text, revision: 1, state: AskState::Open, ruled: false };
    Request {
        id: RequestId::new("2026-Q4-SCB-001"),
        version: 3,
        revision: 1,
        state,
        initiator: PersonId::new("li"),
        department: DepartmentId::new("SCB"),
        filed_at: at("2026-10-13T09:00:00"),
        content,
        approvals: Vec::new(),
        asks: vec![ask],
        rounds: Vec::new(),
        onlookers: Vec::new(),
        obligations: Vec::new(),
        opened: 0,
        tasks: Vec::new(),
        tasks_given: 0,
        attached: Vec::new(),
        decisions: Vec::new(),
        decisions_given: 0,
        risks: Vec::new(),
        risks_given: 0,
        issues: Vec::new(),
        issues_given: 0,
        improvements: Vec::new(),
        improvements_given: 0,
    }
}
