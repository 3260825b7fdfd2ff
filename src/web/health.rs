//! For machines that look after the service: alive, ready, and what is counted.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::SignedDuration;
use serde_json::json;

use super::Web;
use crate::messenger::{dingtalk, feishu};

/// Workers that have not come round for so long are stuck.
const STUCK: SignedDuration = SignedDuration::from_secs(30);

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The service can take work: database reachable, workers running, not stopping. What is only degraded is listed, too.
pub async fn ready(State(web): State<Web>) -> impl IntoResponse {
    let app = web.engine.app();
    let pulse = app.pulse().await;
    let since = app.clock().machine() - STUCK;
    let mut missing = Vec::new();
    if web.draining.load(Ordering::SeqCst) {
        missing.push("stopping");
    }
    if pulse.is_err() {
        missing.push("database");
    }
    if !web.engine.metrics().all_worked(since) {
        missing.push("workers");
    }
    let mut degraded = Vec::new();
    if let Ok(pulse) = &pulse {
        let flags = [
            (pulse.paused_since.is_some(), "sending_paused"),
            (pulse.dead > 0, "dead_letters"),
            (pulse.late_steps > 0, "late_steps"),
            (pulse.set_aside > 0, "steps_set_aside"),
        ];
        degraded.extend(unheard(&web));
        degraded.extend(unheard_dingtalk(&web));
        degraded.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, name)| name));
    }
    let status = if missing.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": missing.is_empty(), "missing": missing, "degraded": degraded })))
}

/// A long connection that is not there: nothing comes in, and somebody should know why.
fn unheard(web: &Web) -> Option<&'static str> {
    let feishu = web.feishu.as_ref().filter(|feishu| feishu.mode() == feishu::Mode::Stream)?;
    let state = feishu.stream();
    if state.connected {
        return None;
    }
    Some(match state.trouble {
        Some(feishu::stream::Trouble::Refused(_)) => "feishu_refused",
        Some(feishu::stream::Trouble::Crowded(_)) => "feishu_too_many_connections",
        Some(feishu::stream::Trouble::Again(_)) | None => "feishu_not_connected",
    })
}

/// The same of DingTalk's.
fn unheard_dingtalk(web: &Web) -> Option<&'static str> {
    let bot = web.dingtalk.as_ref().filter(|bot| bot.mode() == dingtalk::Mode::Stream)?;
    let state = bot.stream();
    match state.trouble {
        _ if state.connected => None,
        Some(dingtalk::stream::Trouble::Refused(_)) => Some("dingtalk_refused"),
        Some(dingtalk::stream::Trouble::Again(_)) | None => Some("dingtalk_not_connected"),
    }
}

/// What is counted, for Prometheus.
pub async fn metrics(State(web): State<Web>) -> impl IntoResponse {
    if let Some(feishu) = web.feishu.as_ref().filter(|feishu| feishu.mode() == feishu::Mode::Stream) {
        let state = feishu.stream();
        let metrics = web.engine.metrics();
        metrics.level("feishu_connected", i64::from(state.connected));
        metrics.level("feishu_reconnects", i64::try_from(state.reconnects).unwrap_or(i64::MAX));
        let since = state.last_frame.unwrap_or(state.since).as_secs();
        metrics.level("feishu_silent_seconds", i64::try_from(since).unwrap_or(i64::MAX));
    }
    if let Some(bot) = &web.dingtalk {
        let (calls, allowed) = bot.metered();
        web.engine.metrics().level("dingtalk_calls", i64::try_from(calls).unwrap_or(i64::MAX));
        web.engine.metrics().level("dingtalk_calls_allowed", i64::try_from(allowed).unwrap_or(i64::MAX));
    }
    if let Some(bot) = web.dingtalk.as_ref().filter(|bot| bot.mode() == dingtalk::Mode::Stream) {
        let state = bot.stream();
        let metrics = web.engine.metrics();
        metrics.level("dingtalk_connected", i64::from(state.connected));
        metrics.level("dingtalk_reconnects", i64::try_from(state.reconnects).unwrap_or(i64::MAX));
        let since = state.last_frame.unwrap_or(state.since).as_secs();
        metrics.level("dingtalk_silent_seconds", i64::try_from(since).unwrap_or(i64::MAX));
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], web.engine.metrics().text())
}
