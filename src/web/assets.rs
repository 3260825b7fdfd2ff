//! The files of pages, embedded in the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/web/assets/"]
struct Assets;

/// `GET /sandbox/assets/{name}`
pub async fn sandbox_asset(Path(name): Path<String>) -> Response {
    file(&format!("sandbox/{name}"))
}

/// One file, typed by its ending; never anything outside the folder.
pub fn file(name: &str) -> Response {
    let Some(found) = Assets::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
    (headers, found.data.into_owned()).into_response()
}
