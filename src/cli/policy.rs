//! `liaison policy`: whether the rules about time can be kept, and when each step of a ladder would fire.

use std::fmt::Write;

use clap::Subcommand;

use super::terminal::{self, local, print};
use super::{Done, Failure};
use crate::config::Config;
use crate::domain::calendar::{Calendar, DayKind, Span};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation, OfIssue, Opening, Planned};
use crate::domain::policy::{At, Due, Rung, Step};
use crate::domain::{Date, DepartmentId, ObligationId, PersonId, Timestamp};
use crate::service;

/// What to do with the policy.
#[derive(Subcommand)]
pub enum Command {
    /// Names every mistake in the policy file
    Check,
    /// Prints when each step would fire, and why
    Explain {
        /// approve_request, confirm_request, answer_objection or arbitrate
        #[arg(long, value_name = "K")]
        kind: String,
        /// When it is delivered: 2026-11-23T17:00 (the company's time) or with an offset
        #[arg(long, value_name = "T")]
        opened: String,
    },
    /// Says what the present rules would change about what is open already, and does it with --apply
    Reapply {
        /// Change it, and tell whom it concerns
        #[arg(long)]
        apply: bool,
    },
}

mod reapply;

/// A repeating step is shown so often.
const REPEATS: usize = 3;

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let policy = service::rulebook(config)?.policy;
    match command {
        Command::Reapply { apply } => reapply::run(config, *apply).await,
        Command::Check => print(&format!("ok: {}\n", config.policy.name())),
        Command::Explain { kind, opened } => {
            let (kind, urgent) = named(kind)?;
            let opened = terminal::instant(opened, &config.calendar)?;
            let nobody = Holder { person: PersonId::new("debtor"), instead_of: None };
            let planned = Planned { task: 1, due: Due::Planned.from(opened, &config.calendar) };
            let opening = Opening {
                id: ObligationId::new("example"),
                kind,
                debtor: nobody,
                department: DepartmentId::new("X"),
                planned: (policy.rows.get(&kind).map(|r| r.due) == Some(Due::Planned)).then_some(planned),
                decision: None,
                issue: urgent.then_some(OfIssue { number: 1, urgent, due: None }),
                improvement: None,
            };
            match Obligation::open(opening, opened, &policy, &config.calendar) {
                Some(obligation) => print(&explained(&obligation, &config.calendar)),
                None => Err(Failure::Usage(format!("the policy has no row for {}", kind.name()))),
            }
        }
    }
}

/// The kind of that name, and whether it is the row of urgent issues.
fn named(name: &str) -> Result<(Kind, bool), Failure> {
    let known = Kind::ALL.map(Kind::name);
    let urgent =
        name.strip_suffix("_urgent").and_then(Kind::named).filter(|kind| *kind == Kind::RespondIssue);
    urgent.map(|kind| (kind, true)).or_else(|| Some((Kind::named(name)?, false))).ok_or_else(|| {
        let remedy = crate::domain::fault::suggest(name, known);
        Failure::Usage(format!("`{name}` is not a kind of obligation; {remedy}"))
    })
}

fn explained(obligation: &Obligation, calendar: &Calendar) -> String {
    let mut text = String::new();
    let zone = calendar.time_zone().iana_name().unwrap_or("local time");
    let opened = obligation.opened_at;
    push(
        &mut text,
        format_args!("{} delivered {} ({zone})", obligation.kind.name(), local(opened, calendar)),
    );
    let late = if obligation.provisional { ", provisional: beyond the known holidays" } else { "" };
    push(
        &mut text,
        format_args!("due       {} ({}{late})", local(obligation.due_at, calendar), obligation.allowed),
    );
    skipped(&mut text, (opened, obligation.allowed), calendar);
    if obligation.urgent {
        push(&mut text, format_args!("urgent: its steps pass quiet hours"));
    }
    for (step, next) in obligation.to_come(calendar) {
        push(&mut text, format_args!("{:<9} {}", rung(step.rung), fires(next.due, next.fires_at, calendar)));
        push(&mut text, format_args!("          {} → {}", when(&step), audience(&step)));
        let (from, span) = match step.at {
            At::After(span) => (opened, span),
            At::AfterDue(span) => (obligation.due_at, span),
            At::Every(span) => {
                repeats(&mut text, (next.due, span), obligation.urgent, calendar);
                continue;
            }
            At::Due | At::BeforeDue(_) | At::Clock { .. } => continue,
        };
        skipped(&mut text, (from, span), calendar);
    }
    text
}

fn repeats(text: &mut String, (first, span): (Timestamp, Span), urgent: bool, calendar: &Calendar) {
    let mut due = first;
    for _ in 1..REPEATS {
        due = calendar.add(due, span);
        let fires_at = if urgent { due } else { calendar.after_quiet(due) };
        push(text, format_args!("          then {}", fires(due, fires_at, calendar)));
    }
    push(text, format_args!("          and so on"));
}

/// The instant of the rule, and when quiet hours let it happen.
fn fires(due: Timestamp, fires_at: Timestamp, calendar: &Calendar) -> String {
    let mark = if calendar.provisional(due) { " (provisional)" } else { "" };
    match due == fires_at {
        true => format!("{}{mark}", local(due, calendar)),
        false => format!("{}{mark}, after quiet hours {}", local(due, calendar), local(fires_at, calendar)),
    }
}

/// The closed days that a sum passes over.
fn skipped(text: &mut String, (from, span): (Timestamp, Span), calendar: &Calendar) {
    let sum = calendar.trace(from, span);
    if sum.counted_from != sum.from {
        push(text, format_args!("          counted from {}", local(sum.counted_from, calendar)));
    }
    for stretch in sum.skipped.chunk_by(|(_, one), (_, other)| one == other) {
        push(text, format_args!("          skips {}", stretch_of_days(stretch)));
    }
}

/// `10-01 Thu – 10-07 Wed  国庆节`: days of one kind that follow one another.
pub fn stretch_of_days(days: &[(Date, DayKind)]) -> String {
    let (Some((first, kind)), Some((last, _))) = (days.first(), days.last()) else { return String::new() };
    let day = |date: &Date| date.strftime("%m-%d %a").to_string();
    let days = if first == last { day(first) } else { format!("{} – {}", day(first), day(last)) };
    format!("{days:<23}{}", why(kind))
}

/// Why a day is what it is.
fn why(kind: &DayKind) -> String {
    match kind {
        DayKind::Working => "working day".to_owned(),
        DayKind::MakeUp => "make-up working day".to_owned(),
        DayKind::CompanyWorks(reason) => format!("the company works: {reason}"),
        DayKind::Weekend => "weekend".to_owned(),
        DayKind::Holiday(name) => name.clone(),
        DayKind::CompanyCloses(reason) => format!("the company is closed: {reason}"),
    }
}

fn when(step: &Step) -> String {
    match step.at {
        At::After(span) => format!("{span} after delivery"),
        At::BeforeDue(span) => format!("{span} before it is due"),
        At::Due => "when it is due".to_owned(),
        At::AfterDue(span) => format!("{span} after it was due"),
        At::Every(span) => format!("every {span} from then on"),
        At::Clock { days: 0, .. } => "on the day on which it is due".to_owned(),
        At::Clock { days, .. } if days < 0 => format!("{}wd before the day on which it is due", -days),
        At::Clock { days, .. } => format!("{days}wd after the day on which it was due"),
    }
}

fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Remind => "remind",
        Rung::Overdue => "overdue",
        Rung::Alert => "alert",
    }
}

fn audience(step: &Step) -> String {
    step.to.iter().map(|to| to.name()).collect::<Vec<_>>().join(", ")
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}
