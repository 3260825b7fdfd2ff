//! Why not, and what can be done instead.
//!
//! Invariant: every refusal says what happened, why, and what to do now, and names the people who may.

use super::answer::{about, gap, headline, paragraph, plain, show};
use super::scene::Scene;
use super::{Action, Card, Colour, Style, Tone, drafts, go_on, say};
use crate::domain::change::Refusal;
use crate::domain::directory::Holder;
use crate::domain::permission::Doing;
use crate::domain::request::AskState;
use crate::domain::{DepartmentId, Lang, RequestId};
use crate::intent::{Want, commands};
use crate::text::{self, say as text_of, word};

/// The words of a refusal.
pub(super) struct Words {
    /// What happened.
    what: String,
    /// Why.
    why: String,
    /// What to do now.
    now: String,
}

impl Words {
    /// For the short line above a button.
    pub(super) fn in_one_line(&self, lang: Lang) -> String {
        let said = [&self.what, &self.why, &self.now].map(String::as_str);
        said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(gap(lang))
    }
}

/// The refusal as a message of its own.
pub(super) fn card(refusal: &Refusal, request: Option<&RequestId>, scene: &Scene) -> Card {
    let words = words(refusal, scene);
    let mut card = plain(headline(&words.what), colour(refusal));
    let request = request.filter(|_| names_it(refusal));
    card.subtitle = request.map(|id| about(id, scene));
    let parts = [(words.why, Tone::Normal), (words.now, Tone::Strong)];
    card.blocks =
        parts.into_iter().filter(|(t, _)| !t.is_empty()).map(|(t, tone)| paragraph(t, tone)).collect();
    card.actions = ways(refusal, request, scene);
    card
}

/// Whether the reader may know of the request, and whether it is what the refusal is about.
fn names_it(refusal: &Refusal) -> bool {
    let unseen =
        matches!(refusal, Refusal::UnknownPerson | Refusal::NotFound { .. } | Refusal::NothingAtHand);
    !unseen && !matches!(refusal, Refusal::SlowDown { .. })
}

/// Grey where nothing is amiss, orange where the reader has to do something else.
fn colour(refusal: &Refusal) -> Colour {
    match refusal {
        Refusal::AlreadyDecided { .. }
        | Refusal::CoolDown { .. }
        | Refusal::UrgedEnough
        | Refusal::NobodyOwes
        | Refusal::NothingChanged
        | Refusal::AsItIs { .. }
        | Refusal::SlowDown { .. } => Colour::Grey,
        _ => Colour::Orange,
    }
}

/// What happened, why, and what to do now.
pub(super) fn words(refusal: &Refusal, scene: &Scene) -> Words {
    match refusal {
        Refusal::UnknownPerson => of(scene, "unknown_person", &[]),
        Refusal::NotFound { typed } => of(scene, "not_found", &[("typed", typed)]),
        Refusal::NothingAtHand => of(scene, "nothing_at_hand", &[]),
        Refusal::WhichDepartment { candidates, .. } => {
            let names: Vec<String> = candidates.iter().map(|d| say::department(scene, d)).collect();
            let example = names.first().cloned().unwrap_or_default();
            let all = say::list(scene.lang, &names);
            of(scene, "which_department", &[("departments", &all), ("example", &example)])
        }
        Refusal::NotYours { who } => not_yours(who, scene),
        Refusal::NotNow { state } => {
            of(scene, "not_now", &[("state", &word(scene.lang, &format!("state.{state}")))])
        }
        Refusal::AlreadyDecided { by, at, decision } => {
            let by = by
                .as_ref()
                .map_or_else(|| word(scene.lang, "refusal.the_service"), |p| say::person(scene, p));
            let decision = word(scene.lang, &format!("refusal.decision.{decision}"));
            let args = [("by", &*by), ("at", &*say::moment(scene, *at)), ("decision", &*decision)];
            of(scene, "already_decided", &args)
        }
        Refusal::OldVersion { seen, now } => {
            of(scene, "old_version", &[("seen", &seen.to_string()), ("now", &now.to_string())])
        }
        Refusal::CoolDown { until } => of(scene, "cool_down", &[("until", &say::moment(scene, *until))]),
        Refusal::UrgedEnough => of(scene, "urged_enough", &[]),
        Refusal::NobodyOwes => of(scene, "nobody_owes", &[]),
        Refusal::NothingChanged => of(scene, "nothing_changed", &[]),
        Refusal::Unreadable { command, fault, at } => unreadable(command, fault, at.as_deref(), scene),
        Refusal::OnlyInGroups => of(scene, "only_in_groups", &[]),
        Refusal::OnlyFor { roles } => only_for(roles, scene),
        Refusal::SlowDown { until } => of(scene, "slow_down", &[("until", &say::moment(scene, *until))]),
        Refusal::Ruled => of(scene, "ruled", &[]),
        Refusal::AsItIs { what } => of(scene, &format!("as_it_is_{what}"), &[]),
        Refusal::NothingDelegated { person } => {
            of(scene, "nothing_delegated", &[("person", &say::person(scene, person))])
        }
        Refusal::OwesAlready { person } => {
            of(scene, "owes_already", &[("person", &say::person(scene, person))])
        }
        Refusal::TooManyDrafts { most, oldest, saved_at } => {
            let args = [
                ("most", &*most.to_string()),
                ("oldest", &*drafts::named(oldest, scene)),
                ("at", &*say::moment(scene, *saved_at)),
            ];
            of(scene, "too_many_drafts", &args)
        }
        Refusal::NoSuchDraft => of(scene, "no_such_draft", &[]),
        Refusal::PastDay { day } => of(scene, "past_day", &[("day", &say::day(scene, *day))]),
        Refusal::SameDay { day } => of(scene, "same_day", &[("day", &say::day(scene, *day))]),
        Refusal::EnoughLinks { most } => of(scene, "enough_links", &[("most", &most.to_string())]),
        Refusal::NothingChosen => of(scene, "nothing_chosen", &[]),
        Refusal::CannotApprove { person, why } => {
            of(scene, &format!("cannot_approve_{why}"), &[("person", &say::person(scene, person))])
        }
        Refusal::TooManyApprovers { most } => of(scene, "too_many_approvers", &[("most", &most.to_string())]),
        about_work => of_task(about_work, scene),
    }
}

