//! `liaison serve`: the service, until it is told to stop.

use anyhow::Context;
use tokio::net::TcpListener;

use super::{Done, logs};
use crate::config::Config;
use crate::service::{Running, Service, TimeSource};

/// Runs until SIGTERM or Ctrl-C.
pub async fn run(config: &Config) -> Done {
    let log = logs::start(Some(config));
    let service = Service::open(config, TimeSource::Configured).await?;
    service.counts_lost_lines(log.lost());
    let listen = config.server.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let running = service.start(listener)?;
    tracing::info!("listening on http://{}", running.addr);
    until_stopped(running).await;
    Ok(())
}

/// Waits for a signal, then stops gracefully; a second signal ends at once.
pub async fn until_stopped(mut running: Running) {
    tokio::select! {
        () = signal() => {}
        () = running.ended() => {
            tracing::error!("the server ended by itself");
            return;
        }
    }
    tracing::info!("stopping: finishing what is in hand");
    tokio::select! {
        () = running.stop() => {}
        () = signal() => tracing::warn!("stopped at once"),
    }
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
