//! The buttons about decisions that a reader may press now.
//!
//! Invariant: as in `button`: shown exactly when the permission table and the state allow it; pressing asks both again.

use super::scene::Scene;
use super::{Action, Style, button, say};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::decision::{Decision, short};
use crate::intent::{DecisionWant, Want};
use crate::text::{say as text_of, word};

/// One button an option, and one for everything else.
pub fn of(scene: &Scene, request: &Request, decision: &Decision) -> Vec<Action> {
    let may = |reader| scene.case(request).may_on_decision(reader, Doing::Decide, decision).is_ok();
    if request.open_decision(decision.number).is_err() || !scene.reader.is_some_and(may) {
        return Vec::new();
    }
    let want = |choice| {
        let request = Some(request.id.to_string());
        Want::Decision(DecisionWant::Decide { request, decision: decision.number, choice, words: None })
    };
    let option = |(n, option): (i64, &String)| {
        say::labelled(&format!("option_{n}"), option.clone(), Style::Default, want(Some(n)))
    };
    let mut buttons: Vec<Action> = (1..).zip(&decision.options).map(option).collect();
    let (id, style) = match decision.options.is_empty() {
        true => ("decide_free", Style::Primary),
        false => ("decide_other", Style::Quiet),
    };
    buttons.push(say::button(scene.lang, id, style, want(None)));
    buttons
}

/// The same for every decision of a request: each says which it is of.
pub fn deciding(scene: &Scene, request: &Request) -> Vec<Action> {
    let mut buttons = Vec::new();
    for decision in &request.decisions {
        let number = short(decision.number);
        let named = of(scene, request, decision).into_iter().map(|action| {
            let args = [("n", &*number), ("title", &*action.label)];
            let label = text_of(scene.lang, "view.numbered", &args);
            Action { id: format!("{}_{number}", action.id), label, ..action }
        });
        buttons.extend(named);
    }
    buttons
}

/// For whoever asked.
pub fn take_back(scene: &Scene, request: &Request, decision: &Decision) -> Option<Action> {
    let reader = scene.reader?;
    let may = scene.case(request).may_on_decision(reader, Doing::TakeDecisionBack, decision).is_ok();
    let open = request.open_decision(decision.number).is_ok();
    let want = DecisionWant::TakeBack { request: Some(request.id.to_string()), decision: decision.number };
    let number = short(decision.number);
    let label = text_of(scene.lang, "card.decision.take_back", &[("decision", &number)]);
    let action = say::labelled(&format!("take_back_{number}"), label, Style::Danger, Want::Decision(want));
    let ask_first = Some(word(scene.lang, "card.decision.ask_take_back"));
    (may && open).then_some(Action { ask_first, ..action })
}

/// Asking for one, and taking back what the reader asked for.
pub fn beside(scene: &Scene, request: &Request) -> Vec<Action> {
    let ask = Want::Decision(DecisionWant::Ask {
        request: Some(request.id.to_string()),
        decider: None,
        days: None,
        subject: None,
        options: None,
    });
    let may = !request.state.is_over() && button::may(scene, request, Doing::AskDecision, None);
    let ask = may.then(|| say::button(scene.lang, "ask_decision", Style::Quiet, ask));
    let back = request.decisions.iter().filter_map(|d| take_back(scene, request, d));
    ask.into_iter().chain(back).collect()
}
