//! `liaison demo`: the sandbox with a company at work, in one command.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use tokio::net::TcpListener;

use super::{Done, Failure, logs, serve};
use crate::service::{Service, StartError, TimeSource};

/// Runs until it is told to stop.
pub async fn run(listen: SocketAddr, data: Option<PathBuf>) -> Done {
    let folder = match &data {
        Some(folder) => folder.clone(),
        None => fresh_folder()?,
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join("liaison.db");
    let fresh = !file.exists();
    let listener = TcpListener::bind(listen).await.map_err(|why| {
        Failure::Usage(format!("cannot listen on {listen}: {why}; choose another with --listen"))
    })?;
    let listen = listener.local_addr()?;
    let url = format!("sqlite://{}", file.display());
    let config = crate::config::demo(listen, &url).map_err(StartError::Files)?;
    let log = logs::start(Some(&config));
    let service = Service::open(&config, TimeSource::Configured).await?;
    service.counts_lost_lines(log.lost());
    if fresh {
        service.seed().await?;
    }
    let running = service.start(listener)?;
    println!("http://{listen}/");
    serve::until_stopped(running).await;
    if data.is_none() {
        // The folder was made for this run only.
        let _ = std::fs::remove_dir_all(&folder);
    }
    Ok(())
}

fn fresh_folder() -> Result<PathBuf, Failure> {
    let folder = std::env::temp_dir().join(format!("liaison-demo-{}", crate::clock::fresh_id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
