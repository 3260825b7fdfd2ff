//! The departments that a command could mean, as buttons that go on with it.
//!
//! Invariant: a button says the command again as it was typed, for one department that the reader may do it for.

use super::scene::Scene;
use super::{Action, Style, say};
use crate::domain::change::Typed;
use crate::domain::permission::Doing;
use crate::domain::request::{AskState, Request};
use crate::domain::{DepartmentId, Lang};
use crate::intent::{Want, commands};
use crate::text::say as text_of;

/// A button for each department that fits.
pub(super) fn buttons(
    typed: &Typed,
    candidates: &[DepartmentId],
    file: &Request,
    scene: &Scene,
) -> Vec<Action> {
    let fits = |department: &&DepartmentId| fits(typed, department, file, scene);
    let button = |department: &DepartmentId| {
        let args = [("command", name(typed, scene.lang)), ("department", say::department(scene, department))];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        let label = text_of(scene.lang, "refusal.go_on_for", &args);
        let want = again(typed, file, department)?;
        Some(say::labelled(&format!("{}_{department}", typed.command), label, Style::Default, want))
    };
    candidates.iter().filter(fits).filter_map(button).collect()
}

fn name(typed: &Typed, lang: Lang) -> String {
    let name = |command: &'static commands::Command| match lang {
        Lang::Zh => command.chinese(),
        Lang::En => command.name(),
    };
    commands::find(&typed.command).map_or(typed.command.clone(), |command| name(command).to_owned())
}

fn fits(typed: &Typed, department: &DepartmentId, file: &Request, scene: &Scene) -> bool {
    let Some(reader) = scene.reader else { return false };
    let may = |doing| scene.case(file).may(reader, doing, Some(department)).is_ok();
    let state = file.ask(department).map(|ask| &ask.state);
    let objected = matches!(state, Some(AskState::Objected { .. }));
    match typed.command.as_str() {
        "confirm" | "object" => state == Some(&AskState::Open) && may(Doing::Sign),
        "decline" => objected && may(Doing::Answer),
        "escalate" => objected && may(Doing::Escalate),
        "rule" => objected && may(Doing::Rule),
        "transfer" => may(Doing::HandOver) || owes(file, department, scene),
        "snooze" => owes(file, department, scene),
        _ => false,
    }
}

/// Whether the reader owes something for the department.
fn owes(file: &Request, department: &DepartmentId, scene: &Scene) -> bool {
    file.owed().any(|owed| &owed.department == department && Some(&owed.debtor.person) == scene.reader)
}

/// The command again, with the department that was missing.
fn again(typed: &Typed, file: &Request, department: &DepartmentId) -> Option<Want> {
    let (request, version) = (Some(file.id.to_string()), Some(file.revision));
    let department = Some(department.to_string());
    let word = |field: &str| typed.words.get(field).cloned();
    let reason = word("reason");
    Some(match typed.command.as_str() {
        "confirm" => Want::Confirm { request, department, version },
        "object" => Want::Object { request, department, reason, version },
        "decline" => Want::Decline { request, department, reason },
        "escalate" => Want::Escalate { request, department, reason },
        "rule" => {
            let uphold = word("ruling").map(|ruling| ruling == "uphold");
            Want::Rule { request, department, uphold, reason }
        }
        "transfer" => Want::Transfer { request, to: word("to"), department, reason },
        "snooze" => Want::Snooze { request, department, words: word("words") },
        _ => return None,
    })
}
