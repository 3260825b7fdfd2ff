//! Stories of what our side of a TLS connection takes for the messenger.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

/// An authority of a company's own.
fn authority(name: &str) -> (Certificate, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut wanted = CertificateParams::new(Vec::new()).unwrap();
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = wanted.self_signed(&key).unwrap();
    (own, Issuer::new(wanted, key))
}

/// A certificate for a host until a year; without an issuer it signs itself.
fn certificate(host: &str, until: i32, issuer: Option<&Issuer<'_, KeyPair>>) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut wanted = CertificateParams::new(vec![host.to_owned()]).unwrap();
    (wanted.not_before, wanted.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(until, 1, 1));
    let made = match issuer {
        Some(issuer) => wanted.signed_by(&key, issuer),
        None => wanted.self_signed(&key),
    };
    (made.unwrap(), key)
}

/// A server that shows a certificate and answers everything with 204; its address.
async fn serves((certificate, key): (Certificate, KeyPair)) -> String {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let (acceptor, listener) =
        (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // A client that goes away during the handshake is what is asked for here.
            let Ok(mut stream) = acceptor.accept(socket).await else { continue };
            let _asked = stream.read(&mut [0; 4_096]).await;
            let _answered = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
        }
    });
    format!("https://localhost:{port}/")
}

#[tokio::test]
async fn only_who_shows_a_valid_certificate_of_a_trusted_authority_is_spoken_to() {
    let (own, issuer) = authority("Ours");
    let (_, stranger) = authority("Somebody's");
    let network = Network::new(Some(own.pem()), None);
    let client = network.client(&network.tls().unwrap()).unwrap();
    let spoken_to = async |shown| {
        let answer = client.get(serves(shown).await).header("authorization", "Bearer t").send().await;
        answer.map(|answer| answer.status().as_u16()).map_err(|error| format!("{:?}", error.without_url()))
    };
    assert_eq!(spoken_to(certificate("localhost", 2099, Some(&issuer))).await, Ok(204));
    let refused = [
        (certificate("localhost", 2021, Some(&issuer)), "Expired"),
        (certificate("open.feishu.cn", 2099, Some(&issuer)), "NotValidForName"),
        (certificate("localhost", 2099, Some(&stranger)), "UnknownIssuer"),
        (certificate("localhost", 2099, None), "UnknownIssuer"),
    ];
    for (shown, why) in refused {
        let said = spoken_to(shown).await.unwrap_err();
        assert!(said.contains(why), "{why} was asked for: {said}");
    }
}
