//! `liaison serve`: the service, until it is told to stop.

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::SignalKind;

use super::{Done, Failure, logs};
use crate::config::Config;
use crate::service::{Keyring, Running, Service, TimeSource};

/// Runs until SIGTERM or Ctrl-C; at SIGHUP the configuration is read again for the keys in it.
pub async fn run(load: impl Fn() -> Result<Config, Failure>) -> Done {
    let config = &load()?;
    let log = logs::start(Some(config));
    let service = Service::open(config, TimeSource::Configured).await?;
    service.counts_lost_lines(log.lost());
    let listen = config.server.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let running = service.start(listener)?;
    tracing::info!("listening on http://{}", running.addr);
    let keys = running.keys();
    tokio::select! {
        () = until_stopped(running) => {}
        () = heeds_hangups(load, &keys) => {}
    }
    Ok(())
}

/// Whoever changed a key in the files says so with SIGHUP. What cannot be read changes nothing.
async fn heeds_hangups(load: impl Fn() -> Result<Config, Failure>, keys: &Keyring) {
    let Ok(mut hangups) = tokio::signal::unix::signal(SignalKind::hangup()) else {
        return std::future::pending().await;
    };
    while hangups.recv().await.is_some() {
        match load() {
            Ok(config) => {
                tracing::info!("the keys are looked at again; other options wait for the next start");
                keys.heed(&config);
            }
            Err(failure) => tracing::error!("the configuration is left as it was: {failure}"),
        }
    }
    std::future::pending().await
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
    let Ok(mut terminate) = tokio::signal::unix::signal(SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
