//! Risk plans: listed, marked on the request, and the call when one of them fires.
//!
//! Invariant: a card about a plan that fired says why it did, what is to be done, and by whom.

use super::answer::{paragraph, plain};
use super::asked::{field, note};
use super::scene::Scene;
use super::{Action, Block, Card, Colour, Event, Field, Style, Tone, button, say, task_button, tasks};
use crate::domain::permission::Doing;
use crate::domain::request::risk::{Cause, Firing, Risk, RiskState, Trigger, Watched, form as f8, short};
use crate::domain::request::{Request, State};
use crate::intent::{RiskWant, Want};
use crate::text::{say as text_of, word};

/// Buttons of single plans on one list.
const MOST_BUTTONS: usize = 12;

/// To the owner of the measure, and to the superior who is named.
pub fn fired(number: i64, firing: usize, request: &Request, scene: &Scene) -> Option<Card> {
    let risk = request.risk(number)?;
    let firing = risk.firings.get(firing.checked_sub(1)?)?;
    let args = [("risk_number", &*short(number)), ("description", &*risk.plan.description)];
    let mut card = plain(text_of(scene.lang, "card.risk.fired", &args), Colour::Red);
    card.subtitle = Some(format!("{}-{} · {}", request.id, short(number), request.content.title));
    card.tag = Some(word(scene.lang, "card.risk.state.fired"));
    // The newest firing may have found the measure under way.
    let measure = risk.firings.iter().rev().find_map(|f| f.measure).filter(|n| request.task(*n).is_some());
    let task = measure.map(|n| text_of(scene.lang, "card.risk.task", &[("task", &n.to_string())]));
    let mut items = vec![long("risk_cause", cause(firing, request, scene), scene)];
    items.extend(fields(risk, request, scene));
    items.push(field("measure_task", task.unwrap_or_default(), scene));
    items.retain(|f| !f.value.is_empty());
    card.blocks.push(Block::Fields { items });
    let own = scene.reader == Some(&risk.plan.owner);
    let why = if own { "card.risk.why.owner" } else { "card.risk.why.superior" };
    card.blocks.push(note(word(scene.lang, why), scene));
    card.actions = measure.map(|n| task_button::on(scene, request, n)).unwrap_or_default();
    card.actions.extend([
        tasks::button(scene, request),
        list_button(scene, request),
        button::show(scene, request),
    ]);
    Some(card)
}

fn long(key: &str, value: String, scene: &Scene) -> Field {
    Field { short: false, ..field(key, value, scene) }
}

fn fields(risk: &Risk, request: &Request, scene: &Scene) -> Vec<Field> {
    let plan = &risk.plan;
    let level = |level| word(scene.lang, &format!("choice.level.{}", f8::level_name(level)));
    let superior = plan.superior.as_ref().map(|p| say::person(scene, p)).unwrap_or_default();
    vec![
        long("risk_description", plan.description.clone(), scene),
        field("risk_kind", word(scene.lang, &format!("choice.risk.{}", f8::kind_name(plan.kind))), scene),
        field("likelihood", level(plan.likelihood), scene),
        field("risk_impact", level(plan.impact), scene),
        long("risk_watch", trigger(risk, request, scene), scene),
        long("measure", plan.measure.clone(), scene),
        field("risk_owner", say::person(scene, &plan.owner), scene),
        field("risk_superior", superior, scene),
    ]
}

/// 触发条件 in words.
fn trigger(risk: &Risk, request: &Request, scene: &Scene) -> String {
    let Trigger::Late { watched, thresholds } = &risk.plan.trigger else {
        return word(scene.lang, "card.risk.by_hand");
    };
    let what = match watched {
        Watched::Path => word(scene.lang, "card.risk.path"),
        Watched::Task(number) => {
            let name = request.task(*number).map(|t| t.plan.name.clone()).unwrap_or_default();
            text_of(scene.lang, "card.risk.of_task", &[("task", &number.to_string()), ("name", &name)])
        }
    };
    let days: Vec<String> = thresholds.iter().map(ToString::to_string).collect();
    let days = say::list(scene.lang, &days);
    text_of(scene.lang, "card.risk.late", &[("what", &what), ("days", &days)])
}

fn cause(firing: &Firing, request: &Request, scene: &Scene) -> String {
    match &firing.cause {
        Cause::Late { task, threshold, days, .. } => {
            let name = request.task(*task).map(|t| t.plan.name.clone()).unwrap_or_default();
            let (task, days, most) = (task.to_string(), days.to_string(), threshold.to_string());
            let args = [("task", &*task), ("name", &*name), ("days", &*days), ("most", &*most)];
            text_of(scene.lang, "card.risk.cause.late", &args)
        }
        Cause::ByHand { by, reason } => {
            let by = say::person(scene, by);
            text_of(scene.lang, "card.risk.cause.by_hand", &[("by", &by), ("reason", reason)])
        }
    }
}

