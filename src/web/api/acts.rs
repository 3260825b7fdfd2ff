//! `POST /api/v1/acts`: what programs do, a command line at a time, with a token that may act.
//!
//! Invariants: the road is that of words and buttons, so rights, refusals and history are those of the chat; a call has a
//! key, and the same key is one act; what is wrong with a call is named by field, and then nothing was done.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Fault, caller, outcome, told};
use crate::app::acts::{Call, Misfit, SCOPE};
use crate::intent::FormValues;
use crate::intent::grammar::LONGEST;
use crate::web::Web;

/// The header that names an act (draft-ietf-httpapi-idempotency-key-header).
pub const KEY: &str = "Idempotency-Key";
/// Characters of a key.
const LONGEST_KEY: usize = 100;
/// More fields than any form has, and characters of one.
const MOST_FIELDS: usize = 400;
const LONGEST_VALUE: usize = 20_000;

/// A field of the body that cannot be taken: its name, and why.
type Wrong = (String, &'static str);

/// `POST /api/v1/acts`
pub async fn act(
    State(web): State<Web>,
    headers: HeaderMap,
    body: Result<Json<Value>, JsonRejection>,
) -> Response {
    told(&web, Box::pin(acted(&web, &headers, body)).await)
}

async fn acted(
    web: &Web,
    headers: &HeaderMap,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<(StatusCode, Value), Fault> {
    let caller = caller(web, headers).await?;
    if !caller.scopes.iter().any(|scope| scope == SCOPE) {
        return Err(Fault::NoScope);
    }
    let key = key(headers).ok_or_else(|| Fault::Parameter(KEY.to_owned()))?;
    let body = body.map_err(|_| Fault::Parameter("body".to_owned()))?.0;
    let (call, named) = match posted(key, &body) {
        Ok(read) => read,
        Err(wrong) => return Ok(misread(&wrong)),
    };
    if named.is_some_and(|person| person != caller.person.as_str()) {
        return Err(Fault::NotThisPerson);
    }
    web.engine.metrics().count("heard");
    match web.engine.app().act_for(&caller, call).await? {
        Ok(heard) => Ok(outcome::told(web, &heard).await?),
        Err(misfit) => {
            let field = match misfit {
                Misfit::Command => "command",
                Misfit::Values => "values",
                Misfit::Revision => "revision",
            };
            Ok(misread(&[(field.to_owned(), "not_taken")]))
        }
    }
}

/// The key of the act, if it is a good one.
pub(super) fn key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(KEY)?.to_str().ok()?;
    let good = (1..=LONGEST_KEY).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    good.then(|| value.to_owned())
}

fn misread(wrong: &[Wrong]) -> (StatusCode, Value) {
    let fields: Vec<Value> =
        wrong.iter().map(|(field, code)| json!({ "field": field, "code": code, "text": null })).collect();
    let error = json!({ "code": "bad_fields", "text": null, "request": null, "fields": fields });
    (StatusCode::UNPROCESSABLE_ENTITY, json!({ "error": error }))
}

/// The body, and as whom its caller believes to act; or every field that cannot be taken.
fn posted(key: String, body: &Value) -> Result<(Call, Option<&str>), Vec<Wrong>> {
    let Some(fields) = body.as_object() else { return Err(vec![(String::new(), "type")]) };
    let known = ["command", "values", "revision", "as"];
    let strange = fields.keys().filter(|field| !known.contains(&field.as_str()));
    let mut wrong: Vec<Wrong> = strange.map(|field| (field.clone(), "unknown")).collect();
    let mut named = |field: &str, code| wrong.push((field.to_owned(), code));
    let given = |field: &str| fields.get(field).filter(|value| !value.is_null());
    let text = |field: &str| given(field).map(|value| value.as_str().ok_or("type")).transpose();
    let command = text("command").and_then(|line| match line.map(str::trim) {
        None | Some("") => Err("required"),
        Some(line) if line.chars().count() > LONGEST => Err("too_long"),
        Some(line) => Ok(line),
    });
    let command = command.unwrap_or_else(|code| {
        named("command", code);
        ""
    });
    let person = text("as").unwrap_or_else(|code| {
        named("as", code);
        None
    });
    let revision = given("revision").map(|value| value.as_i64().filter(|n| *n > 0));
    if revision == Some(None) {
        named("revision", "type");
    }
    let mut values = FormValues::new();
    match given("values").map(Value::as_object) {
        None => {}
        Some(Some(given)) if given.len() <= MOST_FIELDS => match written(given) {
            Ok(read) => values = read,
            Err(faults) => wrong.extend(faults),
        },
        Some(Some(_)) => named("values", "too_long"),
        Some(None) => named("values", "type"),
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok((Call { key, command: command.to_owned(), values, revision: revision.flatten() }, person))
}

/// Values as a form brings them: numbers in words, several choices joined with `,`.
fn written(given: &Map<String, Value>) -> Result<FormValues, Vec<Wrong>> {
    let (mut values, mut wrong) = (FormValues::new(), Vec::new());
    for (field, value) in given {
        match words(value) {
            Some(words) if words.chars().count() > LONGEST_VALUE => wrong.push((field.clone(), "too_long")),
            Some(words) => _ = values.insert(field.clone(), words),
            None => wrong.push((field.clone(), "type")),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(words) => Some(words.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(several) => {
            let several: Option<Vec<&str>> = several.iter().map(Value::as_str).collect();
            several.map(|several| several.join(","))
        }
        Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(body: &Value) -> Vec<Wrong> {
        posted("k".to_owned(), body).err().unwrap_or_default()
    }

    #[test]
    fn every_field_that_cannot_be_taken_is_named_with_what_is_wrong() {
        let body =
            json!({ "command": 5, "values": { "title": { "a": 1 } }, "revision": "3", "as": [], "evil": 1 });
        let named = ["evil", "command", "as", "revision", "title"];
        let codes = ["unknown", "type", "type", "type", "type"];
        let expected: Vec<Wrong> =
            named.iter().zip(codes).map(|(field, code)| ((*field).to_owned(), code)).collect();
        assert_eq!(wrong(&body), expected);
        assert_eq!(wrong(&json!([])), [(String::new(), "type")]);
        assert_eq!(wrong(&json!({ "command": " " })), [("command".to_owned(), "required")]);
        let long = "长".repeat(LONGEST + 1);
        assert_eq!(wrong(&json!({ "command": long })), [("command".to_owned(), "too_long")]);
        assert_eq!(wrong(&json!({ "command": "/my", "revision": 0 })), [("revision".to_owned(), "type")]);
        assert_eq!(wrong(&json!({ "command": "/my", "values": null, "as": null })), []);
    }

    #[test]
    fn values_are_written_as_a_form_brings_them() {
        let body = json!({ "command": "/new", "values": { "budget": 5, "people": ["a", "b"], "x": null, "y": true } });
        let (call, person) = posted("k".to_owned(), &body).unwrap();
        let values: Vec<&str> = call.values.values().map(String::as_str).collect();
        assert_eq!((values.as_slice(), person), (["5", "a,b", "", "yes"].as_slice(), None));
    }
}
