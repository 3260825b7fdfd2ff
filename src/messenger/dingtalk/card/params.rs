//! A card with a template: the complete map of its parameters, at every sending, update and answer.
//!
//! Invariant: the same names every time, all values texts below one kilobyte, so that it makes no difference whether an
//! update replaces the map or only what it names. The names are those of `deploy/dingtalk/card-template.md`.

use serde_json::{Map, Value, json};

use super::body::{self, Fit};
use super::message::label;
use super::{Style, text};
use crate::card::{Action, Card, Colour, FieldKind, Form, Style as Look};

/// Bytes of a value; the documentation says 1 KB.
const MOST_BYTES: usize = 1_000;
/// Pieces of the body, each a markdown component of the template.
pub const BODIES: usize = 6;
/// Buttons of the template.
pub const BUTTONS: usize = 6;

/// The parameters of an interactive card (`cardParamMap`), for `createAndDeliver`, for updates, and for the answer to a
/// press (`cardData`).
///
/// A button calls back with its sealed want in `b<n>_want` where it fits; otherwise it opens the address in `b<n>_url`.
/// What submits a form calls back from the form component where the form fits, and opens its address otherwise.
pub fn card_data(card: &Card, style: &Style<'_>) -> Value {
    let mut map = Map::new();
    let mut put = |name: &str, value: String| _ = map.insert(name.to_owned(), json!(value));
    put("title", text::line(&card.title, 60));
    put("subtitle", text::line(card.subtitle.as_deref().unwrap_or_default(), 120));
    put("tag", text::line(card.tag.as_deref().unwrap_or_default(), 20));
    put("colour", colour(card.colour).to_owned());
    put(
        "page",
        style.page.filter(|page| text::is_link(page) && page.len() <= MOST_BYTES).unwrap_or("").to_owned(),
    );
    for (at, piece) in pieces(card, style).into_iter().enumerate() {
        put(&format!("body{}", at + 1), piece);
    }
    let inside = in_card(card, style);
    let (form, label_of_form, want_of_form) = match &inside {
        Some((action, form)) => (form.clone(), label(&action.label), seal(action, style).unwrap_or_default()),
        None => Default::default(),
    };
    put("form", form);
    put("form_label", label_of_form);
    put("form_want", want_of_form);
    let submit = inside.as_ref().map(|(action, _)| action.id.as_str());
    let others = card.actions.iter().filter(|action| Some(action.id.as_str()) != submit);
    let drawn: Vec<_> = others.filter_map(|action| button(action, style)).take(BUTTONS).collect();
    for at in 0..BUTTONS {
        let shown = drawn.get(at).cloned().unwrap_or_default();
        for (name, value) in ["label", "look", "want", "url"].into_iter().zip(shown) {
            put(&format!("b{}_{name}", at + 1), value);
        }
    }
    Value::Object(map)
}

/// The body in pieces that each fit into a value: paragraphs together as long as they fit, long ones shortened.
fn pieces(card: &Card, style: &Style<'_>) -> Vec<String> {
    let mut fit = Fit::AMPLE;
    loop {
        let (mut parts, cut) = body::paragraphs(card, fit);
        if cut {
            parts.push(text::escape(&text::line(style.more, 200)));
        }
        let packed = pack(parts);
        match (packed, fit.tighter()) {
            (Ok(mut packed), _) => {
                packed.resize(BODIES, String::new());
                return packed;
            }
            (Err(_), Some(smaller)) => fit = smaller,
            (Err(mut packed), None) => {
                packed.truncate(BODIES);
                return packed.into_iter().map(|piece| text::within(&piece, MOST_BYTES)).collect();
            }
        }
    }
}