/// Tasks, decisions and risk plans.
fn of_task(refusal: &Refusal, scene: &Scene) -> Words {
    let list =
        |numbers: &[i64]| say::list(scene.lang, &numbers.iter().map(ToString::to_string).collect::<Vec<_>>());
    match refusal {
        Refusal::NoSuchTask { number } => of(scene, "no_such_task", &[("task", &number.to_string())]),
        Refusal::WhichTask { numbers } => of(scene, "which_task", &[("tasks", &list(numbers))]),
        Refusal::TaskIs { number, state } => {
            let state = word(scene.lang, &format!("card.task.state.{state}"));
            of(scene, "task_is", &[("task", &number.to_string()), ("state", &state)])
        }
        Refusal::BlockedBy { number, by } => {
            let name = |(n, name, owner): &(i64, String, crate::domain::PersonId)| {
                let owner = say::person(scene, owner);
                let args = [("task", &*n.to_string()), ("name", name), ("owner", &*owner)];
                text_of(scene.lang, "refusal.blocked_by.one", &args)
            };
            let named = say::list(scene.lang, &by.iter().map(name).collect::<Vec<_>>());
            of(scene, "blocked_by", &[("task", &number.to_string()), ("tasks", &named)])
        }
        Refusal::NothingToAnswer { number } => of(scene, "no_move", &[("task", &number.to_string())]),
        Refusal::NoSuchIssue { number } => of(scene, "no_such_issue", &[("issue", &format!("I{number}"))]),
        Refusal::IssueIs { number, state } => {
            let state = word(scene.lang, &format!("card.issue.state.{state}"));
            of(scene, "issue_is", &[("issue", &format!("I{number}")), ("state", &state)])
        }
        Refusal::TooManyIssues { most } => of(scene, "too_many_issues", &[("most", &most.to_string())]),
        Refusal::TooManyTasks { most } => of(scene, "too_many_tasks", &[("most", &most.to_string())]),
        Refusal::NoSuchPlan { number } => of(scene, "no_such_plan", &[("number", number)]),
        Refusal::RiskRetired { number } => of(scene, "risk_retired", &[("number", number)]),
        Refusal::TooMany { what, most } => {
            of(scene, &format!("too_many_{what}"), &[("most", &most.to_string())])
        }
        // The others have words of their own above.
        _ => of(scene, "all_planned", &[]),
    }
}

fn of(scene: &Scene, key: &str, args: &[(&str, &str)]) -> Words {
    let part = |part: &str| {
        let key = format!("refusal.{key}.{part}");
        if text::has(scene.lang, &key) { text_of(scene.lang, &key, args) } else { String::new() }
    };
    Words { what: part("what"), why: part("why"), now: part("now") }
}

