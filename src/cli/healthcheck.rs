//! `liaison healthcheck`: asks the service on this machine how it is, as a container's health check does that has
//! neither a shell nor curl.
//!
//! Invariants: it waits three seconds at most; it opens no database; 0 is healthy, 1 is not, whatever the reason.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::terminal::print;
use super::{Done, Failure};
use crate::config::Config;

/// What to ask, and where.
#[derive(Args)]
pub struct Arguments {
    /// Where the service listens [default: as configured]
    #[arg(long, value_name = "ADDR")]
    address: Option<SocketAddr>,
    /// Only whether the process answers, not whether it is ready
    #[arg(long)]
    alive: bool,
}

const PATIENCE: Duration = Duration::from_secs(3);
/// Answers are far shorter.
const LONGEST: u64 = 64 * 1024;

/// Asks.
pub async fn run(load: impl Fn() -> Result<Config, Failure>, asked: &Arguments) -> Done {
    let address = match asked.address {
        Some(address) => address,
        None => load()?.server.listen,
    };
    let path = if asked.alive { "/healthz" } else { "/readyz" };
    let answer = tokio::time::timeout(PATIENCE, ask(reachable(address), path)).await;
    let answer = answer.map_err(|_| anyhow!("no answer from {address} within three seconds"))?;
    let (status, body) = answer.with_context(|| format!("no answer from {address}"))?;
    print(&format!("{}\n", body.trim()))?;
    if status == 200 { Ok(()) } else { Err(Failure::Check) }
}

/// Where a service that listens on every interface is reached from here.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => address,
    }
}

async fn ask(address: SocketAddr, path: &str) -> anyhow::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(LONGEST).read_to_string(&mut answer).await?;
    read(&answer)
}

/// Status and body of an answer.
fn read(answer: &str) -> anyhow::Result<(u16, String)> {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { bail!("it is no HTTP") };
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).context("it is no HTTP")?;
    Ok((status.parse()?, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interface_is_reached_by_the_loopback_and_nonsense_is_no_health() {
        let to = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(to("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(to("[::]:8080"), "[::1]:8080");
        assert_eq!(to("10.0.0.7:80"), "10.0.0.7:80");
        assert_eq!(read("HTTP/1.1 503 x\r\na: b\r\n\r\nno").unwrap(), (503, "no".to_owned()));
        assert!(read("SSH-2.0-OpenSSH").is_err() && read("HTTP/1.1 xyz\r\n\r\n").is_err());
    }
}
