//! The sandbox's clock: read, moved on, set.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PageEvent, Web, Wrong, door, local, wrong};
use crate::crash::{self, Point};
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, Span};

/// Farther than this is a slip of the finger.
const FARTHEST: SignedDuration = SignedDuration::from_hours(24 * 400);

/// How the clock is to be moved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// `24h`, `30min`, `1wd`, `next`.
    #[serde(default)]
    advance: Option<String>,
    /// An instant.
    #[serde(default)]
    set: Option<Timestamp>,
}

/// `GET /sandbox/api/clock`
pub async fn read(State(web): State<Web>) -> Result<Json<Value>, Wrong> {
    let movable = door(&web)?.clock.is_some();
    Ok(Json(json!({ "now": now(&web), "movable": movable })))
}

/// `POST /sandbox/api/clock`: answered when everything due by then has fired and been delivered.
pub async fn shift(State(web): State<Web>, Json(shift): Json<Shift>) -> Result<Json<Value>, Wrong> {
    let door = door(&web)?;
    let Some(clock) = &door.clock else { return Err(wrong(StatusCode::CONFLICT, "page.error.clock_fixed")) };
    let app = web.engine.app();
    let now_at = app.clock().now();
    let company = app.company();
    let target = match (&shift.set, shift.advance.as_deref()) {
        (Some(at), None) => Some(*at),
        (None, Some("next")) => web.engine.next_event().await?.or(Some(now_at)),
        (None, Some(words)) => advanced(words, now_at, &company.calendar),
        (Some(_), Some(_)) | (None, None) => None,
    };
    let in_reach = |at: &Timestamp| at.duration_since(now_at).abs() <= FARTHEST;
    let target = target.filter(in_reach);
    let target = target.ok_or_else(|| wrong(StatusCode::BAD_REQUEST, "page.error.clock_words"))?;
    web.engine.advance_to(clock, target).await?;
    crash::here(Point::ClockMoved);
    app.keep("sandbox_clock", &clock.offset_ms().to_string()).await?;
    let _ = door.events.send(PageEvent::Clock { now: now(&web) });
    let _ = door.events.send(PageEvent::Upcoming {});
    Ok(Json(json!({ "now": now(&web) })))
}

fn now(web: &Web) -> String {
    let app = web.engine.app();
    local(app.clock().now(), app.company().calendar.time_zone())
}

/// A span of the policy (`1wd`, `4wh`, `48dh`, `30min`, `24h`), or any length of time (`2h 30m`, `1d`, `PT1H`).
fn advanced(words: &str, now: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
    if let Ok(span) = words.parse::<Span>() {
        return Some(calendar.add(now, span));
    }
    if let Ok(length) = words.parse::<SignedDuration>() {
        return now.saturating_add(length).ok();
    }
    let days: i64 = words.trim_end_matches("ays").trim_end_matches('d').trim().parse().ok()?;
    now.saturating_add(SignedDuration::from_hours(24 * days)).ok()
}