fn not_yours(who: &[Holder], scene: &Scene) -> Words {
    let names: Vec<String> = who.iter().map(|h| say::holder(scene, h)).collect();
    match names.is_empty() {
        true => of(scene, "nobodys", &[]),
        false => of(scene, "not_yours", &[("who", &say::list(scene.lang, &names))]),
    }
}

fn only_for(roles: &[String], scene: &Scene) -> Words {
    let roles: Vec<String> = roles.iter().map(|r| word(scene.lang, &format!("role.{r}"))).collect();
    of(scene, "only_for", &[("roles", &say::list(scene.lang, &roles))])
}

/// The fault's own text says what is wrong; the usage says how it is written.
fn unreadable(command: &str, fault: &str, at: Option<&str>, scene: &Scene) -> Words {
    let usage =
        commands::find(command).map_or_else(|| format!("/{command}"), |c| word(scene.lang, &c.usage_key()));
    let names = commands::find(command).map_or(command, |c| match scene.lang {
        Lang::Zh => c.chinese(),
        Lang::En => c.name(),
    });
    let mut words = of(scene, "unreadable", &[("command", names), ("usage", &usage)]);
    let why = at.map_or_else(|| word(scene.lang, fault), |at| text_of(scene.lang, fault, &[("at", at)]));
    // Where nothing was typed there is no word to point at; the usage says it all.
    words.why = if why.contains("{at}") { String::new() } else { why };
    words
}

/// Buttons to what can be done instead.
fn ways(refusal: &Refusal, request: Option<&RequestId>, scene: &Scene) -> Vec<Action> {
    let mut actions = match refusal {
        Refusal::WhichDepartment { candidates, typed } => match (typed, scene.request) {
            (Some(typed), Some(file)) => go_on::buttons(typed, candidates, file, scene),
            _ => departments(candidates, scene),
        },
        Refusal::NotFound { .. } => vec![my(scene.lang), list(scene.lang)],
        Refusal::NothingAtHand => vec![my(scene.lang), new(scene.lang)],
        Refusal::TooManyDrafts { .. } | Refusal::NoSuchDraft => {
            vec![say::button(scene.lang, "drafts", Style::Default, Want::Drafts)]
        }
        Refusal::Unreadable { command, .. } => {
            vec![say::button(scene.lang, "help", Style::Default, Want::Help { word: Some(command.clone()) })]
        }
        _ => Vec::new(),
    };
    actions.extend(request.map(|id| show(id, scene.lang)));
    actions
}

/// For each department what the reader may do for it now.
fn departments(candidates: &[DepartmentId], scene: &Scene) -> Vec<Action> {
    let (Some(file), Some(reader)) = (scene.request, scene.reader) else { return Vec::new() };
    let may = |doing, department| scene.case(file).may(reader, doing, Some(department)).is_ok();
    let mut actions = Vec::new();
    for department in candidates {
        let Some(ask) = file.ask(department) else { continue };
        let request = Some(file.id.to_string());
        let (code, version) = (Some(department.to_string()), Some(file.revision));
        let name = say::department(scene, department);
        let label = |key: &str| text_of(scene.lang, key, &[("department", &name)]);
        if ask.state == AskState::Open && may(Doing::Sign, department) {
            let confirm = Want::Confirm { request: request.clone(), department: code.clone(), version };
            let object = Want::Object { request, department: code, reason: None, version };
            let id = format!("confirm_{department}");
            actions.push(say::labelled(&id, label("refusal.confirm_for"), Style::Default, confirm));
            let id = format!("object_{department}");
            actions.push(say::labelled(&id, label("refusal.object_for"), Style::Default, object));
        } else if matches!(ask.state, AskState::Objected { .. }) && may(Doing::Answer, department) {
            let decline = Want::Decline { request, department: code, reason: None };
            let id = format!("decline_{department}");
            actions.push(say::labelled(&id, label("refusal.decline_for"), Style::Default, decline));
        }
    }
    actions
}

pub(super) fn my(lang: Lang) -> Action {
    say::button(lang, "my", Style::Default, Want::My)
}

pub(super) fn list(lang: Lang) -> Action {
    say::button(lang, "list", Style::Default, Want::List { words: Vec::new(), page: 1, turn: None })
}

pub(super) fn new(lang: Lang) -> Action {
    let want = Want::New { title: None, departments: Vec::new(), date: None };
    say::button(lang, "new", Style::Primary, want)
}
