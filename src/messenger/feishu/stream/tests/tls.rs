//! A WebSocket over TLS: whose certificate is trusted, and the way through a proxy.
//!
//! Invariant: the other end is a thread of its own that speaks TLS with a certificate made for tests.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio_tungstenite::tungstenite::{Message, accept};

use super::super::connection::open;
use super::super::discover::Address;
use super::super::policy::ClientConfig;
use crate::messenger::net::Network;
use crate::messenger::proxy::Proxy;

const AUTHORITY: &str = include_str!("../../../../../tests/platform/vectors/tls/authority.pem");
const SERVER: &str = include_str!("../../../../../tests/platform/vectors/tls/server.pem");
const KEY: &str = include_str!("../../../../../tests/platform/vectors/tls/server.key.pem");

/// An end that greets whoever connects; where it is.
fn greets() -> u16 {
    let chain = vec![CertificateDer::from_pem_slice(SERVER.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            // Whoever does not trust the certificate hangs up.
            if let Ok(mut socket) = accept(StreamOwned::new(tls, stream.unwrap())) {
                let _ = socket.send(Message::text("here"));
            }
        }
    });
    port
}

fn address(host: &str, port: u16) -> Address {
    let (url, device) = (format!("wss://{host}:{port}/ws").into(), String::new());
    Address { url, device, service: 1, config: ClientConfig::default() }
}

async fn greeting(network: &Network, (host, port): (&str, u16)) -> Result<Message, String> {
    let tls = network.tls().unwrap();
    let opened = open(&address(host, port), (network, &tls), Duration::from_secs(10)).await;
    let mut socket = opened.map_err(|trouble| format!("{trouble:?}"))?;
    Ok(socket.next().await.unwrap().unwrap())
}

#[tokio::test]
async fn a_certificate_of_ones_own_authority_is_trusted_where_it_is_named_and_nowhere_else() {
    let port = greets();
    let refused = greeting(&Network::default(), ("localhost", port)).await.unwrap_err();
    assert!(refused.contains("certificate"), "{refused}");
    let trusting = Network::new(Some(AUTHORITY.to_owned()), None);
    assert_eq!(greeting(&trusting, ("localhost", port)).await.unwrap(), Message::text("here"));
}

#[tokio::test]
async fn a_stream_goes_through_the_proxy_and_is_tls_from_end_to_end() {
    let port = greets();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let asked = tokio::spawn(async move {
        let (mut inside, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(inside.read_u8().await.unwrap());
        }
        let mut outside = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        inside.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        // The greeting is all that counts: how it ends does not.
        let _ = copy_bidirectional(&mut inside, &mut outside).await;
        String::from_utf8(head).unwrap()
    });
    let through = Network::new(Some(AUTHORITY.to_owned()), Some(Proxy::read(&at, "").unwrap()));
    assert_eq!(greeting(&through, ("platform.example", port)).await.unwrap(), Message::text("here"));
    assert!(asked.await.unwrap().starts_with(&format!("CONNECT platform.example:{port} HTTP/1.1\r\n")));
    let past = Network::new(Some(AUTHORITY.to_owned()), Some(Proxy::read("127.0.0.1:1", "").unwrap()));
    let direct = greeting(&past, ("localhost", port)).await.unwrap();
    assert_eq!(direct, Message::text("here"), "this machine is reached directly");
}
