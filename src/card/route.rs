//! Who will be asked, in what order, by when: on top of a form, and in the answer to a filed one.

use super::answer::paragraph;
use super::scene::{Scene, ViewData};
use super::{Block, Field, Tone, say};
use crate::domain::change::{Params, Value};
use crate::domain::obligation::Kind;
use crate::domain::request::Stop;
use crate::text::{say as text_of, word};

/// The route on top of a form; nothing where none was asked for.
pub(super) fn blocks(scene: &Scene) -> Vec<Block> {
    let ViewData::Route(route) = scene.view else { return Vec::new() };
    let items = (1..).zip(&route.stops).map(|(n, stop)| field(n, stop, scene)).collect();
    let mut blocks = vec![paragraph(word(scene.lang, "route.title"), Tone::Strong), Block::Fields { items }];
    if route.is_stuck {
        blocks.push(paragraph(word(scene.lang, "route.stuck"), Tone::Strong));
    } else if !route.stops.iter().any(|stop| stop.kind == Kind::ConfirmRequest) {
        blocks.push(paragraph(word(scene.lang, "route.nothing"), Tone::Normal));
    }
    blocks.push(Block::Note { text: word(scene.lang, "route.note") });
    blocks
}

fn field(n: usize, stop: &Stop, scene: &Scene) -> Field {
    let what = word(scene.lang, &format!("kind.{}", stop.kind.name()));
    let department = say::department(scene, &stop.department);
    let args = [("n", &*n.to_string()), ("what", &*what), ("department", &*department)];
    let label = text_of(scene.lang, "route.row", &args);
    let (person, due) = (say::holder(scene, &stop.holder), say::moment(scene, stop.due_at));
    let value = text_of(scene.lang, "route.value", &[("person", &person), ("due", &due)]);
    let value = match stop.provisional {
        true => text_of(scene.lang, "route.provisional", &[("value", &value)]),
        false => value,
    };
    Field { label, value, short: false }
}

/// The route in the answer to a filed form, a line for each step.
pub(super) fn ahead(with: &Params, scene: &Scene) -> Vec<String> {
    let line = |n: usize| {
        let part = |part: &str| with.get(&format!("stop{n}{part}"));
        let (Value::Department(department), Value::Person(who), Value::Moment(due)) =
            (part("")?, part("_who")?, part("_due")?)
        else {
            return None;
        };
        let department = say::department(scene, department);
        let (person, due) = (say::person(scene, who), say::moment(scene, *due));
        let args = [("department", &*department), ("person", &*person), ("due", &*due)];
        Some(text_of(scene.lang, "route.ahead", &args))
    };
    (1..).map_while(line).collect()
}
