//! A reply as neutral JSON: what was done, what was shown, or why not, for programs to tell apart and people to read.
//!
//! Invariant: a code is stable and says what it is; a text is what the person would have read in the chat; there are no
//! links and no buttons in it, since both are good for whoever holds them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{Heard, Trouble};
use crate::card::{Block, Card};
use crate::domain::PersonId;
use crate::domain::change::{Each, FormReply, Refusal, Reply, View, What};
use crate::web::Web;

/// The status and the body of an answer.
pub async fn told(web: &Web, heard: &Heard) -> Result<(StatusCode, Value), Trouble> {
    let reader = heard.person.as_ref();
    Ok(match &heard.reply {
        Reply::Form(form) => (StatusCode::UNPROCESSABLE_ENTITY, unfinished(web, reader, form).await?),
        Reply::View(View::Unknown { .. }) => {
            let card = drawn(web, reader, &heard.reply).await?;
            (StatusCode::UNPROCESSABLE_ENTITY, error("unknown_command", card.map(|card| card.title)))
        }
        Reply::View(View::Pick { candidates, .. }) => {
            let card = drawn(web, reader, &heard.reply).await?;
            let mut answer = error("which_request", card.map(|card| card.title));
            answer["error"]["candidates"] = json!(candidates);
            (StatusCode::UNPROCESSABLE_ENTITY, answer)
        }
        Reply::View(View::Several { each, more, .. }) => {
            (StatusCode::OK, several(web, reader, each, *more).await?)
        }
        Reply::View(_) => {
            let card = drawn(web, reader, &heard.reply).await?;
            (StatusCode::OK, json!({ "outcome": "shown", "card": card.map(readable) }))
        }
        Reply::Done { .. } | Reply::Refused { .. } | Reply::Silent => said(web, heard).await?,
    })
}

/// What was done, or why not, in one line.
async fn said(web: &Web, heard: &Heard) -> Result<(StatusCode, Value), Trouble> {
    let text = web.engine.pressed(heard, None).await?.toast.map(|toast| toast.text);
    Ok(match &heard.reply {
        Reply::Done { done, request, .. } => {
            (StatusCode::OK, json!({ "outcome": "done", "code": done, "request": request, "text": text }))
        }
        Reply::Refused { refusal, request } => {
            let mut answer = error(&code(refusal), text);
            answer["error"]["request"] = json!(request);
            (status(refusal), answer)
        }
        Reply::Silent => (StatusCode::OK, json!({ "outcome": "nothing" })),
        Reply::Form(_) | Reply::View(_) => (StatusCode::UNPROCESSABLE_ENTITY, error("incomplete", None)),
    })
}

/// Several acts in one line, each with what it would have been answered alone.
async fn several(web: &Web, reader: Option<&PersonId>, each: &[Each], more: usize) -> Result<Value, Trouble> {
    let mut all = Vec::new();
    for one in each {
        let heard = Heard::answer(one.reply.clone(), reader.cloned());
        let (status, mut answer) = said(web, &heard).await?;
        answer["status"] = json!(status.as_u16());
        answer["request"] = json!(one.number);
        all.push(answer);
    }
    Ok(json!({ "outcome": "several", "each": all, "left": more }))
}

/// A form that came back: fields that are wrong, or that the line left out.
async fn unfinished(web: &Web, reader: Option<&PersonId>, form: &FormReply) -> Result<Value, Trouble> {
    let card = drawn(web, reader, &Reply::Form(form.clone())).await?;
    let fields = card.iter().filter_map(|card| card.form.as_ref()).flat_map(|form| &form.fields);
    if form.faults.is_empty() {
        let needed: Vec<Value> = fields
            .filter(|field| field.required && field.value.is_empty())
            .map(|field| json!({ "field": field.name, "code": "required", "text": field.label }))
            .collect();
        let mut answer = error("incomplete", card.as_ref().map(|card| card.title.clone()));
        answer["error"]["fields"] = json!(needed);
        return Ok(answer);
    }
    let words: Vec<_> = fields.map(|field| (field.name.as_str(), field.error.clone())).collect();
    let wrong = form.faults.iter().map(|fault| {
        let text = words.iter().find(|(name, _)| *name == fault.field).and_then(|(_, text)| text.clone());
        json!({ "field": fault.field, "code": fault_code(&fault.fault), "text": text })
    });
    let mut answer = error("faults", card.as_ref().map(|card| card.title.clone()));
    answer["error"]["fields"] = wrong.collect();
    Ok(answer)
}

fn error(code: &str, text: Option<String>) -> Value {
    json!({ "error": { "code": code, "text": text, "request": null, "fields": [] } })
}

async fn drawn(web: &Web, reader: Option<&PersonId>, reply: &Reply) -> Result<Option<Card>, Trouble> {
    web.engine.card_of(&What::Answer(reply.clone()), reader, false).await
}

fn readable(card: Card) -> Value {
    let blocks: Vec<Block> =
        card.blocks.into_iter().filter(|block| !matches!(block, Block::Link { .. })).collect();
    json!({ "title": card.title, "subtitle": card.subtitle, "tag": card.tag, "blocks": blocks })
}

/// The last words of a fault's key: `fault.form.required` is `required`.
fn fault_code(key: &str) -> &str {
    let key = key.strip_prefix("fault.").unwrap_or(key);
    key.strip_prefix("form.").unwrap_or(key)
}

/// The name under which a refusal is kept is the one that programs know it by.
fn code(refusal: &Refusal) -> String {
    match serde_json::to_value(refusal) {
        Ok(Value::String(name)) => name,
        Ok(Value::Object(named)) => named.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// Not there (for this person), not theirs, unreadable, too much; anything else is about the state that things are in.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound { .. }
        | Refusal::NoSuchTask { .. }
        | Refusal::NoSuchIssue { .. }
        | Refusal::NoSuchPlan { .. }
        | Refusal::NoSuchDraft => StatusCode::NOT_FOUND,
        Refusal::NotYours { .. }
        | Refusal::OnlyFor { .. }
        | Refusal::OnlyInGroups
        | Refusal::UnknownPerson => StatusCode::FORBIDDEN,
        Refusal::Unreadable { .. }
        | Refusal::NothingAtHand
        | Refusal::NothingChosen
        | Refusal::WhichDepartment { .. }
        | Refusal::WhichTask { .. }
        | Refusal::PastDay { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::CoolDown { .. } | Refusal::UrgedEnough | Refusal::SlowDown { .. } => {
            StatusCode::TOO_MANY_REQUESTS
        }
        _ => StatusCode::CONFLICT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_code_that_it_is_kept_by_and_a_status_of_its_kind() {
        let told = |refusal: &Refusal| (code(refusal), status(refusal).as_u16());
        assert_eq!(told(&Refusal::Ruled), ("ruled".to_owned(), 409));
        assert_eq!(told(&Refusal::OldVersion { seen: 1, now: 2 }), ("old_version".to_owned(), 409));
        assert_eq!(told(&Refusal::NotFound { typed: "x".to_owned() }), ("not_found".to_owned(), 404));
        assert_eq!(told(&Refusal::NotYours { who: Vec::new() }), ("not_yours".to_owned(), 403));
        assert_eq!(told(&Refusal::NothingAtHand), ("nothing_at_hand".to_owned(), 422));
        assert_eq!(told(&Refusal::UrgedEnough), ("urged_enough".to_owned(), 429));
    }
}
