//! The dead man's switch: an address outside is called every minute while this replica does its work. Silence is the
//! alarm, so whatever is wrong here leads to silence.
//!
//! Invariants: nothing is called while the service is not ready, while nothing is sent, while steps are late, or while a
//! messenger does not hear; a switch that cannot be reached is said once, and once when it is reached again.

use std::time::Duration;

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::messenger::heartbeat::Heartbeat;
use crate::messenger::net::{NetError, Network};
use crate::web::Web;

/// Between two calls.
const BEAT: Duration = Duration::from_secs(60);
/// Between two looks while there is something in the way.
const LOOK: Duration = Duration::from_secs(2);

/// What was said last about the switch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Well,
    Unreached,
    Silent,
}

/// Calls `url` until `stop`; without one there is nothing to do.
pub(super) fn run(
    web: Web,
    (url, network): (Option<&SecretString>, &Network),
    stop: CancellationToken,
) -> Result<impl Future<Output = ()> + use<>, NetError> {
    let heart = url.cloned().map(|url| Heartbeat::new(url, network)).transpose()?;
    Ok(async move {
        let Some(heart) = heart else { return };
        let mut told = Told::Well;
        while !stop.is_cancelled() {
            let pause = beat(&web, &heart, &mut told).await;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
    })
}

/// One look, and one call if all is well; how long to wait for the next.
async fn beat(web: &Web, heart: &Heartbeat, told: &mut Told) -> Duration {
    if let Some(why) = in_the_way(web).await {
        // The first look comes before the workers' first pass: that is no news.
        if *told != Told::Silent && web.engine.metrics().all_worked(crate::domain::Timestamp::MIN) {
            tracing::warn!("no sign of life is sent before this is put right: {why}");
            *told = Told::Silent;
        }
        return LOOK;
    }
    match heart.beat().await {
        Ok(()) if *told != Told::Well => {
            tracing::info!("the sign of life is heard again");
            *told = Told::Well;
        }
        Ok(()) => {}
        Err(why) => {
            web.engine.metrics().count("heartbeat_failed");
            if *told != Told::Unreached {
                tracing::warn!("the sign of life is not heard, and is tried every minute: {why}");
            }
            *told = Told::Unreached;
        }
    }
    BEAT
}

/// What keeps this replica from doing its work.
async fn in_the_way(web: &Web) -> Option<&'static str> {
    let health = web.health().await;
    let stops = |name: &&str| ["sending_paused", "late_steps"].contains(name) || name.starts_with("feishu_");
    health.missing.first().copied().or_else(|| health.degraded.iter().copied().find(stops))
}
