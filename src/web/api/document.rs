//! `/api/openapi.json`: the API described for programs, made of the table that it answers from.
//!
//! Invariant: there is no field, filter or path in here that the table does not have, and none of the table's is missing.

use axum::Json;
use serde_json::{Map, Value, json};

use super::acts::KEY;
use super::{LIMIT, MOST};
use crate::app::acts::SCOPE;
use crate::app::api::{Column, Kind, RESOURCES, Resource};

/// `GET /api/openapi.json`
pub async fn openapi() -> Json<Value> {
    let read = RESOURCES.iter().map(|resource| (format!("/api/v1/{}", resource.name), path(resource)));
    let paths: Map<String, Value> = read
        .chain([("/api/v1/acts".to_owned(), acts()), ("/api/v1/requests/{no}/tasks".to_owned(), task_list())])
        .collect();
    let read = RESOURCES.iter().map(|resource| (resource.name.to_owned(), schema(resource)));
    let schemas: Map<String, Value> = read
        .chain([("act".to_owned(), act()), ("outcome".to_owned(), outcome()), ("error".to_owned(), error())])
        .collect();
    Json(json!({
        "openapi": "3.1.0",
        "info": { "title": "Liaison", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    }))
}

fn path(resource: &Resource) -> Value {
    let parameter = |name: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "schema": schema });
    let filters = resource.filters.iter().map(|filter| parameter(filter.name, kind(filter.kind)));
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT });
    let paging = [parameter("limit", limit), parameter("cursor", json!({ "type": "string" }))];
    let page = json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "items": { "$ref": format!("#/components/schemas/{}", resource.name) } },
            "next": { "type": ["string", "null"] },
        },
    });
    let refused = |status: &str| json!({ "description": status });
    json!({ "get": {
        "operationId": resource.name,
        "security": [{ "token": [resource.name] }],
        "parameters": filters.chain(paging).collect::<Vec<_>>(),
        "responses": {
            "200": { "description": "OK", "content": { "application/json": { "schema": page } } },
            "400": refused("Bad Request"),
            "401": refused("Unauthorized"),
            "403": refused("Forbidden"),
            "503": refused("Service Unavailable"),
        },
    }})
}

/// What programs do.
fn acts() -> Value {
    acting("act", &[], &body("act"))
}

/// A task list from a file.
fn task_list() -> Value {
    let number = json!({ "name": "no", "in": "path", "required": true, "schema": { "type": "string" } });
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    let file = json!({
        "text/csv": binary,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": binary,
    });
    acting("add_tasks", &[number], &file)
}

fn body(name: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } })
}

/// An act. Whatever is not 200 was not done.
fn acting(name: &str, parameters: &[Value], takes: &Value) -> Value {
    let key = json!({
        "name": KEY, "in": "header", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 100 },
        "description": "Names the act: sent again with the same key it is not done again and gets the first answer.",
    });
    let parameters = [parameters, &[key]].concat();
    let refused = |status: &str| json!({ "description": status, "content": body("error") });
    json!({ "post": {
        "operationId": name,
        "security": [{ "token": [SCOPE] }],
        "parameters": parameters,
        "requestBody": { "required": true, "content": takes },
        "responses": {
            "200": { "description": "OK", "content": body("outcome") },
            "400": refused("Bad Request"),
            "401": refused("Unauthorized"),
            "403": refused("Forbidden"),
            "404": refused("Not Found"),
            "409": refused("Conflict"),
            "422": refused("Unprocessable Content"),
            "429": refused("Too Many Requests"),
            "503": refused("Service Unavailable"),
        },
    }})
}

fn act() -> Value {
    json!({ "type": "object", "required": ["command"], "additionalProperties": false, "properties": {
        "command": { "type": "string", "description": "As it is typed in the chat, see docs/commands.md: /confirm SCB-12" },
        "values": { "type": ["object", "null"], "description": "The fields of the command's form, all of them" },
        "revision": { "type": ["integer", "null"], "description": "Refused with 409 when the request is at another one" },
        "as": { "type": ["string", "null"], "description": "Refused with 403 when the token is not this person's" },
    }})
}

fn outcome() -> Value {
    json!({ "type": "object", "required": ["outcome"], "properties": {
        "outcome": { "type": "string", "enum": ["done", "several", "shown", "nothing"] },
        "code": { "type": "string" },
        "request": { "type": ["string", "null"] },
        "text": { "type": ["string", "null"] },
        "each": { "type": "array" },
        "left": { "type": "integer" },
        "card": { "type": ["object", "null"] },
    }})
}

fn error() -> Value {
    let field = json!({ "type": "object", "required": ["field", "code"] });
    json!({ "type": "object", "required": ["error"], "properties": { "error": {
        "type": "object",
        "required": ["code"],
        "properties": {
            "code": { "type": "string" },
            "text": { "type": ["string", "null"] },
            "request": { "type": ["string", "null"] },
            "parameter": { "type": ["string", "null"] },
            "fields": { "type": "array", "items": field },
            "candidates": { "type": "array" },
        },
    }}})
}

fn schema(resource: &Resource) -> Value {
    let names: Vec<&str> = resource.columns.iter().map(|column| column.name).collect();
    let properties: Map<String, Value> =
        resource.columns.iter().map(|column| (column.name.to_owned(), field(column))).collect();
    json!({ "type": "object", "required": names, "properties": properties, "additionalProperties": false })
}

fn field(column: &Column) -> Value {
    let mut schema = kind(column.kind);
    if column.nullable {
        schema["type"] = json!([schema["type"], "null"]);
    }
    schema
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Person => json!({ "type": "string" }),
        Kind::Number => json!({ "type": "integer" }),
        Kind::Moment => json!({ "type": "string", "format": "date-time" }),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::List => json!({ "type": "array" }),
    }
}
