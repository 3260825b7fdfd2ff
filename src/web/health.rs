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

/// How a replica is.
pub struct Health {
    /// What it cannot work without.
    pub missing: Vec<&'static str>,
    /// What somebody should look at.
    pub degraded: Vec<&'static str>,
}

impl Web {
    /// Looks: database reachable, workers running, not stopping; and what is only degraded.
    pub async fn health(&self) -> Health {
        let app = self.engine.app();
        let pulse = app.pulse().await;
        let since = app.clock().machine() - STUCK;
        let gone = [
            (self.draining.load(Ordering::SeqCst), "stopping"),
            (pulse.is_err(), "database"),
            (!self.engine.metrics().all_worked(since), "workers"),
        ];
        let missing = gone.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        let degraded = match &pulse {
            Ok(pulse) => {
                let deaf = self.engine.is_deaf().then_some("replicas_not_heard");
                let apart = self.engine.clocks_differ().then_some("clocks_differ");
                let bots = unheard(self).into_iter().chain(unheard_dingtalk(self));
                bots.chain(pulse.degraded()).chain(deaf).chain(apart).collect()
            }
            Err(_) => Vec::new(),
        };
        Health { missing, degraded }
    }
}

/// The service can take work. What is only degraded is listed, too.
pub async fn ready(State(web): State<Web>) -> impl IntoResponse {
    let Health { missing, degraded } = web.health().await;
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
    web.engine.metrics().add("look_refused", web.engine.app().refused_looks());
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