/// `/risk <no>`
pub fn list(request: &Request, scene: &Scene) -> Card {
    let count = request.risks.len().to_string();
    let mut card = plain(text_of(scene.lang, "view.risks.title", &[("n", &count)]), Colour::Orange);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    if request.risks.is_empty() {
        card.colour = Colour::Grey;
        card.blocks = vec![paragraph(word(scene.lang, "view.risks.nothing"), Tone::Quiet)];
    }
    for risk in &request.risks {
        let args = [("risk_number", &*short(risk.number)), ("state", &*state(risk, scene))];
        card.blocks.push(paragraph(text_of(scene.lang, "view.risks.heading", &args), Tone::Strong));
        let mut items = fields(risk, request, scene);
        items.retain(|f| !f.value.is_empty());
        card.blocks.push(Block::Fields { items });
        card.blocks.extend(history(risk, request, scene));
    }
    card.actions = request.risks.iter().flat_map(|r| buttons(r, request, scene)).take(MOST_BUTTONS).collect();
    if may_plan(request, scene) {
        let want = RiskWant::Plan { request: Some(request.id.to_string()), said: Default::default() };
        card.actions.push(say::button(scene.lang, "add_risk", Style::Default, Want::Risk(want)));
    }
    card.actions.push(button::show(scene, request));
    card
}

/// 触发记录
fn history(risk: &Risk, request: &Request, scene: &Scene) -> Option<Block> {
    let event = |f: &Firing| Event {
        at: say::moment(scene, f.at),
        who: word(scene.lang, "card.risk.state.fired"),
        text: cause(f, request, scene),
        colour: Colour::Red,
    };
    let items: Vec<Event> = risk.firings.iter().map(event).collect();
    (!items.is_empty()).then_some(Block::Timeline { items })
}

fn state(risk: &Risk, scene: &Scene) -> String {
    let times = risk.firings.len();
    let said = word(scene.lang, &format!("card.risk.state.{}", risk.state.name()));
    match times {
        0 => said,
        n => text_of(scene.lang, "card.risk.times", &[("state", &said), ("n", &n.to_string())]),
    }
}

fn buttons(risk: &Risk, request: &Request, scene: &Scene) -> Vec<Action> {
    if risk.state == RiskState::Retired {
        return Vec::new();
    }
    let (id, n) = (Some(request.id.to_string()), risk.number);
    let number = short(n);
    let button = |key: &str, style, want| {
        let label = word(scene.lang, &format!("button.{key}"));
        let label = text_of(scene.lang, "view.numbered", &[("n", &number), ("title", &label)]);
        say::labelled(&format!("{key}_{number}"), label, style, Want::Risk(want))
    };
    let mut buttons = Vec::new();
    let may = |reader| scene.case(request).may_on_risk(reader, Doing::FireRisk, risk).is_ok();
    let now = matches!(request.state, State::Confirmed | State::InProgress);
    if now && scene.reader.is_some_and(may) {
        let want = RiskWant::Fire { request: id.clone(), risk: n, reason: None };
        buttons.push(button("fire_risk", Style::Danger, want));
    }
    if may_plan(request, scene) {
        let edit = RiskWant::Edit { request: id.clone(), risk: n };
        buttons.push(button("edit_risk", Style::Default, edit));
        let retire = button("retire_risk", Style::Quiet, RiskWant::Retire { request: id, risk: n });
        let ask_first = Some(word(scene.lang, "card.risk.ask_retire"));
        buttons.push(Action { ask_first, ..retire });
    }
    buttons
}

fn may_plan(request: &Request, scene: &Scene) -> bool {
    !request.state.is_over() && button::may(scene, request, Doing::PlanRisks, None)
}

/// The risk points of a request, each in one row; nothing where there is none.
pub fn table(request: &Request, scene: &Scene) -> Option<Block> {
    if request.risks.is_empty() {
        return None;
    }
    let columns = ["number", "risk", "trigger", "owner", "state"];
    let columns = columns.map(|c| word(scene.lang, &format!("card.risk.column.{c}")));
    let row = |r: &Risk| {
        vec![
            short(r.number),
            r.plan.description.clone(),
            trigger(r, request, scene),
            say::person(scene, &r.plan.owner),
            state(r, scene),
        ]
    };
    Some(Block::Table { columns: columns.into(), rows: request.risks.iter().map(row).collect() })
}

/// Which plans watch a task by its number: `R1`.
pub fn watching(request: &Request, task: i64) -> Vec<String> {
    let watches = |r: &&Risk| match &r.plan.trigger {
        Trigger::Late { watched: Watched::Task(number), .. } => {
            *number == task && r.state == RiskState::Watching
        }
        Trigger::Late { watched: Watched::Path, .. } | Trigger::ByHand => false,
    };
    request.risks.iter().filter(watches).map(|r| short(r.number)).collect()
}

/// The way to the list: for whoever may plan, and where there is one to read.
pub fn beside(scene: &Scene, request: &Request) -> Option<Action> {
    let shown = may_plan(request, scene) || (scene.reader.is_some() && !request.risks.is_empty());
    shown.then(|| list_button(scene, request))
}

fn list_button(scene: &Scene, request: &Request) -> Action {
    let want = RiskWant::List { request: Some(request.id.to_string()) };
    say::button(scene.lang, "risks", Style::Quiet, Want::Risk(want))
}