/// Paragraphs in as few pieces as they need; refused where one is too long or the pieces are too many.
fn pack(parts: Vec<String>) -> Result<Vec<String>, Vec<String>> {
    let mut packed: Vec<String> = Vec::new();
    for part in parts.into_iter().flat_map(split) {
        match packed.last_mut().filter(|last| last.len() + part.len() + 2 <= MOST_BYTES) {
            Some(last) => {
                last.push_str("\n\n");
                last.push_str(&part);
            }
            None => packed.push(part),
        }
    }
    let fits = packed.len() <= BODIES && packed.iter().all(|piece| piece.len() <= MOST_BYTES);
    if fits { Ok(packed) } else { Err(packed) }
}

/// A paragraph of many lines may go on in the next piece.
fn split(part: String) -> Vec<String> {
    if part.len() <= MOST_BYTES {
        return vec![part];
    }
    let mut pieces: Vec<String> = Vec::new();
    for line in part.lines() {
        match pieces.last_mut().filter(|last| last.len() + line.len() < MOST_BYTES) {
            Some(last) => {
                last.push('\n');
                last.push_str(line);
            }
            None => pieces.push(line.to_owned()),
        }
    }
    pieces
}

/// Label, look, sealed want, address; none if it can do nothing.
fn button(action: &Action, style: &Style<'_>) -> Option<[String; 4]> {
    if !action.enabled {
        return Some([label(&action.label), "disabled".to_owned(), String::new(), String::new()]);
    }
    // What has to be filled in, or asked first, needs a page.
    let calls_back = !action.submit && action.ask_first.is_none();
    let url = || (style.link)(action).filter(|url| text::is_link(url) && url.len() <= MOST_BYTES);
    let (want, url) = match seal(action, style).filter(|_| calls_back) {
        Some(want) => (want, String::new()),
        None => match url() {
            Some(url) => (String::new(), url),
            None => (seal(action, style).filter(|_| !action.submit)?, String::new()),
        },
    };
    Some([label(&action.label), look(action.style).to_owned(), want, url])
}

fn seal(action: &Action, style: &Style<'_>) -> Option<String> {
    Some(style.seal.seal(&action.want, style.now)).filter(|sealed| sealed.len() <= MOST_BYTES)
}

/// The form that can be filled in on the card itself: one that exactly one action submits, and that fits.
fn in_card<'a>(card: &'a Card, style: &Style<'_>) -> Option<(&'a Action, String)> {
    let form = card.form.as_ref()?;
    let mut submits = card.actions.iter().filter(|action| action.submit && action.enabled);
    let (only, none) = (submits.next()?, submits.next());
    let json = fields(form).to_string();
    (none.is_none() && json.len() <= MOST_BYTES && seal(only, style).is_some()).then_some((only, json))
}

/// The variable of the form component.
fn fields(form: &Form) -> Value {
    let fields = form.fields.iter().map(|field| {
        let mut shown = json!({"name": field.name, "label": text::line(&field.label, 60), "required": field.required,
            "type": kind(field.kind), "defaultValue": field.value});
        if let Some(hint) = field.error.as_ref().or(field.hint.as_ref()) {
            shown["placeholder"] = json!(text::line(hint, 60));
        }
        if !field.options.is_empty() {
            let options = field.options.iter().map(|one| json!({"value": one.value, "text": one.label}));
            shown["options"] = options.collect();
        }
        shown
    });
    json!({"fields": fields.collect::<Vec<_>>()})
}

fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "TEXT",
        FieldKind::Multiline => "TEXT_AREA",
        FieldKind::Choice => "SELECT",
        FieldKind::Choices => "MULTI_SELECT",
        FieldKind::Date => "DATE",
        FieldKind::Number => "NUMBER",
    }
}

fn look(look: Look) -> &'static str {
    match look {
        Look::Primary => "primary",
        Look::Default => "default",
        Look::Danger => "danger",
        Look::Quiet => "quiet",
    }
}

fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Blue => "blue",
        Colour::Green => "green",
        Colour::Orange => "orange",
        Colour::Red => "red",
        Colour::Grey => "grey",
        Colour::Purple => "purple",
    }
}
