//! `/api/openapi.json`: the API described for programs, made of the table that it answers from.
//!
//! Invariant: there is no field, filter or path in here that the table does not have, and none of the table's is missing.

use axum::Json;
use serde_json::{Map, Value, json};

use super::{LIMIT, MOST};
use crate::app::api::{Column, Kind, RESOURCES, Resource};

/// `GET /api/openapi.json`
pub async fn openapi() -> Json<Value> {
    let paths: Map<String, Value> =
        RESOURCES.iter().map(|resource| (format!("/api/v1/{}", resource.name), path(resource))).collect();
    let schemas: Map<String, Value> =
        RESOURCES.iter().map(|resource| (resource.name.to_owned(), schema(resource))).collect();
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
